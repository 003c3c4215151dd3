#include "daemon/pipeline/codec.hpp"

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/day_facts.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

using model::Instant;
using model::StoredValue;
using model::Value;

class Writer {
 public:
  Writer() = default;
  explicit Writer(std::string begun) : out_(std::move(begun)) {}
  void number(std::uint64_t v) {
    while (v >= 0x80) {
      out_.push_back(static_cast<char>(v | 0x80));
      v >>= 7;
    }
    out_.push_back(static_cast<char>(v));
  }
  void byte(std::uint8_t b) { out_.push_back(static_cast<char>(b)); }
  void fixed(std::uint64_t v) {
    char raw[8];
    std::memcpy(raw, &v, 8);
    out_.append(raw, 8);
  }
  void text(std::string_view t) {
    number(t.size());
    out_.append(t);
  }
  void instant(Instant at) { fixed(static_cast<std::uint64_t>(at.time_since_epoch().count())); }
  void value(const Value& v) {
    byte(static_cast<std::uint8_t>(v.kind()));
    switch (v.kind()) {
      case Value::Kind::unread:
      case Value::Kind::blank: break;
      case Value::Kind::boolean: byte(v.as_boolean() ? 1 : 0); break;
      case Value::Kind::number: fixed(std::bit_cast<std::uint64_t>(v.as_number())); break;
      case Value::Kind::text: text(v.as_text()); break;
      case Value::Kind::day:
        fixed(static_cast<std::uint64_t>(static_cast<std::int64_t>(v.as_day().time_since_epoch().count())));
        break;
      case Value::Kind::instant: instant(v.as_instant()); break;
    }
  }
  void history_row(FieldNumber field, Instant at, std::string_view author, std::string_view vendor_id,
                   const Value& from, const Value& to) {
    number(field);
    instant(at);
    text(author);
    text(vendor_id);
    value(from);
    value(to);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  [[nodiscard]] bool done() const { return in_.empty(); }
  std::uint64_t number() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto b = byte();
      v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if ((b & 0x80) == 0) return v;
    }
    throw std::runtime_error("stored record: a number does not end");
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1)[0]); }
  std::uint64_t fixed() {
    std::uint64_t v = 0;
    std::memcpy(&v, take(8).data(), 8);
    return v;
  }
  std::string_view text() { return take(number()); }
  Instant instant() { return Instant(std::chrono::microseconds(static_cast<std::int64_t>(fixed()))); }
  Value value() {
    switch (static_cast<Value::Kind>(byte())) {
      case Value::Kind::unread: return Value::unread();
      case Value::Kind::blank: return Value::blank();
      case Value::Kind::boolean: return Value::boolean(byte() != 0);
      case Value::Kind::number: return Value::number(std::bit_cast<double>(fixed()));
      case Value::Kind::text: return Value::text(text());
      case Value::Kind::day: return Value::day(model::Day(std::chrono::days(static_cast<std::int64_t>(fixed()))));
      case Value::Kind::instant: return Value::instant(instant());
    }
    throw std::runtime_error("stored record: unknown kind of value");
  }

 private:
  std::string_view take(std::size_t n) {
    if (n > in_.size()) throw std::runtime_error("stored record: cut short");
    const auto part = in_.substr(0, n);
    in_.remove_prefix(n);
    return part;
  }
  std::string_view in_;
};

}  // namespace

std::string encode_values(const NumberedValues& values) {
  Writer w;
  for (const auto& [field, value] : values) {
    if (value.is_blank() || value.is_unread()) continue;
    w.number(field);
    w.value(value);
  }
  return w.take();
}

NumberedValues decode_values(std::string_view blob) {
  NumberedValues out;
  for (Reader r(blob); !r.done();) {
    const auto field = static_cast<FieldNumber>(r.number());
    out.emplace_back(field, r.value());
  }
  return out;
}

std::string encode(const JournalChange& c) {
  Writer w;
  w.instant(c.version);
  w.instant(c.created);
  w.text(c.created_by);
  w.text(c.modified_by);
  w.byte(c.deleted ? 1 : 0);
  w.text(c.merged_into);
  w.number(c.read_set);
  w.text(c.values);
  return w.take();
}

JournalChange decode_change(std::string_view body) {
  Reader r(body);
  JournalChange c;
  c.version = r.instant();
  c.created = r.instant();
  c.created_by = std::string(r.text());
  c.modified_by = std::string(r.text());
  c.deleted = r.byte() != 0;
  c.merged_into = std::string(r.text());
  c.read_set = static_cast<std::uint32_t>(r.number());
  c.values = std::string(r.text());
  return c;
}

