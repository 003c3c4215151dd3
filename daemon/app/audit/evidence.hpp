// Evidence of how every column of an export is used: filled, blank, placeholders, distinct values, since when. Gathered
// block by block (BlockEvidence, any thread) and merged in block order (Evidence, one thread).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
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

struct ColumnCounts {
  file::ColumnShape shape;
  struct Value {
    std::string text;
    std::uint64_t count = 0;
    bool placeholder[ways] = {};
  };
  struct Same {
    std::size_t operator()(std::uint64_t h) const noexcept { return static_cast<std::size_t>(h); }
  };
  std::unordered_map<std::uint64_t, Value, Same> values;
  std::vector<std::uint64_t> order;  // hashes as they first came: merging must not depend on a hash table's order
  std::optional<model::Day> first[ways], last[ways];
};

class BlockEvidence {
 public:
  /// `reader` names the columns of the cells; `created`: column of the record's creation, or "".
  BlockEvidence(const file::Reading& reading, const ListsOf& lists, const file::RowReader& reader, std::string created);
  void row(std::uint64_t line, std::span<const file::Cell> cells);

  struct Piece {
    std::vector<std::string> columns;
    std::vector<ColumnCounts> counts;
    std::uint64_t rows = 0;
  };
  /// Hands over what was gathered and starts afresh.
  [[nodiscard]] Piece take();

 private:
  void see(const file::Cell& cell, std::size_t column, std::optional<model::Day> created);
  [[nodiscard]] const PlaceholderLists& lists_of(std::size_t column);
  const file::Reading& reading_;
  const ListsOf& lists_;
  const file::RowReader& reader_;
  std::string created_;
  Piece piece_;
  std::vector<const PlaceholderLists*> list_;  // by column
  std::vector<bool> checkbox_;
  std::map<std::string, PlaceholderLists, std::less<>> own_;
};

class Evidence {
 public:
  void merge(BlockEvidence::Piece&& piece);
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
    std::map<std::string, std::uint64_t> placeholders[ways];
    std::uint64_t placeholder[ways] = {};
    std::optional<model::Day> first[ways], last[ways];
  };
  [[nodiscard]] FieldEvidence field(const Column& c, std::size_t index) const;
  std::vector<Column> columns_;
  std::unordered_map<std::string, std::size_t> place_;
  std::uint64_t rows_ = 0;
};

}  // namespace coachd::app
