// Meetings that are held and in which nobody looks at the records: nothing is ticked, noted or changed around them.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/description.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 6> parameters{{
    {.name = "meeting", .kind = K::word, .means = "The meeting, as under `meetings:`", .required = true},
    {.name = "fields",
     .kind = K::fields,
     .usual = "next_step|close_date|stage|forecast_category",
     .means = "A change of these around the meeting is inspection too",
     .history = true},
    {.name = "around", .kind = K::span, .usual = "1d", .means = "How long after the meeting it counts"},
    {.name = "times", .kind = K::count, .usual = "3", .means = "So many of the last meetings in a row"},
    {.name = "records",
     .kind = K::count,
     .usual = "10",
     .means = "Open records in view below which a meeting says nothing"},
    {.name = "below", .kind = K::share, .usual = "5%", .means = "Fewer records than this looked at is no inspection"},
}};

struct Seen {
  std::uint32_t manager = 0;
  model::Instant created{};
  model::Instant known_since{};
  std::vector<model::Instant> looked_at;
};

class MeetingWithoutInspection final : public Detector {
 public:
  explicit MeetingWithoutInspection(const Settings& s) : settings_(s), fields_(s.fields("fields")) {}

  void see(const View& v) override {
    if (v.standing() != View::Standing::open || !v.created()) return;
    Seen one;
    const model::Person* owner = v.world().person(owner_of(v));
    one.manager = number_of(owner == nullptr ? std::string_view{} : std::string_view(owner->manager.get()));
    one.created = *v.created();
    one.known_since = model::Instant::min();
    const auto complete = [&](const std::optional<model::Instant>& since) {
      one.known_since = std::max(one.known_since, since.value_or(model::Instant::max()));
    };
    complete(v.record().reviews_known_since);
    for (const Review& r : v.record().reviews) one.looked_at.push_back(r.at);
    for (const ChosenField& f : fields_) {
      const FieldPast* past = v.past(f.slot);
      complete(past == nullptr ? std::nullopt : past->known_since);
      if (past == nullptr) continue;
      for (const FieldChange& c : past->changes)
        if (c.source != model::HistorySource::created) one.looked_at.push_back(c.at);
    }
    std::sort(one.looked_at.begin(), one.looked_at.end());
    records_.push_back(std::move(one));
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant now) override {
    Detection out;
    if (!evidence.meetings.known_since) {
      untold(out, "when the meeting was held", 1);
      return out;
    }
    std::map<std::string, std::vector<model::Instant>> held;
    for (const HeldMeeting& m : evidence.meetings.rows)
      if (m.meeting == settings_.word("meeting") && world.calendar.shift(m.at, settings_.span("around"), 1) <= now)
        held[m.manager].push_back(m.at);
    const auto times = static_cast<std::size_t>(std::max<std::int64_t>(1, settings_.count("times")));
    for (auto& [manager, at] : held) {
      std::sort(at.begin(), at.end());
      if (at.size() < times) {
        untold(out, "too few meetings were held", 1);
        continue;
      }
      at.erase(at.begin(), at.end() - static_cast<std::ptrdiff_t>(times));
      judge(manager, at, world, out);
    }
    if (held.empty()) untold(out, "too few meetings were held", 1);
    sort_by_key(out);
    return out;
  }

 private:
  std::uint32_t number_of(std::string_view manager) {
    const auto it = managers_.find(manager);
    if (it != managers_.end()) return it->second;
    return managers_.emplace(std::string(manager), static_cast<std::uint32_t>(managers_.size() + 1)).first->second;
  }

  void judge(const std::string& manager, const std::vector<model::Instant>& meetings, const World& world,
             Detection& out) const {
    const auto team = manager.empty() ? managers_.end() : managers_.find(manager);
    if (!manager.empty() && team == managers_.end()) {
      untold(out, "which records the meeting is about", 1);
      return;
    }
    std::uint64_t looked_at = 0;
    std::uint64_t in_view = 0;
    for (const model::Instant at : meetings) {
      const model::Instant end = world.calendar.shift(at, settings_.span("around"), 1);
      std::uint64_t records = 0;
      std::uint64_t looked = 0;
      std::uint64_t unknown = 0;
      for (const Seen& s : records_) {
        if (s.created > at || (!manager.empty() && s.manager != team->second)) continue;
        const auto first = std::lower_bound(s.looked_at.begin(), s.looked_at.end(), at);
        const bool any = first != s.looked_at.end() && *first <= end;
        if (!any && s.known_since > at) {
          ++unknown;
          continue;
        }
        ++records;
        looked += any ? 1 : 0;
      }
      if (unknown > 0 || records < static_cast<std::uint64_t>(settings_.count("records"))) {
        untold(out,
               unknown > 0 ? "history and reviews of the records since the meeting"
                           : "fewer records in view than `records`",
               std::max<std::uint64_t>(1, unknown));
        return;
      }
      if (static_cast<double>(looked) >= settings_.number("below") * static_cast<double>(records)) return;
      looked_at += looked;
      in_view += records;
    }
    Detected f;
    f.unit = Unit::meeting;
    f.key = manager.empty() ? settings_.word("meeting") : settings_.word("meeting") + '|' + manager;
    f.facts = {fact("meetings", meetings.size()), fact("records", in_view / meetings.size()),
               fact("looked_at", looked_at)};
    f.why = settings_.word("meeting") + " was held " + std::to_string(meetings.size()) + " times, and around it " +
            std::to_string(looked_at) + " of " + counted(in_view, "open record") + " were looked at";
    f.since = meetings.front();
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  std::map<std::string, std::uint32_t, std::less<>> managers_;
  std::vector<Seen> records_;
};

}  // namespace

const DetectorKind meeting_without_inspection_detector{
    .name = "meeting-without-inspection",
    .unit = Unit::meeting,
    .finds =
        "A meeting that is held again and again, and around which hardly any record in view is ticked, noted or "
        "changed.",
    .may_mean = "the meeting works from slides or a spreadsheet, and what people enter is used by nobody.",
    .needs =
        "When the meeting was held, the open records with their owners' managers, reviews, and the history of the "
        "inspected fields.",
    .cannot_tell =
        "Where it is not known when the meeting was held, or history and reviews do not reach back to it; too few "
        "meetings or records.",
    .parameters = parameters,
    .uses = {.owner = true, .stages = true, .reviews = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> {
      return std::make_unique<MeetingWithoutInspection>(s);
    },
};

}  // namespace coachd::rules
