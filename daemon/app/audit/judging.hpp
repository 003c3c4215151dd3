// From records to findings: asks the rules about every kept case and writes what they say. One RecordJudge a thread;
// what it hands over per block is merged in order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/histories.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/examine.hpp"
#include "rules/model/finding.hpp"

namespace coachd::app {

class RecordJudge {
 public:
  struct Piece {
    std::string findings;  ///< as the report formats them
    std::map<std::string, std::uint64_t, std::less<>> by_id;
    std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> untold;  ///< rule, what is missing -> records
    std::uint64_t open = 0;                 ///< open records, as long as some slot of `never_filled` is left
    std::vector<rules::Slot> never_filled;  ///< dates and numbers that are blank on every open record so far
    std::uint64_t found = 0, records_with_findings = 0;
  };
  RecordJudge(const Rulebook& book, const FactTables& facts, const Histories* histories, const AuditReport& report);
  /// `cases`: as RecordLearner kept them. The answer is valid until the next call.
  [[nodiscard]] const Piece& judge(std::string_view cases);

 private:
  struct Kept {
    rules::Case c;
    FactKeys keys;
  };
  void judge_one(Kept& kept);
  [[nodiscard]] std::string_view heading(const model::Verdict& v, std::string_view id);
  void say_subject(const rules::Case& c);
  void write(const rules::Case& c, const rules::Examination& record, const model::Verdict& v);
  void look_for_blanks(const rules::Case& c);
  const Rulebook& book_;
  const FactTables& tables_;
  const Histories* histories_;
  const AuditReport& report_;
  Kept kept_[2];  // the one that is judged and the one that comes next
  rules::Facts facts_;
  std::vector<model::Verdict> verdicts_;
  std::vector<rules::Slot> slots_;
  std::vector<std::pair<std::string_view, model::Value>> evidence_;
  std::string subject_;                                          // of the record that is judged, as the report says it
  std::vector<std::string> names_;                               // by slot, as the report shows them
  std::vector<std::string> headings_;                            // by rule, of findings under its own id
  std::map<std::string, std::string, std::less<>> headings_of_;  // by other ids
  std::vector<std::uint64_t> by_rule_;                           // findings of the block under the rule's own id
  std::vector<rules::Slot> never_filled_;
  Piece piece_;
};

}  // namespace coachd::app
