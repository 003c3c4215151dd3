#include "daemon/pipeline/beside.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

model::Value value_of(const NumberedValues& values, const std::vector<FieldNumber>& read, FieldNumber field) {
  for (const auto& [number, value] : values)
    if (number == field) return value;
  return std::find(read.begin(), read.end(), field) != read.end() ? model::Value::blank() : model::Value::unread();
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
  return row == nullptr ? std::vector<std::string>() : ids_in(*row, field);
}

// A text without the marks of a web page: a block ends a line.
std::string plain_text(std::string_view text) {
  if (text.find('<') == std::string_view::npos) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const auto open = std::min(text.find('<'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const auto close = text.find('>');
    if (close == std::string_view::npos) break;
    const auto mark = text.substr(0, close);
    if (mark.starts_with("</p") || mark.starts_with("<br") || mark.starts_with("</div") || mark.starts_with("</li"))
      out += '\n';
    text.remove_prefix(close + 1);
  }
  return out;
}

void add_once(std::vector<std::string>& list, const std::string& one) {
  if (!one.empty() && std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
}

}  // namespace

std::vector<model::Value> source_values(const Context& context, const Beside& beside, const store::SnapshotRow& row) {
  const auto all = decode_values(row.values);
  const auto read = context.read_fields(row.read_set);
  std::vector<model::Value> values;
  values.reserve(beside.source_fields.size());
  for (const auto field : beside.source_fields) values.push_back(value_of(all, read, field));
  return values;
}

std::string written_text(const store::SnapshotRow& row, FieldNumber field) {
  for (const auto& [number, value] : decode_values(row.values))
    if (number == field && value.kind() == model::Value::Kind::text) return plain_text(value.as_text());
  return {};
}

std::optional<std::string_view> person_of(const Context& context, const connectors::Deed& deed,
                                          std::string_view created_by) {
  if (deed.outside) return std::string_view();
  for (const auto id : {deed.by, created_by}) {
    const auto* person = id.empty() ? nullptr : context.world->person(id);
    if (person != nullptr && person->human && person->id.get() != context.options.integration_user)
      return person->id.get();
  }
  return std::nullopt;
}

model::Instant moment_of(const Context& context, const model::Value& at) {
  return at.kind() == model::Value::Kind::day ? context.world->calendar.zone().start_of(at.as_day()) : at.as_instant();
}

std::vector<std::string> ids_in(const store::SnapshotRow& row, FieldNumber field) {
  std::vector<std::string> out;
  if (row.deleted) return out;
  for (const auto& [number, value] : decode_values(row.values))
    if (number == field && value.kind() == model::Value::Kind::text)
      each_id(value.as_text(), [&](std::string_view id) { out.emplace_back(id); });
  return out;
}

std::vector<std::string> naming(const Context& context, const store::Snapshot& snapshot, const std::string& fact,
                                const std::string& id) {
  auto ids = snapshot.fact_between(context.connection, fact, id, -1, 1);
  for (auto& one : ids) one.resize(std::min(one.find(' '), one.size()));
  return ids;
}

bool is_own(const Context& context, const Beside& beside, const store::SnapshotRow& row) {
  const auto& self = context.options.integration_user;
  if (!self.empty() && row.created_by == self) return true;
  return beside.source != nullptr && context.around->own(*beside.source, source_values(context, beside, row));
}

std::vector<std::string> columns_to_read(const Context& context, const std::string& object) {
  if (const auto beside = context.beside.find(object); beside != context.beside.end()) return beside->second.columns;
  std::vector<std::string> columns;
  if (const auto* plan = context.rules->plan(object))
    for (const auto& slot : plan->slots)
      if (!slot.parent) add_once(columns, slot.crm_name);
  if (const auto around = context.surrounded.find(object); around != context.surrounded.end())
    for (const auto& naming : around->second.naming) add_once(columns, naming.column);
  return columns;
}

bool was_read_whole(const store::Snapshot& snapshot, const std::string& whole) {
  const auto since = snapshot.metadata(whole);
  return since && !since->empty();  // emptied where the CRM refuses it since
}

bool BesideKeeper::whole(const Beside& beside) {
  const auto [it, fresh] = whole_.try_emplace(beside.whole);
  if (fresh) it->second = was_read_whole(snapshot_, beside.whole);
  return it->second;
}

void BesideKeeper::reindex(const std::string& fact, FieldNumber field, const store::SnapshotRow* before,
                           const store::SnapshotRow& now) {
  const auto were = owners(before, field);
  const auto are = owners(&now, field);
  const auto name = [&](const std::string& owner, std::size_t of) {
    return of > 1 ? now.record + " " + owner : now.record;
  };
  for (const auto& owner : were) index_[{fact, name(owner, were.size())}].clear();
  for (const auto& owner : are) index_[{fact, name(owner, are.size())}] = owner;
}

void BesideKeeper::record(const Beside& beside, const store::SnapshotRow* before, const store::SnapshotRow& now) {
  changed_ = true;
  // Until all of it has been read nothing is told by it; then every record is looked at once.
  const bool wake = whole(beside) && !(is_own(context_, beside, now) && (!before || is_own(context_, beside, *before)));
  for (const auto& link : beside.links) {
    reindex(link.fact, link.field, before, now);
    if (!wake) continue;
    for (const auto& list : {owners(before, link.field), owners(&now, link.field)})
      for (const auto& owner : list) {
        for (const auto& object : link.to) woken_.emplace(object, owner);
        for (const auto& onward : link.onward) go_on(onward, owner);
      }
  }
  if (whole(beside))
    for (const auto& onward : beside.children) go_on(onward, now.record);
}

void BesideKeeper::judged(const Surrounded& around, const store::SnapshotRow* before, const store::SnapshotRow& now) {
  for (const auto& naming : around.naming) reindex(naming.fact, naming.field, before, now);
}

void BesideKeeper::go_on(const Onward& onward, const std::string& id) {
  onward_.emplace(std::pair(onward.join + ' ' + onward.fact + ' ' + onward.object, id), &onward);
}

void BesideKeeper::finish(store::UnitOfWork& unit, model::Instant now) {
  // Whoever came to name it, or ceased to, in this unit is due by that; the others stand in the index as it was.
  for (const auto& [key, onward] : onward_) {
    auto ids = std::vector<std::string>{key.second};
    if (!onward->fact.empty()) ids = naming(context_, snapshot_, onward->fact, key.second);
    for (const auto& id : ids) {
      if (onward->join.empty()) {
        woken_.emplace(onward->object, id);
        continue;
      }
      const auto row = snapshot_.record(context_.connection, onward->join, id);
      if (!row) continue;
      for (const auto& record : ids_in(*row, onward->record)) woken_.emplace(onward->object, record);
    }
  }
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
