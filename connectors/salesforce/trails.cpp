#include "connectors/salesforce/trails.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/net/sweep.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "connectors/trails.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using connectors::no_trail;
using connectors::Trace;
using connectors::Trail;
using connectors::TrailPage;
using connectors::TrailRequest;
using model::CrmError;
using model::Failure;

namespace {

constexpr const char* no_logins = "Salesforce shows the sign-ins of others only with the permission Manage Users";
constexpr const char* no_setup =
    "Salesforce shows its setup audit trail only with the permission View Setup and Configuration";
constexpr const char* no_files =
    "without the permission Query All Files Salesforce shows only some of the files on records";

constexpr const char* login_table = "LoginHistory";
constexpr const char* setup_table = "SetupAuditTrail";
constexpr const char* file_table = "ContentVersion";

/// A table that is read by (stamp, Id).
struct Source {
  std::string object;
  std::string columns;  // beside Id and the stamp
  std::string stamp;
  std::string only;  // a further condition; may be empty
  const char* why_not;
  std::function<std::optional<Trace>(const json::object&, model::Instant)> trace;
};

/// The reading that begins with a cursor of "" says at its end since when all is known.
constexpr std::string_view first_mark = "first ";

struct Place {
  bool first = false;
  net::Sweep sweep;
};

[[nodiscard]] std::optional<Place> place_of(const Session& session, const TrailRequest& request,
                                            std::string_view object) {
  const auto& options = session.options();
  if (request.cursor.empty()) return Place{true, net::Sweep::from(request.since + options.overlap)};
  std::string_view text = request.cursor;
  const bool first = text.starts_with(first_mark);
  if (first) text.remove_prefix(first_mark.size());
  auto sweep = net::Sweep::parse(text, object);
  if (!sweep) return std::nullopt;
  return Place{first, std::move(*sweep)};
}

Task<TrailPage> read_page(Session& session, TrailRequest request, Source source) {
  const auto signed_in = co_await session.ready();
  if (!signed_in) co_return signed_in.error();
  auto place = place_of(session, request, source.object);
  if (!place) {  // of another version: from the beginning
    request.cursor.clear();
    place = place_of(session, request, source.object);
  }
  auto& sweep = place->sweep;
  sweep.begin(session.server_now(), session.options().overlap, session.options().lag);
  const std::size_t limit = session.options().page;
  const auto rows = co_await query(
      session, fmt::format("SELECT Id, {}, {} FROM {} WHERE {}{}{} ORDER BY {} ASC, Id ASC LIMIT {}", source.stamp,
                           source.columns, source.object, source.only, source.only.empty() ? "" : " AND ",
                           condition(sweep, source.stamp), source.stamp, limit));
  if (!rows) co_return refused(rows.error(), source.why_not);
  TrailPage page;
  std::optional<model::Instant> last;
  std::string last_id;
  for (const json::object* const row : rows->rows) {
    last = instant(*row, source.stamp);
    last_id = id(*row, "Id");
    if (!last || last_id.empty()) co_return unreadable("a row of " + source.object + " without id or time", false);
    if (auto trace = source.trace(*row, *last)) page.rows.push_back(std::move(*trace));
  }
  page.more =
      sweep.advance(last, last_id, !rows->done || rows->rows.size() >= limit, rows->server_time, session.options().lag);
  page.next = sweep.text(source.object);
  if (place->first && page.more) page.next.insert(0, first_mark);
  if (place->first && !page.more) page.known_since = request.since;
  co_return page;
}

/// No sweep of the table is under way.
[[nodiscard]] bool begins(const Session& session, const TrailRequest& request, std::string_view table) {
  const auto place = place_of(session, request, table);
  return !place || !place->sweep.under_way();
}

/// Rows that say something of others: nothing comes where only one's own are shown.
Task<bool> shows_others(Session& session, std::string object, std::string column) {
  const auto rows = co_await query(
      session, fmt::format("SELECT Id FROM {} WHERE {} != {} LIMIT 1", object, column, quote(session.user())));
  if (!rows) co_return rows.error();
  co_return !rows->rows.empty();
}

// Sign-ins of a person at a screen. Those of programs (Remote Access 2.0, Other Apex API, mail plug-ins) bear the
// person's name too and are no sign-in of theirs. Status cannot be filtered by Salesforce.
Task<TrailPage> read_logins(Session& session, TrailRequest request) {
  const auto signed_in = co_await session.ready();
  if (!signed_in) co_return signed_in.error();
  if (begins(session, request, login_table)) {
    const auto others = co_await shows_others(session, login_table, "UserId");
    if (!others) co_return refused(others.error(), no_logins);
    if (!*others) co_return no_trail(no_logins);
  }
  Source source{.object = login_table,
                .columns = "UserId, Status",
                .stamp = "LoginTime",
                .only =
                    "LoginType IN ('Application', 'Lightning Login', 'SAML Sfdc Initiated SSO', 'SAML Idp Initiated "
                    "SSO', 'Third Party SSO')",
                .why_not = no_logins,
                .trace = [](const json::object& row, model::Instant at) -> std::optional<Trace> {
                  if (text(row, "Status") != "Success") return std::nullopt;
                  return Trace{.person = model::PersonId(id(row, "UserId")), .at = at};
                }};
  co_return co_await read_page(session, std::move(request), std::move(source));
}

// A user with Query All Files may list the links of files without naming any; then the list of versions is whole. A
// file that was attached to a second record later is known by its first one only.
Task<TrailPage> read_files(Session& session, TrailRequest request) {
  if (begins(session, request, file_table)) {
    const auto links = co_await query(session, "SELECT Id FROM ContentDocumentLink LIMIT 1");
    if (!links) co_return refused(links.error(), no_files);
  }
  Source source{.object = file_table,
                .columns = "Title, FileExtension, FirstPublishLocationId, CreatedById, IsDeleted",
                .stamp = "CreatedDate",
                .only = "",
                .why_not = no_files,
                .trace = [](const json::object& row, model::Instant at) -> std::optional<Trace> {
                  const auto where = id(row, "FirstPublishLocationId");
                  // a person's own files, or a library
                  if (where.empty() || where.starts_with("005") || where.starts_with("058") || flag(row, "IsDeleted"))
                    return std::nullopt;
                  Trace trace{.person = model::PersonId(id(row, "CreatedById")), .at = at};
                  trace.record = model::RecordId(where);
                  trace.name = text(row, "Title");
                  const auto ending = text(row, "FileExtension");
                  if (!ending.empty() && !trace.name.ends_with("." + ending)) trace.name += "." + ending;
                  return trace;
                }};
  co_return co_await read_page(session, std::move(request), std::move(source));
}

/// What labels in the audit trail stand for. Labels that two fields share tell nothing.
struct Labels {
  std::map<std::string, std::string, std::less<>> objects;  // label and plural -> name
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>
      fields;  // object -> label -> name

