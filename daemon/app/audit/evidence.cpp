#include "daemon/app/audit/evidence.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/dates.hpp"
#include "connectors/file/known.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/distinct.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t shown_bytes = 120;  // of a value
constexpr std::size_t top_values = 10;
constexpr std::size_t listed_placeholders = 1000;

bool space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && space(s.front())) s.remove_prefix(1);
  while (!s.empty() && space(s.back())) s.remove_suffix(1);
  return s;
}

std::string shown(std::string_view s) {
  if (s.size() <= shown_bytes) return std::string(s);
  std::size_t n = shown_bytes;
  while (n > 0 && (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80) --n;  // never through a character
  return std::string(s.substr(0, n)) + "\xE2\x80\xA6";
}

void widen(std::optional<model::Day>& first, std::optional<model::Day>& last, std::optional<model::Day> from,
           std::optional<model::Day> to) {
  if (from && (!first || *from < *first)) first = from;
  if (to && (!last || *to > *last)) last = to;
}

PlaceholderLists dictionary_of(const std::string& column) {
  return {text::Placeholders({}, text::ValueClass::free_text, column, false),
          text::Placeholders({}, text::ValueClass::other, column, false)};
}

std::size_t way_of(model::FieldType type) {
  return text::value_class(type) == text::ValueClass::other || type == model::FieldType::boolean ? as_other : as_free;
}

}  // namespace

BlockEvidence::BlockEvidence(const file::Reading& reading, const ListsOf& lists, const file::RowReader& reader,
                             std::string created)
    : reading_(reading), lists_(lists), reader_(reader), created_(std::move(created)) {}

const PlaceholderLists& BlockEvidence::lists_of(std::size_t column) {
  while (list_.size() <= column) {
    const std::string& name = reader_.columns()[list_.size()];
    const auto it = lists_.find(name);
    list_.push_back(it != lists_.end() ? &it->second : &own_.try_emplace(name, dictionary_of(name)).first->second);
    checkbox_.push_back(file::is_checkbox(reading_.origin(), name));
  }
  return *list_[column];
}

void BlockEvidence::row(std::uint64_t, std::span<const file::Cell> cells) {
  ++piece_.rows;
  if (piece_.counts.size() < cells.size()) piece_.counts.resize(cells.size());
  std::optional<model::Day> created;
  if (!created_.empty()) {
    const auto& names = reader_.columns();
    const auto it = std::find(names.begin(), names.end(), created_);
    if (const auto i = static_cast<std::size_t>(it - names.begin()); i < cells.size() && !reading_.blank(cells[i])) {
      const file::ReadDate d = reading_.dates().read(trimmed(cells[i].text));
      if (d.kind == file::ReadDate::Kind::day || d.kind == file::ReadDate::Kind::instant) created = d.day;
    }
  }
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (!reading_.blank(cells[i])) see(cells[i], i, created);
}

void BlockEvidence::see(const file::Cell& cell, std::size_t column, std::optional<model::Day> created) {
  ColumnCounts& c = piece_.counts[column];
  const PlaceholderLists& lists = lists_of(column);
  c.shape.see(cell, reading_, checkbox_[column]);
  const std::string_view t = trimmed(cell.text);
  const std::uint64_t hash = stable_hash(t);
  const auto [it, first_time] = c.values.try_emplace(hash);
  ColumnCounts::Value& v = it->second;
  if (first_time) {
    c.order.push_back(hash);
    v.text = shown(t);
    const model::Value value =
        cell.kind == file::Cell::Kind::boolean ? model::Value::boolean(cell.boolean) : model::Value::text(cell.text);
    v.placeholder[as_free] = lists.free.matches(value);
    v.placeholder[as_other] = lists.other.matches(value);
  }
  ++v.count;
  if (created)
    for (std::size_t w = 0; w < ways; ++w)
      if (!v.placeholder[w]) widen(c.first[w], c.last[w], created, created);
}

BlockEvidence::Piece BlockEvidence::take() {
  piece_.columns = reader_.columns();
  piece_.counts.resize(piece_.columns.size());
  Piece out = std::move(piece_);
  piece_ = Piece{};
  return out;
}

void Evidence::merge(BlockEvidence::Piece&& piece) {
  rows_ += piece.rows;
  for (std::size_t i = 0; i < piece.columns.size(); ++i) {
    // Columns of a CSV are told apart by place (several may lack a name), keys of JSONL by name.
    const std::string key = piece.columns[i].empty() ? std::to_string(i) + ":" : piece.columns[i];
    const auto [it, added] = place_.try_emplace(key, columns_.size());
    if (added) columns_.emplace_back().name = piece.columns[i];
    Column& c = columns_[it->second];
    ColumnCounts& from = piece.counts[i];
    c.shape.add(from.shape);
    for (const std::uint64_t hash : from.order) {
      const ColumnCounts::Value& v = from.values.at(hash);
      c.distinct.add(hash, v.text, v.count);
      for (std::size_t w = 0; w < ways; ++w) {
        if (!v.placeholder[w]) continue;
        c.placeholder[w] += v.count;
        if (auto& list = c.placeholders[w]; list.size() < listed_placeholders || list.contains(v.text))
          list[v.text] += v.count;
      }
    }
    for (std::size_t w = 0; w < ways; ++w) widen(c.first[w], c.last[w], from.first[w], from.last[w]);
  }
}

FieldEvidence Evidence::field(const Column& c, std::size_t index) const {
  FieldEvidence f;
  f.field = c.name.empty() ? "column " + std::to_string(index + 1) : c.name;
  f.judged_as = c.shape.type();
  const std::size_t way = way_of(f.judged_as);
  f.rows = rows_;
  f.blank = rows_ - c.shape.filled;
  f.placeholder = c.placeholder[way];
  f.real = c.shape.filled - f.placeholder;
  f.distinct = c.distinct.count();
  f.distinct_estimated = c.distinct.estimated();
  f.placeholders.assign(c.placeholders[way].begin(), c.placeholders[way].end());
  std::sort(f.placeholders.begin(), f.placeholders.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  f.top = c.distinct.top(top_values);
  // Ten of thousands of values that each stand once say nothing, and may be people's data.
  if (f.distinct > top_values) std::erase_if(f.top, [](const auto& t) { return t.second < 2; });
  f.constant = rows_ > 1 && f.blank == 0 && f.distinct == 1;
  f.first_real = c.first[way];
  f.last_real = c.last[way];
  return f;
}

std::vector<FieldEvidence> Evidence::fields() const {
  std::vector<FieldEvidence> out;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (!columns_[i].name.empty() || columns_[i].shape.filled > 0) out.push_back(field(columns_[i], i));
  return out;
}

std::size_t Evidence::unnamed_blank() const {
  return static_cast<std::size_t>(std::count_if(columns_.begin(), columns_.end(),
                                                [](const Column& c) { return c.name.empty() && c.shape.filled == 0; }));
}

std::map<std::string, model::FieldType> Evidence::types() const {
  std::map<std::string, model::FieldType> out;
  for (const Column& c : columns_)
    if (!c.name.empty()) out[c.name] = c.shape.type();
  return out;
}

}  // namespace coachd::app
