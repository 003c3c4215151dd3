// Open deals that are worked like the organisation's own commits but called less.
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
#include "rules/conditions/days.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 9> parameters{{
    {.name = "category",
     .kind = K::field,
     .usual = "forecast_category",
     .means = "What the deal is called in the forecast",
     .history = true},
    {.name = "next_step", .kind = K::field, .usual = "next_step", .means = "It must say what happens next"},
    {.name = "close_date",
     .kind = K::field,
     .usual = "close_date",
     .means = "It must lie in the period, from today on"},
    {.name = "period",
     .kind = K::word,
     .usual = "fiscal_quarter",
     .means = "The period that is being forecast",
     .choices = "month|quarter|fiscal_month|fiscal_quarter"},
    {.name = "within", .kind = K::span, .usual = "4w", .means = "How far back activities are counted"},
    {.name = "as_active_as",
     .kind = K::share,
     .usual = "50%",
     .means = "It must have as many activities as this share of the commits has at most; 50% is their median"},
    {.name = "activities", .kind = K::count, .usual = "3", .means = "And at least so many"},
    {.name = "commits",
     .kind = K::count,
     .usual = "30",
     .means = "So many open commits of the same pipeline are needed to compare with"},
    {.name = "stood", .kind = K::span, .usual = "14d", .means = "So long it must have been called less already"},
}};

class CalledLess final : public Detector {
 public:
  explicit CalledLess(const Settings& s)
      : settings_(s), category_(s.field("category")), next_step_(s.field("next_step")), close_(s.field("close_date")) {}

  void see(const View& v) override {
    ++seen_;
    if (!there()) return;
    if (v.standing() == View::Standing::unknown) {
      ++unknown_stage_;
      return;
    }
    if (v.standing() != View::Standing::open) return;
    const auto called = forecast_category_of(text_of(v, category_.slot));
    const bool commit = called == "commit";
    if (!commit && called != "pipeline" && called != "best_case" && called != "most_likely") return;
    if (v.stage().kind != View::Stage::Kind::found) {
      ++unknown_stage_;
      return;
    }
    const auto from = v.world().calendar.shift(v.now(), settings_.span("within"), -1);
    const auto& known = v.record().activities.known_since;
    if (!known || (*known > from && (!v.created() || *known > *v.created()))) {
      ++unknown_activities_;
      return;
    }
    auto& pipeline = pipelines_[v.stage().at.pipeline->name];
    const std::size_t done = activities(v, from);
    if (commit)
      pipeline.commits.push_back({v.stage().at.index, done});
    else if (is_ready(v))
      pipeline.others.push_back(Deal{std::string(v.record().id), std::string(owner_of(v)), *moment_of(v, close_.slot),
                                     v.stage().at.index, done, std::string(called)});
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant) override {
    Detection out;
    if (!there()) {
      untold(out, "there is no forecast category, next step or close date: say the fields under `with`",
             std::max<std::uint64_t>(1, seen_));
      return out;
    }
    untold(out, "the stage of the record", unknown_stage_);
    if (!world.silence_tells()) {
      untold(out, world.why_silence_is_untold(), std::max<std::uint64_t>(1, seen_));
      return out;
    }
    untold(out, "activities that far back", unknown_activities_);
    untold(out, "since when it has been called so", unknown_category_);
    std::uint64_t alone = 0;
    for (auto& [name, pipeline] : pipelines_) {
      if (pipeline.commits.size() < settings_.at_least_two("commits"))
        alone += pipeline.others.size();
      else
        compare(pipeline, world, out);
    }
    untold(out, "there are too few open commits in its pipeline to compare with", alone);
    sort_by_key(out);
    return out;
  }

 private:
  struct Commit {
    std::size_t stage = 0, activities = 0;
  };
  struct Deal {
    std::string id, owner;
    model::Instant closes;
    std::size_t at = 0, activities = 0;
    std::string called;
  };
  struct Pipeline {
    std::vector<Commit> commits;
    std::vector<Deal> others;  // with all that a commit shows but, maybe, the work
  };

