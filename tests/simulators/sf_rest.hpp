// The REST API of the simulated Salesforce org: sign-in, query with paging, describe, single and collection writes, the
// vendor's errors, limits and faults. From a request to a reply, without sockets. The caller holds the simulator's
// lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_query.hpp"
#include "tests/simulators/sf_setup.hpp"
#include "tests/simulators/sf_trails.hpp"
#include "tests/simulators/sim_clock.hpp"

namespace coachd::sim {

struct rest_settings {
  std::string client_id = "coachd-sim";
  std::string client_secret = "coachd-sim-secret";
  std::string integration_user;                     // whom the client acts as
  std::string organisation;                         // 18 characters
  std::chrono::seconds session_lifetime{2 * 3600};  // without use, by the steady clock
  std::uint64_t daily_calls = 1'000'000;
  bool tls = false;
};

class sf_rest {
 public:
  sf_rest(org& company, sim_clock& clock, fault_switch& faults, ledger& written, rest_settings settings);

  [[nodiscard]] http_reply handle(const http_request& request);
  [[nodiscard]] std::uint64_t calls() const { return calls_; }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& calls_by_kind() const { return by_kind_; }
  void set_session_lifetime(std::chrono::seconds lifetime) { settings_.session_lifetime = lifetime; }
  void end_sessions() { sessions_.clear(); }
  [[nodiscard]] sf_setup& setup() { return setup_; }

 private:
  struct parsed;  // a request cut into its parts
  struct cursor {
    std::string id;
    result_rows result;
    instant opened;
    std::string version;
    std::size_t batch;
  };

  http_reply dispatch(const http_request& request, parsed& p);
  http_reply token(const http_request& request, const std::string& base);
  http_reply data(const http_request& request, const parsed& p);
  [[nodiscard]] http_reply versions() const;
  http_reply user_info(const std::string& base);
  http_reply query(const parsed& p, bool deleted_too, std::size_t batch);
  http_reply query_more(const parsed& p, std::string_view locator, std::size_t batch);
  http_reply page(cursor& c, std::size_t from, bool repeat);
  http_reply sobjects(const http_request& request, const parsed& p);
  http_reply record(const http_request& request, const parsed& p, const std::string& object, const std::string& id);
  http_reply collection(const http_request& request, const parsed& p);
  [[nodiscard]] http_reply limits() const;
  bool signed_in(const http_request& request);
  std::optional<http_reply> strike(std::string_view call);
  void note(const http_request& request, const parsed& p, std::string object, std::string id, std::string fields,
            std::string outcome, std::string error);

  org& org_;
  sim_clock& clock_;
  fault_switch& faults_;
  ledger& ledger_;
  rest_settings settings_;
  sf_setup setup_;
  sf_trails trails_;
  std::map<std::string, std::chrono::steady_clock::time_point, std::less<>> sessions_;
  std::deque<cursor> cursors_;
  std::uint64_t calls_ = 0;
  std::uint64_t tokens_ = 0;
  std::uint64_t cursor_numbers_ = 0;
  std::uint64_t request_ = 0;
  bool lost_ = false;  // this request's answer will be lost
  std::map<std::string, std::uint64_t> by_kind_;
};

}  // namespace coachd::sim
