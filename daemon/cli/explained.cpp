#include "daemon/cli/explained.hpp"

#include <cstddef>
#include <string>

#include "rules/engine/evaluate.hpp"
#include "rules/model/finding.hpp"

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

void append_explained(std::string& out, const rules::Explained& e, std::size_t depth) {
  out.append(depth * 2, ' ');
  out += outcome_word(e.outcome);
  out += ": " + e.test;
  if (!e.saw.empty()) out += "  [" + e.saw + ']';
  if (!e.missing.empty()) out += "  (" + e.missing + ')';
  out += '\n';
  for (const auto& p : e.parts) append_explained(out, p, depth + 1);
}

}  // namespace coachd::cli
