#include "daemon/app/testing/play.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/counts.hpp"
#include "daemon/app/testing/played.hpp"
#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/testing.hpp"
#include "daemon/pipeline/asking.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/coverage.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/engine/detect.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/stage_ages.hpp"
#include "rules/engine/timing.hpp"
#include "rules/engine/won_deals.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::app::rule_tests {
namespace {

using model::Outcome;
using model::Verdict;

const rules::ObjectPlan& plan_of(const Scene& scene, const TestCase& test) {
  return *scene.rules->plan(test.object.empty() ? scene.object : test.object);
}

// Whether a pair `a|b` holds the record.
bool in_pair(std::string_view pair, std::string_view record) {
  const auto bar = pair.find('|');
  return bar != std::string_view::npos && (pair.substr(0, bar) == record || pair.substr(bar + 1) == record);
}

}  // namespace

Play::Play(TestFile& file, const Scene& scene, const TestCase& test)
    : file_(file),
      scene_(scene),
      test_(test),
      world_(scene.world),
      begins_(test.now.value_or(file.now)),
      now_(begins_),
      record_(file, scene, plan_of(scene, test), test.record, test.evidence.notes.rows, now_),
      place_(test.place) {
  for (const auto& other : test.others)
    others_.push_back(std::make_unique<Played>(file, scene, plan_of(scene, test), other, test.evidence.notes.rows, now_,
                                               test.record.known_since));
  hold(file.meetings);
  hold(test.meetings);
}

std::vector<Mismatch> Play::run() {
  look(test_.expect, test_.place, false);
  for (const auto& step : test_.then) {
    now_ = step.at;
    hold(step.meetings);
    record_.apply(step);
    look(step.expect, step.place, true);
  }
  for (auto& m : check_counts(file_, scene_, test_.prompts, prompted_, begins_)) found_.push_back(std::move(m));
  return std::move(found_);
}

void Play::hold(const Meetings& meetings) {
  for (const auto& [name, held] : meetings)
    for (const auto& [manager, at] : held) {
      auto& all = held_[name][manager];
      all.insert(all.end(), at.begin(), at.end());
    }
}

// Meetings that were held by now, and how long won records stood in their stages.
void Play::refresh_world() {
  world_.meetings.clear();
  for (const auto& [name, held] : held_)
    for (const auto& [manager, all] : held)
      for (const auto at : all) {
        if (at > now_) continue;
        auto& last = world_.meetings[name].try_emplace(manager, at).first->second;
        last = std::max(last.all().back(), at);
      }
  const auto& plan = record_.plan();
  auto& ages = world_.stage_ages[plan.object];
  ages.clear();
  for (const auto& [stage, all] : file_.stage_ages)
    for (const auto length : all) ages[stage].add(length);
  for (const auto& other : others_) rules::add_stage_ages(plan, other->view(), world_, now_, ages);
  for (auto& [stage, lengths] : ages) lengths.finish();
  // Of a record whose activities nobody speaks of, nobody meant that there were none.
  rules::WonDeals won;
  const auto count = [&](const Subject& subject, const Played& played) {
    if (subject.events.says_activities) rules::count_won_deal(played.plan(), played.view(), world_, now_, won);
  };
  count(test_.record, record_);
  for (std::size_t i = 0; i < others_.size(); ++i) count(test_.others[i], *others_[i]);
  world_.activity_coverage = world_.activity_coverage.counted(won, world_.calendar.today(now_));
}

rules::Facts Play::facts_of(const Played& record) const {
  const auto& plan = record.plan();
  rules::Facts out(plan.facts.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].known = true;
    const auto own = rules::contribution(*scene_.rules, plan, i, record.view(), world_);
    if (!own) continue;
    const auto add = [&](const Played& other) {
      const auto part = rules::contribution(*scene_.rules, plan, i, other.view(), world_);
      if (!part || part->owner != own->owner || part->text_hash != own->text_hash) return;
      out[i].sum += part->value;
      ++out[i].count;
    };
    add(record_);
    for (const auto& other : others_) add(*other);
  }
  return out;
}

Play::Said Play::ask_rules(const Played& record) const {
  Said out;
  out.facts = facts_of(record);
  rules::judge(*scene_.rules, record.plan(), record.view(), out.facts, world_, now_, true, out.verdicts);
  return out;
}