std::string encode(const std::vector<JournalHistoryRow>& rows) {
  Writer w;
  for (const auto& row : rows)
    w.history_row(row.field, row.at, row.author, row.vendor_id, row.from.view(), row.to.view());
  return w.take();
}

void encode_onto(std::string& body, FieldNumber field, const model::HistoryRow& row, std::string_view vendor_id) {
  Writer w(std::move(body));
  w.history_row(field, row.at, row.author.get(), vendor_id, row.from.view(), row.to.view());
  body = w.take();
}

std::vector<JournalHistoryRow> decode_history(std::string_view body) {
  std::vector<JournalHistoryRow> out;
  for (Reader r(body); !r.done();) {
    JournalHistoryRow row;
    row.field = static_cast<FieldNumber>(r.number());
    row.at = r.instant();
    row.author = std::string(r.text());
    row.vendor_id = std::string(r.text());
    row.from = StoredValue(r.value());
    row.to = StoredValue(r.value());
    out.push_back(std::move(row));
  }
  return out;
}

namespace {
constexpr std::uint64_t day_facts_version = 1;
}

std::string encode(const rules::DayFacts& facts) {
  Writer w;
  w.number(day_facts_version);
  w.text(facts.facts_day ? model::to_string(*facts.facts_day) : std::string());
  w.number(facts.stage_ages.size());
  for (const auto& [object, ages] : facts.stage_ages) {
    w.text(object);
    w.number(ages.size());
    for (const auto& [stage, lengths] : ages) {
      w.text(stage.first);
      w.text(stage.second);
      w.number(lengths.won());
      w.number(lengths.marks().size());
      for (const auto mark : lengths.marks()) w.fixed(static_cast<std::uint64_t>(mark.count()));
    }
  }
  const auto& coverage = facts.activity_coverage;
  w.byte(coverage.poor ? 1 : 0);
  w.number(static_cast<std::uint64_t>(coverage.deals.won));
  w.number(static_cast<std::uint64_t>(coverage.deals.silent));
  w.text(coverage.day ? model::to_string(*coverage.day) : std::string());
  return w.take();
}

std::optional<rules::DayFacts> decode_day_facts(std::string_view body) {
  Reader r(body);
  if (r.number() != day_facts_version) return std::nullopt;
  rules::DayFacts facts;
  facts.facts_day = model::parse_day(r.text());
  for (auto objects = r.number(); objects > 0; --objects) {
    auto& ages = facts.stage_ages[std::string(r.text())];
    for (auto stages = r.number(); stages > 0; --stages) {
      auto pipeline = std::string(r.text());
      auto stage = std::string(r.text());
      const auto won = static_cast<std::size_t>(r.number());
      std::vector<std::chrono::seconds> marks(r.number());
      for (auto& mark : marks) mark = std::chrono::seconds(static_cast<std::int64_t>(r.fixed()));
      ages.emplace(std::pair(std::move(pipeline), std::move(stage)), rules::StayLengths(won, std::move(marks)));
    }
  }
  auto& coverage = facts.activity_coverage;
  coverage.poor = r.byte() != 0;
  coverage.deals.won = static_cast<std::int64_t>(r.number());
  coverage.deals.silent = static_cast<std::int64_t>(r.number());
  coverage.day = model::parse_day(r.text());
  return facts;
}

std::string encode(const Detail& detail) {
  Writer w;
  for (const auto* text : {&detail.why, &detail.to, &detail.field}) w.text(*text);
  w.number(detail.records.size());
  for (const auto& record : detail.records) w.text(record);
  for (const auto& [name, value] : detail.facts) {
    w.text(name);
    w.value(value.view());
  }
  return w.take();
}

Detail decode_detail(std::string_view body) {
  Reader r(body);
  Detail detail;
  for (auto* text : {&detail.why, &detail.to, &detail.field}) *text = std::string(r.text());
  for (auto records = r.number(); records > 0; --records) detail.records.emplace_back(r.text());
  while (!r.done()) {
    auto name = std::string(r.text());
    detail.facts.emplace_back(std::move(name), StoredValue(r.value()));
  }
  return detail;
}

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t h = 0xcbf29ce484222325ULL ^ (seed * 0x9e3779b97f4a7c15ULL);
  for (const char c : bytes) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001b3ULL;
  }
  h ^= h >> 33;  // FNV alone leaves the high bits of short texts alike
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  return h;
}

std::string stable_key(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string key;
  for (const std::uint64_t seed : {1ULL, 2ULL}) {
    const auto h = stable_hash(bytes, seed);
    for (int shift = 60; shift >= 0; shift -= 4) key.push_back(digits[(h >> shift) & 0xf]);
  }
  return key;
}

}  // namespace coachd::pipeline
