// A small company with its REST API and no sockets, for the tests of this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_rest.hpp"
#include "tests/simulators/sim_clock.hpp"

namespace coachd::sim {

inline constexpr std::string_view test_start = "2026-03-02T08:00:00Z";

struct bench_org {
  explicit bench_org(std::uint64_t seed = 1, int records = 120);

  sim_clock clock;  // stands still
  fault_switch faults{1};
  ledger written{""};
  org crm;
  company made;
  sf_rest rest;
  std::string token;

  // A signed-in request; `path` is what follows /services/data/v63.0.
  http_reply call(const std::string& method, const std::string& path, const std::string& body = "",
                  std::vector<std::pair<std::string, std::string>> headers = {});
  http_reply query(std::string_view soql, std::vector<std::pair<std::string, std::string>> headers = {});
  // The first open opportunity of an active rep that truth does not name.
  [[nodiscard]] std::string plain_opportunity();
  [[nodiscard]] std::string owner_of(const std::string& record);
  [[nodiscard]] std::string cell(const std::string& record, std::string_view field);
  // Creates a task by the API; its Id.
  std::string task(const std::string& what, const std::string& owner, const std::string& subject = "Check");
};

[[nodiscard]] std::string url_encode(std::string_view text);
// How often `part` stands in `text`.
[[nodiscard]] std::size_t times(std::string_view text, std::string_view part);
// What stands between `before` and the next quote.
[[nodiscard]] std::string between(std::string_view text, std::string_view before);

}  // namespace coachd::sim