  [[nodiscard]] bool there() const { return category_.there() && next_step_.there() && close_.there(); }

  [[nodiscard]] static std::size_t activities(const View& v, model::Instant from) {
    const auto& items = v.record().activities.items;
    return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&](const Activity& a) {
      return a.done && a.on == Activity::On::record && a.at >= from && a.at <= v.now();
    }));
  }

  // Its next step, its close date and how long it has been called less.
  [[nodiscard]] bool is_ready(const View& v) {
    if (!is_real(v, next_step_.slot, next_step_.state)) return false;
    const auto closes = moment_of(v, close_.slot);
    if (!closes) return false;
    const auto& calendar = v.world().calendar;
    const auto day = calendar.today(*closes);
    if (day < v.today() || day > calendar.period("this_" + settings_.word("period"), v.today()).last) return false;
    const auto long_ago = calendar.shift(v.now(), settings_.span("stood"), -1);
    if (const auto* change = last_change(v, category_.slot); change != nullptr && change->at > long_ago) return false;
    if (const auto created = v.created(); created && *created > long_ago) return false;
    if (const auto unknown = unknown_before(v, category_.slot); unknown && *unknown > long_ago) {
      ++unknown_category_;
      return false;
    }
    return true;
  }

  void compare(Pipeline& pipeline, const World& world, Detection& out) const {
    const auto at_share = [](std::vector<std::size_t> all, double share) {
      std::sort(all.begin(), all.end());
      const auto place = static_cast<std::size_t>(share * static_cast<double>(all.size()));
      return all[std::min(place, all.size() - 1)];
    };
    std::vector<std::size_t> stages, activities;
    for (const Commit& c : pipeline.commits) {
      stages.push_back(c.stage);
      activities.push_back(c.activities);
    }
    const auto stage = at_share(std::move(stages), 0.5);
    const auto usual = at_share(std::move(activities), settings_.number("as_active_as"));
    const auto enough =
        std::max(usual, static_cast<std::size_t>(std::max<std::int64_t>(1, settings_.count("activities"))));
    for (const Deal& d : pipeline.others)
      if (d.at >= stage && d.activities >= enough && is_person(world, d.owner)) say(d, usual, world, out);
  }

  void say(const Deal& d, std::size_t usual, const World& world, Detection& out) const {
    Detected f;
    f.unit = Unit::record;
    f.key = d.id;
    f.person = d.owner;
    f.field = category_.crm_name;
    f.records = {d.id};
    f.facts = {fact("activities", d.activities), fact("of_commits", usual), fact("called", d.called)};
    std::string called = d.called;
    std::replace(called.begin(), called.end(), '_', ' ');
    f.why = std::to_string(d.activities) + " activities in " + in_words(settings_.span("within")) +
            " (deals in commit have " + std::to_string(usual) +
            "), a next step, the stage of a commit and a close date of " +
            model::to_string(world.calendar.today(d.closes)) + "; it is called " + called;
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const ChosenField &category_, &next_step_, &close_;
  std::map<std::string, Pipeline, std::less<>> pipelines_;
  std::uint64_t seen_ = 0, unknown_stage_ = 0, unknown_activities_ = 0, unknown_category_ = 0;
};

}  // namespace

const DetectorKind called_less_detector{
    .name = "called-less",
    .unit = Unit::record,
    .finds =
        "Open deals that show all that the organisation's own commits show (stage, close date in the period, a real "
        "next "
        "step, as much activity) and are called less in the forecast.",
    .may_mean =
        "a commit that slips costs more than a deal that nobody named: the call is run so that saying less is safer.",
    .needs = "Forecast category with its history, stage, next step, close date, owner, and activities.",
    .cannot_tell =
        "Records whose activities are not known that far back, or anything where most activities do not reach the CRM; "
        "pipelines with few commits. What was called so only lately is left alone.",
    .parameters = parameters,
    .uses = {.owner = true, .stages = true, .activities = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<CalledLess>(s); },
};

}  // namespace coachd::rules
