#include "daemon/cli/explained.hpp"

#include <cstddef>
#include <string>

#include "rules/engine/evaluate.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {

const char* outcome_word(model::Outcome o) noexcept {
  switch (o) {
    case model::Outcome::finding: return "yes";
    case model::Outcome::ok: return "no";
    case model::Outcome::cannot_tell: return "cannot tell";
    case model::Outcome::broken: return "broken";
  }
  return "?";
}

void append_explained(std::string& out, const rules::Explained& e, std::size_t depth, Detail detail) {
  out.append(depth * 2, ' ');
  out += outcome_word(e.outcome);
  out += ": " + e.test;
  const bool full = detail == Detail::in_full;
  std::string saw = e.saw;
  if (full && !e.from.empty()) saw += (saw.empty() ? "" : "; ") + e.from;
  if (!saw.empty()) out += "  [" + saw + ']';
  if (!e.missing.empty()) out += "  (" + e.missing + ')';
  if (full && e.turns) out += "  {another answer from " + model::to_string(*e.turns) + " on}";
  out += '\n';
  for (const auto& p : e.parts) append_explained(out, p, depth + 1, detail);
}

}  // namespace coachd::cli
