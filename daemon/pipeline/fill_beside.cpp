#include "daemon/pipeline/fill_beside.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/pipeline/beside.hpp"
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

// Those that are there and are not coachd's own, in the order of their ids.
std::vector<store::SnapshotRow> rows_by_id(const Context& context, const store::Snapshot& snapshot,
                                           const Beside& beside, std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<store::SnapshotRow> rows;
  for (const auto& id : ids) {
    auto row = snapshot.record(context.connection, beside.object, id);
    if (row && !row->deleted && !is_own(context, beside, *row)) rows.push_back(std::move(*row));
  }
  return rows;
}

// The rows of an object that belong to a record.
std::vector<store::SnapshotRow> rows_of(const Context& context, const store::Snapshot& snapshot, const Beside& beside,
                                        std::string_view object, const std::string& record) {
  std::vector<std::string> ids;
  for (const auto& link : beside.links) {
    if (std::find(link.to.begin(), link.to.end(), object) == link.to.end()) continue;
    for (auto& id : naming(context, snapshot, link.fact, record)) ids.push_back(std::move(id));
  }
  return rows_by_id(context, snapshot, beside, std::move(ids));
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

void add_deed(const Context& context, const Beside& beside, const store::SnapshotRow& row, Activity::On on,
              std::vector<Activity>& items) {
  const auto deed = context.around->deed(*beside.source, source_values(context, beside, row));
  if (!deed) return;
  const auto by = person_of(context, *deed, row.created_by);
  if (!by) return;
  Activity a;
  a.at = moment_of(context, deed->at);
  a.by = *by;
  a.kind = kind_of(deed->kind);
  a.on = on;
  // What the calendar holds is planned until its time and done from then on: it stands as both, and the tests take the
  // one that fits the moment.
  a.done = deed->state != Deed::State::planned;
  items.push_back(a);
  if (deed->state != Deed::State::scheduled) return;
  a.done = false;
  items.push_back(a);
}

bool was_read(const Context& context, const store::SnapshotRow& row, FieldNumber field) {
  const auto read = context.read_fields(row.read_set);
  return std::find(read.begin(), read.end(), field) != read.end();
}

// The contacts of a record, or its account; nothing where they cannot be told.
std::optional<std::vector<std::string>> those_around(const Context& context, const store::Snapshot& snapshot,
                                                     const Around& around, const BuiltCase& built) {
  if (around.itself) return std::vector<std::string>{built.row.record};
  if (around.join.empty()) {
    if (!was_read(context, built.row, around.field)) return std::nullopt;
    return ids_in(built.row, around.field);
  }
  const auto& beside = context.beside.at(around.join);
  std::vector<std::string> out;
  for (const auto& row :
       rows_by_id(context, snapshot, beside, naming(context, snapshot, around.join_fact, built.row.record))) {
    if (around.rows)
      out.push_back(row.record);
    else
      for (auto& id : ids_in(row, around.field)) out.push_back(std::move(id));
  }
  if (!was_read_whole(snapshot, beside.whole)) return std::nullopt;
  return out;
}

// False where not all that was done with them is known.
bool fill_around(const Context& context, const Surrounded& surrounded, const Around& around, Activity::On on,
                 const store::Snapshot& snapshot, const BuiltCase& built, rules::Activities& out) {
  const auto ids = those_around(context, snapshot, around, built);
  if (!ids) return false;
  for (std::size_t i = 0; i < surrounded.sources.size(); ++i) {
    if (around.facts[i].empty()) continue;
    const auto& beside = context.beside.at(surrounded.sources[i]);
    std::vector<std::string> rows;
    for (const auto& id : *ids)
      for (auto& row : naming(context, snapshot, around.facts[i], id)) rows.push_back(std::move(row));
    for (const auto& row : rows_by_id(context, snapshot, beside, std::move(rows)))
      add_deed(context, beside, row, on, out.items);
  }
  return around.told;
}

void fill_activities(const Context& context, const Surrounded& around, const store::Snapshot& snapshot,
                     const BuiltCase& built, rules::Activities& out) {
  bool whole = around.all_sources;
  for (const auto& object : around.sources) {
    const auto& beside = context.beside.at(object);
    for (const auto& row : rows_of(context, snapshot, beside, built.row.object, built.row.record))
      add_deed(context, beside, row, Activity::On::record, out.items);
    whole = whole && was_read_whole(snapshot, beside.whole);
  }
  const auto fill = [&](const std::optional<Around>& who, Activity::On on) {
    return who && fill_around(context, around, *who, on, snapshot, built, out);
  };
  out.contacts = fill(around.contacts, Activity::On::contacts);
  out.account = fill(around.account, Activity::On::account);
  std::sort(out.items.begin(), out.items.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at, a.kind, a.by, a.done, a.on) < std::tie(b.at, b.kind, b.by, b.done, b.on);
  });
  // Everything that the CRM holds has been read, from its beginning on.
  if (whole) out.known_since = model::Instant{};
}