  void learn(const ObjectInfo& info) {
    const auto& d = info.description;
    for (const auto& form : {d.label, d.name, d.label + "s", d.label + "es",
                             d.label.empty() ? std::string() : d.label.substr(0, d.label.size() - 1) + "ies"})
      objects.try_emplace(form, d.name);
    for (const auto& field : d.fields) {
      const auto [it, fresh] = fields[d.name].try_emplace(field.label, field.name);
      if (!fresh) it->second.clear();
    }
  }
};

Task<TrailPage> read_setup(Session& session, Catalog& catalog, TrailRequest request) {
  Labels labels;
  const bool anew = begins(session, request, setup_table);  // a field made today must be known by its label
  for (const auto& name : request.objects) {
    if (anew) catalog.forget(name);
    const auto info = co_await catalog.object(name);
    if (info)
      labels.learn(**info);
    else if (info.error().failure != Failure::permanent)
      co_return info.error();
  }
  Source source{
      .object = setup_table,
      .columns = "Section, Display, CreatedById",
      .stamp = "CreatedDate",
      .only = "Action LIKE '%CF%'",  // custom fields: createdCF, changedCFOptionOffOn, deletedCFCustom
      .why_not = no_setup,
      .trace = [labels = std::move(labels)](const json::object& row, model::Instant at) -> std::optional<Trace> {
        const auto changed = changed_in(text(row, "Section"), text(row, "Display"));
        const auto object = labels.objects.find(changed.object);
        if (object == labels.objects.end()) return std::nullopt;
        const auto& fields = labels.fields.at(object->second);
        const auto field = fields.find(changed.field);
        if (field == fields.end() || field->second.empty()) return std::nullopt;
        Trace trace{.person = model::PersonId(id(row, "CreatedById")), .at = at};
        trace.object = object->second;
        trace.field = field->second;
        return trace;
      }};
  co_return co_await read_page(session, std::move(request), std::move(source));
}

}  // namespace

Result<TrailPage> refused(const CrmError& error, const char* why) {
  if (error.failure != Failure::permanent) return error;
  return no_trail(why);
}

Task<TrailPage> read_trail(Session& session, Catalog& catalog, TrailRequest request) {
  switch (request.trail) {
    case Trail::logins: co_return co_await read_logins(session, std::move(request));
    case Trail::exports: co_return co_await read_exports(session, std::move(request));
    case Trail::setup: co_return co_await read_setup(session, catalog, std::move(request));
    case Trail::files: co_return co_await read_files(session, std::move(request));
  }
  co_return no_trail("Salesforce has no such trail");
}

}  // namespace coachd::salesforce
