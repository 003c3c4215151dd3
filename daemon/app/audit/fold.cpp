#include "daemon/app/audit/fold.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/file/rows.hpp"
#include "daemon/app/audit/distinct.hpp"

namespace coachd::app {

using file::Cell;

KeptRow::KeptRow(std::uint64_t at, std::span<const Cell> cells) : line(at) {
  kinds.reserve(cells.size());
  texts.reserve(cells.size());
  for (const Cell& c : cells) {
    kinds.push_back(c.kind);
    texts.emplace_back(c.text);
  }
}

Cell KeptRow::cell(std::size_t i) const noexcept {
  if (i >= kinds.size()) return {};  // JSONL: a key that came later
  return {kinds[i], kinds[i] == Cell::Kind::boolean && texts[i] == "true", texts[i]};
}

std::uint32_t KeyCounts::lines(std::uint64_t key) const {
  const auto it = counts_.find(key);
  return it == counts_.end() ? 1 : it->second;
}

bool KeyCounts::repeated() const {
  return std::any_of(counts_.begin(), counts_.end(), [](const auto& p) { return p.second > 1; });
}

std::uint64_t key_of(std::span<const Cell> cells, const std::vector<std::size_t>& places) {
  std::uint64_t key = 0;
  for (const std::size_t p : places)
    key = key * 0x9e3779b97f4a7c15ULL + stable_hash(p < cells.size() ? cells[p].text : std::string_view{});
  return key;
}

void Folder::add(KeptRow row, file::Rows& rows) {
  cells_.clear();
  for (std::size_t i = 0; i < row.kinds.size(); ++i) cells_.push_back(row.cell(i));
  const std::uint64_t key = key_of(cells_, key_places_);
  const std::uint32_t lines = counts_.lines(key);
  if (lines < 2) {
    say(std::move(row), rows);
    return;
  }
  const auto it = open_.find(key);
  if (it == open_.end()) {
    open_.emplace(key, Open{std::move(row), lines - 1, {}});
    return;
  }
  fold(it->second, row);
  if (--it->second.left > 0) return;
  for (std::size_t i = 0; i < it->second.disagrees.size(); ++i)
    if (it->second.disagrees[i]) ++disagreeing_[i];
  say(std::move(it->second.row), rows);
  open_.erase(it);
}

void Folder::fold(Open& open, const KeptRow& row) {
  const std::size_t n = std::max(open.row.kinds.size(), row.kinds.size());
  open.row.kinds.resize(n, Cell::Kind::null);
  open.row.texts.resize(n);
  open.disagrees.resize(n, false);
  for (std::size_t i = 0; i < n; ++i) {
    const Cell next = row.cell(i);
    if (reading_.blank(next)) continue;
    const Cell first = open.row.cell(i);
    if (reading_.blank(first)) {
      open.row.kinds[i] = next.kind;
      open.row.texts[i] = std::string(next.text);
    } else if (first.text != next.text) {
      open.disagrees[i] = true;
    }
  }
}

void Folder::say(KeptRow row, file::Rows& rows) {
  const KeptRow& kept = said_.emplace_back(std::move(row));
  cells_.clear();
  for (std::size_t i = 0; i < kept.kinds.size(); ++i) cells_.push_back(kept.cell(i));
  rows.row(kept.line, cells_);
}

}  // namespace coachd::app
