#include "daemon/pipeline/evidence.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/meetings.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/model/description.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

using model::Instant;
using model::Value;

constexpr std::chrono::days notes_kept{420};    // no promise in a note is longer
constexpr std::size_t longest_text = 8'000;     // bytes of a note that are looked at
constexpr std::size_t most_prompts = 20'000;    // the newest
constexpr std::chrono::days compared_with{30};  // how long a change of the CRM is shown

bool is_time(const Value& v) {
  return v.kind() == Value::Kind::instant || v.kind() == Value::Kind::day;
}

// Subjects differ by numbers from task to task.
std::string pattern_of(std::string_view subject) {
  std::string out;
  for (const char c : subject)
    if (c < '0' || c > '9')
      out += c;
    else if (out.empty() || out.back() != '#')
      out += '#';
  return out;
}

// Which objects are described hangs on the rules: one that only one of the two days knows has not appeared or vanished.
void keep_common(model::Description& one, const model::Description& other) {
  std::erase_if(one.objects, [&](const auto& object) { return !other.objects.contains(object.first); });
}

}  // namespace

EvidenceReader::EvidenceReader(const Context& context, Instant now)
    : context_(context), now_(now), trails_(context, now) {
  for (const auto& [object, beside] : context.beside)
    if (beside.source != nullptr && (beside.text || beside.tasks)) walks_.push_back(&beside);
}

bool EvidenceReader::step(const store::Snapshot& snapshot, std::size_t limit) {
  if (walks_.empty()) {
    if (trails_.step(snapshot, out_)) return true;
    if (!std::exchange(rest_, false)) return false;
    if (any_notes_ && notes_whole_) out_.notes.known_since = now_ - notes_kept;
    out_.meetings = held_meetings(context_.meetings, *context_.world, now_);
    mended(snapshot);
    described(snapshot);
    return true;
  }
  const auto& beside = *walks_.back();
  auto rows = snapshot.records_after(context_.connection, beside.object, after_, limit);
  if (!rows.empty()) after_ = rows.back().record;
  for (const auto& row : rows)
    if (!row.deleted && !is_own(context_, beside, row)) see(beside, snapshot, row);
  if (rows.size() >= limit) return true;
  if (beside.text) {
    any_notes_ = true;
    notes_whole_ = notes_whole_ && was_read_whole(snapshot, beside.whole);
  }
  walks_.pop_back();
  after_.clear();
  return true;
}

void EvidenceReader::see(const Beside& beside, const store::Snapshot& snapshot, const store::SnapshotRow& row) {
  const auto values = source_values(context_, beside, row);
  const auto deed = context_.around->deed(*beside.source, values);
  if (!deed) return;
  std::vector<std::string> records;
  std::string object;  // of the first of them: tasks are about one
  for (const auto& link : beside.links) {
    if (link.to.empty()) continue;  // it names contacts or accounts
    for (auto& id : ids_in(row, link.field)) {
      if (object.empty()) object = link.to.front();
      records.push_back(std::move(id));
    }
  }
  if (beside.text) note(beside, row, *deed, records);
  if (beside.tasks && !records.empty()) task(snapshot, row, *deed, object, records.front());
}

void EvidenceReader::note(const Beside& beside, const store::SnapshotRow& row, const connectors::Deed& deed,
                          const std::vector<std::string>& records) {
  const auto text = written_text(row, *beside.text);
  if (text.empty() || deed.outside || deed.state == connectors::Deed::State::planned) return;
  const auto at = moment_of(context_, deed.at);
  if (at > now_ || at < now_ - notes_kept) return;
  // Who wrote it, not to whom it is assigned.
  connectors::Deed written = deed;
  if (context_.world->person(row.created_by) != nullptr) written.by = row.created_by;
  const auto by = person_of(context_, written, {});
  if (!by || by->empty()) return;
  for (const auto& record : records)
    out_.notes.rows.push_back({std::string(*by), record, text.substr(0, longest_text), at});
}

