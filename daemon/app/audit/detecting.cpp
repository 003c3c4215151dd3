#include "daemon/app/audit/detecting.hpp"

#include <cstdint>
#include <string_view>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/histories.hpp"
#include "daemon/app/audit/kept_case.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/engine/detect.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::app {

Detecting::Detecting(const Rulebook& book, const FactTables& facts, const Histories* histories)
    : book_(book), tables_(facts), histories_(histories), run_(*book.loaded.rules, *book.plan, book.world, book.now) {
  case_.object = book.object;
}

void Detecting::see(std::string_view cases) {
  if (run_.empty()) return;
  KeptCases kept(cases, book_.types.size(), book_.plan->facts.size());
  while (kept.next(case_, keys_)) {
    if (histories_ != nullptr) histories_->of(case_.id, case_);
    tables_.of(*book_.plan, keys_, facts_);
    run_.see(case_, facts_);
  }
}

void Detecting::say(AuditReport& report, AuditSummary& summary) {
  // An export is one table: what no record holds (logins, exports, meetings) is not there, and the detectors say so.
  for (const auto& [rule, unit, detection] : run_.conclude(rules::Evidence{})) {
    const rules::RuleInfo& info = book_.loaded.rules->rules[rule];
    std::uint64_t& count = summary.by_rule[info.id.get()];
    for (const rules::Detected& f : detection.findings) {
      report.detected(info, f);
      ++count;
      ++summary.findings;
    }
    for (const rules::Untold& u : detection.untold) report.cannot_tell(info.id.get(), u.why, u.count);
  }
}

}  // namespace coachd::app
