// The rules with `detect:` over an export: every kept record goes by once, block by block in order, and what was found
// is said at the end. Does nothing where the rule files have no such rule. One thread.
#pragma once

#include <string_view>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/histories.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/detect.hpp"

namespace coachd::app {

class Detecting {
 public:
  Detecting(const Rulebook& book, const FactTables& facts, const Histories* histories);
  /// `cases`: as RecordLearner kept them.
  void see(std::string_view cases);
  /// Findings and what cannot be told go to the report, counts to the summary.
  void say(AuditReport& report, AuditSummary& summary);

 private:
  const Rulebook& book_;
  const FactTables& tables_;
  const Histories* histories_;
  rules::DetectorRun run_;
  rules::Case case_;
  FactKeys keys_;
  rules::Facts facts_;
};

}  // namespace coachd::app
