// Hand-off fields that are filled when a deal is won, and that the receiver neither touches nor acts on.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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
#include "rules/detectors/share.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 7> parameters{{
    {.name = "fields",
     .kind = K::fields,
     .usual = "handoff_notes|success_criteria|implementation_risk|decision_process",
     .means = "The hand-off fields",
     .history = true},
    {.name = "receiver", .kind = K::word, .usual = "customer_success", .means = "The job that they are for"},
    {.name = "at", .kind = K::field, .usual = "close_date|CloseDate|closedate", .means = "The day of the hand-off"},
    {.name = "within", .kind = K::span, .usual = "60d", .means = "How long the receiver has"},
    {.name = "at_least", .kind = K::count, .usual = "30", .means = "Hand-offs below which nothing is said"},
    {.name = "used_below", .kind = K::share, .usual = "10%", .means = "A field used on surely fewer of them is unused"},
    {.name = "certainty", .kind = K::share, .usual = "95%", .means = "How sure that is"},
}};

// Used where one of the two says so; unused only where both can be told.
Truth either(Truth a, Truth b) {
  return std::max(a, b);
}

class HandoffUnused final : public Detector {
 public:
  explicit HandoffUnused(const Settings& s)
      : settings_(s), fields_(s.fields("fields")), at_(s.field("at")), counts_(fields_.size()) {}

  void see(const View& v) override {
    ++seen_;
    if (v.standing() == View::Standing::unknown) ++unknown_stage_;
    if (v.standing() != View::Standing::won) return;
    const auto day = moment_of(v, at_.slot);
    if (!day) return;
    const auto& calendar = v.world().calendar;
    const auto end = calendar.shift(*day, settings_.span("within"), 1);
    if (end > v.now()) return;  // the receiver still has time
    const Truth acts = acted(v, *day, end);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (!is_real(v, fields_[i].slot, fields_[i].state)) continue;
      const Truth used = either(acts, touched(v, fields_[i].slot, *day));
      Count& c = counts_[i];
      if (used == Truth::unknown)
        ++c.unknown;
      else
        ++c.filled;
      if (used == Truth::yes) ++c.used;
    }
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant) override {
    Detection out;
    untold(out, "the stage of the record", unknown_stage_);
    if (!at_.there() || fields_.empty()) {
      untold(out, "there are no hand-off fields, or no day of the hand-off: say `fields` and `at` under `with`",
             std::max<std::uint64_t>(1, seen_));
      return out;
    }
    const std::string& job = settings_.word("receiver");
    const bool somebody =
        std::any_of(world.people.begin(), world.people.end(), [&](const auto& p) { return p.second.job == job; });
    if (!somebody) {
      untold(out, "nobody is known to have the receiver's job", std::max<std::uint64_t>(1, seen_));
      return out;
    }
    const double z = z_of(settings_.number("certainty"));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const Count& c = counts_[i];
      untold(out, "history of " + fields_[i].label + " or activities since the hand-off", c.unknown);
      if (c.filled < static_cast<std::uint64_t>(std::max<std::int64_t>(1, settings_.count("at_least")))) continue;
      if (wilson(c.used, c.filled, z).high >= settings_.number("used_below")) continue;
      Detected f;
      f.unit = Unit::field;
      f.field = f.key = fields_[i].crm_name;
      f.facts = {fact("records", c.filled), fact("used", c.used)};
      f.why = fields_[i].label + " was filled on " + counted(c.filled, "hand-off") + " and used by the receiver on " +
              std::to_string(c.used);
      out.findings.push_back(std::move(f));
    }
    sort_by_key(out);
    return out;
  }

 private:
  struct Count {
    std::uint64_t filled = 0, used = 0, unknown = 0;
  };
  [[nodiscard]] bool receives(const View& v, std::string_view person) const {
    return job_of(v.world(), person) == settings_.word("receiver");
  }

  // The receiver did something on the record, or spoke of it.
  [[nodiscard]] Truth acted(const View& v, model::Instant from, model::Instant to) const {
    for (const Activity& a : v.record().activities.items)
      if (a.done && a.at >= from && a.at <= to && receives(v, a.by)) return Truth::yes;
    for (const Review& r : v.record().reviews)
      if (r.at >= from && r.at <= to && receives(v, r.by)) return Truth::yes;
    const auto& known = v.record().activities.known_since;
    return known && *known <= from ? Truth::no : Truth::unknown;
  }
  [[nodiscard]] Truth touched(const View& v, Slot slot, model::Instant from) const {
    const FieldPast* past = v.past(slot);
    if (past == nullptr) return Truth::unknown;
    for (const FieldChange& c : past->changes)
      if (c.at >= from && receives(v, c.author)) return Truth::yes;
    return past->known_since && *past->known_since <= from ? Truth::no : Truth::unknown;
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  const ChosenField& at_;
  std::vector<Count> counts_;
  std::uint64_t seen_ = 0, unknown_stage_ = 0;
};

}  // namespace

const DetectorKind handoff_unused_detector{
    .name = "handoff-unused",
    .unit = Unit::field,
    .finds = "Hand-off fields that are filled on won deals, and that the receiving job neither changes nor acts on.",
    .may_mean = "the receiver does not know of the field, or needs something else: nobody should be asked for it.",
    .needs = "Won deals with the day of the hand-off, the history of the fields, activities, and the jobs of people.",
    .cannot_tell =
        "Without people of the receiving job; records without history or activities since the hand-off; fewer "
        "hand-offs than `at_least`.",
    .parameters = parameters,
    .uses = {.owner = true, .stages = true, .activities = true, .reviews = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<HandoffUnused>(s); },
};

}  // namespace coachd::rules
