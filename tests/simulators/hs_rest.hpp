// The REST API of the simulated HubSpot portal: token, limits and faults, and from a request to a reply, without
// sockets. Serves the paths of v3, 2026-03 and 2026-09 over one store. The caller holds the simulator's lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_search.hpp"
#include "tests/simulators/hs_writes.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sim_clock.hpp"

namespace coachd::sim {

struct hs_settings {
  std::string token = "pat-na1-coachd-sim";
  bool limits = true;    // 190 calls in 10 s, 5 searches a second, so many calls a day
  bool enforce = false;  // rules of the admin bind writes of 2026-09
  std::uint64_t daily_calls = 625'000;
  std::string zone = "Europe/Berlin";
};

class hs_rest {
 public:
  hs_rest(hs_records& records, hs_index& index, hs_writes& writes, sim_clock& clock, fault_switch& faults,
          ledger& written, hs_settings settings);

  [[nodiscard]] http_reply handle(const http_request& request);
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

  enum class resource : std::uint8_t { objects, properties, pipelines, owners, account, associations };

 private:
  struct call;  // a request cut into its parts

  http_reply dispatch(const http_request& request, call& c);
  std::optional<http_reply> strike(const call& c);
  std::optional<http_reply> over_limit(const call& c);
  http_reply serve(const call& c);

  http_reply objects(const call& c);
  http_reply list(const call& c, const hs_object_def& object);
  http_reply read_one(const call& c, const hs_object_def& object, std::string_view id);
  http_reply batch_read(const call& c, const hs_object_def& object);
  http_reply search(const call& c, const hs_object_def& object);

  http_reply create_one(const call& c, const hs_object_def& object);
  http_reply write_one(const call& c, const hs_object_def& object, std::string_view id);
  http_reply merge(const call& c, const hs_object_def& object);
  http_reply batch_write(const call& c, const hs_object_def& object, std::string_view verb);
  http_reply associate_default(const call& c, const hs_object_def& from);
  void note(const call& c, const hs_object_def& object, std::string_view id, const std::string& fields,
            const hs_problem* problem);
  [[nodiscard]] std::string links_json(const hs_object_def& from, row_number n, const hs_object_def& to) const;
  [[nodiscard]] std::vector<row_number> related(const hs_object_def& from, row_number n, const hs_object_def& to) const;

  http_reply properties(const call& c);
  http_reply change_property(const call& c, const hs_object_def& object);
  [[nodiscard]] http_reply pipelines(const call& c) const;
  [[nodiscard]] http_reply owners(const call& c) const;
  [[nodiscard]] http_reply account() const;
  [[nodiscard]] http_reply activity_log(const call& c) const;
  http_reply associations(const call& c);

  [[nodiscard]] hs_wanted wanted(const hs_object_def& object, const std::vector<std::string>& names,
                                 const std::vector<std::string>& with_history) const;
  // By id, or by a unique property; a problem for a property that is not unique.
  [[nodiscard]] boost::system::result<std::optional<row_number>, hs_problem> locate(const hs_object_def& object,
                                                                                    std::string_view id,
                                                                                    std::string_view by) const;
  // The same, and the id of a merged record leads to the one that it lives on in.
  [[nodiscard]] boost::system::result<std::optional<row_number>, hs_problem> locate_living(const hs_object_def& object,
                                                                                           std::string_view id,
                                                                                           std::string_view by) const;
  void write_with_links(std::string& out, const call& c, const hs_object_def& object, row_number n,
                        const hs_wanted& w) const;
  [[nodiscard]] http_reply refuse(const hs_problem& problem) const;

  hs_records& records_;
  hs_index& index_;
  hs_writes& writes_;
  sim_clock& clock_;
  fault_switch& faults_;
  ledger& ledger_;
  hs_settings settings_;
  const std::string* me_;
  std::deque<std::chrono::steady_clock::time_point> recent_;
  std::deque<std::chrono::steady_clock::time_point> searches_;
  day today_{};
  std::uint64_t calls_ = 0;
  std::uint64_t calls_today_ = 0;
  std::uint64_t request_ = 0;
  bool lost_ = false;
};

}  // namespace coachd::sim
