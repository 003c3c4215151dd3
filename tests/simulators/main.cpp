// coachd-sim: a CRM of its own for demos and tests. `coachd-sim salesforce --listen 127.0.0.1:8721 ...`, or hubspot.

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <signal.h>

#include "tests/simulators/hubspot_simulator.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/people_react.hpp"
#include "tests/simulators/salesforce_simulator.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/simulator.hpp"

namespace {

using namespace coachd::sim;

constexpr std::string_view usage =
    R"(usage: coachd-sim salesforce|hubspot [--listen 127.0.0.1:8721] [--control 127.0.0.1:PORT]
  --company small|large  --seed N  --people N  --records N  --months N
  --now T                the instant that the past is laid out against (default: the clock's start)
  --clock START[xRATE]   simulated time, as 2026-03-02T07:00:00Zx600 (default: real time)
  --truth FILE           what was planted, as JSON lines
  --ledger FILE          every write received, as JSON lines
  --react SHARES         mend=0.5,ignore=0.3,delete=0.2
  --rights NAME          what the integration user may see beside records, and then a month of ordinary days of it:
                         manage-users event-log-files event-monitoring query-all-files (salesforce),
                         security-read enterprise (hubspot); may be repeated
  --fault NAME[=SHARE]   or NAME=SECONDSs; may be repeated
  --tls-cert PEM --tls-key PEM
salesforce signs in: client id coachd-sim, secret coachd-sim-secret (client credentials).
  --session-lifetime S   seconds without use until an access token ends
hubspot (listens on 127.0.0.1:8731): token pat-na1-coachd-sim, webhook secret coachd-sim-hook.
  --webhooks URL         where changes of deals are sent, as http://127.0.0.1:8700/v1/hooks/acme
  --webhook-uri URI      the public URI that is signed, where it differs
  --index-lag S          simulated seconds until search sees a change (default 4)
  --null-mode null|omit  what a known but empty property looks like
  --task-key             tasks have the unique property coachd_key
  --enforce              the portal's rules bind writes of 2026-09
  --no-limits            no limits of calls
)";

struct wrong_use : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class Number>
Number number(std::string_view name, std::string_view text) {
  Number n{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw wrong_use{fmt::format("{} needs a number, not {}", name, text)};
  }
  return n;
}

// Every option of both; those of one CRM are refused by the other.
hubspot_options read(int count, char** words, bool hubspot) {
  hubspot_options o;
  o.listen = hubspot ? "127.0.0.1:8731" : "127.0.0.1:8721";
  for (int i = 2; i < count; i += 2) {
    const std::string_view name = words[i];
    if (hubspot && (name == "--task-key" || name == "--enforce" || name == "--no-limits")) {
      if (name == "--task-key") o.task_key = true;
      if (name == "--enforce") o.enforce = true;
      if (name == "--no-limits") o.limits = false;
      --i;  // takes no value
      continue;
    }
    if (i + 1 == count) throw wrong_use{fmt::format("{} needs a value", name)};
    const std::string_view v = words[i + 1];
    if (name == "--listen") {
      o.listen = v;
    } else if (name == "--control") {
      o.control = v;
    } else if (name == "--company") {
      o.company = v;
    } else if (name == "--seed") {
      o.seed = number<std::uint64_t>(name, v);
    } else if (name == "--people") {
      o.people = number<int>(name, v);
    } else if (name == "--records") {
      o.records = number<int>(name, v);
    } else if (name == "--months") {
      o.months = number<int>(name, v);
    } else if (name == "--now") {
      o.now = parse_instant(v);
      if (!o.now) throw wrong_use{fmt::format("--now needs an instant as 2026-03-02T07:00:00Z, not {}", v)};
    } else if (name == "--clock") {
      o.clock = parse_clock(v);
      if (!o.clock) throw wrong_use{fmt::format("--clock needs START[xRATE] as 2026-03-02T07:00:00Zx600, not {}", v)};
    } else if (name == "--truth") {
      o.truth_file = v;
    } else if (name == "--ledger") {
      o.ledger_file = v;
    } else if (name == "--react") {
      const auto shares = parse_react(v);
      if (!shares) throw wrong_use{fmt::format("--react needs shares as mend=0.5,ignore=0.3,delete=0.2, not {}", v)};
      o.react = *shares;
    } else if (name == "--rights") {
      o.rights.emplace_back(v);
    } else if (name == "--fault") {
      o.faults.emplace_back(v);
    } else if (hubspot && name == "--webhooks") {
      o.webhooks = v;
    } else if (hubspot && name == "--webhook-uri") {
      o.webhook_uri = v;
    } else if (hubspot && name == "--index-lag") {
      o.index_lag = std::chrono::seconds{number<int>(name, v)};
    } else if (hubspot && name == "--null-mode") {
      if (v != "null" && v != "omit") throw wrong_use{fmt::format("--null-mode is null or omit, not {}", v)};
      o.omit_nulls = v == "omit";
    } else if (!hubspot && name == "--session-lifetime") {
      o.session_lifetime = std::chrono::seconds{number<int>(name, v)};
    } else if (name == "--tls-cert") {
      o.tls.certificate = v;
    } else if (name == "--tls-key") {
      o.tls.key = v;
    } else {
      throw wrong_use{fmt::format("unknown option {}", name)};
    }
  }
  return o;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view which = count > 1 ? words[1] : "";
  if (which == "help" || which == "--help" || which == "-h") {
    fmt::print("{}", usage);
    return 0;
  }
  try {
    const bool hubspot = which == "hubspot";
    if (which != "salesforce" && !hubspot)
      throw wrong_use{which.empty() ? "which CRM?" : fmt::format("unknown CRM {}", which)};
    // Blocked before any thread starts, so that only sigwait below sees them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const auto options = read(count, words, hubspot);
    std::unique_ptr<simulated_crm> simulator;
    if (hubspot) {
      simulator = std::make_unique<hubspot_simulator>(options);
    } else {
      simulator = std::make_unique<salesforce_simulator>(options);
    }
    simulator->start();
    std::printf("listening %s\n", simulator->base_url().c_str());
    if (!simulator->control_url().empty()) std::printf("control %s\n", simulator->control_url().c_str());
    std::fflush(stdout);
    int got = 0;
    sigwait(&signals, &got);
    simulator->stop();
    return 0;
  } catch (const wrong_use& e) {
    fmt::print(stderr, "coachd-sim: {}\n{}", e.what(), usage);
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "coachd-sim: {}\n", e.what());
    return 1;
  }
}
