// Webhooks of the simulated portal: changes of deals become events, events become signed bodies of up to 100, bodies
// are sent and sent again until the door takes them. Decides what goes out and when; the sending itself is handed in.
// Not thread safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_writes.hpp"

namespace coachd::sim {

struct hook_counts {
  std::uint64_t events = 0;    // noted
  std::uint64_t sent = 0;      // bodies that went out, repeats included
  std::uint64_t accepted = 0;  // answered with 2xx in time
  std::uint64_t refused = 0;   // any other answer, or none in time
  std::uint64_t retried = 0;
  std::uint64_t given_up = 0;
  std::uint64_t dropped = 0;  // by the fault
  std::uint64_t waiting = 0;  // bodies to be sent or in flight
};

struct hook_body {
  std::vector<std::string> events;  // each with a place for attemptNumber
  int attempt = 0;
  std::chrono::steady_clock::time_point due;
  bool bad_signature = false;
  std::chrono::seconds stamp_shift{0};
};

// One request as it goes out.
struct hook_request {
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

class hs_hooks {
 public:
  hs_hooks(const hs_records& records, fault_switch& faults);

  // The public URI that is signed; an empty one switches everything off.
  void aim(std::string_view public_uri);
  void note(const hs_written& written);
  // Bodies that are due, with what is in flight at most ten; each must come back by done().
  [[nodiscard]] std::vector<hook_body> take(std::chrono::steady_clock::time_point now);
  void done(hook_body body, bool accepted, std::chrono::steady_clock::time_point now);
  // Stamped with the time of the wall clock that the door lives by.
  [[nodiscard]] hook_request request(const hook_body& body, std::chrono::system_clock::time_point now) const;
  [[nodiscard]] hook_counts counts() const;

 private:
  void add(std::string_view type, const hs_record& deal, const std::string& more, const hs_written& written);
  void pack(std::chrono::steady_clock::time_point now);

  const hs_records& records_;
  fault_switch& faults_;
  std::string uri_;
  std::deque<std::string> events_;
  std::deque<hook_body> queue_;
  std::size_t in_flight_ = 0;
  std::uint64_t event_ids_ = 3'816'279'340;
  hook_counts counts_;
};

inline constexpr std::string_view hook_secret = "coachd-sim-hook";
// The values of X-HubSpot-Signature (version 1) and X-HubSpot-Signature-v3.
[[nodiscard]] std::string signature_v1(std::string_view secret, std::string_view body);
[[nodiscard]] std::string signature_v3(std::string_view secret, std::string_view method, std::string_view uri,
                                       std::string_view body, std::string_view timestamp);
// Decodes only what the vendor decodes before it signs.
[[nodiscard]] std::string signed_uri(std::string_view uri);

}  // namespace coachd::sim