// Who wrote a note or a comment on the record spoke of it.
void fill_reviews(const Context& context, const Surrounded& around, const store::Snapshot& snapshot,
                  const BuiltCase& built, rules::Case& out) {
  bool whole = around.all_note_sources;
  for (const auto& object : around.note_sources) {
    const auto& beside = context.beside.at(object);
    for (const auto& row : rows_of(context, snapshot, beside, built.row.object, built.row.record)) {
      const auto deed = context.around->deed(*beside.source, source_values(context, beside, row));
      const auto by = deed ? person_of(context, *deed, row.created_by) : std::nullopt;
      if (by && !by->empty()) out.reviews.push_back({moment_of(context, deed->at), *by});
    }
    whole = whole && was_read_whole(snapshot, beside.whole);
  }
  std::sort(out.reviews.begin(), out.reviews.end(),
            [](const auto& a, const auto& b) { return std::tie(a.at, a.by) < std::tie(b.at, b.by); });
  if (whole) out.reviews_known_since = model::Instant{};
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

// What people wrote on the record, each under the name of who wrote it.
void fill_notes(const Context& context, const Surrounded& around, const store::Snapshot& snapshot, BuiltCase& built) {
  for (const auto& written : around.notes) {
    const auto& beside = context.beside.at(written.object);
    for (const auto& row : rows_of(context, snapshot, beside, built.row.object, built.row.record)) {
      std::vector<Activity> deeds;
      add_deed(context, beside, row, Activity::On::record, deeds);
      if (deeds.empty() || deeds.front().by.empty()) continue;
      auto text = written_text(row, written.field);
      if (text.empty()) continue;
      rules::Note note;
      note.at = deeds.front().at;
      note.by = deeds.front().by;
      note.text = built.texts.emplace_back(std::move(text));
      built.value.notes.push_back(note);
    }
  }
  std::sort(built.value.notes.begin(), built.value.notes.end(),
            [](const auto& a, const auto& b) { return std::tie(a.at, a.by, a.text) < std::tie(b.at, b.by, b.text); });
}

// The fields of the record one step up. Where the child names none they are blank, as a report shows them; where it
// names several, or one that has not been read, they cannot be told.
void fill_parent(const Context& context, const rules::ObjectPlan& plan, const Parent& parent,
                 const store::Snapshot& snapshot, BuiltCase& built) {
  const auto found = context.beside.find(parent.object);
  const auto* up = context.rules->plan(parent.object);
  if (found == context.beside.end() || up == nullptr || !was_read(context, built.row, parent.field)) return;
  const auto ids = ids_in(built.row, parent.field);
  std::unique_ptr<BuiltCase> above;
  if (ids.size() == 1) {
    auto row = snapshot.record(context.connection, parent.object, ids.front());
    if (!row || row->deleted) return;
    std::vector<store::StoredHistory> history;
    std::vector<store::Snapshot::FieldKnown> known;
    if (found->second.judged || found->second.history) {
      history = snapshot.history(context.connection, parent.object, ids.front());
      known = snapshot.known_since(context.connection, parent.object, ids.front());
    }
    above = build_case(context, *up, std::move(*row), std::move(history), known);
  }
  if (!above && !ids.empty()) return;
  for (std::size_t slot = 0; slot < plan.slots.size(); ++slot) {
    const auto& field = plan.slots[slot].parent;
    if (!field || field->object != parent.object) continue;
    built.value.values[slot] = above ? above->value.value(field->slot) : model::Value::blank();
    if (!above) continue;
    built.value.past[slot] = above->value.past[field->slot];
    built.value.past[slot].holder = rules::FieldPast::Holder{above->value.created, above->value.modified};
  }
  if (above) built.beside.push_back(std::move(above));  // its texts
}

}  // namespace

void fill_surroundings(const Context& context, const rules::ObjectPlan& plan, const store::Snapshot& snapshot,
                       BuiltCase& built) {
  if (!has_surroundings(plan)) return;
  const auto found = context.surrounded.find(plan.object);
  if (found == context.surrounded.end()) return;
  const auto& around = found->second;
  if (plan.needs_activities) fill_activities(context, around, snapshot, built, built.value.activities);
  if (plan.needs_reviews) fill_reviews(context, around, snapshot, built, built.value);
  built.value.related.resize(around.related.size());
  for (std::size_t i = 0; i < around.related.size(); ++i)
    if (!around.related[i].empty()) fill_related(context, around.related[i], snapshot, built, built.value.related[i]);
  if (plan.needs_notes) fill_notes(context, around, snapshot, built);
  for (const auto& parent : around.parents) fill_parent(context, plan, parent, snapshot, built);
}

}  // namespace coachd::pipeline
