#include "daemon/app/audit/judging.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/histories.hpp"
#include "daemon/app/audit/kept_case.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {

using model::Value;

RecordJudge::RecordJudge(const Rulebook& book, const FactTables& facts, const Histories* histories,
                         const AuditReport& report)
    : book_(book), tables_(facts), histories_(histories), report_(report), by_rule_(book.loaded.rules->rules.size()) {
  case_.object = book.object;
  using T = model::FieldType;
  const rules::StageTable* stages = book.world.stages_of(book.object);
  if (stages == nullptr || book.plan->stage == rules::no_slot) return;
  for (std::size_t s = 0; s < book.types.size(); ++s)
    if (const T t = book.types[s]; t == T::date || t == T::datetime || t == T::number)
      never_filled_.push_back(static_cast<rules::Slot>(s));
}

// Nothing about a date or number can be judged where no open record has one: said once for the column.
void RecordJudge::look_for_blanks() {
  const Value stage = case_.value(book_.plan->stage);
  if (stage.kind() != Value::Kind::text) return;
  const rules::Slot by = book_.plan->pipeline;
  const std::string_view pipeline = by != rules::no_slot && case_.value(by).kind() == Value::Kind::text
                                        ? case_.value(by).as_text()
                                        : std::string_view{};
  const auto at = book_.world.stages_of(book_.object)->find(pipeline, stage.as_text());
  if (!at || !at->stage->open()) return;
  ++piece_.open;
  std::erase_if(never_filled_, [&](rules::Slot s) { return !case_.value(s).is_blank(); });
}

RecordJudge::Piece RecordJudge::judge(std::string_view cases) {
  KeptCases kept(cases, book_.types.size(), text_facts(*book_.plan));
  while (kept.next(case_, text_keys_)) record();
  const auto& rules = book_.loaded.rules->rules;
  for (std::size_t i = 0; i < by_rule_.size(); ++i)
    if (const std::uint64_t n = std::exchange(by_rule_[i], 0); n > 0) piece_.by_id[rules[i].id.get()] += n;
  piece_.never_filled = never_filled_;
  Piece out = std::exchange(piece_, {});
  piece_.findings.reserve(out.findings.size() + out.findings.size() / 8);
  return out;
}

void RecordJudge::record() {
  if (histories_ != nullptr) histories_->of(case_.id, case_);
  if (!never_filled_.empty()) look_for_blanks();
  tables_.of(*book_.plan, case_, text_keys_, facts_);
  const rules::Examination record(*book_.loaded.rules, *book_.plan, case_, facts_, book_.world, book_.now);
  record.judge(true, verdicts_);
  bool found = false;
  for (const model::Verdict& v : verdicts_) {
    switch (v.outcome) {
      case model::Outcome::ok: break;
      case model::Outcome::finding:
        found = true;
        write(record, v);
        break;
      case model::Outcome::cannot_tell:
      case model::Outcome::broken: ++piece_.untold[{v.rule, v.missing}]; break;
    }
  }
  if (found) ++piece_.records_with_findings;
}

void RecordJudge::write(const rules::Examination& record, const model::Verdict& v) {
  const rules::RuleInfo& rule = book_.loaded.rules->rules[v.rule];
  const std::string_view id = v.id.empty() ? std::string_view(rule.id.get()) : std::string_view(v.id);
  ++piece_.found;
  if (v.id.empty())
    ++by_rule_[v.rule];
  else
    ++piece_.by_id[v.id];
  record.evidence(v, slots_);
  evidence_.clear();
  for (const rules::Slot s : slots_) evidence_.emplace_back(book_.plan->slots[s].name, case_.value(s));
  std::string_view owner;  // a name or an id: read as text, whatever it looks like
  if (book_.plan->owner != rules::no_slot)
    if (const Value o = case_.value(book_.plan->owner); o.kind() == Value::Kind::text) owner = o.as_text();
  report_.format(Found{rule, id, case_.object, case_.id, owner, v.since, evidence_}, piece_.findings);
}

}  // namespace coachd::app
