// What a case expects, against what the rules say.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/play.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/testing.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

using model::Outcome;
using model::Verdict;

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

constexpr std::string_view card_kinds[] = {"due",       "missing",           "placeholder", "outdated",
                                           "too-early", "required-too-early"};  // the last two are about the field
constexpr const char* cannot_answer = "owner.cannot-answer";

// `timing.missing:champion` of the card `timing:champion`.
std::string card_finding(std::string_view kind, std::string_view card) {
  return "timing." + std::string(kind) + std::string(card.substr(card.find(':')));
}

}  // namespace

bool Play::stands_for(std::string_view name, std::uint32_t index, std::string_view is) const {
  const auto& rule = scene_.rules->rules[index];
  const auto [workflow, id] = split(name);
  return (workflow.empty() || workflow == rule.workflow) && (id == is || id == rule.id.get());
}

std::set<std::uint32_t> Play::rules_of(const Named& named) {
  std::set<std::uint32_t> out;
  std::vector<std::string> known;
  const auto [workflow, id] = split(named.name);
  const auto& plan = record_.plan();
  auto all = plan.rules;
  all.insert(all.end(), plan.detectors.begin(), plan.detectors.end());
  for (const auto i : all) {
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
  refresh_world();
  auto said = ask_rules(record_);
  ask_detectors(said);
  look_at_findings(expect, said);
  look_at_untold(expect, said);
  look_at_prompts(expect, said);
  look_at_others(expect, said);
  if (!test_.prompts.empty() || !file_.prompts.empty()) count_prompts();
}

// Why a rule that was expected found nothing here, where that is more than its tests; else "".
std::string Play::why_not(std::uint32_t rule, const Said& said) const {
  if (const auto untold = said.untold.find(rule); untold != said.untold.end())
    return ": it cannot be told without " + untold->second;
  for (const auto& d : said.detected)
    if (d.rule == rule) return ": it is found, and about " + d.key;
  const auto v =
      std::find_if(said.verdicts.begin(), said.verdicts.end(), [&](const Verdict& one) { return one.rule == rule; });
  if (v == said.verdicts.end())
    return why(rule, said).outcome == Outcome::finding ? ": it holds, and another finding of this record silences it"
                                                       : "";
  return v->outcome == Outcome::cannot_tell ? ": it cannot be told without " + v->missing : "";
}

void Play::look_at_findings(const Expectations& expect, const Said& said) {
  if (!expect.findings) return;
  const auto got = found_here(said);
  std::set<std::uint32_t> in_question;
  std::vector<std::string> notes, ids;
  for (const auto& g : got) {
    ids.push_back(g.id);
    const bool named = std::any_of(expect.findings->begin(), expect.findings->end(),
                                   [&](const Named& n) { return stands_for(n.name, g.rule, g.id); });
    if (named) continue;
    in_question.insert(g.rule);
    notes.push_back(g.id + " is found, and is not expected" + (g.why.empty() ? "" : ": " + g.why));
  }
  for (const auto& n : *expect.findings) {
    const auto rules = rules_of(n);
    if (std::any_of(got.begin(), got.end(), [&](const Got& g) { return stands_for(n.name, g.rule, g.id); })) continue;
    in_question.insert(rules.begin(), rules.end());
    std::string note = n.name + " is expected, and is not found";
    for (const auto rule : rules) note += why_not(rule, said);
    notes.push_back(std::move(note));
  }
  if (notes.empty()) return;
  auto& m = mismatch("findings", joined(*expect.findings, "nothing"), joined(ids, "nothing"));
  m.notes = std::move(notes);
  explain(m, in_question, said);
}

void Play::look_at_untold(const Expectations& expect, const Said& said) {
  if (!expect.untold) return;
  std::vector<Got> got;
  for (const auto& v : said.verdicts)
    if (v.outcome == Outcome::cannot_tell) got.push_back({v.rule, id_of(v), v.missing});
  for (const auto& [rule, why] : said.untold) got.push_back({rule, scene_.rules->rules[rule].id.get(), why});
  std::vector<std::string> ids;
  std::set<std::uint32_t> in_question;
  for (const auto& g : got) {
    ids.push_back(g.id);
    if (expect.untold->empty()) in_question.insert(g.rule);
  }
  for (const auto& n : *expect.untold) {
    const auto rules = rules_of(n);
    if (std::none_of(got.begin(), got.end(), [&](const Got& g) { return stands_for(n.name, g.rule, g.id); }))
      in_question.insert(rules.begin(), rules.end());
  }
  if (in_question.empty()) return;
  auto& m = mismatch("cannot be told", joined(*expect.untold, "nothing"), joined(ids, "nothing"));
  explain(m, in_question, said);
}

void Play::look_at_prompts(const Expectations& expect, const Said& said) {
  for (const auto& p : expect.prompts) {
    const auto rules = rules_of(p.finding);
    const auto v = std::find_if(said.verdicts.begin(), said.verdicts.end(), [&](const Verdict& one) {
      return one.outcome == Outcome::finding && stands_for(p.finding.name, one.rule, id_of(one));
    });
    const std::string what = "prompt of " + p.finding.name;
    const std::string expected = p.contains.empty() ? "a prompt" : "a text with \"" + p.contains.front() + '"';
    if (v == said.verdicts.end()) {
      explain(mismatch(what, expected, "no such finding"), rules, said);
      continue;
    }
    const auto is = asked(record_, said, *v);
    if (is.person.empty()) {
      mismatch(what, expected, "nobody is asked").notes.push_back(is.reason);
      continue;
    }
    for (const auto& text : p.contains)
      if (is.text.find(text) == std::string::npos) mismatch(what, "a text with \"" + text + '"', is.text);
  }
}

// Findings about fields, people, meetings and automations: `RULE`, or `RULE:KEY` where it matters which.
void Play::look_at_others(const Expectations& expect, const Said& said) {
  if (!expect.others) return;
  const auto got = found_elsewhere(said);
  const bool nobody = std::any_of(said.verdicts.begin(), said.verdicts.end(), [&](const Verdict& v) {
    return v.outcome == Outcome::finding && asked(record_, said, v).reason.starts_with("owner cannot answer");
  });
  std::vector<std::string> ids, notes;
  for (const auto& g : got) ids.push_back(g.key.empty() ? g.id : g.id + ':' + g.key);
  if (nobody) ids.emplace_back(cannot_answer);
  const auto is = [&](const Named& n, const Elsewhere& g) {
    return stands_for(n.name, g.rule, g.id) || stands_for(n.name, g.rule, g.id + ':' + g.key);
  };
  std::set<std::uint32_t> in_question;
  for (const auto& g : got)
    if (std::none_of(expect.others->begin(), expect.others->end(), [&](const Named& n) { return is(n, g); })) {
      notes.push_back(g.id + " is found" + (g.key.empty() ? "" : " about " + g.key) +
                      ", and is not expected: " + g.why);
      in_question.insert(g.rule);
    }
  bool nobody_expected = false;
  for (const auto& n : *expect.others) {
    if (n.name == cannot_answer) {
      nobody_expected = true;
      continue;
    }
    if (std::any_of(got.begin(), got.end(), [&](const Elsewhere& g) { return is(n, g); })) continue;
    Named rule = n;  // without its key
    if (const auto colon = rule.name.find(':'); colon != std::string::npos && !rule.name.starts_with("timing"))
      rule.name.resize(colon);
    const auto rules = rules_of(rule);
    in_question.insert(rules.begin(), rules.end());
    std::string note = n.name + " is expected, and is not found";
    for (const auto r : rules) note += why_not(r, said);
    notes.push_back(std::move(note));
  }
  if (nobody != nobody_expected)
    notes.push_back(std::string(cannot_answer) +
                    (nobody ? " is found, and is not expected" : " is expected, and is not found"));
  if (notes.empty()) return;
  auto& m = mismatch("findings about others", joined(*expect.others, "nothing"), joined(ids, "nothing"));
  m.notes = std::move(notes);
  explain(m, in_question, said);
}

}  // namespace coachd::app::rule_tests
