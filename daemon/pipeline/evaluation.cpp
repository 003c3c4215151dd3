#include "daemon/pipeline/evaluation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "daemon/pipeline/asking.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/past.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

using store::FindingRow;

// One rule and missing thing a line: kept per record only to count right, never shown.
std::string encode_cannot_tell(const Context& context, const std::vector<model::Verdict>& verdicts) {
  std::vector<std::string> lines;
  lines.reserve(verdicts.size());
  for (const auto& v : verdicts) lines.push_back(rule_key(context.rules->rules[v.rule]) + "\t" + v.missing);
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& l : lines) text += l + "\n";
  return text;
}

void count_cannot_tell(const std::string& connection, const std::string& text, std::int64_t sign,
                       store::UnitOfWork& unit) {
  for (std::size_t pos = 0; pos < text.size();) {
    const auto end = text.find('\n', pos);
    const auto tab = text.find('\t', pos);
    unit.cannot_tell.push_back({connection, text.substr(pos, tab - pos), text.substr(tab + 1, end - tab - 1), sign});
    pos = end + 1;
  }
}

std::string owner_of(const rules::ObjectPlan& plan, const rules::Case& c) {
  if (plan.owner == rules::no_slot) return {};
  const auto& v = c.value(plan.owner);
  return v.kind() == model::Value::Kind::text ? std::string(v.as_text()) : std::string();
}

class Comparison {
 public:
  Comparison(const Context& context, const rules::ObjectPlan& plan, const store::DueRow& due, model::Instant now,
             store::UnitOfWork& unit, Evaluated& result)
      : context_(context), plan_(plan), due_(due), now_(now), unit_(unit), result_(result) {}

  void run(std::vector<FindingRow> known) {
    for (auto& row : known) {
      if (!row.detail.empty() && result_.built) continue;  // a detector's: its next study ends it
      auto& latest = latest_[{row.rule, row.finding}];
      latest = row;
      if (!row.ended) open_[{row.rule, row.finding}] = std::move(row);
    }
    for (const auto& v : result_.findings) finding(v);
    for (auto& [key, row] : open_)
      if (!seen(key)) end(row);
  }

 private:
  using Key = std::pair<std::string, std::string>;  // rule, finding
  [[nodiscard]] bool seen(const Key& key) const { return std::find(seen_.begin(), seen_.end(), key) != seen_.end(); }

  void finding(const model::Verdict& v) {
    const auto& rule = context_.rules->rules[v.rule];
    const Key key{rule_key(rule), v.id.empty() ? rule.id.get() : v.id};
    seen_.push_back(key);
    FindingRow row;
    const auto open = open_.find(key);
    if (open != open_.end()) {
      row = open->second;
    } else {
      row.connection = context_.connection;
      row.object = due_.object;
      row.record = due_.record;
      row.rule = key.first;
      row.finding = key.second;
      row.first_seen = now_;
      if (const auto before = latest_.find(key); before != latest_.end()) row.episode = before->second.episode + 1;
      unit_.counters.push_back({"findings_opened", 1});
    }
    auto next = row;
    next.owner = owner_of(plan_, result_.built->value);
    next.since = v.since;
    const auto live = context_.live_since.find(key.first);
    const auto live_since = live == context_.live_since.end() ? std::nullopt : std::optional<model::Day>(live->second);
    next.old_record =
        old_record(*context_.world, context_.options.integration_user, plan_, rule, live_since, result_.built->value);
    const bool differs =
        open == open_.end() || next.owner != row.owner || next.since != row.since || next.old_record != row.old_record;
    if (differs) unit_.findings.push_back(next);
    result_.open.push_back(std::move(next));
  }

  void end(FindingRow row) {
    row.ended = now_;
    row.ended_how = how_ended(row);
    unit_.counters.push_back({"findings_" + row.ended_how, 1});
    unit_.findings.push_back(row);
    result_.ended.push_back(std::move(row));
  }

