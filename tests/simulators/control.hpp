// The control port: GET /ledger, /truth, /stats, /fault, /clock, /people, /hooks; POST /fault, /act, /clock; DELETE
// /fault.
#pragma once

#include "tests/simulators/http_server.hpp"
#include "tests/simulators/simulator.hpp"

namespace coachd::sim {

// Errors are 400 with {"error":..}. Lists are JSON lines.
[[nodiscard]] http_reply control_request(simulated_crm& simulator, const http_request& request);

}  // namespace coachd::sim
