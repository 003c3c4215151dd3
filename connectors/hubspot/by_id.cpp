#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/batch.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/changes.hpp"
#include "connectors/hubspot/links.hpp"
#include "connectors/hubspot/parallel.hpp"
#include "connectors/hubspot/rows.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "rules/model/ids.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using connectors::Page;

namespace {

constexpr std::size_t with_history = 50, without_history = 100;  // the most ids that a batch read takes

void append(Page& into, Page&& part) {
  const auto move = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move(into.rows, part.rows);
  move(into.history, part.history);
  move(into.cuts, part.cuts);
}

Task<Page> read_part(Session& session, const Selection& selection, std::vector<std::string> ids, bool archived) {
  BatchRead read{.object = selection.object->description.name,
                 .ids = std::move(ids),
                 .properties = selection.properties,
                 .with_history = {},
                 .archived = archived,
                 .id_property = {}};
  if (!archived)
    for (const std::size_t column : selection.followed) read.with_history.push_back(selection.columns[column]);
  const auto records = co_await batch_read(session, std::move(read));
  if (!records) co_return records.error();
  Page page;
  for (const json::object* const record : records->rows) {
    const bool added = archived ? add_deleted(*record, selection, page) : add_record(*record, selection, page);
    if (!added) co_return unreadable("a record without id or time of change", false);
  }
  co_return page;
}

Task<Page> read_parts(Session& session, const Selection& selection, std::vector<std::string> ids, bool archived) {
  const std::size_t step = archived || selection.followed.empty() ? without_history : with_history;
  std::vector<Task<Page>> parts;
  for (std::size_t first = 0; first < ids.size(); first += step) {
    const std::span<const std::string> part(ids.data() + first, std::min(step, ids.size() - first));
    parts.push_back(read_part(session, selection, {part.begin(), part.end()}, archived));
  }
  Page page;
  page.columns = selection.columns;
  if (parts.empty()) co_return page;
  auto results = co_await all(session.executor(), std::move(parts), session.options().parallel);
  for (auto& result : results) {
    if (!result) co_return result.error();
    append(page, std::move(*result));
  }
  co_return page;
}

}  // namespace

Task<Page> read_by_id(Session& session, Selection selection, std::vector<std::string> ids) {
  co_return co_await read_parts(session, selection, std::move(ids), false);
}

Task<Page> fetch_records(Session& session, Catalog& catalog, std::string object, std::vector<model::RecordId> ids,
                         std::vector<std::string> columns) {
  const auto selection = co_await choose(catalog, std::move(object), std::move(columns));
  if (!selection) co_return selection.error();
  std::set<std::string> wanted;
  for (const model::RecordId& id : ids)
    if (is_id(id.get())) wanted.insert(id.get());
  auto page = co_await read_parts(session, *selection, {wanted.begin(), wanted.end()}, false);
  if (!page) co_return page.error();
  for (const auto& row : page->rows) wanted.erase(row.id.get());
  auto deleted = co_await read_parts(session, *selection, {wanted.begin(), wanted.end()}, true);
  if (!deleted) co_return deleted.error();
  append(*page, std::move(*deleted));
  if (const auto linked = co_await add_links(session, *selection, *page); !linked) co_return linked.error();
  page->history_since = model::Instant{};
  page->server_time = session.server_now();
  co_return page;
}

}  // namespace coachd::hubspot
