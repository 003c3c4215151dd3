// noisy: a rule that would ask people more than the budget of a week. Needs counts of what it finds, and, where a state
// of the daemon holds histories, of what it would have found week after week: `coachd check --read` has them.
// Bad: a rule on every open record without a next step, where each owner has forty. Better: the same rule for the
// records of commit, or with `flag` before `prompt`.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/lint/context.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

std::string people(std::uint64_t n) {
  return std::to_string(n) + (n == 1 ? " person" : " people");
}

}  // namespace

std::vector<model::Diagnostic> noisy(const rules::Source& source, const std::map<std::string, Count>& counts,
                                     int per_week) {
  const auto document = yaml::Document::parse(source.path, source.text);
  if (!document->root().is_map() || per_week <= 0) return {};
  const auto before = document->diagnostics().size();
  Context context(*document);
  for (const auto& ask : context.asks()) {
    const auto found = counts.find(ask.is_card ? "timing:" + ask.name : ask.name);
    if (found == counts.end()) continue;
    const auto& count = found->second;
    if (count.weeks > 0 && count.opened > count.opened_by * static_cast<std::uint64_t>(per_week * count.weeks)) {
      const auto each = count.opened_by * static_cast<std::uint64_t>(count.weeks);
      context.warn("noisy",
                   '`' + ask.name + "` would have asked " + people(count.opened_by) + " about " +
                       std::to_string(count.opened) + " records in the last " + std::to_string(count.weeks) +
                       " weeks, " + std::to_string(each == 0 ? 0 : (count.opened + each - 1) / each) +
                       " each a week, and the budget is " + std::to_string(per_week) +
                       ": narrow its `for`, or put `flag` before `prompt`",
                   ask.place);
      continue;
    }
    const auto findings = count.findings, owners = count.owners;
    if (owners == 0) continue;
    if (findings <= owners * static_cast<std::uint64_t>(per_week)) continue;
    context.warn("noisy",
                 '`' + ask.name + "` would ask " + people(owners) + " about " + std::to_string(findings) +
                     " records, " + std::to_string((findings + owners - 1) / owners) + " each, and the budget is " +
                     std::to_string(per_week) + " a week: narrow its `for`, or put `flag` before `prompt`",
                 ask.place);
  }
  return {document->diagnostics().begin() + static_cast<std::ptrdiff_t>(before), document->diagnostics().end()};
}

}  // namespace coachd::lint
