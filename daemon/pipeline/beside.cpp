#include "daemon/pipeline/beside.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

using connectors::Deed;
using rules::Activity;

model::Value value_of(const NumberedValues& values, const std::vector<FieldNumber>& read, FieldNumber field) {
  for (const auto& [number, value] : values)
    if (number == field) return value;
  return std::find(read.begin(), read.end(), field) != read.end() ? model::Value::blank() : model::Value::unread();
}

std::vector<model::Value> source_values(const Context& context, const Beside& beside, const store::SnapshotRow& row) {
  const auto all = decode_values(row.values);
  const auto read = context.read_fields(row.read_set);
  std::vector<model::Value> values;
  values.reserve(beside.source_fields.size());
  for (const auto field : beside.source_fields) values.push_back(value_of(all, read, field));
  return values;
}

// Ids in one value, `;` between several.
template <class Do>
void each_id(std::string_view ids, Do action) {
  while (!ids.empty()) {
    const auto end = std::min(ids.find(';'), ids.size());
    if (end > 0) action(ids.substr(0, end));
    ids.remove_prefix(std::min(end + 1, ids.size()));
  }
}

std::vector<std::string> owners(const store::SnapshotRow* row, FieldNumber field) {
  std::vector<std::string> out;
  if (row == nullptr || row->deleted) return out;
  for (const auto& [number, value] : decode_values(row->values))
    if (number == field && value.kind() == model::Value::Kind::text)
      each_id(value.as_text(), [&](std::string_view id) { out.emplace_back(id); });
  return out;
}

// What coachd made is nobody's work, whoever completed it since (design 6, 6).
bool is_own(const Context& context, const Beside& beside, const store::SnapshotRow& row) {
  const auto& self = context.options.integration_user;
  if (!self.empty() && row.created_by == self) return true;
  return beside.source != nullptr && context.around->own(*beside.source, source_values(context, beside, row));
}

// The rows of an object that belong to a record, in the order of their ids.
std::vector<store::SnapshotRow> rows_of(const Context& context, const store::Snapshot& snapshot, const Beside& beside,
                                        std::string_view object, const std::string& record) {
  std::vector<std::string> ids;
  for (const auto& link : beside.links) {
    if (std::find(link.to.begin(), link.to.end(), object) == link.to.end()) continue;
    for (auto& id : snapshot.fact_between(context.connection, link.fact, record, -1, 1))
      ids.push_back(id.substr(0, id.find(' ')));
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<store::SnapshotRow> rows;
  for (const auto& id : ids) {
    auto row = snapshot.record(context.connection, beside.object, id);
    if (row && !row->deleted && !is_own(context, beside, *row)) rows.push_back(std::move(*row));
  }
  return rows;
}

Activity::Kind kind_of(Deed::Kind kind) {
  switch (kind) {
    case Deed::Kind::call: return Activity::Kind::call;
    case Deed::Kind::meeting: return Activity::Kind::meeting;
    case Deed::Kind::email: return Activity::Kind::email;
    case Deed::Kind::note: return Activity::Kind::note;
    case Deed::Kind::task: break;
  }
  return Activity::Kind::task;
}

// The person of the company who did it, as the world holds their id; nothing where nobody of these is one.
std::optional<std::string_view> person_of(const Context& context, const Deed& deed, std::string_view created_by) {
  if (deed.outside) return std::string_view();
  for (const auto id : {deed.by, created_by}) {
    const auto* person = id.empty() ? nullptr : context.world->person(id);
    if (person != nullptr && person->human && person->id.get() != context.options.integration_user)
      return person->id.get();
  }
  return std::nullopt;
}

void add_deed(const Context& context, const Beside& beside, const store::SnapshotRow& row,
              std::vector<Activity>& items) {
  const auto deed = context.around->deed(*beside.source, source_values(context, beside, row));
  if (!deed) return;
  const auto by = person_of(context, *deed, row.created_by);
  if (!by) return;
  Activity a;
  a.at = deed->at.kind() == model::Value::Kind::day ? context.world->calendar.zone().start_of(deed->at.as_day())
                                                    : deed->at.as_instant();
  a.by = *by;
  a.kind = kind_of(deed->kind);
  // What the calendar holds is planned until its time and done from then on: it stands as both, and the tests take the
  // one that fits the moment.
  a.done = deed->state != Deed::State::planned;
  items.push_back(a);
  if (deed->state != Deed::State::scheduled) return;
  a.done = false;
  items.push_back(a);
}

void fill_activities(const Context& context, const Surrounded& around, const store::Snapshot& snapshot,
                     const BuiltCase& built, rules::Activities& out) {
  bool whole = around.all_sources;
  for (const auto& object : around.sources) {
    const auto& beside = context.beside.at(object);
    for (const auto& row : rows_of(context, snapshot, beside, built.row.object, built.row.record))
      add_deed(context, beside, row, out.items);
    whole = whole && was_read_whole(snapshot, beside.whole);
  }
  std::sort(out.items.begin(), out.items.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at, a.kind, a.by, a.done) < std::tie(b.at, b.kind, b.by, b.done);
  });
  // Everything that the CRM holds has been read, from its beginning on.
  if (whole) out.known_since = model::Instant{};
  out.record_only = true;
}

