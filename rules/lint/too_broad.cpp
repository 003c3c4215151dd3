// too-broad: a second workflow that asks people before the first has improved. People change one habit at a time.
// Bad: two files whose rules ask the rep from the first day, and neither says with `enough:` when it is done. Better:
// one of them so; the other begins with `flag` until the first has reached its `enough:`.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "rules/lint/context.hpp"

namespace coachd::lint {

void too_broad(std::vector<Context>& all) {
  // The first workflow that asks a job from its first day, per object, and what is known of how it went.
  std::map<std::string, const Context*> first;
  for (auto& c : all) {
    const Ask* asks = nullptr;
    std::string job;
    const auto list = c.asks();
    for (const auto& ask : list)
      if (asks == nullptr && !job_of(ask).empty() && Context::steps(ask).front() == "prompt") {
        asks = &ask;
        job = job_of(ask);
      }
    if (asks == nullptr) continue;
    const auto [had, fresh] = first.emplace(job, &c);
    if (fresh || had->second->root().find("enough") || c.root().find("enough")) continue;
    c.warn("too-broad",
           "people of the job `" + job + "` are asked by this workflow and by `" +
               std::string(had->second->root().find("workflow").text()) +
               "` from the first day, and nothing says when the first of them is done: say it with `enough:`, and let "
               "the second begin with `flag` until then",
           c.root().find("workflow").place());
  }
}

}  // namespace coachd::lint
