#include "daemon/app/testing/play.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/played.hpp"
#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/testing.hpp"
#include "daemon/pipeline/asking.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

using model::Outcome;
using model::Verdict;

const rules::ObjectPlan& plan_of(const Scene& scene, const TestCase& test) {
  return *scene.rules->plan(test.object.empty() ? scene.object : test.object);
}

std::string joined(const std::vector<std::string>& parts, const char* none) {
  std::string out;
  for (const auto& p : parts) out += (out.empty() ? "" : ", ") + p;
  return out.empty() ? none : out;
}

std::string joined(const std::vector<Named>& parts, const char* none) {
  std::vector<std::string> names;
  names.reserve(parts.size());
  for (const auto& p : parts) names.push_back(p.name);
  return joined(names, none);
}

// The part after `WORKFLOW/`, and that before it.
std::pair<std::string_view, std::string_view> split(std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return {{}, name};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

constexpr std::string_view card_kinds[] = {"due", "missing", "placeholder", "outdated"};

// `timing.missing:champion` of the card `timing:champion`.
std::string card_finding(std::string_view kind, std::string_view card) {
  return "timing." + std::string(kind) + std::string(card.substr(card.find(':')));
}

}  // namespace

Play::Play(TestFile& file, const Scene& scene, const TestCase& test)
    : file_(file),
      scene_(scene),
      test_(test),
      world_(scene.world),
      now_(test.now.value_or(file.now)),
      record_(file, scene, plan_of(scene, test), test.record, now_),
      place_(test.place) {
  for (const auto& other : test.others)
    others_.push_back(
        std::make_unique<Played>(file, scene, plan_of(scene, test), other, now_, test.record.known_since));
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
  look_at_counts();
  return std::move(found_);
}

