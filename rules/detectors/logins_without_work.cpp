// People who sign in on most days and whose open records nobody works on.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 5> parameters{{
    {.name = "fields",
     .kind = K::fields,
     .usual = "next_step|close_date|amount|stage|forecast_category",
     .means = "A change of these by the owner is work",
     .history = true},
    {.name = "within", .kind = K::span, .usual = "30d", .means = "How far back is looked"},
    {.name = "days", .kind = K::count, .usual = "10", .means = "On how many days the person signed in"},
    {.name = "records", .kind = K::count, .usual = "5", .means = "Open records below which nothing is said"},
    {.name = "idle", .kind = K::share, .usual = "90%", .means = "So many of them without any work of the owner"},
}};

class LoginsWithoutWork final : public Detector {
 public:
  explicit LoginsWithoutWork(const Settings& s) : settings_(s), fields_(s.fields("fields")) {}

  void see(const View& v) override {
    if (v.standing() != View::Standing::open) return;
    const std::string_view owner = owner_of(v);
    const auto created = v.created();
    if (owner.empty() || !created) return;
    const auto from = v.world().calendar.shift(v.now(), settings_.span("within"), -1);
    if (*created > from || owner_since(v) > from) return;  // new, or new to this owner
    const Truth worked = worked_on(v, owner, from);
    const auto it = people_.find(owner);
    Count& c = it == people_.end() ? people_[std::string(owner)] : it->second;
    if (worked == Truth::unknown)
      ++unknown_;
    else
      ++c.records;
    if (worked == Truth::no) ++c.idle;
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant now) override {
    Detection out;
    const auto from = world.calendar.shift(now, settings_.span("within"), -1);
    if (!evidence.logins.known_since || *evidence.logins.known_since > from) {
      untold(out,
             evidence.logins.why_not.empty() ? "who signed in, as far back as `within`"
                                             : unknown_of(evidence.logins, "who signed in"),
             1);
      return out;
    }
    untold(out, "history or activities as far back as `within`", unknown_);
    std::map<std::string_view, std::set<model::Day>> days;
    for (const Login& l : evidence.logins.rows)
      if (l.at > from && l.at <= now) days[l.person].insert(world.calendar.today(l.at));
    for (const auto& [person, c] : people_) {
      const auto signed_in = days.find(person);
      if (signed_in == days.end() || !is_person(world, person)) continue;
      if (signed_in->second.size() < static_cast<std::size_t>(settings_.count("days"))) continue;
      if (c.records < static_cast<std::uint64_t>(std::max<std::int64_t>(1, settings_.count("records")))) continue;
      if (static_cast<double>(c.idle) < settings_.number("idle") * static_cast<double>(c.records)) continue;
      Detected f;
      f.unit = Unit::person;
      f.person = f.key = person;
      f.facts = {fact("days", signed_in->second.size()), fact("records", c.records), fact("idle", c.idle)};
      f.why = "signed in on " + counted(signed_in->second.size(), "day") + ", and " + std::to_string(c.idle) + " of " +
              counted(c.records, "open record") + " saw no work";
      f.since = from;
      out.findings.push_back(std::move(f));
    }
    sort_by_key(out);
    return out;
  }

 private:
  struct Count {
    std::uint64_t records = 0, idle = 0;
  };
  static model::Instant owner_since(const View& v) {
    const FieldPast* past = v.past(v.frame().owner);
    model::Instant out{};
    if (past != nullptr)
      for (const FieldChange& c : past->changes)
        if (c.source != model::HistorySource::created) out = c.at;
    return out;
  }
  [[nodiscard]] Truth worked_on(const View& v, std::string_view owner, model::Instant from) const {
    for (const Activity& a : v.record().activities.items)
      if (a.done && a.at > from && a.at <= v.now() && (a.by == owner || a.by.empty())) return Truth::yes;
    for (const Review& r : v.record().reviews)
      if (r.at > from && r.by == owner) return Truth::yes;
    bool known = v.record().activities.known_since && *v.record().activities.known_since <= from;
    for (const ChosenField& f : fields_) {
      const FieldPast* past = v.past(f.slot);
      if (past == nullptr) {
        known = false;
        continue;
      }
      for (const FieldChange& c : past->changes)
        if (c.at > from && (c.author == owner || c.author.empty())) return Truth::yes;
      known = known && past->known_since && *past->known_since <= from;
    }
    return known ? Truth::no : Truth::unknown;
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  std::map<std::string, Count, std::less<>> people_;
  std::uint64_t unknown_ = 0;
};

}  // namespace

const DetectorKind logins_without_work_detector{
    .name = "logins-without-work",
    .unit = Unit::person,
    .finds =
        "People who sign in on many days while nearly all of their open records see no work: no activity, no change of "
        "a field that matters.",
    .may_mean =
        "the CRM is opened to be seen, or to look things up, and the work is kept elsewhere. Signing in is no measure "
        "of anything.",
    .needs = "Sign-ins (a right of its own, off by default), open records with owner, activities and history.",
    .cannot_tell =
        "Without sign-ins; records whose history or activities do not reach back far enough. New records, and those "
        "that changed hands, are left alone.",
    .parameters = parameters,
    .uses = {.owner = true, .owner_history = true, .stages = true, .activities = true, .reviews = true, .logins = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<LoginsWithoutWork>(s); },
};

}  // namespace coachd::rules
