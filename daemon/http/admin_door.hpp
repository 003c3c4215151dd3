// The admin door: health, readiness and metrics, to be read; and one way for commands to act, with a key. What
// it shows comes from probes that are handed in; those that read the store answer later, from their own thread by way
// of the executor. Thread rule: all calls on the executor of its server.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/message.hpp"
#include "daemon/http/metrics.hpp"

namespace coachd::http {

struct AdminProbes {
  /// Each loop of the daemon by name, and whether it has moved lately. None may be still for `/healthz` to be 200.
  std::function<std::vector<std::pair<std::string, bool>>()> loops;
  /// One sentence for each thing that is not there yet; none: ready. Shown as they are: never a text of a CRM.
  std::function<std::vector<std::string>()> waiting;
  /// Gathers and hands on, once, on the door's executor.
  std::function<void(std::function<void(Metrics)>)> metrics;
  /// Carries out `POST /v1/retire` and answers, once, on the door's executor; may be absent.
  std::function<void(std::string_view body, std::function<void(int status, std::string)>)> retire;
  /// What such a request must bear as `X-Coachd-Key`; empty: none is taken.
  std::string key;
};

class AdminDoor {
 public:
  /// With a token every request must bear it (`Authorization: Bearer ...`). Without one only this machine may ask, and
  /// by its own name: a web page that has its name point here gets nothing. To act takes the key, and nothing else.
  AdminDoor(AdminProbes probes, std::string token) : probes_(std::move(probes)), token_(std::move(token)) {}

  void handle(const Request& request, Answer answer) const;

 private:
  [[nodiscard]] int allowed(const Request& request) const;
  void act(const Request& request, Answer answer) const;

  AdminProbes probes_;
  std::string token_;
};

}  // namespace coachd::http