void Play::hold(const Meetings& meetings) {
  for (const auto& [name, held] : meetings)
    for (const auto& [manager, at] : held) world_.meetings[name][manager] = at;
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

std::string Play::id_of(const Verdict& v) const {
  return v.id.empty() ? scene_.rules->rules[v.rule].id.get() : v.id;
}

bool Play::stands_for(std::string_view name, const Verdict& v) const {
  const auto& rule = scene_.rules->rules[v.rule];
  const auto [workflow, id] = split(name);
  return (workflow.empty() || workflow == rule.workflow) && (id == id_of(v) || id == rule.id.get());
}

std::set<std::uint32_t> Play::rules_of(const Named& named) {
  std::set<std::uint32_t> out;
  std::vector<std::string> known;
  const auto [workflow, id] = split(named.name);
  for (const auto i : record_.plan().rules) {
    const auto& rule = scene_.rules->rules[i];
    bool is = rule.id.get() == id;
    known.push_back(rule.id.get());
    if (rule.kind == model::RuleKind::timing)
      for (const auto kind : card_kinds) {
        known.push_back(card_finding(kind, rule.id.get()));
        is = is || known.back() == id;
      }
    if (is && (workflow.empty() || workflow == rule.workflow)) out.insert(i);
  }
  if (!out.empty()) return out;
  std::string message = "no rule or card of this test gives `" + named.name + "`";
  const auto off = std::find_if(scene_.rules->off.begin(), scene_.rules->off.end(),
                                [&](const rules::SwitchedOff& o) { return o.rule.get() == id; });
  if (off != scene_.rules->off.end())
    message = "`" + named.name + "` is off here: " + off->why;
  else if (const auto near = yaml::nearest(id, known))
    message += ": did you mean `" + *near + "`?";
  file_.error("unknown-rule", std::move(message), named.place);
  return out;
}

rules::Explained Play::why(std::uint32_t rule, const Said& said) const {
  return rules::explain(*scene_.rules, record_.plan(), rule, record_.view(), said.facts, world_, now_);
}

void Play::explain(Mismatch& m, const std::set<std::uint32_t>& rules, const Said& said) {
  for (const auto rule : rules)
    if (explained_.insert(rule).second) m.why.push_back(why(rule, said));
}

Mismatch& Play::mismatch(std::string what, std::string expected, std::string got) {
  auto& out = found_.emplace_back();
  out.what = std::move(what);
  out.moment = moment_;
  out.place = place_;
  out.expected = std::move(expected);
  out.got = std::move(got);
  return out;
}

void Play::look(const Expectations& expect, const model::Place& place, bool later) {
  place_ = place;
  moment_ = later ? model::to_string(now_) : std::string();
  explained_.clear();
  const auto said = ask_rules(record_);
  look_at_findings(expect, said);
  look_at_untold(expect, said);
  look_at_prompts(expect, said);
  look_at_others(expect, said);
  if (!test_.prompts.empty()) count_prompts();
}

void Play::look_at_findings(const Expectations& expect, const Said& said) {
  if (!expect.findings) return;
  std::vector<std::string> got;
  std::set<std::uint32_t> in_question;
  std::vector<std::string> notes;
  for (const auto& v : said.verdicts) {
    if (v.outcome != Outcome::finding) continue;
    got.push_back(id_of(v));
    const bool named = std::any_of(expect.findings->begin(), expect.findings->end(),
                                   [&](const Named& n) { return stands_for(n.name, v); });
    if (named) continue;
    in_question.insert(v.rule);
    notes.push_back(got.back() + " is found, and is not expected");
  }
  for (const auto& n : *expect.findings) {
    const auto rules = rules_of(n);
    const bool is = std::any_of(said.verdicts.begin(), said.verdicts.end(), [&](const Verdict& v) {
      return v.outcome == Outcome::finding && stands_for(n.name, v);
    });
    if (is) continue;
    in_question.insert(rules.begin(), rules.end());
    std::string note = n.name + " is expected, and is not found";
    for (const auto rule : rules) {
      const auto v = std::find_if(said.verdicts.begin(), said.verdicts.end(),
                                  [&](const Verdict& one) { return one.rule == rule; });
      if (v == said.verdicts.end() && why(rule, said).outcome == Outcome::finding)
        note += ": it holds, and another finding of this record silences it";
      else if (v != said.verdicts.end() && v->outcome == Outcome::cannot_tell)
        note += ": it cannot be told without " + v->missing;
    }
    notes.push_back(std::move(note));
  }
  if (notes.empty()) return;
  auto& m = mismatch("findings", joined(*expect.findings, "nothing"), joined(got, "nothing"));
  m.notes = std::move(notes);
  explain(m, in_question, said);
}

void Play::look_at_untold(const Expectations& expect, const Said& said) {
  if (!expect.untold) return;
  std::vector<std::string> got;
  std::set<std::uint32_t> in_question;
  for (const auto& v : said.verdicts) {
    if (v.outcome != Outcome::cannot_tell) continue;
    got.push_back(id_of(v));
    if (expect.untold->empty()) in_question.insert(v.rule);
  }
  for (const auto& n : *expect.untold) {
    const auto rules = rules_of(n);
    const bool is = std::any_of(said.verdicts.begin(), said.verdicts.end(), [&](const Verdict& v) {
      return v.outcome == Outcome::cannot_tell && stands_for(n.name, v);
    });
    if (!is) in_question.insert(rules.begin(), rules.end());
  }
  if (in_question.empty()) return;
  auto& m = mismatch("cannot be told", joined(*expect.untold, "nothing"), joined(got, "nothing"));
  explain(m, in_question, said);
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
  const auto line = rules::line(*scene_.rules, record.plan(), v, record.view(), said.facts, world_, now_, language);
  Asked out{std::move(to.person), {}, line.say};
  for (const auto* part : {&line.ask, &line.gives_back})
    if (!part->empty()) out.text += (out.text.empty() ? "" : "\n") + *part;
  return out;
}

void Play::look_at_prompts(const Expectations& expect, const Said& said) {
  for (const auto& p : expect.prompts) {
    const auto rules = rules_of(p.finding);
    const auto v = std::find_if(said.verdicts.begin(), said.verdicts.end(), [&](const Verdict& one) {
      return one.outcome == Outcome::finding && stands_for(p.finding.name, one);
    });
    const std::string what = "prompt of " + p.finding.name;
    if (v == said.verdicts.end()) {
      auto& m = mismatch(what, p.contains.empty() ? "a prompt" : '"' + p.contains.front() + '"', "no such finding");
      explain(m, rules, said);
      continue;
    }
    const auto is = asked(record_, said, *v);
    if (is.person.empty()) {
      mismatch(what, p.contains.empty() ? "a prompt" : '"' + p.contains.front() + '"', "nobody is asked")
          .notes.push_back(is.reason);
      continue;
    }
    for (const auto& text : p.contains)
      if (is.text.find(text) == std::string::npos) mismatch(what, "a text with \"" + text + '"', is.text);
  }
}

// Findings about fields, people and meetings.
void Play::look_at_others(const Expectations& expect, const Said& said) {
  if (!expect.others) return;
  std::set<std::string> got;
  for (const auto& v : said.verdicts)
    if (v.outcome == Outcome::finding)
      if (const auto is = asked(record_, said, v); is.reason.starts_with("owner cannot answer"))
        got.insert("owner.cannot-answer");
  std::set<std::string> expected;
  for (const auto& n : *expect.others) {
    expected.emplace(split(n.name).second);
    if (n.name != "owner.cannot-answer") {
      const std::vector<std::string> known{"owner.cannot-answer"};
      const auto near = yaml::nearest(n.name, known);
      file_.error(
          "unknown-rule",
          "no rule or card of this test gives `" + n.name + "`" + (near ? ": did you mean `" + *near + "`?" : ""),
          n.place);
    }
  }
  if (got != expected)
    mismatch("findings about others", joined(*expect.others, "nothing"),
             joined(std::vector<std::string>(got.begin(), got.end()), "nothing"));
}

// At most one prompt a record and person, with a line for each finding.
void Play::count_prompts() {
  const auto count = [&](const Played& record) {
    const auto said = ask_rules(record);
    for (const auto& v : said.verdicts) {
      if (v.outcome != Outcome::finding || !scene_.rules->rules[v.rule].prompts()) continue;
      const auto is = asked(record, said, v);
      const std::string id(record.view().id);
      if (is.person.empty())
        not_prompted_.insert(id + ", " + id_of(v) + ": " + is.reason);
      else
        prompted_[is.person].try_emplace(id, now_);
    }
  };
  count(record_);
  for (const auto& other : others_) count(*other);
}

void Play::look_at_counts() {
  const auto begins = test_.now.value_or(file_.now);
  for (const auto& count : test_.prompts) {
    if (!world_.people.contains(count.person.name)) {
      std::vector<std::string> known;
      for (const auto& [id, p] : world_.people) known.push_back(id);
      const auto near = yaml::nearest(count.person.name, known);
      file_.error("unknown-person",
                  "`" + count.person.name + "` is not among `people`" + (near ? ": did you mean `" + *near + "`?" : ""),
                  count.person.place);
      continue;
    }
    const auto look = [&](const char* period, std::chrono::hours length, int budget, int expected) {
      std::vector<std::string> records;
      for (const auto& [record, at] : prompted_[count.person.name])
        if (at < begins + length) records.push_back(record);
      const auto got = std::min(static_cast<int>(records.size()), budget);
      if (got == expected) return;
      place_ = count.person.place;
      moment_.clear();
      auto& m = mismatch("prompts to " + count.person.name + " in a " + period, std::to_string(expected),
                         std::to_string(got));
      if (!records.empty()) m.notes.push_back("prompts on " + joined(records, ""));
      if (got < static_cast<int>(records.size()))
        m.notes.push_back("the budget allows " + std::to_string(budget) + " in a " + period);
      m.notes.insert(m.notes.end(), not_prompted_.begin(), not_prompted_.end());
    };
    if (count.per_day) look("day", std::chrono::hours(24), file_.budget.per_day, *count.per_day);
    if (count.per_week) look("week", std::chrono::hours(7 * 24), file_.budget.per_week, *count.per_week);
  }
}

}  // namespace coachd::app::rule_tests
