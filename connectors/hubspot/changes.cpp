#include "connectors/hubspot/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/batch.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/cursor.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/links.hpp"
#include "connectors/hubspot/parallel.hpp"
#include "connectors/hubspot/rows.hpp"
#include "connectors/hubspot/search.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/sweep.hpp"
#include "connectors/net/url.hpp"
#include "rules/model/error.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using connectors::Page;
using model::CrmError;
using model::Failure;
using model::Instant;

namespace {

constexpr std::size_t longest_line = 2000;  // HubSpot answers 414 somewhere above 8,000; its own clients stay here
constexpr std::size_t list_of_ids = 100;
constexpr std::string_view ids_alone = "&properties=hs_object_id";
constexpr std::size_t bin_calls = 10;  // pages of the recycle bin in one page of ours

[[nodiscard]] std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ",") + net::percent_encode(name);
  return out;
}

[[nodiscard]] std::string list_target(const Session& session, const Selection& selection, bool archived) {
  std::string target =
      fmt::format("{}?archived={}", session.path(Op::list, {selection.object->description.name}), archived);
  if (archived) return target + fmt::format("&limit={}{}", list_of_ids, ids_alone);
  std::string full =
      fmt::format("{}&limit={}&properties={}", target, session.options().list, joined(selection.properties));
  std::vector<std::string> followed;
  for (const std::size_t column : selection.followed) followed.push_back(selection.columns[column]);
  if (!followed.empty()) full += "&propertiesWithHistory=" + joined(followed);
  if (full.size() <= longest_line) return full;
  return target + fmt::format("&limit={}{}", list_of_ids, ids_alone);  // the rest by batch read
}

/// One page of a list: its records, and where the next begins ("" at the end).
struct Listed {
  Records records;
  std::string next;
};
Task<Listed> list(Session& session, std::string target, std::string after) {
  Call call{.op = Op::list, .target = after.empty() ? target : target + "&after=" + net::percent_encode(after)};
  for (int attempt = 1;; ++attempt) {
    const auto answer = co_await session.call(call);
    if (!answer) co_return answer.error();
    auto records = read_results(*answer);
    if (!records) {
      if (records.error().failure == Failure::corrupt && attempt == 1) continue;  // cut short
      co_return records.error();
    }
    Listed listed{std::move(*records), ""};
    listed.next = next_page(root(listed.records.document));
    if (!listed.next.empty() && listed.next == after) co_return unreadable("a list does not end", false);
    co_return listed;
  }
}

/// Nothing where a list would bring all that is selected, else the ids that it brought.
[[nodiscard]] std::optional<std::vector<std::string>> only_ids(const Records& records, const std::string& target) {
  if (!target.ends_with(ids_alone)) return std::nullopt;
  std::vector<std::string> ids;
  for (const json::object* const record : records.rows) ids.push_back(id(*record, "id"));
  return ids;
}

using ListFlight = std::shared_ptr<Flight<Listed>>;
[[nodiscard]] ListFlight start_list(Session& session, std::string target, std::string after) {
  std::vector<Task<Listed>> one;
  one.push_back(list(session, std::move(target), std::move(after)));
  return start(session.executor(), std::move(one), 1);
}

/// Adds what a list brought, or what batch read says of the ids that it brought.
Task<bool> add_listed(Session& session, const Selection& selection, const Listed& listed, const std::string& target,
                      Page& page) {
  if (auto ids = only_ids(listed.records, target)) {
    auto part = co_await read_by_id(session, selection, std::move(*ids));
    if (!part) co_return part.error();
    for (auto& row : part->rows) page.rows.push_back(std::move(row));
    for (auto& row : part->history) page.history.push_back(std::move(row));
    for (auto& cut : part->cuts) page.cuts.push_back(std::move(cut));
    co_return true;
  }
  for (const json::object* const record : listed.records.rows)
    if (!add_record(*record, selection, page)) co_return unreadable("a record without id or time of change", false);
  co_return true;
}

/// The next list is on its way while the last one is taken apart.
Task<Page> read_load(Session& session, const Selection& selection, Cursor& cursor) {
  Page page;
  const std::string target = list_target(session, selection, false);
  const std::size_t a_list = target.ends_with(ids_alone) ? list_of_ids : session.options().list;
  for (auto flight = start_list(session, target, cursor.after()); flight;) {
    auto results = co_await landed(std::exchange(flight, nullptr));
    const auto& listed = results.front();
    if (listed && !listed->next.empty() && page.rows.size() + a_list < session.options().page)
      flight = start_list(session, target, listed->next);
    Result<bool> added = listed ? Result<bool>(true) : Result<bool>(listed.error());
    if (listed) added = co_await add_listed(session, selection, *listed, target, page);
    if (!added) {
      if (flight) static_cast<void>(co_await landed(std::exchange(flight, nullptr)));
      if (page.rows.empty() || added.error().failure == Failure::auth) co_return added.error();
      break;  // what is here is kept; the next call meets the trouble again
    }
    cursor.loaded(listed->next);
  }
  page.first_load = true;
  page.more = cursor.loading();
  co_return page;
}

