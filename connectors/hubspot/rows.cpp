#include "connectors/hubspot/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "rules/model/description.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using connectors::Page;
using model::FieldType;
using model::Instant;
using model::RecordRow;
using model::StoredValue;
using model::Value;

namespace {

constexpr const char* created_by = "hs_created_by_user_id";
constexpr const char* updated_by = "hs_updated_by_user_id";
constexpr const char* merged_ids = "hs_merged_object_ids";

[[nodiscard]] bool names_user(std::string_view property) {
  return property == created_by || property == updated_by;
}

/// Stamps and ids change with everything or never: nobody asks since when.
[[nodiscard]] bool worth_following(const ObjectInfo& object, const std::string& property) {
  return property != object.modified && property != object.created && property != "hs_object_id" &&
         property != merged_ids && !names_user(property);
}

[[nodiscard]] StoredValue value_of(std::string_view written, const std::string& property, FieldType type,
                                   const People& people) {
  if (names_user(property)) return StoredValue(Value::text_or_blank(people.owner(written).get()));
  return value(written, type);
}

/// Short, stable and different for different values of the same instant.
[[nodiscard]] std::uint32_t digest(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

[[nodiscard]] model::PersonId author_of(const json::object& entry, const People& people) {
  std::string user = id(entry, "updatedByUserId");
  constexpr std::string_view mark = "userId:";
  if (const auto source = text(entry, "sourceId"); user.empty() && source.starts_with(mark))
    user = std::string(source.substr(mark.size()));
  return user.empty() ? model::PersonId() : people.owner(user);
}

struct Change {
  Instant at;
  std::string_view written;
  const json::object* entry;
  std::size_t place;  // from the oldest on
};

/// Newest first on the wire; oldest first here, repeats of the same value left out.
[[nodiscard]] std::vector<Change> changes_of(const json::array& list) {
  std::vector<Change> changes;
  changes.reserve(list.size());
  for (auto entry = list.rbegin(); entry != list.rend(); ++entry) {
    if (!entry->is_object()) continue;
    const json::object& object = entry->get_object();
    const auto at = instant(object, "timestamp");
    if (!at) continue;
    const auto written = text(object, "value");
    if (!changes.empty() && changes.back().written == written) continue;
    changes.push_back({*at, written, &object, changes.size()});
  }
  const auto older = [](const Change& a, const Change& b) { return std::tie(a.at, a.place) < std::tie(b.at, b.place); };
  if (!std::is_sorted(changes.begin(), changes.end(), older)) std::sort(changes.begin(), changes.end(), older);
  return changes;
}

void add_history(const json::array& list, const std::string& column, FieldType type, const RecordRow& row,
                 const People& people, Page& page) {
  const auto changes = changes_of(list);
  if (changes.empty()) return;
  const bool full = list.size() >= history_depth;
  if (full) page.cuts.push_back({row.id, column, changes.front().at});
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    if (i == 0 && (full || change.written.empty() || change.at <= row.created + created_with)) continue;
    connectors::HistoryItem item;
    item.record = row.id;
    item.field = column;
    item.row.at = item.row.seen_at = change.at;
    item.row.author = author_of(*change.entry, people);
    item.row.source = model::HistorySource::vendor;
    item.row.from = i == 0 ? StoredValue(Value::blank()) : value_of(changes[i - 1].written, column, type, people);
    item.row.to = value_of(change.written, column, type, people);
    item.vendor_id = fmt::format("{}:{}:{}:{:08x}", row.id.get(), column,
                                 std::chrono::floor<std::chrono::milliseconds>(change.at).time_since_epoch().count(),
                                 digest(change.written));
    page.history.push_back(std::move(item));
  }
}

/// The ids that were merged into this record: gone, and where to.
void add_merged(std::string_view ids, const RecordRow& survivor, std::size_t columns, Page& page) {
  while (!ids.empty()) {
    const auto end = ids.find(';');
    const std::string_view one = ids.substr(0, end);
    ids = end == std::string_view::npos ? std::string_view() : ids.substr(end + 1);
    if (!is_id(one) || one == survivor.id.get()) continue;
    RecordRow row;
    row.id = model::RecordId(std::string(one));
    row.version = survivor.version;
    row.created = survivor.created;
    row.modified_by = survivor.modified_by;
    row.deleted = true;
    row.merged_into = survivor.id;
    row.values.resize(columns);
    page.rows.push_back(std::move(row));
  }
}

[[nodiscard]] std::optional<RecordRow> head_of(const json::object& record, const json::object& properties,
                                               const Selection& selection) {
  RecordRow row;
  row.id = model::RecordId(id(record, "id"));
  auto version = instant(properties, selection.object->modified);
  if (!version) version = instant(record, "updatedAt");
  if (row.id.empty() || !version) return std::nullopt;
  row.version = *version;
  auto created = instant(properties, selection.object->created);
  if (!created) created = instant(record, "createdAt");
  row.created = created.value_or(Instant{});
  row.created_by = selection.people->owner(text(properties, created_by));
  row.modified_by = selection.people->owner(text(properties, updated_by));
  return row;
}

}  // namespace

