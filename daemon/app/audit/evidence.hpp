// Evidence of how every column of an export is used: filled, blank, placeholders, distinct values, since when. Gathered
// block by block (block_evidence.hpp) and merged here in block order, by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/file/values.hpp"
#include "daemon/app/audit/block_evidence.hpp"
#include "daemon/app/audit/distinct.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

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
    std::map<std::string, std::uint64_t> placeholders[ways];
    std::unordered_map<std::uint64_t, std::uint64_t*> counter[ways];  // of placeholders, by hash
    std::uint64_t placeholder[ways] = {};
    Days real[ways];
  };
  static void add_placeholder(Column& c, std::size_t way, const ColumnCounts::Value& v);
  [[nodiscard]] FieldEvidence field(const Column& c, std::size_t index) const;
  std::deque<Column> columns_;  // counters point into them
  std::unordered_map<std::string, std::size_t> place_;
  std::uint64_t rows_ = 0;
};

}  // namespace coachd::app
