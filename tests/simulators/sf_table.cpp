#include "tests/simulators/sf_table.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/value.hpp"

namespace coachd::sim {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Three characters that hold the case of the 15 before them.
std::string check_characters(std::string_view id15) {
  static constexpr std::string_view code = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  std::string out;
  for (std::size_t block = 0; block < 3; ++block) {
    unsigned bits = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      const char c = id15[block * 5 + i];
      if (c >= 'A' && c <= 'Z') bits |= 1U << i;
    }
    out += code[bits];
  }
  return out;
}

}  // namespace

std::string make_id(std::string_view prefix, std::uint64_t n) {
  std::string id{prefix};
  id += "Sm000000000A";  // the instance, then the counter from the right
  std::size_t place = 15;
  for (std::uint64_t rest = n; rest > 0 && place > 5; rest /= 62) id[--place] = alphabet[rest % 62];
  while (place > 5) id[--place] = '0';
  return id + check_characters(id);
}

std::string normal_id(std::string_view id) {
  if (id.size() != 15 && id.size() != 18) return {};
  if (id.find_first_not_of(alphabet) != std::string_view::npos) return {};
  const auto id15 = id.substr(0, 15);
  auto full = std::string{id15} + check_characters(id15);
  if (id.size() == 18 && full != id) return {};
  return full;
}

table::table(const object_def& def, text_pool& texts) : def_{def}, texts_{texts} {
  if (!def.stamp.empty()) stamp_column_ = column(def.stamp);
  for (const auto& name : def.indexed) references_.emplace(column(name), decltype(references_)::mapped_type{});
}

int table::column(std::string_view field) const {
  const int c = def_.column(field);
  if (c < 0) throw std::logic_error{"no column " + std::string{field} + " on " + def_.name};
  return c;
}

row_number table::insert(row cells) {
  const auto n = static_cast<row_number>(rows_.size());
  auto id = make_id(def_.prefix, n + 1);
  // Nothing refers to a history row, and there are many: their Ids need not be shared.
  cells[0] = value::of(def_.stamp == "CreatedDate" ? &own_ids_.emplace_back(std::move(id)) : texts_.keep(id));
  rows_.push_back(std::move(cells));
  const auto& r = rows_.back();
  if (stamp_column_ >= 0) {
    by_stamp_.emplace_hint(by_stamp_.end(), r[static_cast<std::size_t>(stamp_column_)].at().time_since_epoch().count(),
                           n);
  }
  for (auto& [c, rows] : references_) {
    const auto* text = r[static_cast<std::size_t>(c)].text_ref();
    if (text != nullptr) {
      auto& holding = rows[text];
      holding.insert(holding.end(), n);
    }
  }
  return n;
}

void table::set(row_number n, int column, value v) {
  auto& cell = rows_[n][static_cast<std::size_t>(column)];
  if (column == stamp_column_) {
    by_stamp_.erase({cell.at().time_since_epoch().count(), n});
    by_stamp_.emplace(v.at().time_since_epoch().count(), n);
  }
  if (const auto index = references_.find(column); index != references_.end()) {
    if (cell.text_ref() != nullptr) index->second[cell.text_ref()].erase(n);
    if (v.text_ref() != nullptr) index->second[v.text_ref()].insert(n);
  }
  cell = v;
}

std::optional<row_number> table::find(std::string_view id18) const {
  if (id18.size() != 18 || !id18.starts_with(def_.prefix)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : id18.substr(5, 10)) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    number = number * 62 + digit;
  }
  if (number == 0 || number > rows_.size()) return std::nullopt;
  const auto n = static_cast<row_number>(number - 1);
  return rows_[n].front().text() == id18 ? std::optional{n} : std::nullopt;
}

const std::set<row_number>& table::holding(int column, const std::string* text) const {
  static const std::set<row_number> none;
  const auto index = references_.find(column);
  if (index == references_.end()) return none;
  const auto rows = index->second.find(text);
  return rows == index->second.end() ? none : rows->second;
}

const std::set<row_number>& table::holding_text(int column, std::string_view text) const {
  return holding(column, texts_.find(text));
}

}  // namespace coachd::sim
