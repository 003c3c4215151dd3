// exception-ended, review-overdue: a day in the file that has passed, after which nobody meant it to stand unlooked at.
// Bad: `exceptions: [{record: 006A, until: 2025-01-01, ...}]` in 2026. Better: without it, or with a later day.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lint/context.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

void exceptions(Context& c, const yaml::Node& node, model::Day today) {
  for (const auto& one : node.find("exceptions").items()) {
    const auto until = one.find("until");
    const auto day = model::parse_day(until.text());
    if (day && *day < today)
      c.warn("exception-ended",
             "the exception for `" + std::string(one.find("record").text()) + "` ended on " + model::to_string(*day) +
                 ": the record is looked at again; take the line out, or give it a new day",
             until.place());
  }
}

}  // namespace

std::vector<model::Diagnostic> ended(const rules::Source& source, model::Day today) {
  const auto document = yaml::Document::parse(source.path, source.text);
  if (!document->root().is_map()) return {};
  const auto before = document->diagnostics().size();
  Context c(*document);
  exceptions(c, c.root(), today);
  for (const auto& rule : c.rules()) exceptions(c, rule.node, today);
  for (const auto& [name, card] : c.root().find("fields").entries()) {
    exceptions(c, card, today);
    const auto review = card.find("keep").find("review_on");
    const auto day = model::parse_day(review.text());
    if (day && *day < today)
      c.warn("review-overdue",
             '`' + name + "` was kept until its review on " + model::to_string(*day) +
                 ": ask its owner whether it still earns its place",
             review.place());
  }
  return {document->diagnostics().begin() + static_cast<std::ptrdiff_t>(before), document->diagnostics().end()};
}

}  // namespace coachd::lint