// Made by a user who is no person. Where automations run as the person (Salesforce's flows) nothing tells.
void EvidenceReader::task(const store::Snapshot& snapshot, const store::SnapshotRow& row, const connectors::Deed& deed,
                          const std::string& object, const std::string& record) {
  const auto* maker = context_.world->person(row.created_by);
  if (maker == nullptr || maker->human || deed.by.empty()) return;
  rules::AutomaticTask task;
  const auto& name = maker->name.empty() ? row.created_by : maker->name;
  task.automation = name + ": " + pattern_of(deed.subject);
  task.owner = deed.by;
  task.record = record;
  task.created = row.created;
  if (is_time(deed.due)) task.due = moment_of(context_, deed.due);
  if (is_time(deed.completed)) task.completed = moment_of(context_, deed.completed);
  task.followed = followed(snapshot, object, task);
  out_.automatic_tasks.known_since = Instant{};
  out_.automatic_tasks.rows.push_back(std::move(task));
}

// The owner did something on the record between its making and a day after its end; ticking it is nothing.
bool EvidenceReader::followed(const store::Snapshot& snapshot, const std::string& object,
                              const rules::AutomaticTask& task) const {
  const auto end = task.completed.value_or(task.due.value_or(now_)) + std::chrono::days(1);
  const auto within = [&](Instant at) { return at >= task.created && at <= end; };
  for (const auto& change : snapshot.history(context_.connection, object, task.record))
    if (change.author == task.owner && within(change.at)) return true;
  const auto built = build_case(context_, snapshot, object, task.record);
  if (!built) return false;
  const auto& activities = built->value.activities.items;
  return std::any_of(activities.begin(), activities.end(), [&](const rules::Activity& a) {
    return a.done && a.by == task.owner && within(a.at) &&
           !(a.kind == rules::Activity::Kind::task && task.completed && a.at == *task.completed);
  });
}

// A prompt that stood in the CRM and whose finding the person mended. In observe mode none was sent: nothing is known.
void EvidenceReader::mended(const store::Snapshot& snapshot) {
  if (!context_.options.live) return;
  out_.mended.known_since = Instant{};
  for (const auto state : {model::PromptState::withdrawn, model::PromptState::done})
    for (const auto& prompt : snapshot.prompts(context_.connection, state, most_prompts)) {
      if (!prompt.sent_at) continue;
      const auto findings = snapshot.findings_of(context_.connection, prompt.object, prompt.record);
      for (const auto& rule : prompt.lines)
        for (const auto& f : findings)
          if (f.rule == rule && f.ended && f.ended_how == "mended" && *f.ended >= *prompt.sent_at)
            out_.mended.rows.push_back({prompt.person, prompt.record, rule, *prompt.sent_at, *f.ended});
    }
}

// Now, and as it was 30 days ago, or on the first day that the daemon saw; nothing to compare on that day itself.
void EvidenceReader::described(const store::Snapshot& snapshot) {
  constexpr const char* kind = "description";
  if (!context_.read_description) return;
  const auto newest = snapshot.newest(context_.connection, kind);
  auto after = newest ? context_.read_description(newest->body) : std::nullopt;
  if (!after) return;
  auto before = snapshot.kept_at(context_.connection, kind, now_ - compared_with);
  for (auto row = before ? std::nullopt : newest; row && (!before || row->at < before->at);) {
    before = std::move(row);
    row = snapshot.kept_at(context_.connection, kind, before->at - std::chrono::microseconds(1));
  }
  const auto& calendar = context_.world->calendar;
  auto old = before ? context_.read_description(before->body) : std::nullopt;
  if (old && calendar.today(before->at) < calendar.today(now_)) {
    keep_common(*old, *after);
    auto now_described = *after;
    keep_common(now_described, *old);
    out_.before = rules::DescribedDay{before->at, std::move(*old)};
    out_.after = rules::DescribedDay{newest->at, std::move(now_described)};
    return;
  }
  out_.after = rules::DescribedDay{newest->at, std::move(*after)};
}

}  // namespace coachd::pipeline
