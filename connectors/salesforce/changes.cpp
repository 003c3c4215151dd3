#include "connectors/salesforce/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/sweep.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/cursor.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/record.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using connectors::Page;
using model::CrmError;
using model::Failure;
using model::FieldType;
using model::RecordRow;

namespace {

/// What a query selects, and how its rows become records.
struct Selection {
  ObjectPtr object;
  std::vector<std::string> columns;             // as asked for
  std::vector<std::optional<FieldType>> types;  // parallel; nothing: cannot be read
  std::vector<std::string> select;              // what is sent: our own columns, then those of `columns` that exist
};

Task<Selection> choose(Catalog& catalog, std::string name, std::vector<std::string> columns) {
  const auto object = co_await catalog.object(std::move(name));
  if (!object) co_return object.error();
  Selection selection;
  selection.object = *object;
  selection.columns = std::move(columns);
  const auto add = [&](const std::string& column) {
    if (std::find(selection.select.begin(), selection.select.end(), column) == selection.select.end())
      selection.select.push_back(column);
  };
  add("Id");
  add((*object)->stamp);
  static constexpr std::array<const char*, 5> own{"CreatedDate", "CreatedById", "LastModifiedById", "IsDeleted",
                                                  "MasterRecordId"};
  for (const char* const column : own)
    if ((*object)->has(column)) add(column);
  for (const std::string& column : selection.columns) {
    const auto type = co_await column_type(catalog, *object, column);
    if (!type) co_return type.error();
    selection.types.push_back(*type);
    if (*type) add(column);
  }
  co_return selection;
}

[[nodiscard]] std::optional<RecordRow> to_row(const json::object& row, const Selection& selection) {
  RecordRow record;
  record.id = model::RecordId(id(row, "Id"));
  const auto version = instant(row, selection.object->stamp);
  if (record.id.empty() || !version) return std::nullopt;
  record.version = *version;
  record.created = instant(row, "CreatedDate").value_or(model::Instant{});
  record.created_by = model::PersonId(id(row, "CreatedById"));
  record.modified_by = model::PersonId(id(row, "LastModifiedById"));
  record.deleted = flag(row, "IsDeleted");
  record.merged_into = model::RecordId(id(row, "MasterRecordId"));
  for (std::size_t i = 0; i < selection.columns.size(); ++i) {
    const std::optional<FieldType>& type = selection.types[i];
    record.values.push_back(type ? value(at(row, selection.columns[i]), *type) : model::StoredValue());
  }
  return record;
}

[[nodiscard]] std::optional<CrmError> add_rows(const Rows& rows, const Selection& selection, Page& page) {
  for (const json::object* const row : rows.rows) {
    auto record = to_row(*row, selection);
    if (!record) return unreadable("a record without id or stamp", false);
    page.rows.push_back(std::move(*record));
  }
  page.server_time = rows.server_time;
  return std::nullopt;
}

[[nodiscard]] bool asks_for_smaller_pages(const CrmError& error) {
  return has_code(error, too_large_code) || has_code(error, "QUERY_TIMEOUT") || has_code(error, "OPERATION_TOO_LARGE");
}

[[nodiscard]] std::string order_of_load(const std::string& after) {
  return (after.empty() ? "" : " WHERE Id > " + quote(after)) + " ORDER BY Id ASC";
}

[[nodiscard]] std::string order_of_changes(const net::Sweep& sweep, const std::string& stamp) {
  return fmt::format(" WHERE {} ORDER BY {} ASC, Id ASC", condition(sweep, stamp), stamp);
}

Task<Page> read_page(Session& session, Catalog& catalog, connectors::ReadRequest request) {
  const auto selection = co_await choose(catalog, request.object, request.columns);
  if (!selection) co_return selection.error();
  const auto signed_in = co_await session.ready();
  if (!signed_in) co_return signed_in.error();
  auto cursor = request.cursor.empty() ? std::optional(Cursor::start(session.server_now()))
                                       : Cursor::parse(request.cursor, request.object);
  if (!cursor)
    co_return CrmError{
        Failure::permanent,
        "the stored position in " + request.object + " is not understood: read it again from the beginning", "", 0,
        false};
  const bool load = cursor->loading();
  if (!load) cursor->sweep().begin(session.server_now(), session.options().overlap, session.options().lag);

  std::size_t limit = session.options().page;
  const std::string& stamp = selection->object->stamp;
  for (;;) {
    const std::string which = load ? order_of_load(cursor->after()) : order_of_changes(cursor->sweep(), stamp);
    std::string soql =
        fmt::format("SELECT {} FROM {}{} LIMIT {}", joined(selection->select), request.object, which, limit);
    if (encoded_length(soql) > longest_line)
      co_return CrmError{
          Failure::permanent,
          fmt::format("{} fields of {} do not fit into one query", selection->select.size(), request.object), "", 0,
          false};
    const auto rows = co_await query(session, std::move(soql));
    if (!rows) {
      if (!asks_for_smaller_pages(rows.error()) || limit <= 50) co_return rows.error();
      limit = std::max<std::size_t>(50, limit / 4);
      continue;
    }
    Page page;
    page.columns = selection->columns;
    if (auto error = add_rows(*rows, *selection, page)) co_return std::move(*error);
    const bool full = !rows->done || page.rows.size() >= limit;
    std::optional<model::Instant> last;
    std::string last_id;
    if (!page.rows.empty()) {
      last = page.rows.back().version;
      last_id = page.rows.back().id.get();
    }
    if (load && last && last_id <= cursor->after()) co_return unreadable("rows are not in the order asked for", false);
    page.first_load = load;
    page.more = load ? cursor->loaded(last_id, full, page.server_time)
                     : cursor->sweep().advance(last, last_id, full, page.server_time, session.options().lag);
    page.next = cursor->text(request.object);
    co_return page;
  }
}

Task<Page> fetch_page(Session& session, Catalog& catalog, std::string object, std::vector<model::RecordId> ids,
                      std::vector<std::string> columns) {
  const auto selection = co_await choose(catalog, object, columns);
  if (!selection) co_return selection.error();
  std::vector<std::string> wanted;
  for (const model::RecordId& id : ids)
    if (is_id(id.get())) wanted.push_back(id18(id.get()));
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());

