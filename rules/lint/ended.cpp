// exception-ended, review-overdue: a day in the file that has passed, after which nobody meant it to stand unlooked at.
// Bad: `exceptions: [{record: 006A, until: 2025-01-01, ...}]` in 2026. Better: without it, or with a later day.
// exception-unmatched: one for a record that is not there. Bad: an id with a typo. Better: the record's own id.
#include <cstddef>
#include <functional>
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

// Every exception of the file: its own, those of its cards and of its rules.
template <class Say>
void each_exception(const Context& c, Say say) {
  const auto of = [&](const yaml::Node& node) {
    for (const auto& one : node.find("exceptions").items()) say(one);
  };
  of(c.root());
  for (const auto& [name, card] : c.root().find("fields").entries()) of(card);
  for (const auto& rule : c.rules()) of(rule.node);
}

void ended_exceptions(Context& c, model::Day today) {
  each_exception(c, [&](const yaml::Node& one) {
    const auto until = one.find("until");
    const auto day = model::parse_day(until.text());
    if (day && *day < today)
      c.warn("exception-ended",
             "the exception for `" + std::string(one.find("record").text()) + "` ended on " + model::to_string(*day) +
                 ": the record is looked at again; take the line out, or give it a new day",
             until.place());
  });
}

// What `say` finds in a file that can be parsed.
template <class Say>
std::vector<model::Diagnostic> found_in(const rules::Source& source, Say say) {
  const auto document = yaml::Document::parse(source.path, source.text);
  if (!document->root().is_map()) return {};
  const auto before = document->diagnostics().size();
  Context c(*document);
  say(c);
  return {document->diagnostics().begin() + static_cast<std::ptrdiff_t>(before), document->diagnostics().end()};
}

}  // namespace

std::vector<model::Diagnostic> ended(const rules::Source& source, model::Day today) {
  return found_in(source, [&](Context& c) {
    ended_exceptions(c, today);
    for (const auto& [name, card] : c.root().find("fields").entries()) {
      const auto review = card.find("keep").find("review_on");
      const auto day = model::parse_day(review.text());
      if (day && *day < today)
        c.warn("review-overdue",
               '`' + name + "` was kept until its review on " + model::to_string(*day) +
                   ": ask its owner whether it still earns its place",
               review.place());
    }
  });
}

std::vector<model::Diagnostic> unmatched(const rules::Source& source,
                                         const std::function<bool(std::string_view record)>& known) {
  return found_in(source, [&](Context& c) {
    each_exception(c, [&](const yaml::Node& one) {
      const auto record = one.find("record");
      if (!record.text().empty() && !known(record.text()))
        c.warn("exception-unmatched",
               "the exception for `" + std::string(record.text()) +
                   "` matches nothing: no record of this object has that id; look at the id, or take the line out",
               record.place());
    });
  });
}

}  // namespace coachd::lint
