// manager-before-rep: a manager is told what the rep was never asked. The rep comes first, with the same question.
// Bad: a rule whose prompt goes to `owner_manager` alone. Better: a rule or card that asks the owner for the same
// thing, and the manager by the packet.
#include <algorithm>
#include <set>
#include <string>

#include "rules/lint/conditions.hpp"
#include "rules/lint/context.hpp"

namespace coachd::lint {
namespace {

std::set<std::string> about(const Context& c, const Ask& ask) {
  return ask.is_card ? std::set<std::string>{ask.name} : topics(c.root(), ask.node.find("when"));
}

}  // namespace

void manager_before_rep(Context& c) {
  const auto asks = c.asks();
  std::set<std::string> asked;
  for (const auto& ask : asks)
    if (ask.to == "owner") asked.merge(about(c, ask));
  for (const auto& ask : asks) {
    if (ask.to != "owner_manager" && ask.to != "job:manager") continue;
    const auto mine = about(c, ask);
    if (std::any_of(mine.begin(), mine.end(), [&](const std::string& t) { return asked.contains(t); })) continue;
    c.warn("manager-before-rep",
           "the prompt of `" + ask.name + "` goes to the manager, and nothing asks the owner for the same thing first",
           ask.place);
  }
}

}  // namespace coachd::lint
