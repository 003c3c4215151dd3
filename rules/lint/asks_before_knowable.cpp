// asks-before-knowable: a question whose answer cannot be known yet. It is answered all the same, with something.
// Bad: a rule that asks for `champion` on every open deal while its card says `knowable_from: {stage: qualified}`.
// Better: `for: {stage: {at_least: qualified}}` on the rule, or the card alone.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/lint/conditions.hpp"
#include "rules/lint/context.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

constexpr std::size_t won_rank = 1000, lost_rank = 1001;

// Where a stage or milestone stands: by the file's own list, else in the order of the milestones that rules share.
std::optional<std::size_t> rank(const yaml::Node& root, std::string_view word) {
  if (word == "won") return won_rank;
  if (word == "lost") return lost_rank;
  const auto stages = root.find("stages").items();
  auto named = root.find("milestones").find(word);
  if (named.is_list() && !named.items().empty()) named = named.items().front();
  const auto wanted = named.is_scalar() ? named.text() : word;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto name = stages[i].is_map() ? stages[i].find("name") : stages[i];
    if (name.text() != wanted) continue;
    if (stages[i].find("won").text() == "true") return won_rank;
    if (stages[i].find("lost").text() == "true") return lost_rank;
    return i;
  }
  if (!stages.empty()) return std::nullopt;
  constexpr std::array<std::string_view, 4> milestones = {"qualified", "proposal", "negotiation", "commit"};
  const auto at = std::find(milestones.begin(), milestones.end(), word);
  return at == milestones.end() ? std::nullopt : std::optional<std::size_t>(at - milestones.begin());
}

enum class Reach { inside, outside, unknown };

// Whether the tests of a scope keep a record within `{stage: from}`.
Reach reach(const yaml::Node& root, std::string_view from, const std::vector<Leaf>& scope) {
  const auto needed = rank(root, from);
  if (!needed) return Reach::unknown;
  bool told = true;
  for (const auto& leaf : scope) {
    if (leaf.word == "lost" && leaf.value.text() == "true") return *needed == won_rank ? Reach::outside : Reach::inside;
    if (leaf.word == "won" && leaf.value.text() == "true") return *needed == lost_rank ? Reach::outside : Reach::inside;
    if (leaf.word != "stage") continue;
    for (const auto& [word, value] : leaf.value.entries()) {
      if (word != "is" && word != "in" && word != "at_least" && word != "after") continue;
      bool all = true;
      for (const auto& one : value.is_list() ? value.items() : std::vector<yaml::Node>{value}) {
        const auto at = rank(root, one.text());
        told = told && at.has_value();
        const bool exact = word == "is" || word == "in";
        all = all && at && (*needed == lost_rank ? *at == lost_rank && exact : *at >= *needed || word == "after");
      }
      if (all) return Reach::inside;
    }
  }
  return told ? Reach::outside : Reach::unknown;
}

void look_at_cards(Context& c) {
  for (const auto& card : c.cards()) {
    const auto knowable = card.node.find("knowable_from").find("stage");
    for (const std::string_view key : {"ask_from", "needed_by"}) {
      const auto window = card.node.find(key);
      if (!card.node.find("knowable_from") && window.find("creation").text() == "true") {
        c.warn("asks-before-knowable",
               '`' + card.name +
                   "` is asked for when the record is created, and nothing says that it can be known then: "
                   "say so in `knowable_from`",
               window.place());
        continue;
      }
      const auto stage = window.find("stage");
      if (!knowable || !stage) continue;
      const auto from = rank(c.root(), knowable.text());
      const auto at = rank(c.root(), stage.text());
      if (from && at && *at < *from)
        c.warn("asks-before-knowable",
               '`' + card.name + "` has its `" + std::string(key) + "` at " + std::string(stage.text()) +
                   ", and can be known from " + std::string(knowable.text()) + " on only",
               stage.place());
    }
  }
}

}  // namespace

void asks_before_knowable(Context& c) {
  look_at_cards(c);
  std::vector<Leaf> workflow;
  each_with_scope(
      c.root(), c.root().find("for"), {}, [](const Leaf&) { return true; },
      [&](const Leaf&, const std::vector<Leaf>& scope) { workflow = scope; });
  for (const auto& ask : c.asks()) {
    if (ask.is_card) continue;
    auto scope = workflow;
    each_with_scope(
        c.root(), ask.node.find("for"), scope, [](const Leaf&) { return true; },
        [&](const Leaf&, const std::vector<Leaf>& all) { scope = all; });
    std::set<std::string> said;
    each_with_scope(c.root(), ask.node.find("when"), scope, asks_for,
                    [&](const Leaf& leaf, const std::vector<Leaf>& around) {
                      const auto card = c.root().find("fields").find(leaf.field);
                      const auto from = card.find("knowable_from").find("stage");
                      if (!from || reach(c.root(), from.text(), around) != Reach::outside) return;
                      if (!said.insert(leaf.field).second) return;
                      c.warn("asks-before-knowable",
                             '`' + ask.name + "` asks for `" + leaf.field +
                                 "` in every stage, and its card says that it "
                                 "can be known from " +
                                 std::string(from.text()) + " on",
                             leaf.place);
                    });
  }
}

}  // namespace coachd::lint
