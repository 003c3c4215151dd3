#include "daemon/pipeline/detections.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/test.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/timing.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

using store::FindingRow;
using Key = store::Snapshot::DetectedKey;

constexpr std::string_view unit_prefix = "unit:";

Key key_of(const FindingRow& row) {
  return {row.rule, row.object, row.record, row.finding};
}

std::string untold_row(const std::string& connection) {
  return "untold by study: " + connection;
}

// Who owns a field's definition: its card says, else the workflow of the rule that found something about it.
std::string owner_of_field(const Context& context, const rules::ObjectPlan& plan, const rules::RuleInfo& rule,
                           const std::string& field) {
  for (const auto index : plan.rules) {
    const auto& card = context.rules->rules[index];
    const auto name = card.id.get().starts_with("timing:") ? card.id.get().substr(7) : std::string();
    const auto slot = name.empty() ? std::nullopt : plan.find(name);
    if (slot && plan.slots[*slot].crm_name == field) return card.owner;
  }
  return rule.owner;
}

// A meeting's owner is who holds it: the manager in the key of one a manager has, else whom the schedule names.
std::string owner_of_meeting(const Context& context, const rules::RuleInfo& rule, const std::string& key) {
  const auto bar = key.find('|');
  if (bar != std::string::npos) return key.substr(bar + 1);
  for (const auto& meeting : context.meetings)
    if (meeting.plan.name == key && !meeting.plan.manager.empty() && !meeting.plan.each()) return meeting.plan.manager;
  return rule.owner;
}

}  // namespace

std::string unit_object(rules::Unit unit) {
  return std::string(unit_prefix) + std::string(rules::to_string(unit));
}

std::string_view unit_of(std::string_view object) {
  return object.starts_with(unit_prefix) ? object.substr(unit_prefix.size()) : std::string_view();
}

FindingRow finding_row(const Context& context, const rules::ObjectPlan& plan, std::uint32_t rule,
                       const rules::Detected& found) {
  const auto& info = context.rules->rules[rule];
  FindingRow row;
  row.connection = context.connection;
  row.rule = rule_key(info);
  row.finding = info.id.get();
  row.object = unit_object(found.unit);
  row.record = found.key;
  row.since = found.since;
  Detail detail{found.why, {}, found.field, found.records, found.facts};
  switch (found.unit) {
    case rules::Unit::record: {  // `RECORD|what`, where a record may have several
      const auto bar = found.key.find('|');
      row.object = plan.object;
      row.record = found.key.substr(0, bar);
      if (bar != std::string::npos) row.finding += ':' + found.key.substr(bar + 1);
      row.owner = found.person;
      break;
    }
    case rules::Unit::person: row.owner = found.person; break;
    case rules::Unit::field: detail.to = owner_of_field(context, plan, info, found.field); break;
    case rules::Unit::meeting: detail.to = owner_of_meeting(context, info, found.key); break;
    case rules::Unit::automation:
    case rules::Unit::pair: detail.to = info.owner; break;
  }
  row.detail = encode(detail);
  return row;
}

std::vector<FindingRow> timing_rows(const Context& context, const rules::ObjectPlan& plan,
                                    const rules::FieldTiming& timing) {
  std::vector<FindingRow> rows;
  const auto& info = context.rules->rules[timing.rule];
  const auto say = [&](const char* what, Detail detail) {
    FindingRow row;
    row.connection = context.connection;
    row.rule = rule_key(info);
    row.finding = what + (':' + timing.field);
    row.object = unit_object(rules::Unit::field);
    row.record = plan.object + '.' + timing.field;
    detail.to = info.owner;
    if (const auto slot = plan.find(timing.field)) detail.field = plan.slots[*slot].crm_name;
    row.detail = encode(detail);
    rows.push_back(std::move(row));
  };
  const auto& e = timing.evidence;
  const auto number = [](std::int64_t n) { return model::StoredValue(model::Value::number(static_cast<double>(n))); };
  if (e.too_early()) {
    Detail detail;
    detail.why = std::to_string(e.early_placeholder) + " of " + std::to_string(e.set) + " answers to " + timing.label +
                 " were given before it can be known, and are placeholders";
    detail.facts = {{"set", number(e.set)},
                    {"early", number(e.early)},
                    {"placeholder", number(e.placeholder)},
                    {"early_placeholder", number(e.early_placeholder)},
                    {"with_stage_change", number(e.with_stage_change)},
                    {"corrected", number(e.corrected)}};
    for (const auto& p : e.proposals)
      detail.facts.emplace_back(p.pipeline.empty() ? "proposal" : "proposal in " + p.pipeline,
                                model::StoredValue::text(p.stage));
    say("timing.too-early", std::move(detail));
  }
  if (timing.required_too_early) {
    std::string ways;
    for (const auto& way : timing.required)
      if (way.too_early == rules::Truth::yes) ways += (ways.empty() ? ": " : "; ") + way.words;
    say("timing.required-too-early",
        {"the CRM requires " + timing.label + " before it can be known" + ways, {}, {}, {}, {}});
  }
  return rows;
}

