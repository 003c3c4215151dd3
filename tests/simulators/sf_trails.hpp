// What Salesforce tells of its use: LoginHistory, event log files of report exports, the setup audit trail, versions of
// files and their links, and to whom. Written from the vendor's documents. Rights that the integration user has to be
// granted: manage-users, event-log-files, event-monitoring (the licence), query-all-files. The caller holds the lock.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulators/http_server.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {

class sf_trails {
 public:
  sf_trails(org& company, std::string integration_user);

  // A table as that user may see it now; null where it is another's, or hidden.
  [[nodiscard]] const table* find(std::string_view object, bool setup_hidden, instant now);
  // What Salesforce says to a query that it refuses for its form.
  [[nodiscard]] std::optional<http_reply> refuse(std::string_view soql) const;
  // GET /sobjects/EventLogFile/{id}/LogFile; 404 where there is none.
  [[nodiscard]] http_reply log_file(std::string_view id) const;

 private:
  void catch_up(instant now);
  void add_logs(day d);

  org& company_;
  std::string me_;
  // All rows, and those that somebody without the right sees.
  struct pair {
    object_def def;
    std::unique_ptr<table> all, own;
  };
  pair logins_, versions_, links_, setup_, logs_;
  std::size_t told_ = 0;  // traces that stand in the tables
  std::optional<day> logged_;
  std::map<std::string, std::string, std::less<>> files_;  // CSV by Id
};

}  // namespace coachd::sim
