#include "rules/cards/timing.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/description.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {
namespace {

using model::Instant;

bool blank(const model::Value& v) {
  return v.is_blank() || v.is_unread();
}

// The first change after creation; null: none is known.
const FieldChange* first_change(const FieldPast* past) {
  if (past != nullptr)
    for (const auto& change : past->changes)
      if (change.source != model::HistorySource::created) return &change;
  return nullptr;
}

// Whether a change of the stage came in the save at `at`.
bool with_stage_change(const View& v, Instant at, std::string_view author) {
  if (const auto* past = v.past(v.frame().stage))
    for (const auto& change : past->changes)
      if (change.source != model::HistorySource::created && saved_together(change, at, author)) return true;
  return false;
}

}  // namespace

std::optional<TimingTally::SetAt> TimingTally::first_set(const View& v) const {
  const auto* past = v.past(card_.slot);
  const auto* first = first_change(past);
  const auto initial = first != nullptr ? first->from : v.value(card_.slot);
  if (!blank(initial)) {
    // There before all that is known: from creation on, where history reaches back that far.
    const auto created = v.created();
    if (!created || unknown_before(v, card_.slot)) return std::nullopt;
    return SetAt{*created, v.record().created_by, initial, true};
  }
  if (past != nullptr)
    for (const auto& change : past->changes)
      if (change.source != model::HistorySource::created && !blank(change.to)) {
        const auto created = v.created();
        const bool with_creation = created && std::chrono::floor<std::chrono::seconds>(change.at) <=
                                                  std::chrono::floor<std::chrono::seconds>(*created);
        return SetAt{change.at, change.author, change.to, with_creation};
      }
  return std::nullopt;
}

std::optional<TimingTally::SetAt> TimingTally::last_set(const View& v) const {
  const auto value = v.value(card_.slot);
  if (const auto* last = last_change(v, card_.slot)) return SetAt{last->at, last->author, value, false};
  const auto created = v.created();
  if (!created || unknown_before(v, card_.slot)) return std::nullopt;
  return SetAt{*created, v.record().created_by, value, true};
}

// What else that save changed counts as there already: it may have opened the window.
Truth TimingTally::early(const View& v, const SetAt& set) const {
  if (!card_.knowable) return Truth::no;
  auto until = set.at;
  for (const auto& past : v.record().past)
    for (const auto& change : past.changes)
      if (change.at > until && saved_together(change, set.at, set.author)) until = change.at;
  const auto then = rolled_back(v.record(), until);
  const View past_view(v.frame(), then, v.facts(), v.world(), until);
  if (v.frame().stage != no_slot)
    if (const auto unknown = unknown_before(v, v.frame().stage); unknown && set.at < *unknown) return Truth::unknown;
  return negate(card_.knowable->judge(past_view));
}

TimingEvidence::InStage* TimingTally::stage_at(const View& v, Instant at) {
  const auto slot = v.frame().stage;
  if (slot == no_slot) return nullptr;
  if (const auto unknown = unknown_before(v, slot); unknown && at < *unknown) return nullptr;
  const auto found = v.find_stage(value_at(v, slot, at));
  if (found.kind != View::Stage::Kind::found) return nullptr;
  const auto& pipeline = *found.at.pipeline;
  const auto shown = [](const auto& named) { return named.label.empty() ? named.name : named.label; };
  const auto name = shown(pipeline);
  auto it = std::find_if(out_.stages.begin(), out_.stages.end(), [&](const auto& s) { return s.pipeline == name; });
  if (it == out_.stages.end()) {
    const auto begin = out_.stages.size();
    for (const auto& s : pipeline.stages) out_.stages.push_back({name, shown(s), 0, 0, !s.open()});
    it = out_.stages.begin() + static_cast<std::ptrdiff_t>(begin);
  }
  return &*(it + found.at.index);
}

void TimingTally::add(const View& v) {
  ++out_.records;
  const auto first = first_set(v);
  if (!first) {
    if (!blank(v.value(card_.slot))) ++out_.untold;
    return;
  }
  const auto& states = v.frame().states[card_.state];
  ++out_.set;
  if (first->at_creation)
    ++out_.at_creation;
  else if (with_stage_change(v, first->at, first->author))
    ++out_.with_stage_change;
  const bool placeholder = states.of(first->value) == TextState::placeholder;
  if (placeholder) ++out_.placeholder;
  const auto too_soon = early(v, *first);
  if (too_soon == Truth::unknown) ++out_.window_untold;
  if (too_soon == Truth::yes) {
    ++out_.early;
    if (placeholder) ++out_.early_placeholder;
  }
  const auto later = moves(v, card_.slot);
  if (std::any_of(later.begin(), later.end(), [&](const Move& m) { return m.at > first->at && !blank(m.from); }))
    ++out_.corrected;
  if (auto* stage = stage_at(v, first->at)) ++stage->first;

  const auto standing = v.standing();
  const bool closed = standing == View::Standing::won || standing == View::Standing::lost;
  if (!closed || v.state(card_.state) != TextState::real) return;
  const auto last = last_set(v);
  if (!last) return;
  if (auto* stage = stage_at(v, last->at)) {
    ++stage->lasted;
    ++out_.lasted;
  }
}

TimingEvidence TimingTally::finish() {
  for (auto begin = out_.stages.begin(); begin != out_.stages.end();) {
    const auto end =
        std::find_if(begin, out_.stages.end(), [&](const auto& s) { return s.pipeline != begin->pipeline; });
    std::int64_t all = 0;
    for (auto s = begin; s != end; ++s) all += s->lasted;
    if (all >= TimingEvidence::enough) {
      // Open stages in their order; what was only set while closing comes last, whichever way it closed.
      std::int64_t so_far = 0;
      for (auto s = begin; s != end; ++s) {
        if (s->closed) continue;
        so_far += s->lasted;
        if (so_far * 5 < all * 4) continue;
        out_.proposals.push_back({s->pipeline, s->stage, so_far, all});
        break;
      }
    }
    begin = end;
  }
  return std::move(out_);
}

}  // namespace coachd::rules
