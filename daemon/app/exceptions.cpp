#include "daemon/app/exceptions.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/check/check.hpp"
#include "daemon/pipeline/loaded.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/lint/lint.hpp"
#include "rules/model/error.hpp"

namespace coachd::app {

std::vector<model::Diagnostic> unmatched_exceptions(const CheckedRules& set, const store::Snapshot& snapshot) {
  std::vector<model::Diagnostic> out;
  if (!pipeline::first_load_done(snapshot, set.connection)) return out;
  const auto& rules = set.loaded.rules->rules;
  for (const auto& source : set.sources) {
    const auto of_file =
        std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.place.file == source.path; });
    // Of an object that came with new rules nothing may have been read yet.
    if (of_file == rules.end() || snapshot.record_count(set.connection, of_file->object) == 0) continue;
    const auto known = [&](std::string_view written) {
      const auto record = snapshot.record(set.connection, of_file->object, written);
      if (record) return !record->deleted;
      // Behind a Salesforce id in its short form stands the long one.
      const auto next = snapshot.records_after(set.connection, of_file->object, written, 1);
      return !next.empty() && !next.front().deleted && rules::is_record(next.front().record, written);
    };
    for (auto& d : lint::unmatched(source, known)) out.push_back(std::move(d));
  }
  return out;
}

}  // namespace coachd::app
