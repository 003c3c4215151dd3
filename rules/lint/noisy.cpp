// noisy: a rule that would ask people more than the budget of a week. Needs counts of what it finds: `coachd check
// --read` has them where there is a state of the daemon or an export.
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

std::vector<model::Diagnostic> noisy(const rules::Source& source, const std::map<std::string, Count>& counts,
                                     int per_week) {
  const auto document = yaml::Document::parse(source.path, source.text);
  if (!document->root().is_map() || per_week <= 0) return {};
  const auto before = document->diagnostics().size();
  Context context(*document);
  for (const auto& ask : context.asks()) {
    const auto found = counts.find(ask.is_card ? "timing:" + ask.name : ask.name);
    if (found == counts.end() || found->second.owners == 0) continue;
    const auto& [findings, owners] = found->second;
    if (findings <= owners * static_cast<std::uint64_t>(per_week)) continue;
    context.warn("noisy",
                 '`' + ask.name + "` would ask " + std::to_string(owners) + (owners == 1 ? " person" : " people") +
                     " about " + std::to_string(findings) + " records, " +
                     std::to_string((findings + owners - 1) / owners) + " each, and the budget is " +
                     std::to_string(per_week) + " a week: narrow its `for`, or put `flag` before `prompt`",
                 ask.place);
  }
  return {document->diagnostics().begin() + static_cast<std::ptrdiff_t>(before), document->diagnostics().end()};
}

}  // namespace coachd::lint
