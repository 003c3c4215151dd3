#include "connectors/salesforce/history.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/sweep.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using connectors::HistoryItem;
using connectors::HistoryPage;
using model::CrmError;
using model::Failure;
using model::FieldType;
using model::StoredValue;

namespace {

struct Place {
  std::string object;  // OpportunityFieldHistory
  std::string parent;  // OpportunityId
};

[[nodiscard]] Place place_of(const std::string& object) {
  if (object == "Opportunity") return {"OpportunityFieldHistory", "OpportunityId"};
  if (object.ends_with("__c")) return {object.substr(0, object.size() - 3) + "__History", "ParentId"};
  return {object + "History", object + "Id"};
}

/// The names under which the history may keep a field: a lookup goes by its relationship (Owner) or by its own name.
[[nodiscard]] std::vector<std::string> names_of(const ObjectInfo& info, const std::string& column) {
  std::vector<std::string> names{column};
  if (info.type(column) == FieldType::reference && column.ends_with("Id") && column.size() > 2)
    names.push_back(column.substr(0, column.size() - 2));
  if (column == "OwnerId") names.emplace_back("ownerAssignment");
  return names;
}

/// The field that a row of the history is about; empty for `created` and the like.
[[nodiscard]] std::string field_of(const ObjectInfo& info, const std::string& name) {
  if (name == "ownerAssignment") return "OwnerId";
  if (info.has(name)) return name;
  return info.has(name + "Id") && info.type(name + "Id") == FieldType::reference ? name + "Id" : std::string();
}

[[nodiscard]] bool names_instead_of_ids(const json::object& row) {
  if (text(row, "DataType") == "Text") return true;
  const auto is_other = [&](std::string_view key) {
    const std::string value = text(row, key);
    return !value.empty() && !is_id(value);
  };
  return is_other("OldValue") || is_other("NewValue");
}

[[nodiscard]] bool is_null(const json::object& row, std::string_view key) {
  const json::value* const found = at(row, key);
  return found == nullptr || found->is_null();
}

[[nodiscard]] std::optional<HistoryItem> to_item(const json::object& row, const ObjectInfo& info, const Place& place,
                                                 model::Instant seen) {
  HistoryItem item;
  item.field = field_of(info, text(row, "Field"));
  if (item.field.empty()) return std::nullopt;
  const FieldType type = info.type(item.field);
  if (type == FieldType::reference && names_instead_of_ids(row)) return std::nullopt;
  item.record = model::RecordId(id(row, place.parent));
  item.vendor_id = id(row, "Id");
  item.row.at = instant(row, "CreatedDate").value_or(model::Instant{});
  item.row.seen_at = seen;
  item.row.author = model::PersonId(id(row, "CreatedById"));
  item.row.source = model::HistorySource::vendor;
  if (!is_null(row, "OldValue") || !is_null(row, "NewValue")) {  // else: changed, content unknown
    item.row.from = value(at(row, "OldValue"), type);
    item.row.to = value(at(row, "NewValue"), type);
  }
  return item;
}

/// The time of the oldest row that there is (of these fields); nothing where there is none.
Task<std::optional<model::Instant>> oldest(Session& session, std::string object, std::string condition) {
  const auto rows = co_await query(
      session,
      fmt::format("SELECT Id, CreatedDate FROM {}{} ORDER BY CreatedDate ASC, Id ASC LIMIT 1", object, condition));
  if (!rows) co_return rows.error();
  co_return rows->rows.empty() ? std::optional<model::Instant>() : instant(*rows->rows.front(), "CreatedDate");
}

Task<bool> read_depth(Session& session, ObjectPtr info, Place place, std::vector<std::string> columns,
                      HistoryPage& page) {
  const auto all = co_await oldest(session, place.object, "");
  if (!all) co_return all.error();
  page.complete_since = *all;
  for (const std::string& column : columns) {
    const auto since = co_await oldest(session, place.object,
                                       fmt::format(" WHERE Field IN ({})", quote_list(names_of(*info, column))));
    if (!since) co_return since.error();
    const std::optional<model::Instant>& first = *since;
    if (first) page.field_since[column] = *first;
  }
  co_return true;
}

}  // namespace

Task<HistoryPage> read_history(Session& session, Catalog& catalog, connectors::HistoryRequest request) {
  const auto info = co_await catalog.object(request.object);
  if (!info) co_return info.error();
  const Place place = place_of(request.object);
  auto sweep = net::Sweep::parse(request.cursor, place.object);
  if (!sweep)
    co_return CrmError{Failure::permanent,
                       "the stored position in the history of " + request.object +
                           " is not understood: read it again from the beginning",
                       "", 0, false};
  std::vector<std::string> columns, names;
  for (const std::string& column : request.columns)
    if ((*info)->has(column)) columns.push_back(column);
  for (const std::string& column : columns)
    for (std::string& name : names_of(**info, column)) names.push_back(std::move(name));

  HistoryPage page;
  const auto signed_in = co_await session.ready();
  if (!signed_in) co_return signed_in.error();
  if (!request.columns.empty() && columns.empty()) {  // nothing of what is asked for exists
    page.next = request.cursor;
    co_return page;
  }
  const bool very_first = request.cursor.empty();
  sweep->begin(session.server_now(), session.options().overlap, session.options().lag);
  const std::size_t limit = session.options().page;
  const std::string only = names.empty() ? "" : fmt::format("Field IN ({}) AND ", quote_list(names));
  const auto rows = co_await query(
      session,
      fmt::format("SELECT Id, {}, Field, OldValue, NewValue, DataType, CreatedById, CreatedDate FROM {} WHERE {}{} "
                  "ORDER BY CreatedDate ASC, Id ASC LIMIT {}",
                  place.parent, place.object, only, condition(*sweep, "CreatedDate"), limit));
  if (!rows) co_return rows.error();
  std::optional<model::Instant> last;
  std::string last_id;
  for (const json::object* const row : rows->rows) {
    last = instant(*row, "CreatedDate");
    last_id = id(*row, "Id");
    if (!last || last_id.empty()) co_return unreadable("a history row without id or time", false);
    if (auto item = to_item(*row, **info, place, rows->server_time)) page.rows.push_back(std::move(*item));
  }
  if (very_first) {
    const auto depth = co_await read_depth(session, *info, place, columns, page);
    if (!depth) co_return depth.error();
  }
  page.first_load = sweep->first();
  page.more = sweep->advance(last, last_id, !rows->done || rows->rows.size() >= limit, rows->server_time,
                             session.options().lag);
  page.next = sweep->text(place.object);
  co_return page;
}

}  // namespace coachd::salesforce
