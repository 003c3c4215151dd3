#include "rules/conditions/window.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {

using model::Instant;
using model::Span;

namespace {

// When the meeting was last held, or why that cannot be told; and all its times, where there are any.
struct Held {
  std::optional<Instant> at;
  std::string missing;
  const MeetingTimes* times = nullptr;
};
Held last_held(const View& v, const std::string& name) {
  const auto& meetings = v.world().meetings;
  const auto meeting = meetings.find(name);
  const std::string never = "the meeting `" + name + "` has never been held, as far as is known";
  if (meeting == meetings.end() || meeting->second.empty()) return {{}, never};
  if (const auto all = meeting->second.find(""); all != meeting->second.end())
    return {all->second.last(v.now()), never, &all->second};
  const auto owner = v.value(v.frame().owner);
  const auto* person = owner.kind() == model::Value::Kind::text ? v.world().person(owner.as_text()) : nullptr;
  if (person == nullptr || person->manager.empty())
    return {{}, "whose meeting `" + name + "` it is: the owner's manager is not known"};
  const auto own = meeting->second.find(person->manager.get());
  if (own == meeting->second.end())
    return {{}, "the owner's manager has never held `" + name + "`, as far as is known"};
  return {own->second.last(v.now()), never, &own->second};
}

std::optional<int> parse_percentile(std::string_view t) {
  if (t.size() < 2 || t[0] != 'p') return std::nullopt;
  int p = 0;
  const auto [end, ec] = std::from_chars(t.data() + 1, t.data() + t.size(), p);
  if (ec != std::errc{} || end != t.data() + t.size()) return std::nullopt;
  return p;
}

std::optional<AgeLimit> parse_age_limit(yaml::Node node, std::string_view key, Builder& b) {
  if (const auto p = node.is_scalar() ? parse_percentile(node.text()) : std::nullopt) {
    if (*p >= 1 && *p <= 99) return AgeLimit{{}, *p};
    b.error("wrong-type", "a percentile lies between p1 and p99", node.place());
    return std::nullopt;
  }
  const auto span = parse_span_at(node, key, b);
  return span ? std::optional(AgeLimit{*span, 0}) : std::nullopt;
}

// A length that was counted, to the day where it is long enough.
std::string about(Span s) {
  if (s.by_clock() && s.count >= 2 * 86'400) return in_words(Span{Span::Unit::days, s.count / 86'400});
  return in_words(s);
}

}  // namespace

StageAge::Found StageAge::find(const View& v) const {
  Found out;
  const auto* entry = limit_.of(v);
  out.percentile = percentile_ != 0 ? percentile_ : entry != nullptr ? entry->percentile : 0;
  if (out.percentile == 0) {
    if (entry != nullptr) out.span = entry->span;
    return out;
  }
  const auto& stage = v.stage();
  if (stage.kind != View::Stage::Kind::found) return out;
  const auto& ages = v.world().stage_ages;
  if (const auto object = ages.find(v.frame().object); object != ages.end())
    if (const auto won = object->second.find({stage.at.pipeline->name, stage.at.stage->name});
        won != object->second.end()) {
      out.won = won->second.won();
      if (const auto length = won->second.percentile(out.percentile)) {
        constexpr std::int64_t most = INT32_MAX;
        out.span =
            Span{Span::Unit::seconds, static_cast<std::int32_t>(std::clamp<std::int64_t>(length->count(), 0, most))};
        out.counted = true;
        return out;
      }
    }
  // Too few were won: what stands beside the percentile counts.
  const AgeLimit* instead = percentile_ != 0 ? entry : limit_.fallback();
  if (instead != nullptr && instead->percentile == 0) out.span = instead->span;
  return out;
}

std::optional<Span> StageAge::of(const View& v) const {
  return find(v).span;
}

std::string StageAge::missing(const View& v) const {
  const auto found = find(v);
  if (found.percentile == 0) return limit_.missing(v);
  if (v.stage().kind != View::Stage::Kind::found) return stage_missing(v.stage());
  return "how long won records stood in this stage: at least 30 of the last 18 months are needed";
}

std::string StageAge::longer(const View* v) const {
  if (v != nullptr)
    if (const auto found = find(*v); found.span) return "for more than " + about(*found.span);
  const bool one = limit_.values().size() == 1 && limit_.fallback() == nullptr;
  const int p = percentile_ != 0 ? percentile_ : one ? limit_.values().front().percentile : 0;
  if (p != 0) return "longer than " + std::to_string(p) + " of 100 won records";
  return "for more than " + (one ? in_words(limit_.values().front().span) : "the limit of its stage");
}

std::string StageAge::saw(const View& v) const {
  const auto found = find(v);
  if (found.percentile == 0) return {};
  const auto p = 'p' + std::to_string(found.percentile);
  const auto& day = v.world().facts_day;
  const std::string as_of = day ? ", as of " + model::to_string(*day) : std::string();
  if (found.counted) return p + " of " + std::to_string(found.won) + " won records is " + about(*found.span) + as_of;
  return std::to_string(found.won) + " won records are too few for " + p +
         (found.span ? ": the default of " + in_words(*found.span) + " counts" : "") + as_of;
}

