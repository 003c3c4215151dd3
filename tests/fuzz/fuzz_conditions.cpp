// Any text as a condition, and as its negation: compiled or refused, then judged on records made from the text's hash
// at two instants. One of the four outcomes; `not` leaves what cannot be told; the answer stays until `revisit_at`,
// which is never in the past and never for nothing; it can be explained and said.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/engine/evaluate.hpp"
#include "rules/engine/read_back.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/model/finding.hpp"
#include "tests/unit/rules/described.hpp"
#include "tests/unit/rules/generated_cases.hpp"

namespace {

using namespace coachd;
using model::Outcome;

std::string indented(std::string_view text, std::size_t by) {
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    out.append(by, ' ').append(text.substr(0, end)) += '\n';
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::string rules_of(std::string_view condition) {
  const auto rule = [](const char* id) {
    return std::string("  - id: ") + id + "\n    kind: stale\n    control: [flag]\n    when:\n";
  };
  return "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\n"
         "segments: {large: {field: amount, at_least: 100000}}\nrules:\n" +
         rule("yes") + indented(condition, 6) + rule("no") + "      not:\n" + indented(condition, 8);
}

bool same(const std::vector<model::Verdict>& a, const std::vector<model::Verdict>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].rule != b[i].rule || a[i].outcome != b[i].outcome || a[i].since != b[i].since ||
        a[i].missing != b[i].missing)
      return false;
  return true;
}

// yes, no: the outcomes of the condition and of its negation.
void hold_together(const std::vector<model::Verdict>& verdicts) {
  Outcome of[2] = {Outcome::ok, Outcome::ok};
  for (const auto& v : verdicts) {
    if (v.rule > 1 || v.outcome == Outcome::broken) std::abort();
    of[v.rule] = v.outcome;
  }
  const bool told = of[0] != Outcome::cannot_tell;
  if (told != (of[1] != Outcome::cannot_tell)) std::abort();
  if (told && (of[0] == Outcome::finding) == (of[1] == Outcome::finding)) std::abort();
}

void judge(const rules::Loaded& loaded, rules::GeneratedCases& cases) {
  const auto& rules = *loaded.rules;
  const auto* plan = rules.plan("opportunity");
  if (plan == nullptr) std::abort();
  std::vector<std::pair<std::string, std::vector<model::Pipeline>>> stages(loaded.stages.begin(), loaded.stages.end());
  if (stages.empty()) stages.emplace_back("opportunity", rules::description().objects["opportunity"].pipelines);
  const auto world = cases.world(stages);
  const auto c = cases.make(rules, *plan);
  const auto facts = cases.facts(*plan);
  auto now = cases.moment();
  for (int i = 0; i < 2; ++i) {
    const auto e = rules::evaluate(rules, *plan, c, facts, world, now);
    hold_together(e.verdicts);
    std::vector<model::Verdict> again;
    rules::judge(rules, *plan, c, facts, world, now, true, again);
    if (!same(again, e.verdicts)) std::abort();
    for (std::uint32_t r = 0; r < 2; ++r) (void)rules::explain(rules, *plan, r, c, facts, world, now);
    for (const auto& v : e.verdicts) {
      if (v.outcome != Outcome::finding) continue;
      (void)rules::line(rules, *plan, v, c, facts, world, now, "en");
      (void)rules::evidence(rules, *plan, v, c, facts, world, now);
    }
    auto later = now + cases.length();
    if (e.revisit_at) {
      if (*e.revisit_at <= now) std::abort();
      rules::judge(rules, *plan, c, facts, world, *e.revisit_at, true, again);
      if (same(again, e.verdicts)) std::abort();  // woken for nothing
      if (later >= *e.revisit_at) {
        // The last instant before it.
        rules::judge(rules, *plan, c, facts, world, *e.revisit_at - std::chrono::microseconds(1), true, again);
        if (!same(again, e.verdicts)) std::abort();
        now = later;
        continue;
      }
    }
    rules::judge(rules, *plan, c, facts, world, later, true, again);
    if (!same(again, e.verdicts)) std::abort();  // too late
    now = later;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rules::Binding described = [] {
    auto b = rules::described();
    b.meetings = {"forecast-call", "pipeline-review"};
    return b;
  }();
  if (size > 2000) return 0;
  const std::string_view condition(reinterpret_cast<const char*>(data), size);
  std::uint32_t seed = 2166136261U;
  for (const char c : condition) seed = (seed ^ static_cast<unsigned char>(c)) * 16777619U;
  const auto text = rules_of(condition);
  for (const auto* binding : {&described, static_cast<const rules::Binding*>(nullptr)}) {
    const auto loaded = rules::load({{"rules.yaml", text}}, binding != nullptr ? *binding : rules::Binding{});
    // A text that reaches out of its place (a quote left open) makes other rules: they are the loader's to judge.
    if (!loaded.rules || loaded.rules->rules.size() != 2 || loaded.rules->rules[1].id.get() != "no") continue;
    rules::GeneratedCases cases(seed);
    for (std::uint32_t r = 0; r < 2; ++r) (void)rules::read_back(*loaded.rules, r);
    for (int i = 0; i < 3; ++i) judge(loaded, cases);
  }
  return 0;
}
