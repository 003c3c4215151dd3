// What the daemon tells Prometheus (text format 0.0.4): one table of names, kinds and help lines, and samples of them.
// A plain value; nothing of a CRM's text may become a label.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::http {

/// In the order of the table in metrics.cpp.
enum class Metric : std::uint8_t {
  build_info,
  start_time,
  kept_total,
  deliveries,
  delivery_events,
  delivery_commits,
  deliveries_unavailable,
  door_refused,
  door_connections,
  store_queued_bytes,
  store_wal_bytes,
  store_full,
  journal_waiting,
  read_list_waiting,
  due_lag,
  connection_good,
  calls,
  open_findings,
  prompts,
  loop_lag,
  count_  ///< how many there are
};

class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string>>;  ///< names are literals
  void add(Metric metric, double value, Labels labels = {}) { rows_.push_back({metric, value, std::move(labels)}); }
  /// Metrics in the table's order, each with its help and kind once; those without a sample are left out.
  [[nodiscard]] std::string text() const;

 private:
  struct Row {
    Metric metric;
    double value;
    Labels labels;
  };
  std::vector<Row> rows_;
};

}  // namespace coachd::http
