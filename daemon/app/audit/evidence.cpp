#include "daemon/app/audit/evidence.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/audit/block_evidence.hpp"
#include "daemon/app/audit/distinct.hpp"
#include "rules/model/description.hpp"
#include "rules/text/text.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t top_values = 10;
constexpr std::size_t listed_placeholders = 1000;

std::size_t way_of(model::FieldType type) {
  return text::value_class(type) == text::ValueClass::other || type == model::FieldType::boolean ? as_other : as_free;
}

}  // namespace

// They are few and come again and again, so most are found without their text.
void Evidence::add_placeholder(Column& c, std::size_t way, const ColumnCounts::Value& v) {
  c.placeholder[way] += v.count;
  if (const auto it = c.counter[way].find(v.hash); it != c.counter[way].end()) {
    *it->second += v.count;
    return;
  }
  auto& list = c.placeholders[way];
  const std::string text = shown(v.text);
  auto known = list.find(text);
  if (known == list.end()) {
    if (list.size() == listed_placeholders) return;
    known = list.emplace(text, 0).first;
  }
  known->second += v.count;
  if (c.counter[way].size() < listed_placeholders) c.counter[way].emplace(v.hash, &known->second);
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
    const auto& values = from.values;
    c.shape.add(from.shape);
    for (std::size_t n = 0; n < values.size(); ++n) {
      if (n + ahead < values.size()) c.distinct.expect(values[n + ahead].hash);
      const ColumnCounts::Value& v = values[n];
      c.distinct.add(v.hash, v.text, v.count);
      for (std::size_t w = 0; w < ways; ++w)
        if (v.traits.placeholder[w]) add_placeholder(c, w, v);
    }
    for (std::size_t w = 0; w < ways; ++w) c.real[w].widen(from.real[w]);
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
  f.first_real = c.real[way].first;
  f.last_real = c.real[way].last;
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
