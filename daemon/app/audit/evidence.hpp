// Evidence of how every column of an export is used: filled, blank, placeholders, distinct values, since when. Gathered
// block by block (BlockEvidence, any thread) and merged in block order (Evidence, one thread).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/distinct.hpp"
#include "rules/text/text.hpp"

namespace coachd::app {

/// What is known about one column after the pass.
struct FieldEvidence {
  using Counts = std::vector<std::pair<std::string, std::uint64_t>>;  ///< value, count; commonest first
  std::string field;
  model::FieldType judged_as = model::FieldType::unknown;  ///< unknown: as free text
  std::uint64_t rows = 0, blank = 0, placeholder = 0, real = 0;
  std::uint64_t distinct = 0;
  bool distinct_estimated = false;
  Counts placeholders;
  Counts top;
  bool constant = false;  ///< the same value on every row
  std::optional<model::Day>
      first_real;  ///< day of creation of the first record with a real value; nothing: no such column
  std::optional<model::Day> last_real;
};

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

/// What one block says of one column.
class ColumnCounts {
 public:
  struct Value {
    std::uint64_t hash = 0;  ///< of the text
    std::string_view text;   ///< in the block
    std::uint32_t count = 0;
    bool placeholder[ways] = {};
    file::ColumnShape::Looks looks;
    file::Cell::Kind kind = file::Cell::Kind::null;
  };
  /// As they came. One stands there again and again in a column whose first values were nearly all different.
  [[nodiscard]] const std::vector<Value>& values() const noexcept { return values_; }
  std::optional<model::Day> first[ways], last[ways];

  /// The value, counted once more; `fresh` where nothing is known of it yet.
  [[nodiscard]] Value& at(std::uint64_t hash, file::Cell::Kind kind, bool& fresh);
  /// Empties it and keeps its memory.
  void clear() noexcept;

 private:
  [[nodiscard]] Value& append(std::uint64_t hash, file::Cell::Kind kind);
  void grow();
  [[nodiscard]] std::size_t place(std::uint64_t hash, file::Cell::Kind kind) const noexcept;
  std::vector<Value> values_;
  std::vector<std::uint32_t> table_;  // numbers of values plus one
  std::size_t seen_ = 0;              // values that were looked for in the table
  bool looking_ = true;
};

/// Rows are gathered and then looked at column by column: what one column's values need stays at hand, and they are
/// much alike.
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
  // The values of one column in the rows that were gathered, blank ones left out.
  static constexpr std::size_t gathered_rows = 64;
  struct Gathered {
    struct One {
      file::Cell cell;        // trimmed
      std::uint32_t row = 0;  // among those gathered
    };
    std::array<One, gathered_rows> values;
    std::size_t size = 0;
  };
  void look();
  void look(std::size_t column);
  void know_columns();
  const file::Reading& reading_;
  const ListsOf& lists_;
  const file::RowReader& reader_;
  std::string created_column_;
  std::size_t created_at_ = 0;  // its place; behind the last column where there is none
  Piece piece_;
  std::vector<Gathered> gathered_;                 // by column
  std::array<model::Day, gathered_rows> created_;  // by gathered row: its day of creation, or no_day
  std::uint32_t rows_ = 0;                         // gathered
  std::vector<const PlaceholderLists*> list_;      // by column
  std::vector<bool> checkbox_;
  std::map<std::string, PlaceholderLists, std::less<>> own_;
};

class Evidence {
 public:
  void merge(const BlockEvidence::Piece& piece);
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  /// By column, in order. A wholly blank column without a name is left out (see unnamed_blank).
  [[nodiscard]] std::vector<FieldEvidence> fields() const;
  [[nodiscard]] std::size_t unnamed_blank() const;
  /// As what each column is judged.
  [[nodiscard]] std::map<std::string, model::FieldType> types() const;

 private:
  struct Column {
    std::string name;
    file::ColumnShape shape;
    Distinct distinct;
    std::map<std::string, std::uint64_t, std::less<>> placeholders[ways];
    std::uint64_t placeholder[ways] = {};
    std::optional<model::Day> first[ways], last[ways];
  };
  [[nodiscard]] FieldEvidence field(const Column& c, std::size_t index) const;
  std::vector<Column> columns_;
  std::unordered_map<std::string, std::size_t> place_;
  std::uint64_t rows_ = 0;
};

}  // namespace coachd::app
