// A small HubSpot portal with its REST API and no sockets, for the tests of this folder.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_writes.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {

struct portal_options {
  int records = 120;
  bool task_key = true;
  bool omit_nulls = false;
  hs_settings rest;
};

struct answer {
  int status = 0;
  boost::json::value body;  // null where it is no JSON
  http_reply reply;
};

struct bench_portal {
  explicit bench_portal(const portal_options& options = {});

  sim_clock clock;  // stands still
  fault_switch faults{1, fault_switch::hubspot_names()};
  ledger written{""};
  org crm;
  company made;
  hs_records records;
  hs_index index{records};
  std::chrono::seconds lag{4};
  hs_writes writes{records, index, [this] { return lag; }};
  hs_rest rest;

  // With the token; `path` is what follows the host.
  answer call(const std::string& method, const std::string& path, const std::string& body = "");
  answer search(const std::string& object, const std::string& body);
  // Ids of a reply's results, in their order.
  [[nodiscard]] static std::vector<std::string> ids(const answer& a);
  // The n-th open deal of an active owner, and its owner.
  [[nodiscard]] std::string deal(std::size_t n = 0);
  [[nodiscard]] std::string owner_of(const std::string& deal_id);
  [[nodiscard]] std::string property(const std::string& object, const std::string& id, const std::string& name);
  // An input of a batch creation of tasks.
  [[nodiscard]] std::string task_input(const std::string& key, const std::string& deal_id, const std::string& owner,
                                       bool trace = true) const;
  // A change by the deal's owner.
  void change(const std::string& deal_id, const std::string& name, const std::string& text);
};

}  // namespace coachd::sim