  // Mended: the person's own change answers it. Overtaken: stage, date, owner or rule moved (never counted as mended).
  [[nodiscard]] std::string how_ended(const FindingRow& row) const {
    if (!result_.built) return "deleted";
    const auto rule = find_rule(*context_.rules, row.rule);
    if (!rule) return "rule";
    const auto before = rules::rolled_back(result_.built->value, row.first_seen);
    const bool mended = rules::mended(*context_.rules, plan_, *rule, row.finding, before, result_.built->value,
                                      result_.facts, *context_.world, now_);
    return mended ? "mended" : "overtaken";
  }

  const Context& context_;
  const rules::ObjectPlan& plan_;
  const store::DueRow& due_;
  model::Instant now_;
  store::UnitOfWork& unit_;
  Evaluated& result_;
  std::map<Key, FindingRow> open_;
  std::map<Key, FindingRow> latest_;
  std::vector<Key> seen_;
};

// The rules' answers about a case.
Evaluated judged(const Context& context, const rules::ObjectPlan& plan, std::unique_ptr<BuiltCase> built,
                 rules::Facts facts, model::Instant now) {
  Evaluated result;
  result.built = std::move(built);
  result.facts = std::move(facts);
  auto evaluation = rules::evaluate(*context.rules, plan, result.built->value, result.facts, *context.world, now);
  result.revisit_at = evaluation.revisit_at;
  for (auto& v : evaluation.verdicts)
    (v.outcome == model::Outcome::finding ? result.findings : result.untold).push_back(std::move(v));
  return result;
}

// What differs from the rows of before, into the unit. `revision`: as it was read.
Evaluated compared(const Context& context, const store::Snapshot& snapshot, const store::DueRow& due,
                   std::int64_t revision, Evaluated result, model::Instant now, store::UnitOfWork& unit) {
  store::UnitOfWork::Evaluated done{context.connection, due.object,        due.record, revision,
                                    due.generation,     result.revisit_at, {}};
  if (result.built) done.cannot_tell = encode_cannot_tell(context, result.untold);
  if (due.cannot_tell != done.cannot_tell) {
    count_cannot_tell(context.connection, due.cannot_tell, -1, unit);
    count_cannot_tell(context.connection, done.cannot_tell, +1, unit);
  }
  static const rules::ObjectPlan nothing;
  const auto* plan = context.rules->plan(due.object);
  Comparison(context, plan ? *plan : nothing, due, now, unit, result)
      .run(snapshot.findings_of(context.connection, due.object, due.record));
  unit.evaluated.push_back(std::move(done));
  unit.counters.push_back({"evaluations", 1});
  return result;
}

}  // namespace

Evaluated view_record(const Context& context, const store::Snapshot& snapshot, const std::string& object,
                      const std::string& record, model::Instant now) {
  const auto* plan = context.rules->plan(object);
  auto built = plan ? build_case(context, snapshot, object, record) : nullptr;
  if (!built) return {};
  auto facts = read_facts(context, *plan, built->value, snapshot);
  return judged(context, *plan, std::move(built), std::move(facts), now);
}

Evaluated evaluate_changed(const Context& context, const store::Snapshot& snapshot, ChangedRecord record,
                           model::Instant now, store::UnitOfWork& unit) {
  const auto* plan = context.rules->plan(record.due.object);
  auto result = plan && record.built ? judged(context, *plan, std::move(record.built), std::move(record.facts), now)
                                     : Evaluated{};
  return compared(context, snapshot, record.due, record.revision, std::move(result), now, unit);
}

Evaluated evaluate_record(const Context& context, const store::Snapshot& snapshot, const store::DueRow& due,
                          model::Instant now, store::UnitOfWork& unit) {
  auto result = view_record(context, snapshot, due.object, due.record, now);
  std::int64_t revision = 0;
  if (result.built)
    revision = result.built->revision;
  else if (const auto row = snapshot.record(context.connection, due.object, due.record))
    revision = row->revision;  // a tombstone: its findings end
  return compared(context, snapshot, due, revision, std::move(result), now, unit);
}

}  // namespace coachd::pipeline
