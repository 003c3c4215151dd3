#include "connectors/hubspot/trails.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/cursor_text.hpp"
#include "connectors/net/url.hpp"
#include "connectors/trails.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using connectors::no_trail;
using connectors::Trace;
using connectors::Trail;
using connectors::TrailPage;
using connectors::TrailRequest;
using model::CrmError;
using model::Failure;
using model::Instant;

namespace {

constexpr const char* no_logins = "HubSpot shows sign-ins only with the scope account-info.security.read";
constexpr const char* no_exports = "HubSpot shows exports only with the scope account-info.security.read";
constexpr const char* no_setup = "HubSpot does not let the token read who changed properties";
constexpr const char* no_files = "HubSpot tells that a note has files attached, and not what they are called";

constexpr std::chrono::days logins_shown{90};  // account activity: sign-ins of the past 90 days
constexpr std::chrono::days long_ago{30};      // after such a pause a log may have lost what was not read
constexpr std::chrono::hours overlap{1};       // a row that is shown late
constexpr int most = 200;                      // rows a page, by the documents
constexpr std::int64_t cursor_version = 1;

/// Where a reading of an activity log stands. Between two readings only `mark` counts.
struct Place {
  Instant mark{};                 ///< what happened before it has been read
  std::optional<Instant> began;   ///< of the reading under way, by HubSpot's clock
  std::optional<Instant> oldest;  ///< row that a first reading saw
  bool first = false;
  std::string after;
};

[[nodiscard]] std::string text_of(const Place& place, Trail trail) {
  json::object fields;
  fields["v"] = cursor_version;
  fields["of"] = connectors::to_string(trail);
  fields["mark"] = model::to_string(place.mark);
  if (place.began) fields["began"] = model::to_string(*place.began);
  if (place.oldest) fields["oldest"] = model::to_string(*place.oldest);
  if (place.first) fields["first"] = true;
  if (!place.after.empty()) fields["after"] = place.after;
  return json::serialize(fields);
}

// A cursor that is not understood is a first reading.
[[nodiscard]] Place place_of(const TrailRequest& request) {
  const auto fields = net::cursor_fields(request.cursor, cursor_version, connectors::to_string(request.trail));
  const auto mark = fields ? instant(*fields, "mark") : std::nullopt;
  if (!mark) return {request.since, std::nullopt, std::nullopt, true, {}};
  return {*mark, instant(*fields, "began"), instant(*fields, "oldest"), flag(*fields, "first"),
          std::string(text(*fields, "after"))};
}

/// A scope or a product that is missing is no failure: it is what the page says.
[[nodiscard]] Result<TrailPage> refused(const CrmError& error, const char* why, const std::string& after = {}) {
  if (error.failure == Failure::permanent && !after.empty()) return error;  // a place in the log that is gone
  if (is_hidden(error)) return no_trail(why);
  return error;
}

Task<Document> ask(Session& session, Op op, std::string query) {
  Call call{.op = op, .target = session.path(op) + query};
  const auto answer = co_await session.call(std::move(call));
  if (!answer) co_return answer.error();
  co_return parse(*answer);
}

/// Ends a page, and with the last one the reading.
void go_on(Place& place, Trail trail, const std::string& after, TrailPage& page) {
  place.after = after;
  page.more = !after.empty();
  if (!page.more) {
    if (place.first) page.known_since = place.oldest;
    place = {place.began.value_or(place.mark) - overlap, std::nullopt, std::nullopt, false, {}};
  }
  page.next = text_of(place, trail);
}

[[nodiscard]] std::string query_of(const Place& place, std::string more = {}) {
  auto query = fmt::format("?limit={}{}", most, more);
  if (!place.after.empty()) query += "&after=" + net::percent_encode(place.after);
  return query;
}

// Takes no bounds of time. That the newest come first is not documented: only where a page stands in that order does
// what is older end the reading.
Task<TrailPage> read_logins(Session& session, Catalog& catalog, TrailRequest request) {
  const auto people = co_await catalog.people();
  if (!people) co_return people.error();
  auto place = place_of(request);
  if (!place.began) place.began = session.server_now();
  if (const auto shown = *place.began - logins_shown; place.mark < shown) {  // what was before is no longer shown
    place.mark = shown;
    place.first = true;
  }
  const auto document = co_await ask(session, Op::logins, query_of(place));
  if (!document) co_return refused(document.error(), no_logins, place.after);
  const json::array* const results = array_at(root(*document), "results");
  if (results == nullptr) co_return unreadable("no list of sign-ins", false);
  TrailPage page;
  std::optional<Instant> last;
  bool newest_first = true;
  for (const json::value& value : *results) {
    if (!value.is_object()) co_return unreadable("a sign-in is no object", false);
    const json::object& row = value.get_object();
    const auto at = instant(row, "loginAt");
    if (!at) co_return unreadable("a sign-in without a time", false);
    newest_first = newest_first && (!last || *at <= *last);
    last = at;
    if (*at < place.mark || !flag(row, "loginSucceeded")) continue;
    page.rows.push_back({.person = (*people)->owner(id(row, "userId")), .at = *at});
  }
  const bool done = newest_first && last && *last < place.mark;
  place.oldest = place.mark;
  go_on(place, Trail::logins, done ? std::string() : next_page(root(*document)), page);
  co_return page;
}

[[nodiscard]] std::int64_t ms(Instant at) {
  return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

// How long security activity is kept is not documented: what is older than a first reading tells that it reaches back
// that far, else all is known from the oldest row on.
Task<TrailPage> read_exports(Session& session, Catalog& catalog, TrailRequest request) {
  const auto people = co_await catalog.people();
  if (!people) co_return people.error();
  auto place = place_of(request);
  if (!place.began) {
    place.began = session.server_now();
    place.first = place.first || *place.began - place.mark > long_ago;
    if (place.first) {
      const auto older = co_await ask(session, Op::security, fmt::format("?limit=1&toTimestamp={}", ms(place.mark)));
      if (!older) co_return refused(older.error(), no_exports);
      const json::array* const rows = array_at(root(*older), "results");
      place.oldest = rows != nullptr && !rows->empty() ? place.mark : *place.began;
    }
  }
  const auto document =
      co_await ask(session, Op::security, query_of(place, fmt::format("&fromTimestamp={}", ms(place.mark))));
  if (!document) co_return refused(document.error(), no_exports, place.after);
  const json::array* const results = array_at(root(*document), "results");
  if (results == nullptr) co_return unreadable("no list of security activities", false);
  TrailPage page;
  for (const json::value& value : *results) {
    if (!value.is_object()) co_return unreadable("a security activity is no object", false);
    const json::object& row = value.get_object();
    const auto at = instant(row, "createdAt");
    if (!at) co_return unreadable("a security activity without a time", false);
    if (place.oldest) place.oldest = std::min(*place.oldest, *at);
    const auto type = text(row, "type");
    if (type == "EXPORT" || type == "EXPORT_DOWNLOAD")
      page.rows.push_back({.person = (*people)->owner(id(row, "userId")), .at = *at});
  }
  go_on(place, Trail::exports, next_page(root(*document)), page);
  co_return page;
}

// A property tells who made it and who changed it last; what was between two readings of a day is not told. Nobody is
// named where it was changed outside of HubSpot.
void changes_of(const json::object& row, const std::string& object, Instant since, const People& people,
                TrailPage& page) {
  constexpr std::array<std::pair<const char*, const char*>, 2> told{
      {{"createdUserId", "createdAt"}, {"updatedUserId", "updatedAt"}}};
  for (const auto& [who, when] : told) {
    const auto at = instant(row, when);
    const auto user = id(row, who);
    if (!at || user.empty() || *at < since) continue;
    Trace trace{.person = people.owner(user), .at = *at};
    trace.object = object;
    trace.field = std::string(text(row, "name"));
    page.rows.push_back(std::move(trace));
  }
}

Task<TrailPage> read_setup(Session& session, Catalog& catalog, TrailRequest request) {
  const auto people = co_await catalog.people();
  if (!people) co_return people.error();
  TrailPage page;
  page.next = "read";
  bool hidden = false, any = false;
  for (const auto& object : request.objects)
    for (const char* const archived : {"false", "true"}) {
      Call call{.op = Op::properties,
                .target = session.path(Op::properties, {object}) + "?archived=" + std::string(archived)};
      const auto answer = co_await session.call(std::move(call));
      if (!answer) {
        if (!is_hidden(answer.error())) co_return answer.error();
        hidden = true;  // this object: whoever may not see it has no description of it either
        break;
      }
      const auto document = parse(*answer);
      if (!document) co_return document.error();
      const json::array* const results = array_at(root(*document), "results");
      if (results == nullptr) co_return unreadable("no list of properties", false);
      any = true;
      for (const json::value& value : *results)
        if (value.is_object()) changes_of(value.get_object(), object, request.since, **people, page);
    }
  if (hidden && !any) co_return no_trail(no_setup);
  if (request.cursor.empty()) page.known_since = session.server_now();
  co_return page;
}

}  // namespace

Task<TrailPage> read_trail(Session& session, Catalog& catalog, TrailRequest request) {
  const auto account = co_await catalog.account();  // its clock is known from then on
  if (!account) co_return account.error();
  switch (request.trail) {
    case Trail::logins: co_return co_await read_logins(session, catalog, std::move(request));
    case Trail::exports: co_return co_await read_exports(session, catalog, std::move(request));
    case Trail::setup: co_return co_await read_setup(session, catalog, std::move(request));
    case Trail::files: break;
  }
  co_return no_trail(no_files);
}

}  // namespace coachd::hubspot