std::optional<Window::Reach> Window::of(const View& v) const {
  if (const auto* limit = std::get_if<SpanLimit>(&kind_)) {
    const auto* span = limit->of(v);
    return span == nullptr ? std::nullopt : std::optional(Reach{false, {}, *span});
  }
  if (const auto* age = std::get_if<StageAge>(&kind_)) {
    const auto span = age->of(v);
    return span ? std::optional(Reach{false, {}, *span}) : std::nullopt;
  }
  const auto held = last_held(v, std::get<Meeting>(kind_).name);
  return held.at ? std::optional(Reach{true, *held.at, {}}) : std::nullopt;
}

std::string Window::missing(const View& v) const {
  if (const auto* limit = std::get_if<SpanLimit>(&kind_)) return limit->missing(v);
  if (const auto* age = std::get_if<StageAge>(&kind_)) return age->missing(v);
  return last_held(v, std::get<Meeting>(kind_).name).missing;
}

void Window::instants(const View& v, std::vector<Instant>& out) const {
  if (const auto* meeting = std::get_if<Meeting>(&kind_))
    if (const auto held = last_held(v, meeting->name); held.times != nullptr)
      for (const auto at : held.times->all()) add_instant(v, at, out);
}

std::string Window::longer(const View* v) const {
  if (const auto* limit = std::get_if<SpanLimit>(&kind_)) return "for more than " + limit->words(v);
  if (const auto* age = std::get_if<StageAge>(&kind_)) return age->longer(v);
  return "since the last " + meeting_in_words(std::get<Meeting>(kind_).name);
}

std::string Window::within(const View* v) const {
  if (const auto* limit = std::get_if<SpanLimit>(&kind_)) return "within " + limit->words(v);
  if (const auto* age = std::get_if<StageAge>(&kind_)) return "not " + age->longer(v);
  return "since the last " + meeting_in_words(std::get<Meeting>(kind_).name);
}

std::string Window::saw(const View& v) const {
  if (const auto* age = std::get_if<StageAge>(&kind_)) return age->saw(v);
  if (const auto* meeting = std::get_if<Meeting>(&kind_))
    if (const auto held = last_held(v, meeting->name); held.at)
      return meeting_in_words(meeting->name) + " held " + model::to_string(*held.at);
  return {};
}

std::optional<Window> parse_window(yaml::Node node, std::string_view key, Builder& b) {
  if (node.is_map() && node.find("since_meeting")) {
    yaml::MapReader map(b.document(), node, "a limit");
    const auto name = map.required("since_meeting");
    map.finish();
    if (!name.is_scalar() || name.text().empty()) {
      b.error("wrong-type", "`since_meeting` names one meeting", name.place());
      return std::nullopt;
    }
    if (!b.check_meeting(name.text(), name.place())) return std::nullopt;
    (void)b.has_owner();  // with `manager: each` it is that of the owner's manager
    return Window(std::string(name.text()));
  }
  auto limit = parse_span_limit(node, key, b);
  if (!limit) return std::nullopt;
  return Window(std::move(*limit));
}

std::optional<StageAge> parse_stage_age_limit(yaml::Node node, std::string_view key, Builder& b) {
  int percentile = 0;
  if (node.is_map() && node.find("percentile")) {
    yaml::MapReader map(b.document(), node, "a limit");
    const auto p = map.required("percentile");
    const auto stages = map.optional("by_stage");
    map.finish();
    const auto read = parse_age_limit(p, "percentile", b);
    if (!read) return std::nullopt;
    if (read->percentile != 0) b.use_percentile(read->percentile);
    if (read->percentile == 0 || !stages) {
      b.error("wrong-type",
              "beside `percentile: p90` stands `by_stage`, what counts as long as too few records were won; "
              "`above: p90` alone has no such default",
              node.place());
      return std::nullopt;
    }
    percentile = read->percentile;
    auto by_stage = parse_by_stage(stages, b);
    if (!by_stage) return std::nullopt;
    std::vector<AgeLimit> values;
    for (const auto& [stage, limit] : by_stage->limits) {
      const auto span = parse_span_at(limit, stage, b);
      if (!span) return std::nullopt;
      values.push_back({*span, 0});
    }
    return StageAge(Limit<AgeLimit>(std::move(values), std::move(by_stage->answers), by_stage->fallback), percentile);
  }
  auto limit = parse_limit<AgeLimit>(node, key, b, parse_age_limit);
  if (!limit) return std::nullopt;
  for (const auto& value : limit->values())
    if (value.percentile != 0) b.use_percentile(value.percentile);
  return StageAge(std::move(*limit), 0);
}

bool passed(const View& v, Instant from, const Window::Reach& r) {
  return r.to_meeting ? from < r.since : passed(v, from, r.span);
}

Instant passes_at(const View& v, Instant from, const Window::Reach& r) {
  if (r.to_meeting) return from < r.since ? r.since : Instant::max();
  return passes_at(v, from, r.span);
}

bool reaches_back(const View& v, Instant known, const Window::Reach& r) {
  return r.to_meeting ? known <= r.since : reaches_back(v, known, r.span);
}

Instant reaches_back_at(const View& v, Instant known, const Window::Reach& r) {
  if (r.to_meeting) return known <= r.since ? r.since : Instant::max();
  return reaches_back_at(v, known, r.span);
}

std::string meeting_in_words(std::string_view name) {
  std::string out(name);
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  return out;
}

}  // namespace coachd::rules
