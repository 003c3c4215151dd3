// Report exports, from event log files. Salesforce writes one file a day and type, a day or up to three late, and none
// where nothing happened; it keeps them for 30 days with the Event Monitoring licence, and without it writes only a few
// types (object reference: EventLogFile). Exports to a formatted spreadsheet are no part of ReportExport.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/csv.hpp"
#include "connectors/net/cursor_text.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "connectors/salesforce/trails.hpp"
#include "connectors/trails.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using connectors::no_trail;
using connectors::Trace;
using connectors::TrailPage;
using connectors::TrailRequest;

namespace {

constexpr const char* no_exports =
    "Salesforce shows report exports only with Event Monitoring and the permission View Event Log Files";

constexpr std::int64_t cursor_version = 1;
constexpr std::string_view cursor_of = "exports";

[[nodiscard]] std::optional<std::size_t> column(std::span<const std::string_view> head, std::string_view name) {
  const auto found = std::find(head.begin(), head.end(), name);
  if (found == head.end()) return std::nullopt;
  return static_cast<std::size_t>(found - head.begin());
}

struct LogFile {
  std::string id;
  model::Instant created{};
};

struct Listed {
  std::vector<LogFile> exports;  // in order of their making
  std::optional<model::Instant> oldest;
};

// Files of the types that are written only with the licence; coachd's own calls make a RestApi file on every day.
Task<Listed> list_files(Session& session, model::Instant since) {
  const auto rows = co_await query(
      session,
      fmt::format("SELECT Id, EventType, LogDate, CreatedDate FROM EventLogFile WHERE Interval = 'Daily' AND EventType "
                  "IN ('ReportExport', 'Report', 'RestApi', 'URI', 'LightningPageView') AND LogDate >= {} ORDER BY "
                  "LogDate ASC, Id ASC LIMIT {}",
                  datetime(since), session.options().page));
  if (!rows) co_return rows.error();
  Listed out;
  for (const json::object* const row : rows->rows) {
    const auto day = instant(*row, "LogDate");
    const auto created = instant(*row, "CreatedDate");
    const auto file = id(*row, "Id");
    if (!day || !created || file.empty()) co_return unreadable("an event log file without id or time", false);
    if (!out.oldest) out.oldest = *day;
    if (text(*row, "EventType") == "ReportExport") out.exports.push_back({file, *created});
  }
  std::sort(out.exports.begin(), out.exports.end(),
            [](const LogFile& a, const LogFile& b) { return std::pair(a.created, a.id) < std::pair(b.created, b.id); });
  co_return out;
}

}  // namespace

std::vector<Trace> exports_in(std::string csv) {
  std::vector<Trace> out;
  std::optional<std::size_t> who, when;
  bool head = true;
  std::vector<std::string_view> cells;
  char* const end = csv.data() + csv.size();
  for (char* p = csv.data(); p < end;) {
    const auto row = file::csv::scan(p, end, true, ',');
    char* const begin = p;
    p += row.next - begin;
    if (row.scan == file::csv::Scan::broken) continue;
    file::csv::fields(begin, begin + (row.end - begin), row.quoted, ',', cells);
    if (std::exchange(head, false)) {
      // Columns change with releases; the derived ones are in the form of the API.
      who = column(cells, "USER_ID_DERIVED");
      if (!who) who = column(cells, "USER_ID");
      when = column(cells, "TIMESTAMP_DERIVED");
      if (!who || !when) return out;
    } else if (cells.size() > std::max(*who, *when) && is_id(cells[*who])) {
      if (const auto at = model::parse_instant(cells[*when]))
        out.push_back({.person = model::PersonId(id18(cells[*who])), .at = *at});
    }
  }
  return out;
}

// The cursor: when the newest file that was read was made, and when the files were listed last.
Task<TrailPage> read_exports(Session& session, TrailRequest request) {
  const auto signed_in = co_await session.ready();
  if (!signed_in) co_return signed_in.error();
  const auto fields = net::cursor_fields(request.cursor, cursor_version, cursor_of);
  const auto before = fields ? instant(*fields, "newest") : std::nullopt;
  const auto listed = before ? instant(*fields, "listed") : std::nullopt;
  const auto files = co_await list_files(session, request.since);
  if (!files) co_return refused(files.error(), no_exports);
  if (!files->oldest) co_return no_trail(no_exports);
  TrailPage page;
  auto newest = before.value_or(*files->oldest);
  // Files that went before they were seen leave a hole.
  if (!before || !listed || *files->oldest > *listed) page.known_since = std::max(request.since, *files->oldest);
  for (const auto& file : files->exports) {
    if (before && file.created <= *before) continue;
    const Call call{.target = session.path("/sobjects/EventLogFile/" + file.id + "/LogFile")};
    auto log = co_await session.call(call);
    if (!log && has_code(log.error(), "NOT_FOUND")) continue;  // its 30 days ended meanwhile
    if (!log) co_return refused(log.error(), no_exports);      // listed, and not to be had
    for (auto& trace : exports_in(std::move(log->body))) page.rows.push_back(std::move(trace));
    newest = file.created;
  }
  json::object next;
  next["v"] = cursor_version;
  next["of"] = cursor_of;
  next["newest"] = datetime(newest);
  next["listed"] = datetime(session.server_now());
  page.next = json::serialize(next);
  co_return page;
}

}  // namespace coachd::salesforce
