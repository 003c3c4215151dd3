// How one block of an export uses its columns: what its values are, and how many of each. One BlockEvidence a thread;
// what it says of each block is merged in order (evidence.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::app {

/// How one column's placeholders are told: as free text, and as numbers, dates, phones, e-mails. Which of the two
/// counts is known only when all values were seen.
struct PlaceholderLists {
  text::Placeholders free;
  text::Placeholders other;
};
/// Lists by column name, made once, shared by all threads; a column that is not there uses the dictionary.
using ListsOf = std::map<std::string, PlaceholderLists, std::less<>>;

/// The two ways to judge a column, as indexes.
enum : std::size_t { as_free = 0, as_other = 1, ways = 2 };

/// From a day to a day, both of them in it; or no day at all.
struct Days {
  std::optional<model::Day> first, last;
  void widen(const Days& by) {
    if (by.first && (!first || *by.first < *first)) first = by.first;
    if (by.last && (!last || *by.last > *last)) last = by.last;
  }
  [[nodiscard]] bool holds(model::Day from, model::Day to) const { return first && *first <= from && *last >= to; }
};

/// What one block says of one column.
struct ColumnCounts {
  /// What is known of a value as soon as its text is.
  struct Traits {
    file::ColumnShape::Looks looks;
    bool placeholder[ways] = {};
  };
  struct Value {
    std::uint64_t hash = 0;  ///< of the text
    std::string_view text;   ///< in the block
    std::uint32_t count = 0;
    file::Cell::Kind kind = file::Cell::Kind::null;
    Traits traits;
  };
  /// As they came. One stands there again and again in a column whose first values were nearly all different.
  std::vector<Value> values;
  file::ColumnShape shape;  ///< of all of them
  Days real[ways];          ///< of real values; may reach further than the block: over all that its thread saw
};

/// The values of one column that a thread met, so that each is looked at once; and which of them a block has already.
class KnownValues {
 public:
  using Traits = ColumnCounts::Traits;
  using Value = ColumnCounts::Value;
  /// Counts a value among those of the block; `ask` answers its traits where they are not known.
  template <class Ask>
  Traits count(std::uint64_t hash, file::Cell::Kind kind, std::string_view text, std::vector<Value>& values, Ask ask);
  /// Says that the hash will be counted soon.
  void expect(std::uint64_t hash) const noexcept {
    if (looking_ || keeping_) __builtin_prefetch(&table_[hash & (table_.size() - 1)]);
  }
  /// The next value is the first of a block.
  void start() noexcept;

 private:
  struct Known {
    std::uint64_t hash = 0;
    std::uint32_t at = 0;                            // where it stands among the block's values, if it does
    file::Cell::Kind kind = file::Cell::Kind::null;  // null: nothing stands here
    Traits traits;
  };
  [[nodiscard]] Known& find(std::uint64_t hash, file::Cell::Kind kind) noexcept;
  void keep(const Known& known);
  std::vector<Known> table_{64};  // a power of two, at most half full
  std::size_t used_ = 0;
  std::size_t seen_ = 0;              // values of the block, while looking
  bool looking_ = true;               // among the block's values for this one
  bool keeping_ = true;               // values that came while not looking
  std::size_t again_ = 0, anew_ = 0;  // while not looking: values that were known, that were not
};

/// Rows are gathered by column and then looked at column by column: what one column's values need stays at hand, and
/// they are much alike.
class BlockEvidence {
 public:
  /// `reader` names the columns of the cells; `created`: column of the record's creation, or "".
  BlockEvidence(const file::Reading& reading, const ListsOf& lists, const file::RowReader& reader, std::string created);
  /// The cells' texts are looked at until `clear`.
  void row(std::span<const file::Cell> cells);

  struct Piece {
    std::vector<std::string> columns;
    std::vector<ColumnCounts> counts;
    std::uint64_t rows = 0;
  };
  /// What was gathered since `clear`; valid until then.
  [[nodiscard]] const Piece& piece();
  /// Starts afresh.
  void clear() noexcept;

 private:
  static constexpr std::size_t gathered_rows = 64;
  void look();
  void look(std::size_t column);
  [[nodiscard]] ColumnCounts::Traits look(const file::Cell& trimmed, std::size_t column) const;
  void read_created();
  void know_columns();
  const file::Reading& reading_;
  const ListsOf& lists_;
  const file::RowReader& reader_;
  std::string created_column_;
  std::size_t created_at_ = 0;  // its place; behind the last column where there is none
  // Cells of one column that are not null.
  struct Gathered {
    std::array<file::Cell, gathered_rows> cells;
    std::array<std::uint8_t, gathered_rows> rows{};
    std::size_t size = 0;
  };
  Piece piece_;
  std::vector<Gathered> gathered_;                   // by column
  std::size_t rows_ = 0;                             // gathered
  std::array<model::Day, gathered_rows> created_;    // by gathered row: its day of creation, or no_day
  model::Day earliest_{}, latest_{};                 // of those
  std::array<std::uint64_t, gathered_rows> hash_{};  // of the column that is looked at
  std::vector<KnownValues> known_;                   // by column
  std::vector<const PlaceholderLists*> list_;        // by column
  std::vector<bool> checkbox_;
  std::map<std::string, PlaceholderLists, std::less<>> own_;
};

}  // namespace coachd::app
