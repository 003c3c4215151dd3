// People who take an export out of the CRM before every meeting.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 4> parameters{{
    {.name = "meeting", .kind = K::word, .means = "The meeting, as under `meetings:`", .required = true},
    {.name = "within", .kind = K::span, .usual = "1d", .means = "How long before it counts as before it"},
    {.name = "times", .kind = K::count, .usual = "3", .means = "Before how many of the last meetings"},
    {.name = "of_last", .kind = K::count, .usual = "4", .means = "How many of the last meetings are looked at"},
}};

class ExportsBeforeMeetings final : public Detector {
 public:
  explicit ExportsBeforeMeetings(const Settings& s) : settings_(s) {}

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant now) override {
    Detection out;
    if (!evidence.exports.known_since) untold(out, unknown_of(evidence.exports, "who took exports out of the CRM"), 1);
    if (!evidence.meetings.known_since) untold(out, "when the meeting was held", 1);
    if (!out.untold.empty()) return out;
    std::map<std::string_view, std::vector<model::Instant>> held;  // by manager; "" where it is not one a manager
    for (const HeldMeeting& m : evidence.meetings.rows)
      if (m.meeting == settings_.word("meeting") && m.at <= now) held[m.manager].push_back(m.at);
    const auto of_last = static_cast<std::size_t>(std::max<std::int64_t>(1, settings_.count("of_last")));
    const auto times = static_cast<std::size_t>(std::max<std::int64_t>(1, settings_.count("times")));
    std::uint64_t short_history = 0;
    for (auto it = held.begin(); it != held.end();) {
      auto& meetings = it->second;
      std::sort(meetings.begin(), meetings.end());
      if (meetings.size() > of_last)
        meetings.erase(meetings.begin(), meetings.end() - static_cast<std::ptrdiff_t>(of_last));
      // A meeting before which exports are not known says nothing.
      std::erase_if(meetings, [&](model::Instant at) {
        return world.calendar.shift(at, settings_.span("within"), -1) < *evidence.exports.known_since;
      });
      if (meetings.size() < times) {
        ++short_history;
        it = held.erase(it);
      } else {
        ++it;
      }
    }
    untold(out, "too few meetings were held since exports are known",
           held.empty() ? std::max<std::uint64_t>(1, short_history) : short_history);
    std::map<std::string_view, std::vector<model::Instant>> exports;
    for (const ExportTaken& e : evidence.exports.rows)
      if (e.at <= now && is_person(world, e.person)) exports[e.person].push_back(e.at);
    for (const auto& [person, taken] : exports) {
      const auto meetings = held.find(manager_of(world, held, person));
      if (meetings != held.end()) judge(std::string(person), taken, meetings->second, times, world, now, out);
    }
    sort_by_key(out);
    return out;
  }

 private:
  // A meeting that each manager holds is the person's own, or that of their manager.
  template <class Held>
  static std::string_view manager_of(const World& world, const Held& held, std::string_view person) {
    if (held.contains("") || held.contains(person)) return held.contains("") ? std::string_view{} : person;
    const model::Person* p = world.person(person);
    return p == nullptr ? std::string_view("?") : std::string_view(p->manager.get());
  }

  void judge(std::string person, const std::vector<model::Instant>& taken, const std::vector<model::Instant>& meetings,
             std::size_t times, const World& world, model::Instant now, Detection& out) const {
    std::set<model::Day> eves;  // days that lie before some meeting
    std::size_t before = 0;
    std::optional<model::Instant> since;
    for (const model::Instant at : meetings) {
      const model::Instant from = world.calendar.shift(at, settings_.span("within"), -1);
      for (model::Day d = world.calendar.today(from); d <= world.calendar.today(at); d += std::chrono::days(1))
        eves.insert(d);
      const bool any = std::any_of(taken.begin(), taken.end(), [&](model::Instant e) { return e >= from && e < at; });
      if (!any) continue;
      ++before;
      if (before == times) since = at;
    }
    if (before < times) return;
    // Who takes one out every day does not do it for the meeting.
    const model::Day first = world.calendar.today(world.calendar.shift(meetings.front(), settings_.span("within"), -1));
    std::set<model::Day> other_days;
    for (const model::Instant e : taken)
      if (const model::Day d = world.calendar.today(e); d >= first && !eves.contains(d)) other_days.insert(d);
    std::size_t working = 0;
    for (model::Day d = first; d <= world.calendar.today(now); d += std::chrono::days(1))
      working += world.calendar.is_business_day(d) && !eves.contains(d) ? 1 : 0;
    if (working > 0 && other_days.size() * 2 >= working) return;
    Detected f;
    f.unit = Unit::person;
    f.person = person;
    f.key = std::move(person);
    f.facts = {fact("meetings", meetings.size()), fact("with_export", before)};
    f.why = "an export was taken before " + std::to_string(before) + " of the last " + std::to_string(meetings.size()) +
            " meetings (" + settings_.word("meeting") + ")";
    f.since = since;
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
};

}  // namespace

const DetectorKind exports_before_meetings_detector{
    .name = "exports-before-meetings",
    .unit = Unit::person,
    .finds = "People who take an export out of the CRM shortly before meeting after meeting.",
    .may_mean = "the meeting needs a view that the CRM does not give, or works in a spreadsheet.",
    .needs = "Who took exports (event logs, audit logs) and when the meeting was held.",
    .cannot_tell =
        "Where the connection does not show exports, or too few meetings were held since they are known. Who takes "
        "exports every day, and machines, are left alone.",
    .parameters = parameters,
    .uses = {.exports = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<ExportsBeforeMeetings>(s); },
};

}  // namespace coachd::rules
