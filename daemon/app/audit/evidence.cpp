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

constexpr std::size_t top_values = 10;
constexpr std::size_t deciding = 64;  // values of a block that tell whether a column's are nearly all different
constexpr std::size_t listed_placeholders = 1000;
constexpr model::Day no_day = model::Day::min();

bool space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && space(s.front())) s.remove_prefix(1);
  while (!s.empty() && space(s.back())) s.remove_suffix(1);
  return s;
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
    : reading_(reading), lists_(lists), reader_(reader), created_column_(std::move(created)) {}

void BlockEvidence::know_columns() {
  const auto& names = reader_.columns();
  if (list_.size() == names.size()) return;
  for (std::size_t i = list_.size(); i < names.size(); ++i) {
    const auto it = lists_.find(names[i]);
    list_.push_back(it != lists_.end() ? &it->second
                                       : &own_.try_emplace(names[i], dictionary_of(names[i])).first->second);
    checkbox_.push_back(file::is_checkbox(reading_.origin(), names[i]));
  }
  created_at_ = created_column_.empty()
                    ? names.size()
                    : static_cast<std::size_t>(std::find(names.begin(), names.end(), created_column_) - names.begin());
  piece_.counts.resize(names.size());
  gathered_.resize(names.size());
  piece_.columns = names;
}

void BlockEvidence::row(std::span<const file::Cell> cells) {
  ++piece_.rows;
  know_columns();
  model::Day& created = created_[rows_];
  created = no_day;
  if (created_at_ < cells.size() && !reading_.blank(cells[created_at_])) {
    const file::ReadDate d = reading_.dates().read(trimmed(cells[created_at_].text));
    if (d.kind == file::ReadDate::Kind::day || d.kind == file::ReadDate::Kind::instant) created = d.day;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (reading_.blank(cells[i])) continue;
    Gathered& g = gathered_[i];
    Gathered::One& one = g.values[g.size++];
    one.cell.kind = cells[i].kind;
    one.cell.boolean = cells[i].boolean;
    one.cell.text = trimmed(cells[i].text);
    one.row = rows_;
  }
  if (++rows_ == gathered_rows) look();
}

void BlockEvidence::look() {
  for (std::size_t i = 0; i < gathered_.size(); ++i) look(i);
  rows_ = 0;
}

void BlockEvidence::look(std::size_t column) {
  Gathered& g = gathered_[column];
  ColumnCounts& c = piece_.counts[column];
  const PlaceholderLists& lists = *list_[column];
  model::Day first[ways] = {model::Day::max(), model::Day::max()};
  model::Day last[ways] = {no_day, no_day};
  for (std::size_t i = 0; i < g.size; ++i) {
    const file::Cell& cell = g.values[i].cell;
    bool fresh = false;
    ColumnCounts::Value& v = c.at(stable_hash(cell.text), cell.kind, fresh);
    if (fresh) {
      const model::Value value =
          cell.kind == file::Cell::Kind::boolean ? model::Value::boolean(cell.boolean) : model::Value::text(cell.text);
      v.text = cell.text;
      v.placeholder[as_free] = lists.free.matches(value);
      v.placeholder[as_other] = lists.other.matches(value);
      v.looks = file::ColumnShape::look(cell, reading_, checkbox_[column]);
    }
    const model::Day created = created_[g.values[i].row];
    if (created == no_day) continue;
    for (std::size_t w = 0; w < ways; ++w) {
      if (v.placeholder[w]) continue;
      first[w] = std::min(first[w], created);
      last[w] = std::max(last[w], created);
    }
  }
  g.size = 0;
  for (std::size_t w = 0; w < ways; ++w)
    if (last[w] != no_day) widen(c.first[w], c.last[w], first[w], last[w]);
}

const BlockEvidence::Piece& BlockEvidence::piece() {
  look();
  return piece_;
}

void BlockEvidence::clear() noexcept {
  piece_.rows = 0;
  for (ColumnCounts& c : piece_.counts) c.clear();
}

std::size_t ColumnCounts::place(std::uint64_t hash, file::Cell::Kind kind) const noexcept {
  std::size_t i = hash & (table_.size() - 1);
  for (; table_[i] != 0; i = (i + 1) & (table_.size() - 1))
    if (const Value& v = values_[table_[i] - 1]; v.hash == hash && v.kind == kind) break;
  return i;
}

void ColumnCounts::grow() {
  table_.assign(table_.empty() ? 64 : table_.size() * 2, 0);
  for (std::size_t n = 0; n < values_.size(); ++n)
    table_[place(values_[n].hash, values_[n].kind)] = static_cast<std::uint32_t>(n + 1);
}

ColumnCounts::Value& ColumnCounts::append(std::uint64_t hash, file::Cell::Kind kind) {
  Value& v = values_.emplace_back();
  v.hash = hash;
  v.kind = kind;
  v.count = 1;
  return v;
}

// The first values of the block decide, so that what comes out does not depend on which thread got the block.
ColumnCounts::Value& ColumnCounts::at(std::uint64_t hash, file::Cell::Kind kind, bool& fresh) {
  fresh = true;
  if (!looking_) return append(hash, kind);
  if (++seen_ == deciding && values_.size() * 4 >= deciding * 3) looking_ = false;
  if (values_.size() * 2 >= table_.size()) grow();
  std::uint32_t& number = table_[place(hash, kind)];
  if (number == 0) {
    number = static_cast<std::uint32_t>(values_.size() + 1);
    return append(hash, kind);
  }
  fresh = false;
  Value& v = values_[number - 1];
  ++v.count;
  return v;
}

void ColumnCounts::clear() noexcept {
  if (!values_.empty()) std::fill(table_.begin(), table_.end(), 0);
  values_.clear();
  seen_ = 0;
  looking_ = true;
  for (std::size_t w = 0; w < ways; ++w) {
    first[w].reset();
    last[w].reset();
  }
}

void Evidence::merge(const BlockEvidence::Piece& piece) {
  constexpr std::size_t ahead = 16;
  rows_ += piece.rows;
  for (std::size_t i = 0; i < piece.columns.size(); ++i) {
    // Columns of a CSV are told apart by place (several may lack a name), keys of JSONL by name.
    const std::string key = piece.columns[i].empty() ? std::to_string(i) + ":" : piece.columns[i];
    const auto [it, added] = place_.try_emplace(key, columns_.size());
    if (added) columns_.emplace_back().name = piece.columns[i];
    Column& c = columns_[it->second];
    const ColumnCounts& from = piece.counts[i];
    const auto& values = from.values();
    for (std::size_t n = 0; n < values.size(); ++n) {
      if (n + ahead < values.size()) c.distinct.expect(values[n + ahead].hash);
      const ColumnCounts::Value& v = values[n];
      c.shape.add(v.looks, v.count);
      c.distinct.add(v.hash, v.text, v.count);
      for (std::size_t w = 0; w < ways; ++w) {
        if (!v.placeholder[w]) continue;
        c.placeholder[w] += v.count;
        auto& list = c.placeholders[w];
        const std::string text = shown(v.text);
        if (const auto known = list.find(text); known != list.end())
          known->second += v.count;
        else if (list.size() < listed_placeholders)
          list.emplace(text, v.count);
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
