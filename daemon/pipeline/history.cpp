#include "daemon/pipeline/history.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/facts.hpp"
#include "daemon/pipeline/fill_beside.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

using store::SnapshotRow;
using store::StoredHistory;

// How far a vendor's history row may lie before the stamp of the save that it belongs to.
constexpr std::chrono::minutes same_save{10};

class Applier {
 public:
  Applier(const Context& context, const store::Snapshot& snapshot, bool facts_current, model::Instant now)
      : context_(context),
        snapshot_(snapshot),
        now_(now),
        facts_(context, snapshot, facts_current),
        beside_(context, snapshot) {}

  void entry(const store::JournalEntry& e) {
    switch (e.kind) {
      case store::JournalEntry::Kind::hint: delivery(e); break;
      case store::JournalEntry::Kind::change: change(e, decode_change(e.body)); break;
      case store::JournalEntry::Kind::history: history(e, decode_history(e.body)); break;
    }
  }

  AppliedJournal finish(std::int64_t position, bool evaluate) {
    facts_.finish(unit_, now_);
    beside_.finish(unit_, now_);
    AppliedJournal out;
    if (evaluate) out.ready = take_ready();
    for (auto& [key, record] : records_)
      if (record.changed) unit_.snapshots.push_back(std::move(record.row));
    if (applied_ > 0) unit_.counters.push_back({"changes_applied", applied_});
    unit_.applied_to = {context_.connection, position};
    out.unit = std::move(unit_);
    return out;
  }

 private:
  struct Record {
    SnapshotRow row;
    bool exists = false;
    bool changed = false;
    bool plain = true;                   // `history` is what the store will keep
    std::vector<StoredHistory> history;  // with what the unit adds
  };

  Record& load(const std::string& object, const std::string& id) {
    const auto [it, fresh] = records_.try_emplace({object, id});
    auto& r = it->second;
    if (!fresh) return r;
    if (auto row = snapshot_.record(context_.connection, object, id)) {
      r.row = std::move(*row);
      r.exists = true;
      if (is_followed(object)) r.history = snapshot_.history(context_.connection, object, id);
    } else {
      r.row.connection = context_.connection;
      r.row.object = object;
      r.row.record = id;
    }
    return r;
  }

  // Changes of its fields are kept: not of what only stands beside other records, unless a test looks at them.
  [[nodiscard]] bool is_followed(const std::string& object) const {
    const auto beside = context_.beside.find(object);
    return beside == context_.beside.end() || beside->second.judged || beside->second.history;
  }
  // What stands beside a record and changed in this unit cannot be read yet.
  [[nodiscard]] bool seen_whole(const rules::ObjectPlan& plan) const {
    return !has_surroundings(plan) || !beside_.changed();
  }

  void make_due(const std::string& object, const std::string& id) {
    if (due_.emplace(object, id).second) unit_.make_due.push_back({context_.connection, object, id, now_, 0});
  }

  // Out of the unit's due records what may be evaluated in it: its own, and of those that its facts woke as many again.
  std::vector<ChangedRecord> take_ready() {
    std::vector<ChangedRecord> ready;
    std::erase_if(unit_.make_due, [&](const store::DueRow& due) {
      const bool own = due_.contains({due.object, due.record});
      if (!own && ready.size() >= 2 * due_.size()) return false;
      const auto& plan = *context_.rules->plan(due.object);
      if (!seen_whole(plan)) return false;
      Record& r = load(due.object, due.record);
      if (!r.exists || !r.plain) return false;
      ChangedRecord& changed = ready.emplace_back();
      changed.due = snapshot_.due_of(context_.connection, due.object, due.record);
      changed.revision = r.row.revision;
      changed.built = build_case(context_, plan, r.row, std::move(r.history),
                                 snapshot_.known_since(context_.connection, due.object, due.record));
      if (!changed.built) return true;
      fill_surroundings(context_, plan, snapshot_, *changed.built);
      changed.facts = facts_.facts(plan, changed.built->value);
      return true;
    });
    return ready;
  }

  void add_history(Record& r, StoredHistory row) {
    // The store drops a diff that a vendor's row tells as well, and the other way round; see write_history.cpp there.
    const auto told = [&](const StoredHistory& h) {
      return h.field == row.field && h.from == row.from && h.to == row.to;
    };
    r.plain =
        r.plain && row.source == model::HistorySource::diff && std::none_of(r.history.begin(), r.history.end(), told);
    r.history.push_back(row);
    unit_.history.push_back(std::move(row));
  }

  // A diff says what the vendor's own history may have said already; then the vendor's row stands.
  [[nodiscard]] bool told_by_vendor(const Record& r, FieldNumber field, const model::Value& to, model::Instant after,
                                    model::Instant until) const {
    return std::any_of(r.history.begin(), r.history.end(), [&](const StoredHistory& h) {
      return h.source == model::HistorySource::vendor && h.field == field && h.at > after - same_save &&
             h.at <= until && h.to.view() == to;
    });
  }

