// too-many-asks: more than three new questions to one job in a rollout's first week. A rule asks from its first day
// where its `control` begins with `prompt`; with a lighter step before it, it asks when it has climbed.
// Bad: ten rules with `control: [prompt]`. Better: three of them so, the others `control: [flag, prompt]`.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "rules/lint/context.hpp"

namespace coachd::lint {

void too_many_asks(Context& c) {
  constexpr std::size_t most = 3;
  std::map<std::string, std::vector<const Ask*>> by_job;
  const auto asks = c.asks();
  for (const auto& ask : asks)
    if (const auto job = job_of(ask); !job.empty() && Context::steps(ask).front() == "prompt")
      by_job[job].push_back(&ask);
  for (const auto& [job, list] : by_job) {
    if (list.size() <= most) continue;
    std::string names;
    for (std::size_t i = 0; i < most; ++i) names += (i > 0 ? ", `" : "`") + list[i]->name + '`';
    c.warn("too-many-asks",
           std::to_string(list.size()) + " questions to the job `" + job + "` begin on the first day (" + names +
               " and " + std::to_string(list.size() - most) +
               " more): begin with three, and put `flag` before `prompt` in the others",
           list[most]->place);
  }
}

}  // namespace coachd::lint
