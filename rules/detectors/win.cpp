// A deal that was won after a follow-up that was prompted and done: a story worth telling.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
constexpr std::array<Parameter, 4> parameters{{
    {.name = "at", .kind = K::field, .usual = "close_date|CloseDate|closedate", .means = "The day on which it was won"},
    {.name = "within", .kind = K::span, .usual = "45d", .means = "How long before that the follow-up was done"},
    {.name = "answered_in", .kind = K::span, .usual = "14d", .means = "How soon after its prompt it was done"},
    {.name = "recent", .kind = K::span, .usual = "30d", .means = "Only deals won so lately"},
}};

struct Won {
  std::string id, owner;
  model::Day day;
};

class Win final : public Detector {
 public:
  explicit Win(const Settings& s) : settings_(s), at_(s.field("at")) {}

  void see(const View& v) override {
    if (v.standing() == View::Standing::unknown) ++unknown_stage_;
    if (v.standing() != View::Standing::won) return;
    const auto at = moment_of(v, at_.slot);
    if (!at) {
      ++undated_;
      return;
    }
    const model::Day day = v.world().calendar.today(*at);
    if (day > v.today() || day < v.world().calendar.shift(v.today(), settings_.span("recent"), -1)) return;
    won_.push_back({std::string(v.record().id), std::string(owner_of(v)), day});
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant) override {
    Detection out;
    if (!evidence.mended.known_since) {
      untold(out, "which prompts were followed", std::max<std::uint64_t>(1, won_.size()));
      return out;
    }
    untold(out, "the stage of the record", unknown_stage_);
    untold(out, "the day on which it was won", undated_);
    std::map<std::string_view, std::vector<const MendedPrompt*>> by_record;
    for (const MendedPrompt& m : evidence.mended.rows) by_record[m.record].push_back(&m);
    for (const Won& w : won_) {
      const auto it = by_record.find(w.id);
      if (it == by_record.end() || !is_person(world, w.owner)) continue;
      const MendedPrompt* last = nullptr;
      for (const MendedPrompt* m : it->second) {
        const model::Day done = world.calendar.today(m->mended);
        if (m->person != w.owner || done >= w.day || m->mended < m->sent) continue;
        if (done < world.calendar.shift(w.day, settings_.span("within"), -1)) continue;
        if (m->mended > world.calendar.shift(m->sent, settings_.span("answered_in"), 1)) continue;
        if (last == nullptr || m->mended > last->mended) last = m;
      }
      if (last == nullptr) continue;
      Detected f;
      f.unit = Unit::record;
      f.key = w.id;
      f.records = {w.id};
      f.person = w.owner;
      const model::Day done = world.calendar.today(last->mended);
      f.facts = {fact("rule", last->rule), fact("done", model::to_string(done)), fact("won", model::to_string(w.day))};
      f.why = "it was won on " + model::to_string(w.day) + ", after a prompt was followed on " + model::to_string(done);
      f.since = world.calendar.zone().start_of(w.day);
      out.findings.push_back(std::move(f));
    }
    sort_by_key(out);
    return out;
  }

 private:
  const Settings& settings_;
  const ChosenField& at_;
  std::vector<Won> won_;
  std::uint64_t unknown_stage_ = 0, undated_ = 0;
};

}  // namespace

const DetectorKind win_detector{
    .name = "win",
    .unit = Unit::record,
    .finds =
        "A deal that was won after its owner did what a prompt had asked for: offered to the manager as a story among "
        "peers.",
    .may_mean = "the follow-up helped, or it would have been won anyway: a story, not a proof (see the holdout).",
    .needs = "Won deals with their day, and which prompts were followed when.",
    .cannot_tell = "Without prompts, as in an export; deals whose stage or day is not known.",
    .parameters = parameters,
    .uses = {.owner = true, .stages = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<Win>(s); },
};

}  // namespace coachd::rules
