#include "daemon/pipeline/intake.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

ColumnNumbers number_columns(store::Dictionary& dictionary, const std::string& connection, const std::string& object,
                             const std::vector<std::string>& columns) {
  ColumnNumbers numbers;
  numbers.fields.reserve(columns.size());
  for (const auto& c : columns) numbers.fields.push_back(dictionary.field(connection, object, c));
  numbers.read_set = dictionary.set(numbers.fields);
  return numbers;
}

void add_gone(const store::Snapshot& snapshot, const std::string& connection, const std::string& object,
              const std::vector<store::Snapshot::ReadListRow>& asked, connectors::Page& page) {
  std::set<std::string> came;
  for (const auto& row : page.rows) came.insert(row.id.get());
  for (const auto& row : asked) {
    if (came.contains(row.record)) continue;
    const auto known = snapshot.record(connection, object, row.record);
    if (!known || known->deleted) continue;
    auto& tombstone = page.rows.emplace_back();
    tombstone.id = model::RecordId(row.record);
    tombstone.version = known->version + std::chrono::microseconds(1);
    tombstone.deleted = true;
  }
}

namespace {

// One entry a record, whatever the number of its rows. Fields that are not among the columns are left out.
void add_history(store::UnitOfWork& unit, store::Dictionary& dictionary, const std::string& connection,
                 const std::string& object, const std::vector<connectors::HistoryItem>& rows,
                 const std::vector<std::string>& columns, bool first_load, model::Instant now) {
  if (rows.empty()) return;
  struct Entry {
    std::string body;
    model::Instant newest = model::Instant::min();
  };
  std::map<std::string_view, Entry> by_record;
  std::map<std::string_view, FieldNumber> numbers;
  for (const auto& c : columns) numbers.emplace(c, dictionary.field(connection, object, c));
  auto last = by_record.end();  // rows of one record mostly come together
  for (const auto& item : rows) {
    const auto number = numbers.find(item.field);
    if (number == numbers.end()) continue;
    if (last == by_record.end() || last->first != item.record.get())
      last = by_record.try_emplace(item.record.get()).first;
    encode_onto(last->second.body, number->second, item.row, item.vendor_id);
    last->second.newest = std::max(last->second.newest, item.row.at);
  }
  for (auto& [record, changes] : by_record) {
    store::JournalEntry entry;
    entry.kind = store::JournalEntry::Kind::history;
    entry.connection = connection;
    entry.object = object;
    entry.record = record;
    entry.received = now;
    entry.key_time = changes.newest;
    entry.body = std::move(changes.body);
    if (!first_load) entry.key = stable_hash(entry.body, stable_hash(record, stable_hash("history " + object)));
    unit.journal.push_back(std::move(entry));
  }
  unit.counters.push_back({"history_rows_read", static_cast<std::int64_t>(rows.size())});
}

}  // namespace

store::UnitOfWork intake_records(store::Dictionary& dictionary, const std::string& connection,
                                 const std::string& object, const connectors::Page& page, const ColumnNumbers& numbers,
                                 const std::string& cursor_name, model::Instant now) {
  store::UnitOfWork unit;
  unit.urgency = store::UnitOfWork::Urgency::intake;
  unit.journal.reserve(page.rows.size() + (page.history.empty() ? 0 : page.rows.size()));
  add_history(unit, dictionary, connection, object, page.history, page.columns, page.first_load, now);
  for (const auto& cut : page.cuts)
    unit.known_since.push_back(
        {connection, object, dictionary.field(connection, object, cut.field), cut.record.get(), cut.since});
  std::vector<std::size_t> in_order(numbers.fields.size());  // of the columns, by field number
  std::iota(in_order.begin(), in_order.end(), std::size_t{0});
  std::sort(in_order.begin(), in_order.end(),
            [&](std::size_t a, std::size_t b) { return numbers.fields[a] < numbers.fields[b]; });
  NumberedValues values;
  for (const auto& row : page.rows) {
    JournalChange change;
    change.version = row.version;
    change.created = row.created;
    change.created_by = row.created_by.get();
    change.modified_by = row.modified_by.get();
    change.deleted = row.deleted;
    change.merged_into = row.merged_into.get();
    change.read_set = numbers.read_set;
    if (!row.deleted) {
      values.clear();
      for (const auto i : in_order)
        if (i < row.values.size()) values.emplace_back(numbers.fields[i], row.values[i].view());
      change.values = encode_values(values);
    }
    store::JournalEntry entry;
    entry.kind = store::JournalEntry::Kind::change;
    entry.connection = connection;
    entry.object = object;
    entry.record = row.id.get();
    entry.key_time = change.version;
    entry.received = now;
    entry.body = encode(change);
    if (!page.first_load) entry.key = stable_hash(entry.body, stable_hash(object + "/" + entry.record));
    unit.journal.push_back(std::move(entry));
  }
  if (!cursor_name.empty()) unit.cursors.emplace_back(cursor_name, page.next);
  if (!page.rows.empty()) unit.counters.push_back({"records_read", static_cast<std::int64_t>(page.rows.size())});
  return unit;
}

store::UnitOfWork intake_history(store::Dictionary& dictionary, const std::string& connection,
                                 const std::string& object, const connectors::HistoryPage& page,
                                 const std::vector<std::string>& columns, const std::string& cursor_name,
                                 model::Instant now) {
  store::UnitOfWork unit;
  unit.urgency = store::UnitOfWork::Urgency::intake;
  add_history(unit, dictionary, connection, object, page.rows, columns, page.first_load, now);
  unit.cursors.emplace_back(cursor_name, page.next);
  return unit;
}

}  // namespace coachd::pipeline
