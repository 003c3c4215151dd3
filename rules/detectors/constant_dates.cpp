// One date on many open records of an owner. A period's end is everybody's habit, and what a machine set is nobody's.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/heap.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 5> parameters{{
    {.name = "fields",
     .kind = K::fields,
     .usual = "close_date",
     .means = "The dates that are compared",
     .history = true},
    {.name = "records",
     .kind = K::count,
     .usual = "5",
     .means = "On how many open records of one owner, of different accounts, the date must stand"},
    {.name = "share",
     .kind = K::share,
     .usual = "25%",
     .means = "And on such a share of the owner's open records with one"},
    {.name = "owners",
     .kind = K::count,
     .usual = "4",
     .means = "A date that heaps up with so many owners is the company's (an event, a new price), and nobody's own"},
    {.name = "account",
     .kind = K::field,
     .usual = "account|AccountId",
     .means = "Several records of one account count as one"},
}};

// The last day of a month, or the last business day before it; months of the plain or of the fiscal calendar. Quarters
// and years end with one.
[[nodiscard]] bool is_period_end(const World& world, model::Day day) {
  constexpr model::Span one_day{model::Span::Unit::business_days, 1};
  for (const char* const period : {"this_month", "this_fiscal_month"}) {
    const auto last = world.calendar.period(period, day).last;
    if (day == last) return true;
    if (!world.calendar.is_business_day(last) && day == world.calendar.shift(last, one_day, -1)) return true;
  }
  return false;
}

class ConstantDates final : public Detector {
 public:
  explicit ConstantDates(const Settings& s) : settings_(s), fields_(s.fields("fields")), account_(s.field("account")) {}

  void see(const View& v) override {
    if (v.standing() == View::Standing::unknown) {
      ++unknown_stage_;
      return;
    }
    const std::string_view owner = owner_of(v);
    if (v.standing() != View::Standing::open || owner.empty()) return;
    if (any_unread(v, {account_.slot})) {  // the records may be one account's
      ++unread_account_;
      return;
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const ChosenField& f = fields_[i];
      const auto moment = f.there() ? moment_of(v, f.slot) : std::nullopt;
      if (!moment) continue;
      auto& of = people_[{std::string(owner), i}];
      ++of.dated;
      const auto day = v.world().calendar.today(*moment);
      // What somebody else set before the record changed hands, or a machine, is not this owner's choice.
      const FieldChange* change = last_change(v, f.slot);
      const std::string_view by = change != nullptr ? change->author : v.record().created_by;
      if ((!by.empty() && by != owner) || (change != nullptr && is_machine(change->origin))) continue;
      if (is_period_end(v.world(), day)) continue;
      const std::string account = id_of(v, account_.slot);
      auto& heap = of.days[day];
      heap.accounts.insert(account.empty() ? std::string(v.record().id) : account);
      heap.records.emplace_back(v.record().id);
      if (const auto set = change != nullptr ? std::optional(change->at) : v.created()) heap.set.push_back(*set);
    }
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant) override {
    Detection out;
    untold(out, "the stage of the record", unknown_stage_);
    untold(out, "the account of the record: not read yet", unread_account_);
    if (std::none_of(fields_.begin(), fields_.end(), [](const ChosenField& f) { return f.there(); }))
      untold(out, "there is no date to compare: say `fields` under `with`", 1);
    std::map<std::pair<std::size_t, model::Day>, std::size_t> owners;
    for (const auto& [who, of] : people_)
      for (const auto& [day, heap] : of.days)
        if (is_heap(of, heap)) ++owners[{who.second, day}];
    const auto shared = settings_.at_least_two("owners");
    for (auto& [who, of] : people_) {
      if (!is_person(world, who.first)) continue;
      const std::pair<const model::Day, Heap>* worst = nullptr;
      for (const auto& one : of.days)
        if (is_heap(of, one.second) && owners.at({who.second, one.first}) < shared &&
            (worst == nullptr || one.second.records.size() > worst->second.records.size()))
          worst = &one;
      if (worst != nullptr) say(who.first, fields_[who.second], of.dated, worst->first, worst->second, out);
    }
    sort_by_key(out);
    return out;
  }

 private:
  struct Heap {
    std::set<std::string, std::less<>> accounts;
    std::vector<std::string> records;
    std::vector<model::Instant> set;
  };
  struct Dates {  // of one owner and field
    std::size_t dated = 0;
    std::map<model::Day, Heap> days;
  };

  [[nodiscard]] static bool is_machine(Origin origin) {
    return origin == Origin::automation || origin == Origin::import || origin == Origin::integration;
  }
  [[nodiscard]] std::size_t enough() const { return settings_.at_least_two("records"); }
  [[nodiscard]] bool is_heap(const Dates& of, const Heap& heap) const {
    return heap.accounts.size() >= enough() &&
           static_cast<double>(heap.records.size()) >= settings_.number("share") * static_cast<double>(of.dated);
  }

  void say(const std::string& person, const ChosenField& field, std::size_t dated, model::Day day, const Heap& heap,
           Detection& out) const {
    auto f = heap_of(person, field, heap.records, heap.set, enough());
    f.facts = {fact("records", heap.records.size()), fact("of", dated), fact("date", model::to_string(day))};
    f.why = std::to_string(heap.records.size()) + " of " + counted(dated, "open record") + " have " +
            model::to_string(day) + " as " + field.label;
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  const ChosenField& account_;
  std::map<std::pair<std::string, std::size_t>, Dates> people_;  // by person and field
  std::uint64_t unknown_stage_ = 0;
  std::uint64_t unread_account_ = 0;
};

}  // namespace

const DetectorKind constant_dates_detector{
    .name = "constant-dates",
    .unit = Unit::person,
    .finds = "The same date on many open records of one owner and of different accounts.",
    .may_mean = "the date is asked for before anybody can know it, and any day will do.",
    .needs = "The dates, owner and stage; the account and the history of the dates where there are any.",
    .cannot_tell =
        "Records whose stage is not known. The end of a month, quarter or year, dates that many owners share, and what "
        "a machine or somebody else set are left alone.",
    .parameters = parameters,
    .uses = {.owner = true, .stages = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<ConstantDates>(s); },
};

}  // namespace coachd::rules
