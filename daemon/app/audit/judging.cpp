#include "daemon/app/audit/judging.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/dates.hpp"
#include "connectors/file/known.hpp"
#include "connectors/file/rows.hpp"
#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/histories.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {

using file::Cell;
using model::Value;

namespace {

std::string_view trimmed(std::string_view s) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!s.empty() && space(s.front())) s.remove_prefix(1);
  while (!s.empty() && space(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<rules::Slot> all_slots(const Rulebook& book) {
  std::vector<rules::Slot> out(book.types.size());
  for (std::size_t s = 0; s < out.size(); ++s) out[s] = static_cast<rules::Slot>(s);
  return out;
}

// What a record's contribution to facts rests on.
std::vector<rules::Slot> fact_slots(const Rulebook& book) {
  std::vector<rules::Slot> out{book.plan->owner, book.plan->stage, book.plan->pipeline};
  for (const rules::FactSpec& f : book.plan->facts) out.push_back(f.field);
  std::erase(out, rules::no_slot);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

CaseMaker::CaseMaker(const Prepared& p, const Rulebook& book, const Histories* histories,
                     std::vector<rules::Slot> slots)
    : prepared_(p), book_(book), histories_(histories), slots_(std::move(slots)) {
  case_.object = book.object;
  case_.values.resize(book.types.size());
}

std::optional<model::Instant> CaseMaker::instant(std::span<const Cell> cells, std::size_t place) const {
  if (place == Rulebook::npos || prepared_.reading->blank(cells[place])) return std::nullopt;
  const file::ReadDate d = prepared_.reading->dates().read(trimmed(cells[place].text));
  if (d.kind == file::ReadDate::Kind::instant) return d.instant;
  if (d.kind == file::ReadDate::Kind::day) return prepared_.zone.start_of(d.day);
  return std::nullopt;
}

const rules::Case* CaseMaker::make(std::uint64_t line, std::span<const Cell> cells) {
  if (book_.deleted != Rulebook::npos)
    if (const Cell& c = cells[book_.deleted]; c.boolean || c.text == "1" || c.text == "true") return nullptr;
  id_.clear();
  for (const std::size_t place : book_.id) {
    const std::string_view part =
        prepared_.reading->blank(cells[place]) ? std::string_view{} : trimmed(cells[place].text);
    if (!id_.empty() && !part.empty()) id_ += '/';
    id_ += part;
  }
  if (id_.empty()) id_ = "line " + std::to_string(line);
  case_.id = id_;
  for (const rules::Slot s : slots_) {
    auto trouble = file::Reading::Trouble::none;
    case_.values[s] = prepared_.reading->value(cells[s], book_.types[s], trouble);
    if (trouble != file::Reading::Trouble::none) ++troubles_[{s, trouble}];
  }
  case_.created = instant(cells, book_.created);
  case_.modified = instant(cells, book_.modified);
  case_.created_by = book_.created_by == Rulebook::npos ? std::string_view{} : trimmed(cells[book_.created_by].text);
  if (histories_ != nullptr) histories_->of(id_, case_);
  return &case_;
}

RecordLearner::RecordLearner(const Prepared& p, const Rulebook& book)
    : prepared_(p), book_(book), cases_(p, book, nullptr, fact_slots(book)) {
  for (std::size_t s = 0; s < book.types.size(); ++s)
    checkbox_.push_back(file::is_checkbox(p.layout.origin, book.columns[s]));
}

void RecordLearner::row(std::uint64_t line, std::span<const Cell> cells) {
  ++piece_.records;
  piece_.shapes.resize(book_.types.size());
  for (std::size_t s = 0; s < book_.types.size(); ++s)
    if (!prepared_.reading->blank(cells[s])) piece_.shapes[s].see(cells[s], *prepared_.reading, checkbox_[s]);
  if (book_.plan->facts.empty()) return;
  if (const rules::Case* c = cases_.make(line, cells))
    piece_.facts.add(*book_.loaded.rules, *book_.plan, *c, book_.world);
}

RecordLearner::Piece RecordLearner::take() {
  cases_.forget_troubles();
  return std::exchange(piece_, {});
}

RecordJudge::RecordJudge(const Prepared& p, const Rulebook& book, const FactTables& facts, const Histories* histories,
                         const AuditReport& report)
    : book_(book), tables_(facts), report_(report), cases_(p, book, histories, all_slots(book)) {
  using T = model::FieldType;
  const rules::StageTable* stages = book.world.stages_of(book.object);
  if (stages == nullptr || book.plan->stage == rules::no_slot) return;
  for (std::size_t s = 0; s < book.types.size(); ++s)
    if (const T t = book.types[s]; t == T::date || t == T::datetime || t == T::number)
      never_filled_.push_back(static_cast<rules::Slot>(s));
}

// Nothing about a date or number can be judged where no open record has one: said once for the column.
void RecordJudge::look_for_blanks(const rules::Case& c) {
  const model::Value stage = c.value(book_.plan->stage);
  if (stage.kind() != Value::Kind::text) return;
  const rules::Slot by = book_.plan->pipeline;
  const std::string_view pipeline =
      by != rules::no_slot && c.value(by).kind() == Value::Kind::text ? c.value(by).as_text() : std::string_view{};
  const auto at = book_.world.stages_of(book_.object)->find(pipeline, stage.as_text());
  if (!at || !at->stage->open()) return;
  ++piece_.open;
  std::erase_if(never_filled_, [&](rules::Slot s) { return !c.value(s).is_blank(); });
}

void RecordJudge::row(std::uint64_t line, std::span<const Cell> cells) {
  const rules::Case* c = cases_.make(line, cells);
  if (c == nullptr) {
    ++piece_.deleted;
    return;
  }
  ++piece_.records;
  if (!never_filled_.empty()) look_for_blanks(*c);
  const rules::RuleSet& set = *book_.loaded.rules;
  tables_.of(set, *book_.plan, *c, book_.world, facts_);
  rules::judge(set, *book_.plan, *c, facts_, book_.world, book_.now, true, verdicts_);
  bool found = false;
  for (const model::Verdict& v : verdicts_) {
    switch (v.outcome) {
      case model::Outcome::ok: break;
      case model::Outcome::finding:
        found = true;
        write(*c, v);
        break;
      case model::Outcome::cannot_tell:
      case model::Outcome::broken: ++piece_.untold[{v.rule, v.missing}]; break;
    }
  }
  if (found) ++piece_.records_with_findings;
}

void RecordJudge::write(const rules::Case& c, const model::Verdict& v) {
  const rules::RuleSet& set = *book_.loaded.rules;
  const rules::RuleInfo& rule = set.rules[v.rule];
  const std::string_view id = v.id.empty() ? std::string_view(rule.id.get()) : std::string_view(v.id);
  ++piece_.found;
  if (const auto it = piece_.by_id.find(id); it != piece_.by_id.end())
    ++it->second;
  else
    piece_.by_id.emplace(id, 1);
  evidence_.clear();
  for (const rules::Slot s : rules::evidence(set, *book_.plan, v, c, facts_, book_.world, book_.now))
    evidence_.emplace_back(book_.plan->slots[s].name, c.value(s));
  std::string_view owner;  // a name or an id: read as text, whatever it looks like
  if (book_.plan->owner != rules::no_slot)
    if (const Value o = c.value(book_.plan->owner); o.kind() == Value::Kind::text) owner = o.as_text();
  report_.format(Found{rule, id, c.object, c.id, owner, v.since, evidence_}, piece_.findings);
}

RecordJudge::Piece RecordJudge::take() {
  piece_.never_filled = never_filled_;
  piece_.troubles = cases_.troubles();
  cases_.forget_troubles();
  return std::exchange(piece_, {});
}

}  // namespace coachd::app
