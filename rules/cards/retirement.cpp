#include "rules/cards/retirement.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/people.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

using model::Instant;

bool blank(const model::Value& v) {
  return v.is_blank() || v.is_unread();
}
void earlier(std::optional<Instant>& into, Instant at) {
  if (!into || at < *into) into = at;
}
void later(std::optional<Instant>& into, Instant at) {
  if (!into || at > *into) into = at;
}

// The record type or pipeline as people see it; "" where the object has none.
std::string kind_of(const View& v) {
  const auto value = v.value(v.frame().pipeline);
  if (blank(value)) return {};
  auto name = model::to_string(value);
  if (const auto* table = v.stages())
    for (const auto& p : table->pipelines())
      if (p.name == name && !p.label.empty()) return p.label;
  return name;
}

}  // namespace

std::string_view to_string(FieldUse::Verdict v) {
  switch (v) {
    case FieldUse::Verdict::in_use: return "in use";
    case FieldUse::Verdict::never_filled: return "never filled";
    case FieldUse::Verdict::abandoned: return "abandoned";
    case FieldUse::Verdict::cannot_tell: return "cannot tell";
  }
  return "";
}

UseTally::UseTally(const Card& card, std::vector<Slot> others)
    : card_(card), others_(std::move(others)), same_(others_.size()), other_filled_(others_.size()) {}

void UseTally::add(const View& v) {
  const auto value = v.value(card_.slot);
  if (value.is_unread()) return;
  ++out_.records;
  const bool real = v.state(card_.state) == TextState::real;
  if (!value.is_blank()) ++out_.filled;
  if (real) {
    ++out_.real;
    auto shown = std::string(text::trim(model::to_string(value)));
    const auto it = values_.find(shown);
    if (it != values_.end())
      ++it->second;
    else if (values_.size() < FieldUse::most_values)
      values_.emplace(std::move(shown), 1);
  }
  if (auto kind = kind_of(v); !kind.empty()) {
    auto& k = out_.kinds[std::move(kind)];
    ++k.records;
    if (real) ++k.real;
  }
  for (std::size_t i = 0; i < others_.size(); ++i) {
    const auto other = v.value(others_[i]);
    if (blank(other)) continue;
    ++other_filled_[i];
    if (real && same_content(value, other, v.world().calendar.zone())) ++same_[i];
  }
  created_.push_back({v.created().value_or(Instant::min()), real});
  last_use(v, real);
}

void UseTally::last_use(const View& v, bool real) {
  const auto& states = v.frame().states[card_.state];
  const Authors human{{{Authors::Kind::human, {}}}};
  const auto* past = v.past(card_.slot);
  if (past != nullptr)
    for (const auto& change : past->changes) {
      if (change.source == model::HistorySource::created || states.of(change.to) != TextState::real) continue;
      earlier(out_.first_filled, change.at);
      if (change.author.empty() || human.is(v, {change.author, change.at, change.origin, {}}) == Truth::yes)
        later(out_.last_by_person, change.at);
    }
  const auto unknown = unknown_before(v, card_.slot);
  const auto created = v.created();
  if (unknown || !created) {
    // Before that, anything may have been: of a record that is blank today, too.
    if (unknown && *unknown != Instant::max())
      later(known_from_, *unknown);
    else if (real)
      out_.use_untold = true;
    if (real) earlier(out_.first_filled, created.value_or(Instant::min()));
    return;
  }
  if (states.of(value_at(v, card_.slot, *created)) != TextState::real) return;
  earlier(out_.first_filled, *created);
  const auto by = v.record().created_by;
  if (by.empty() || human.is(v, {by, *created, Origin::unknown, {}}) == Truth::yes)
    later(out_.last_by_person, *created);
}

FieldUse UseTally::finish(Instant now, const calendar::Calendar& calendar) {
  const auto limits = card_.retire.value_or(Retire{});
  for (const auto& r : created_)
    if (out_.first_filled && r.created >= *out_.first_filled) {
      ++out_.newer;
      if (r.real) ++out_.newer_real;
    }
  out_.distinct = values_.size();
  for (const auto& [value, count] : values_)
    if (count > out_.commonest_count) {
      out_.commonest = value;
      out_.commonest_count = count;
    }
  for (std::size_t i = 0; i < others_.size(); ++i)
    if (out_.real >= FieldUse::enough && same_[i] * 5 >= out_.real * 4 && (!out_.twin || same_[i] > out_.twin->same)) {
      out_.twin = FieldUse::Twin{{}, {}, same_[i], out_.real, other_filled_[i]};
      twin_ = others_[i];
    }

  const auto opens = calendar.shift(now, limits.unless_used_within, -1);
  if (known_from_ && *known_from_ > opens) out_.use_untold = true;
  const auto filled_enough = [&](std::int64_t part, std::int64_t whole) {
    return whole >= FieldUse::enough && static_cast<double>(part) > limits.max_real_fill * static_cast<double>(whole);
  };
  bool used = filled_enough(out_.real, out_.records) || filled_enough(out_.newer_real, out_.newer) ||
              (out_.last_by_person && *out_.last_by_person >= opens);
  for (const auto& [kind, k] : out_.kinds) used = used || filled_enough(k.real, k.records);
  using V = FieldUse::Verdict;
  out_.verdict = used                                                 ? V::in_use
                 : out_.records < FieldUse::enough || out_.use_untold ? V::cannot_tell
                 : out_.first_filled || out_.real > 0                 ? V::abandoned
                                                                      : V::never_filled;
  return std::move(out_);
}

}  // namespace coachd::rules