// Rules with `detect:` look at the record and all others together.
void Play::ask_detectors(Said& said) const {
  rules::DetectorRun run(*scene_.rules, record_.plan(), world_, now_);
  if (run.empty()) return;
  run.see(record_.view(), said.facts);
  for (const auto& other : others_) run.see(other->view(), facts_of(*other));
  rules::Evidence evidence = test_.evidence;
  evidence.meetings.known_since = model::Instant{};  // what the test does not declare was never held
  for (const auto& [name, held] : held_)
    for (const auto& [manager, all] : held)
      for (const auto at : all)
        if (at <= now_) evidence.meetings.rows.push_back({name, manager, at});
  for (auto& answer : run.conclude(evidence)) {
    for (auto& f : answer.detection.findings) {
      Detected d;
      d.rule = answer.rule;
      const bool of_record = f.unit == rules::Unit::record;
      const bool of_pair = f.unit == rules::Unit::pair;
      d.here = (of_record && f.key == record_.view().id) || (of_pair && in_pair(f.key, record_.view().id));
      d.elsewhere = !of_record && !of_pair;
      d.key = std::move(f.key);
      d.person = std::move(f.person);
      d.why = std::move(f.why);
      said.detected.push_back(std::move(d));
    }
    for (const auto& u : answer.detection.untold) {
      auto& why = said.untold[answer.rule];
      why += (why.empty() ? "" : "; ") + u.why;
    }
  }
}

std::string Play::id_of(const Verdict& v) const {
  return v.id.empty() ? scene_.rules->rules[v.rule].id.get() : v.id;
}

std::vector<Play::Got> Play::found_here(const Said& said) const {
  std::vector<Got> out;
  for (const auto& v : said.verdicts)
    if (v.outcome == Outcome::finding) out.push_back({v.rule, id_of(v), {}});
  for (const auto& d : said.detected)
    if (d.here) out.push_back({d.rule, scene_.rules->rules[d.rule].id.get(), d.why});
  return out;
}

// What detectors found, and the timing of every card over the record and all others.
std::vector<Play::Elsewhere> Play::found_elsewhere(const Said& said) const {
  std::vector<Elsewhere> out;
  for (const auto& d : said.detected)
    if (d.elsewhere) out.push_back({d.rule, scene_.rules->rules[d.rule].id.get(), d.key, d.why});
  rules::TimingStudy study(*scene_.rules, record_.plan(), {});
  if (study.empty()) return out;
  study.add(record_.view(), world_, now_);
  for (const auto& other : others_) study.add(other->view(), world_, now_);
  for (const auto& t : study.finish(world_, now_)) {
    if (t.evidence.too_early())
      out.push_back({t.rule,
                     "timing.too-early:" + t.field,
                     {},
                     std::to_string(t.evidence.early_placeholder) + " of " + std::to_string(t.evidence.set) +
                         " answers were early and a placeholder"});
    if (t.required_too_early)
      out.push_back({t.rule, "timing.required-too-early:" + t.field, {}, "the CRM requires it before it can be known"});
  }
  return out;
}

rules::Explained Play::why(std::uint32_t rule, const Said& said) const {
  return rules::explain(*scene_.rules, record_.plan(), rule, record_.view(), said.facts, world_, now_);
}

Play::Asked Play::asked(const Played& record, const Said& said, const Verdict& v) const {
  const auto& rule = scene_.rules->rules[v.rule];
  if (!rule.prompts()) return {{}, id_of(v) + " prompts nobody: `prompt` is no step of its `control`", {}};
  if (pipeline::old_record(world_, {}, record.plan(), rule, record.live_since(), record.view()))
    return {{},
            "the record is old: nobody changed its stage, owner, amount or a field with a card, or was active on it, "
            "since the rule went live (`old_records`)",
            {}};
  auto to = pipeline::answerer(world_, {}, record.plan(), rule, record.view());
  if (to.person.empty()) return {{}, std::move(to.reason), {}};
  const auto* person = world_.person(to.person);
  const std::string language = person == nullptr || person->language.empty() ? "en" : person->language;
  const auto line =
      rules::line(*scene_.rules, record.plan(), v, record.view(), said.facts, world_, now_, language, to.person);
  Asked out{std::move(to.person), {}, line.say};
  for (const auto* part : {&line.ask, &line.gives_back})
    if (!part->empty()) out.text += (out.text.empty() ? "" : "\n") + *part;
  return out;
}

void Play::count_prompts() {
  const auto count = [&](const Played& record) {
    const auto said = ask_rules(record);
    for (const auto& v : said.verdicts) {
      if (v.outcome != Outcome::finding || !scene_.rules->rules[v.rule].prompts()) continue;
      const auto is = asked(record, said, v);
      const std::string id(record.view().id);
      if (is.person.empty())
        prompted_.nobody.insert(id + ", " + id_of(v) + ": " + is.reason);
      else
        prompted_.first[is.person].try_emplace(id, now_);
    }
  };
  count(record_);
  for (const auto& other : others_) count(*other);
}

}  // namespace coachd::app::rule_tests
