#include "daemon/http/metrics.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace coachd::http {
namespace {

struct Described {
  Metric metric;
  std::string_view name, kind, help;
};

constexpr std::array<Described, static_cast<std::size_t>(Metric::count_)> table{{
    {Metric::build_info, "coachd_build_info", "gauge", "Always 1; the version is a label."},
    {Metric::start_time, "coachd_start_time_seconds", "gauge", "When the daemon was started, in Unix time."},
    {Metric::kept_total, "coachd_work_total", "counter",
     "Work done since the state was made, by kind: records read, evaluations, prompts sent and so on."},
    {Metric::deliveries, "coachd_deliveries_total", "counter", "Webhook deliveries answered 200, since the start."},
    {Metric::delivery_events, "coachd_delivery_events_total", "counter", "Events in those deliveries."},
    {Metric::delivery_commits, "coachd_delivery_commits_total", "counter", "Commits that made deliveries durable."},
    {Metric::deliveries_unavailable, "coachd_deliveries_unavailable_total", "counter",
     "Deliveries answered 503: the store was full, late or stopping; the CRM sends them again."},
    {Metric::door_refused, "coachd_door_refused_total", "counter",
     "Requests and connections that a door refused, by reason and status (0: closed without an answer)."},
    {Metric::door_connections, "coachd_door_connections", "gauge", "Open connections of a door."},
    {Metric::store_queued_bytes, "coachd_store_queued_bytes", "gauge", "What waits for the store's writer."},
    {Metric::store_wal_bytes, "coachd_store_wal_bytes", "gauge", "Size of the store's write-ahead log."},
    {Metric::store_full, "coachd_store_full", "gauge", "1 while the disk has no room and intake is refused."},
    {Metric::journal_waiting, "coachd_journal_waiting", "gauge", "Journal entries that the hall has not applied yet."},
    {Metric::read_list_waiting, "coachd_read_list_waiting", "gauge", "Records that must be read again."},
    {Metric::due_lag, "coachd_due_lag_seconds", "gauge",
     "How long the record that waits longest has been due for evaluation."},
    {Metric::connection_good, "coachd_connection_good", "gauge", "1 while reading from the CRM works."},
    {Metric::calls, "coachd_calls_total", "counter", "Calls made to the CRM since the start."},
    {Metric::open_findings, "coachd_open_findings", "gauge", "Findings that are open."},
    {Metric::prompts, "coachd_prompts", "gauge", "Prompts by state."},
    {Metric::loop_lag, "coachd_loop_idle_seconds", "gauge", "How long ago a loop of the daemon moved last."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table.at(i).metric) != i) return false;
  return true;
}
static_assert(in_order(), "the table stands in the order of the enumeration");

void add_label(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append("=\"");
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  out += '"';
}

}  // namespace

std::string Metrics::text() const {
  std::string out;
  for (const auto& described : table) {
    bool first = true;
    for (const auto& row : rows_) {
      if (row.metric != described.metric) continue;
      if (first)
        fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", described.name, described.help,
                       described.kind);
      first = false;
      out += described.name;
      if (!row.labels.empty()) {
        char before = '{';
        for (const auto& [name, value] : row.labels) {
          out += before;
          add_label(out, name, value);
          before = ',';
        }
        out += '}';
      }
      fmt::format_to(std::back_inserter(out), " {}\n", row.value);
    }
  }
  return out;
}

}  // namespace coachd::http