  Page page;
  page.columns = selection->columns;
  const std::string head = fmt::format("SELECT {} FROM {} WHERE Id IN (", joined(selection->select), object);
  const std::size_t fixed = encoded_length(head) + 64;
  constexpr std::size_t of_one_id = 18 + 9;  // with quotes and comma, encoded
  if (fixed + of_one_id > longest_line)
    co_return CrmError{Failure::permanent,
                       fmt::format("{} fields of {} do not fit into one query", selection->select.size(), object), "",
                       0, false};
  const std::size_t step = std::clamp<std::size_t>((longest_line - fixed) / of_one_id, 1, 200);
  for (std::size_t first = 0; first < wanted.size(); first += step) {
    const std::span<const std::string> part(wanted.data() + first, std::min(step, wanted.size() - first));
    const auto rows = co_await query(session, head + quote_list(part) + ") ORDER BY Id ASC");
    if (!rows) co_return rows.error();
    if (!rows->done) co_return unreadable("a query for a few ids has further pages", false);
    if (auto error = add_rows(*rows, *selection, page)) co_return std::move(*error);
  }
  co_return page;
}

}  // namespace

Task<Page> read_changes(Session& session, Catalog& catalog, connectors::ReadRequest request) {
  auto page = co_await read_page(session, catalog, request);
  if (page || !has_code(page.error(), "INVALID_FIELD")) co_return page;
  catalog.forget();  // a field was removed or hidden since we looked
  co_return co_await read_page(session, catalog, std::move(request));
}

Task<Page> fetch_records(Session& session, Catalog& catalog, std::string object, std::vector<model::RecordId> ids,
                         std::vector<std::string> columns) {
  auto page = co_await fetch_page(session, catalog, object, ids, columns);
  if (page || !has_code(page.error(), "INVALID_FIELD")) co_return page;
  catalog.forget();
  co_return co_await fetch_page(session, catalog, std::move(object), std::move(ids), std::move(columns));
}

}  // namespace coachd::salesforce
