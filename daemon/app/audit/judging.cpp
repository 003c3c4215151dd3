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
  for (const rules::RuleInfo& rule : book.loaded.rules->rules)
    headings_.push_back(report.heading(rule, rule.id.get(), book.object));
  for (const rules::SlotInfo& slot : book.plan->slots) names_.push_back(report.field_name(slot.name));
  for (Kept& k : kept_) k.c.object = book.object;
  using T = model::FieldType;
  const rules::StageTable* stages = book.world.stages_of(book.object);
  if (stages == nullptr || book.plan->stage == rules::no_slot) return;
  for (std::size_t s = 0; s < book.types.size(); ++s)
    if (const T t = book.types[s]; t == T::date || t == T::datetime || t == T::number)
      never_filled_.push_back(static_cast<rules::Slot>(s));
}

// Nothing about a date or number can be judged where no open record has one: said once for the column.
void RecordJudge::look_for_blanks(const rules::Case& c) {
  const Value stage = c.value(book_.plan->stage);
  if (stage.kind() != Value::Kind::text) return;
  const rules::Slot by = book_.plan->pipeline;
  const std::string_view pipeline =
      by != rules::no_slot && c.value(by).kind() == Value::Kind::text ? c.value(by).as_text() : std::string_view{};
  const auto at = book_.world.stages_of(book_.object)->find(pipeline, stage.as_text());
  if (!at || !at->stage->open()) return;
  ++piece_.open;
  std::erase_if(never_filled_, [&](rules::Slot s) { return !c.value(s).is_blank(); });
}

const RecordJudge::Piece& RecordJudge::judge(std::string_view cases) {
  std::string findings = std::move(piece_.findings);  // its memory
  findings.clear();
  piece_ = {};
  piece_.findings = std::move(findings);
  KeptCases kept(cases, book_.types.size(), book_.plan->facts.size());
  std::size_t i = 0;
  bool more = kept.next(kept_[0].c, kept_[0].keys);
  for (; more; i ^= 1U) {  // one ahead, so that its facts are at hand when its turn comes
    more = kept.next(kept_[i ^ 1U].c, kept_[i ^ 1U].keys);
    if (more) tables_.expect(*book_.plan, kept_[i ^ 1U].keys);
    judge_one(kept_[i]);
  }
  const auto& rules = book_.loaded.rules->rules;
  for (std::size_t r = 0; r < by_rule_.size(); ++r)
    if (const std::uint64_t n = std::exchange(by_rule_[r], 0); n > 0) piece_.by_id[rules[r].id.get()] += n;
  piece_.never_filled = never_filled_;
  return piece_;
}

void RecordJudge::judge_one(Kept& kept) {
  rules::Case& c = kept.c;
  if (histories_ != nullptr) histories_->of(c.id, c);
  if (!never_filled_.empty()) look_for_blanks(c);
  tables_.of(*book_.plan, kept.keys, facts_);
  const rules::Examination record(*book_.loaded.rules, *book_.plan, c, facts_, book_.world, book_.now);
  record.judge(true, verdicts_);
  bool found = false;
  for (const model::Verdict& v : verdicts_) {
    switch (v.outcome) {
      case model::Outcome::ok: break;
      case model::Outcome::finding:
        if (!std::exchange(found, true)) say_subject(c);
        write(c, record, v);
        break;
      case model::Outcome::cannot_tell:
      case model::Outcome::broken: ++piece_.untold[{v.rule, v.missing}]; break;
    }
  }
  if (found) ++piece_.records_with_findings;
}

void RecordJudge::say_subject(const rules::Case& c) {
  std::string_view owner;  // a name or an id: read as text, whatever it looks like
  if (book_.plan->owner != rules::no_slot)
    if (const Value o = c.value(book_.plan->owner); o.kind() == Value::Kind::text) owner = o.as_text();
  subject_.clear();
  report_.subject(c.id, owner, subject_);
}

std::string_view RecordJudge::heading(const model::Verdict& v, std::string_view id) {
  if (v.id.empty()) return headings_[v.rule];
  const auto it = headings_of_.find(id);
  if (it != headings_of_.end()) return it->second;
  return headings_of_.emplace(id, report_.heading(book_.loaded.rules->rules[v.rule], id, book_.object)).first->second;
}

void RecordJudge::write(const rules::Case& c, const rules::Examination& record, const model::Verdict& v) {
  const rules::RuleInfo& rule = book_.loaded.rules->rules[v.rule];
  const std::string_view id = v.id.empty() ? std::string_view(rule.id.get()) : std::string_view(v.id);
  ++piece_.found;
  if (v.id.empty())
    ++by_rule_[v.rule];
  else
    ++piece_.by_id[v.id];
  record.evidence(v, slots_);
  evidence_.clear();
  for (const rules::Slot s : slots_) evidence_.emplace_back(names_[s], c.value(s));
  report_.format(Found{heading(v, id), subject_, v.since, evidence_}, piece_.findings);
}

}  // namespace coachd::app