DetectionsToStore::DetectionsToStore(std::vector<FindingRow> found) : found_(std::move(found)) {
  std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
  const auto twice =
      std::unique(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return key_of(a) == key_of(b); });
  found_.erase(twice, found_.end());
}

store::UnitOfWork DetectionsToStore::next(const Context& context, const store::Snapshot& snapshot, std::size_t limit,
                                          model::Instant now) {
  store::UnitOfWork unit;
  const auto open = snapshot.detected_after(context.connection, after_, limit);
  // Both sides up to one key: the last of whichever has more to come.
  auto end = std::min(at_ + limit, found_.size());
  last_ = open.size() < limit && end == found_.size();
  if (!last_) {
    next_after_ = open.size() < limit    ? key_of(found_[end - 1])
                  : end == found_.size() ? key_of(open.back())
                                         : std::min(key_of(open.back()), key_of(found_[end - 1]));
    while (end > at_ && next_after_ < key_of(found_[end - 1])) --end;
  }
  next_at_ = end;

  const auto appear = [&](FindingRow row) {
    row.first_seen = now;
    for (const auto& before : snapshot.findings_of(row.connection, row.object, row.record))
      if (before.rule == row.rule && before.finding == row.finding) row.episode = before.episode + 1;
    unit.counters.push_back({"findings_opened", 1});
    const auto rule = find_rule(*context.rules, row.rule);
    if (rule && context.rules->rules[*rule].prompts())
      unit.reasons.push_back(
          {row.connection, row.object, row.record, row.rule, "prompting",
           unit_of(row.object) == "person"
               ? "held: no private carrier, and a person's habits never go where others can read them"
               : "held: what a detector found stands in lists, it is asked of nobody",
           now, 1});
    unit.findings.push_back(std::move(row));
  };
  const auto stay = [&](const FindingRow& row, const FindingRow& found) {
    if (row.detail == found.detail && row.owner == found.owner) return;
    auto next = row;
    next.detail = found.detail;
    next.owner = found.owner;
    unit.findings.push_back(std::move(next));
  };
  const auto vanish = [&](FindingRow row) {
    row.ended = now;
    row.ended_how = find_rule(*context.rules, row.rule) ? "overtaken" : "rule";
    unit.counters.push_back({"findings_" + row.ended_how, 1});
    unit.findings.push_back(std::move(row));
  };
  auto found = found_.begin() + static_cast<std::ptrdiff_t>(at_);
  const auto found_end = found_.begin() + static_cast<std::ptrdiff_t>(end);
  for (const auto& row : open) {
    const auto key = key_of(row);
    if (!last_ && next_after_ < key) break;
    for (; found != found_end && key_of(*found) < key; ++found) appear(*found);
    if (found != found_end && key_of(*found) == key)
      stay(row, *found++);
    else
      vanish(row);
  }
  for (; found != found_end; ++found) appear(*found);
  return unit;
}

void DetectionsToStore::advance() {
  at_ = next_at_;
  after_ = next_after_;
  done_ = last_;
}

void count_untold(const Context& context, const store::Snapshot& snapshot,
                  const std::vector<store::UnitOfWork::CannotTellDelta>& untold, store::UnitOfWork& unit) {
  // One line for each: rule, reason, count.
  const auto name = untold_row(context.connection);
  const auto before = snapshot.metadata(name).value_or("");
  for (std::size_t at = 0; at < before.size();) {
    const auto end = std::min(before.find('\n', at), before.size());
    const auto line = std::string_view(before).substr(at, end - at);
    at = end + 1;
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    if (second == std::string_view::npos) continue;
    std::int64_t count = 0;
    std::from_chars(line.data() + second + 1, line.data() + line.size(), count);
    unit.cannot_tell.push_back({context.connection, std::string(line.substr(0, first)),
                                std::string(line.substr(first + 1, second - first - 1)), -count});
  }
  std::string text;
  for (const auto& u : untold) {
    unit.cannot_tell.push_back(u);
    text += u.rule + '\t' + u.reason + '\t' + std::to_string(u.delta) + '\n';
  }
  unit.metadata.emplace_back(name, std::move(text));
}

}  // namespace coachd::pipeline