void fill_related(const Context& context, const std::string& object, const store::Snapshot& snapshot, BuiltCase& built,
                  rules::Related& out) {
  const auto found = context.beside.find(object);
  const auto* plan = context.rules->plan(object);
  if (found == context.beside.end() || plan == nullptr) return;
  const auto& beside = found->second;
  for (auto& row : rows_of(context, snapshot, beside, built.row.object, built.row.record)) {
    std::vector<store::StoredHistory> history;
    std::vector<store::Snapshot::FieldKnown> known;
    if (beside.history) {
      history = snapshot.history(context.connection, object, row.record);
      known = snapshot.known_since(context.connection, object, row.record);
    }
    auto child = build_case(context, *plan, std::move(row), std::move(history), known);
    if (!child) continue;
    out.records.push_back(child->value);  // its texts stay with `child`
    built.beside.push_back(std::move(child));
  }
  out.known = was_read_whole(snapshot, beside.whole);
}

}  // namespace

std::vector<std::string> columns_to_read(const Context& context, const std::string& object) {
  if (const auto beside = context.beside.find(object); beside != context.beside.end()) return beside->second.columns;
  std::vector<std::string> columns;
  if (const auto* plan = context.rules->plan(object))
    for (const auto& slot : plan->slots)
      if (!slot.crm_name.empty() && std::find(columns.begin(), columns.end(), slot.crm_name) == columns.end())
        columns.push_back(slot.crm_name);
  return columns;
}

bool was_read_whole(const store::Snapshot& snapshot, const std::string& whole) {
  const auto since = snapshot.metadata(whole);
  return since && !since->empty();  // emptied where the CRM refuses it since
}

void fill_surroundings(const Context& context, const rules::ObjectPlan& plan, const store::Snapshot& snapshot,
                       BuiltCase& built) {
  if (!has_surroundings(plan)) return;
  const auto found = context.surrounded.find(plan.object);
  if (found == context.surrounded.end()) return;
  const auto& around = found->second;
  if (plan.needs_activities) fill_activities(context, around, snapshot, built, built.value.activities);
  built.value.related.resize(around.related.size());
  for (std::size_t i = 0; i < around.related.size(); ++i)
    if (!around.related[i].empty()) fill_related(context, around.related[i], snapshot, built, built.value.related[i]);
}

bool BesideKeeper::whole(const Beside& beside) {
  const auto [it, fresh] = whole_.try_emplace(beside.whole);
  if (fresh) it->second = was_read_whole(snapshot_, beside.whole);
  return it->second;
}

void BesideKeeper::record(const Beside& beside, const store::SnapshotRow* before, const store::SnapshotRow& now) {
  changed_ = true;
  // Until all of it has been read nothing is told by it; then every record is looked at once.
  const bool wake = whole(beside) && !(is_own(context_, beside, now) && (!before || is_own(context_, beside, *before)));
  for (const auto& link : beside.links) {
    const auto were = owners(before, link.field);
    const auto are = owners(&now, link.field);
    const auto name = [&](const std::string& owner, std::size_t of) {
      return of > 1 ? now.record + " " + owner : now.record;
    };
    for (const auto& owner : were) index_[{link.fact, name(owner, were.size())}].clear();
    for (const auto& owner : are) index_[{link.fact, name(owner, are.size())}] = owner;
    if (!wake) continue;
    for (const auto* list : {&were, &are})
      for (const auto& owner : *list)
        for (const auto& object : link.to) woken_.emplace(object, owner);
  }
}

void BesideKeeper::finish(store::UnitOfWork& unit, model::Instant now) {
  for (auto& [key, owner] : index_) {
    const auto& [fact, record] = key;
    if (owner.empty())
      unit.facts_gone.push_back({context_.connection, fact, record});
    else
      unit.facts.push_back({context_.connection, fact, std::move(owner), record, 0, 0});
  }
  for (const auto& d : unit.make_due) woken_.erase({d.object, d.record});
  std::int64_t woken = 0;
  for (const auto& [object, record] : woken_) {
    const auto row = snapshot_.record(context_.connection, object, record);
    if (!row || row->deleted) continue;  // of another object, or not read: its own first reading makes it due
    unit.make_due.push_back({context_.connection, object, record, now, 0});
    ++woken;
  }
  if (woken > 0) unit.counters.push_back({"woken_by_surroundings", woken});
}

}  // namespace coachd::pipeline