  void diff(Record& r, const JournalChange& c) {
    std::map<FieldNumber, model::Value> before;
    for (const auto& [f, v] : decode_values(r.row.values)) before.emplace(f, v);
    std::map<FieldNumber, model::Value> after;
    for (const auto& [f, v] : decode_values(c.values)) after.emplace(f, v);
    const auto was_read = context_.read_fields(r.row.read_set);
    for (const auto field : context_.read_fields(c.read_set)) {
      if (std::find(was_read.begin(), was_read.end(), field) == was_read.end()) continue;  // newly read is not changed
      const auto old_it = before.find(field);
      const auto new_it = after.find(field);
      const auto from = old_it == before.end() ? model::Value::blank() : old_it->second;
      const auto to = new_it == after.end() ? model::Value::blank() : new_it->second;
      if (from == to || told_by_vendor(r, field, to, r.row.version, c.version)) continue;
      StoredHistory row;
      row.connection = context_.connection;
      row.object = r.row.object;
      row.record = r.row.record;
      row.field = field;
      row.at = c.version;
      row.seen_at = now_;
      row.author = c.modified_by;
      row.source = model::HistorySource::diff;
      row.from = model::StoredValue(from);
      row.to = model::StoredValue(to);
      add_history(r, std::move(row));
    }
  }

  void change(const store::JournalEntry& e, const JournalChange& c) {
    auto& r = load(e.object, e.record);
    if (r.exists) {
      if (c.version < r.row.version) return;  // late: something newer is known
      const bool same = c.version == r.row.version && c.deleted == r.row.deleted && c.read_set == r.row.read_set &&
                        c.values == r.row.values;
      if (same) return;
      if (!c.deleted && !r.row.deleted && is_followed(e.object)) diff(r, c);
    }
    const auto stands_beside = context_.beside.find(e.object);
    const auto around = context_.surrounded.find(e.object);
    const bool names = around != context_.surrounded.end() && !around->second.naming.empty();
    const bool indexed = stands_beside != context_.beside.end() || names;
    const auto row_before = indexed && r.exists ? std::optional(r.row) : std::nullopt;
    const auto* plan = context_.rules->plan(e.object);
    const bool counts = plan != nullptr && !plan->facts.empty();
    const auto before = counts && r.exists ? build_case(context_, *plan, r.row, {}, {}) : nullptr;
    r.row.version = c.version;
    if (!c.deleted) {
      r.row.created = c.created;
      r.row.created_by = c.created_by;
    }
    r.row.modified_by = c.modified_by;
    r.row.deleted = c.deleted;
    r.row.merged_into = c.merged_into;
    r.row.read_set = c.read_set;
    r.row.values = c.deleted ? std::string() : c.values;
    r.exists = r.changed = true;
    ++applied_;
    if (stands_beside != context_.beside.end())
      beside_.record(stands_beside->second, row_before ? &*row_before : nullptr, r.row);
    if (names) beside_.judged(around->second, row_before ? &*row_before : nullptr, r.row);
    if (!plan || plan->only_beside()) return;
    make_due(e.object, e.record);
    if (!counts) return;
    const auto after = build_case(context_, *plan, r.row, {}, {});  // facts rest on values alone
    facts_.record(*plan, e.record, before ? &before->value : nullptr, after ? &after->value : nullptr);
  }

  // A delivery carries no truth: its records are read again, unless they were read after what it tells.
  void delivery(const store::JournalEntry& e) {
    if (!context_.hooks) return;
    const auto hints = context_.hooks->split(e.body);
    if (!hints) {
      unit_.counters.push_back({"deliveries_unreadable", 1});
      return;
    }
    std::int64_t known = 0;
    for (const auto& h : *hints) {
      const auto object = canonical_object(*context_.rules, h.object);
      if (!object) continue;  // no rule is about it
      const auto row = snapshot_.record(context_.connection, *object, h.record.get());
      if (row && h.at < row->version)
        ++known;
      else if (wanted_.emplace(*object, h.record.get()).second)
        unit_.read_list.push_back({context_.connection, *object, h.record.get(), true, 0});
    }
    unit_.counters.push_back({"hints", static_cast<std::int64_t>(hints->size())});
    if (known > 0) unit_.counters.push_back({"hints_known_already", known});
  }

  void history(const store::JournalEntry& e, std::vector<JournalHistoryRow> rows) {
    auto& r = load(e.object, e.record);
    for (auto& h : rows) {
      const bool known = std::any_of(r.history.begin(), r.history.end(),
                                     [&](const StoredHistory& old) { return old.vendor_id == h.vendor_id; });
      if (known) continue;
      StoredHistory row;
      row.connection = context_.connection;
      row.object = e.object;
      row.record = e.record;
      row.field = h.field;
      row.at = h.at;
      row.seen_at = now_;
      row.author = std::move(h.author);
      row.source = model::HistorySource::vendor;
      row.vendor_id = std::move(h.vendor_id);
      row.from = std::move(h.from);
      row.to = std::move(h.to);
      add_history(r, std::move(row));
      const auto* plan = context_.rules->plan(e.object);
      if (r.exists && plan && !plan->only_beside()) make_due(e.object, e.record);
    }
  }

  const Context& context_;
  const store::Snapshot& snapshot_;
  model::Instant now_;
  FactKeeper facts_;
  BesideKeeper beside_;
  store::UnitOfWork unit_;
  std::int64_t applied_ = 0;  // changes
  std::map<std::pair<std::string, std::string>, Record> records_;
  std::set<std::pair<std::string, std::string>> due_;
  std::set<std::pair<std::string, std::string>> wanted_;
};

}  // namespace

AppliedJournal apply_journal(const Context& context, const store::Snapshot& snapshot,
                             const std::vector<store::JournalEntry>& entries, Standing standing, model::Instant now) {
  Applier applier(context, snapshot, standing.facts_current, now);
  for (const auto& e : entries) applier.entry(e);
  return applier.finish(entries.empty() ? 0 : entries.back().position, standing.loaded);
}

}  // namespace coachd::pipeline
