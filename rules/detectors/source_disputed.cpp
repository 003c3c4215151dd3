// A source that people of another job overwrite after conversion, and that is changed back: two jobs do not agree.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/past.hpp"
#include "rules/conditions/view.hpp"
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
    {.name = "field",
     .kind = K::field,
     .usual = "source|LeadSource|hs_analytics_source",
     .means = "The field that is disputed",
     .history = true},
    {.name = "converted",
     .kind = K::field,
     .usual = "converted|ConvertedDate|hs_lifecyclestage_opportunity_date",
     .means = "When the record was converted; where there is no such field, its creation"},
    {.name = "within", .kind = K::span, .usual = "1y", .means = "How soon it must be changed back"},
    {.name = "at_least", .kind = K::count, .usual = "1", .means = "How often it must have gone there and back"},
}};

class SourceDisputed final : public Detector {
 public:
  explicit SourceDisputed(const Settings& s)
      : settings_(s), field_(s.field("field")), converted_(s.field("converted")) {}

  void see(const View& v) override {
    ++seen_;
    if (!field_.there()) return;
    const auto from = converted_.there() ? moment_of(v, converted_.slot) : v.created();
    if (!from) {
      if (!converted_.there()) ++no_history_;  // nobody knows when it was made; else it is not converted
      return;
    }
    const auto unknown = unknown_before(v, field_.slot);
    if (unknown && *unknown > *from) ++no_history_;  // what is known may still tell
    const std::vector<Move> all = moves(v, field_.slot);
    std::int64_t times = 0;
    std::optional<model::Instant> since;
    std::string jobs;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Move& there = all[i];
      if (there.at < *from || there.from.is_blank() || !by_person(v, there)) continue;
      const auto latest = v.world().calendar.shift(there.at, settings_.span("within"), 1);
      for (std::size_t j = i + 1; j < all.size() && all[j].at <= latest; ++j) {
        const Move& back = all[j];
        if (!same_content(back.to, there.from, v.world().calendar.zone())) continue;
        if (!by_person(v, back) || back.author == there.author) break;
        const std::string_view one = job_of(v.world(), there.author);
        const std::string_view other = job_of(v.world(), back.author);
        if (one.empty() || other.empty()) {
          ++no_job_;
        } else if (one != other) {
          ++times;
          if (!since) since = back.at;
          if (jobs.empty()) jobs = std::string(one) + " and " + std::string(other);
        }
        i = j - 1;  // what comes after may be the next round
        break;
      }
    }
    if (times == 0 || times < settings_.count("at_least")) return;
    Detected f;
    f.unit = Unit::record;
    f.key = v.record().id;
    f.records = {f.key};
    f.person = owner_of(v);
    f.field = field_.crm_name;
    f.facts = {fact("times", times), fact("jobs", jobs)};
    f.why = field_.label + " was overwritten and changed back by " + jobs;
    if (times > 1) f.why += ", " + std::to_string(times) + " times";
    f.since = since;
    findings_.push_back(std::move(f));
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World&, model::Instant) override {
    Detection out;
    if (!field_.there()) {
      untold(out, "there is no source field: say `field` under `with`", std::max<std::uint64_t>(1, seen_));
      return out;
    }
    out.findings = std::move(findings_);
    untold(out, "history of " + field_.label + " since the conversion", no_history_);
    untold(out, "the jobs of those who changed " + field_.label, no_job_);
    sort_by_key(out);
    return out;
  }

 private:
  static bool by_person(const View& v, const Move& m) {
    if (m.author.empty()) return false;
    const auto& machines = v.world().integration_users;
    if (std::find(machines.begin(), machines.end(), m.author) != machines.end()) return false;
    const model::Person* p = v.world().person(m.author);
    return p == nullptr || p->human;
  }

  const Settings& settings_;
  const ChosenField &field_, &converted_;
  std::vector<Detected> findings_;
  std::uint64_t seen_ = 0, no_history_ = 0, no_job_ = 0;
};

}  // namespace

const DetectorKind source_disputed_detector{
    .name = "source-disputed",
    .unit = Unit::record,
    .finds = "Records whose source was overwritten after conversion and changed back by somebody of another job.",
    .may_mean = "two jobs are measured by the same field, or mean different things by it.",
    .needs = "The history of the field since conversion, and the jobs of people.",
    .cannot_tell =
        "Records without history of the field back to their conversion, and changes by people whose job is not known. "
        "What one person corrects, or a machine writes, is no dispute.",
    .parameters = parameters,
    .uses = {.owner = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<SourceDisputed>(s); },
};

}  // namespace coachd::rules
