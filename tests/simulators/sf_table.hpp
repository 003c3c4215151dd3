// Rows of one object, found by Id, by (stamp, Id) and by the indexed references. Row numbers follow the order of Ids,
// so an index by row number is one by Id. Not thread safe.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/value.hpp"

namespace coachd::sim {

using row_number = std::uint32_t;
using row = std::vector<value>;

// The 18-character Id of the n-th row of an object, in the byte order of n.
[[nodiscard]] std::string make_id(std::string_view prefix, std::uint64_t n);
// 15 or 18 characters in, 18 out; empty when it is no Id at all (length, alphabet or the check characters are wrong).
[[nodiscard]] std::string normal_id(std::string_view id);

class table {
 public:
  table(const object_def& def, text_pool& texts);

  [[nodiscard]] const object_def& def() const { return def_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const row& at(row_number n) const { return rows_[n]; }
  [[nodiscard]] const value& cell(row_number n, int column) const { return rows_[n][static_cast<std::size_t>(column)]; }
  // Throws std::logic_error for a field that the object does not have.
  [[nodiscard]] int column(std::string_view field) const;

  [[nodiscard]] row blank() const { return row(def_.fields.size()); }
  // Gives the row its Id and indexes it.
  row_number insert(row cells);
  void set(row_number n, int column, value v);

  // An Id holds its row's number; none for an Id that no row has.
  [[nodiscard]] std::optional<row_number> find(std::string_view id18) const;
  using stamp_index = std::set<std::pair<std::int64_t, row_number>>;
  [[nodiscard]] const stamp_index& by_stamp() const { return by_stamp_; }
  [[nodiscard]] int stamp_column() const { return stamp_column_; }
  [[nodiscard]] bool indexed(int column) const { return references_.contains(column); }
  // Rows whose indexed column holds that text, in the order of Ids.
  [[nodiscard]] const std::set<row_number>& holding(int column, const std::string* text) const;
  [[nodiscard]] const std::set<row_number>& holding_text(int column, std::string_view text) const;

 private:
  const object_def& def_;
  text_pool& texts_;
  std::deque<row> rows_;
  int stamp_column_ = -1;
  std::deque<std::string> own_ids_;
  stamp_index by_stamp_;
  std::unordered_map<int, std::unordered_map<const std::string*, std::set<row_number>>> references_;
};

}  // namespace coachd::sim