Task<Page> read_bin(Session& session, const Selection& selection, Cursor& cursor) {
  Page page;
  const std::string target = list_target(session, selection, true);
  for (std::size_t calls = 0; calls < bin_calls && cursor.in_bin(); ++calls) {
    const auto listed = co_await list(session, target, cursor.after());
    if (!listed) co_return listed.error();
    for (const json::object* const record : listed->records.rows)
      if (!add_deleted(*record, selection, page)) co_return unreadable("a deleted record without id or time", false);
    cursor.binned(listed->next, session.server_now());
  }
  const Instant since = cursor.deleted_since(session.options().overlap);
  std::erase_if(page.rows, [&](const model::RecordRow& row) { return row.version < since; });
  page.more = cursor.in_bin();
  co_return page;
}

/// One page of the index, read by id: rows come from the records themselves, never from the index.
Task<Page> read_poll(Session& session, const Selection& selection, Cursor& cursor, Seen::Versions& versions) {
  const Options& options = session.options();
  net::Sweep& sweep = cursor.sweep();
  cursor.begin_sweep(session.server_now(), options.overlap, options.far_overlap, options.far_every, options.lag);
  const auto found =
      co_await search_page(session, {selection.object->description.name, selection.object->modified, {}, {}}, sweep);
  if (!found) co_return found.error();
  std::vector<std::string> ids;
  std::set<std::string> asked;
  for (const Hit& hit : found->hits)
    if (!Seen::holds(versions, hit.id, hit.modified) && asked.insert(hit.id).second) ids.push_back(hit.id);
  auto page = co_await read_by_id(session, selection, std::move(ids));
  if (!page) co_return page.error();
  for (const Hit& hit : found->hits)
    if (asked.contains(hit.id) && !Seen::holds(versions, hit.id, hit.modified)) versions.emplace(hit.id, hit.modified);
  for (const model::RecordRow& row : page->rows)
    if (!row.deleted && !Seen::holds(versions, row.id.get(), row.version)) versions.emplace(row.id.get(), row.version);
  page->more = step(sweep, *found, session.server_now(), options.lag);
  co_return page;
}

}  // namespace

bool Seen::holds(const Versions& versions, const std::string& record, Instant version) {
  const auto [first, last] = versions.equal_range(record);
  return std::any_of(first, last, [&](const auto& known) { return known.second == version; });
}

Seen::Versions Seen::take(const std::string& reading, std::string_view cursor) {
  const auto found = readings_.find(reading);
  if (found == readings_.end() || found->second.cursor != cursor) return {};
  return std::exchange(found->second.versions, {});
}

void Seen::keep(const std::string& reading, std::string cursor, Versions versions, Instant older_than) {
  std::erase_if(versions, [&](const auto& known) { return known.second < older_than; });
  readings_[reading] = {std::move(cursor), std::move(versions)};
}

Task<Page> read_changes(Session& session, Catalog& catalog, Seen& seen, connectors::ReadRequest request) {
  const auto selection = co_await choose(catalog, request.object, request.columns);
  if (!selection) co_return selection.error();
  const Options& options = session.options();
  auto cursor = request.cursor.empty() ? std::optional(Cursor::start(session.server_now()))
                                       : Cursor::parse(request.cursor, request.object);
  if (!cursor)
    co_return CrmError{
        Failure::permanent,
        "the stored position in " + request.object + " is not understood: read it again from the beginning", "", 0,
        false};
  std::string reading = request.object;
  for (const std::string& column : request.columns) reading += '\x1f' + column;
  auto versions = seen.take(reading, request.cursor);

  Result<Page> page = Page{};
  if (cursor->loading()) {
    page = co_await read_load(session, *selection, *cursor);
  } else if (cursor->in_bin()) {
    page = co_await read_bin(session, *selection, *cursor);
  } else {
    page = co_await read_poll(session, *selection, *cursor, versions);
    if (page && !page->more && cursor->bin_due(session.server_now(), options.deletes_every)) {
      cursor->begin_bin(session.server_now());
      page->more = true;
    }
  }
  if (!page) {
    seen.keep(reading, request.cursor, std::move(versions), Instant{});
    co_return page.error();
  }
  if (const auto linked = co_await add_links(session, *selection, *page); !linked) {
    seen.keep(reading, request.cursor, {}, Instant{});  // what was asked of the index is asked again
    co_return linked.error();
  }
  page->columns = selection->columns;
  std::sort(page->rows.begin(), page->rows.end(),
            [](const auto& a, const auto& b) { return std::tie(a.version, a.id) < std::tie(b.version, b.id); });
  page->history_since = Instant{};
  page->server_time = session.server_now();
  if (!page->rows.empty()) cursor->turn(seen.next_turn());
  page->next = cursor->text(request.object);
  seen.keep(reading, page->next, std::move(versions), page->server_time - 2 * options.overlap - std::chrono::hours{1});
  co_return page;
}

}  // namespace coachd::hubspot
