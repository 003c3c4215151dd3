// not-reviewed-by-job: prompts for people of a job nobody of whom saw them first, on their own records.
// Bad: a prompt to the owner without `reviewed_by: {rep: [...]}`. Better: name who saw the preview and said yes.
#include <set>
#include <string>

#include "rules/lint/context.hpp"

namespace coachd::lint {

void not_reviewed_by_job(Context& c) {
  const auto reviewed = c.root().find("reviewed_by");
  std::set<std::string> said;
  for (const auto& ask : c.asks()) {
    const auto job = job_of(ask);
    if (job.empty() || reviewed.find(job) || !said.insert(job).second) continue;
    const auto at = reviewed ? c.root().key_place("reviewed_by") : c.root().key_place("workflow");
    c.warn("not-reviewed-by-job",
           "prompts go to people of the job `" + job + "` (`" + ask.name +
               "` first), and nobody of them is named in `reviewed_by`",
           at);
  }
}

}  // namespace coachd::lint