StoredValue value(std::string_view written, FieldType type) {
  switch (type) {
    case FieldType::date:
      if (const auto day = model::parse_day(written)) return StoredValue(Value::day(*day));
      break;
    case FieldType::datetime:
      if (const auto moment = instant_of(written)) return StoredValue(Value::instant(*moment));
      break;
    case FieldType::number:
    case FieldType::currency:
    case FieldType::percent: {
      double number = 0;
      const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), number);
      if (error == std::errc() && end == written.data() + written.size()) return StoredValue(Value::number(number));
      break;
    }
    case FieldType::boolean:
      if (written == "true" || written == "false") return StoredValue(Value::boolean(written == "true"));
      break;
    default: break;
  }
  return StoredValue(Value::text_or_blank(written));
}

Task<Selection> choose(Catalog& catalog, std::string name, std::vector<std::string> columns) {
  const auto object = co_await catalog.object(std::move(name));
  if (!object) co_return object.error();
  const auto people = co_await catalog.people();
  if (!people) co_return people.error();
  Selection selection{*object, *people, std::move(columns), {}, {}, {}};
  const auto add = [&](const std::string& property) {
    if (std::find(selection.properties.begin(), selection.properties.end(), property) == selection.properties.end())
      selection.properties.push_back(property);
  };
  const ObjectInfo& info = **object;
  for (const std::string& own :
       {info.modified, info.created, std::string(created_by), std::string(updated_by), std::string(merged_ids)})
    if (info.has(own)) add(own);
  for (std::size_t i = 0; i < selection.columns.size(); ++i) {
    const model::FieldDescription* const field = info.find(selection.columns[i]);
    selection.types.push_back(field == nullptr ? std::optional<FieldType>() : field->type);
    if (field == nullptr) continue;
    add(field->name);
    if (worth_following(info, field->name)) selection.followed.push_back(i);
  }
  co_return selection;
}

bool add_record(const json::object& record, const Selection& selection, Page& page) {
  const json::object* const properties = object_at(record, "properties");
  if (properties == nullptr) return false;
  auto row = head_of(record, *properties, selection);
  if (!row) return false;
  row->deleted = flag(record, "archived");
  row->values.reserve(selection.columns.size());
  for (std::size_t i = 0; i < selection.columns.size(); ++i) {
    const auto& type = selection.types[i];
    row->values.push_back(
        type ? value_of(text(*properties, selection.columns[i]), selection.columns[i], *type, *selection.people)
             : StoredValue());
  }
  if (const json::object* const history = object_at(record, "propertiesWithHistory"))
    for (const std::size_t i : selection.followed)
      if (const json::array* const list = array_at(*history, selection.columns[i]))
        add_history(*list, selection.columns[i], selection.types[i].value_or(FieldType::unknown), *row,
                    *selection.people, page);
  add_merged(text(*properties, merged_ids), *row, selection.columns.size(), page);
  page.rows.push_back(std::move(*row));
  return true;
}

bool add_deleted(const json::object& record, const Selection& selection, Page& page) {
  static const json::object none;
  const json::object* const properties = object_at(record, "properties");
  auto row = head_of(record, properties == nullptr ? none : *properties, selection);
  if (!row) return false;
  row->deleted = true;
  if (const auto at = instant(record, "archivedAt"); at && *at > row->version) row->version = *at;
  row->values.resize(selection.columns.size());
  page.rows.push_back(std::move(*row));
  return true;
}

}  // namespace coachd::hubspot
