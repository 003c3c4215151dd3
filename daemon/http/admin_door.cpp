#include "daemon/http/admin_door.hpp"

#include <openssl/crypto.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/http/message.hpp"
#include "daemon/http/metrics.hpp"

namespace coachd::http {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

Response json(int status, const boost::json::value& body) {
  return {.status = status, .body = boost::json::serialize(body) + "\n", .content_type = json_type};
}

bool same_secret(std::string_view a, std::string_view b) {
  // The length may show, what it holds may not.
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool this_machine(std::string_view host) {
  if (host.starts_with('[')) return host.starts_with("[::1]");
  const auto name = host.substr(0, host.find(':'));
  return name == "localhost" || name == "127.0.0.1";
}

}  // namespace

int AdminDoor::allowed(const Request& request) const {
  if (token_.empty()) return request.from_loopback && this_machine(request.header("host")) ? 200 : 403;
  constexpr std::string_view scheme = "Bearer ";
  const auto given = request.header("authorization");
  return given.starts_with(scheme) && same_secret(given.substr(scheme.size()), token_) ? 200 : 401;
}

// A key in a header of its own: no form and no page of another origin can send it.
void AdminDoor::act(const Request& request, Answer answer) const {
  if (!probes_.retire) return answer.send({.status = 404});
  const auto given = request.header("x-coachd-key");
  if (probes_.key.empty() || !same_secret(given, probes_.key)) return answer.send({.status = 403});
  auto shared = std::make_shared<Answer>(std::move(answer));
  probes_.retire(request.body, [shared](int status, std::string body) {
    shared->send({.status = status, .body = std::move(body), .content_type = json_type});
  });
}

void AdminDoor::handle(const Request& request, Answer answer) const {
  if (request.method == "POST" && request.path() == "/v1/retire") return act(request, std::move(answer));
  if (const int status = allowed(request); status != 200) {
    Response r{.status = status};
    if (status == 401) r.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer.send(std::move(r));
  }
  if (request.method != "GET" && request.method != "HEAD") {
    Response r{.status = 405};
    r.headers.emplace_back("Allow", "GET, HEAD");
    return answer.send(std::move(r));
  }
  const auto path = request.path();
  if (path == "/healthz") {
    boost::json::object loops;
    bool healthy = true;
    for (const auto& [name, moves] : probes_.loops()) {
      loops[name] = moves;
      healthy = healthy && moves;
    }
    return answer.send(json(healthy ? 200 : 503, {{"healthy", healthy}, {"loops", std::move(loops)}}));
  }
  if (path == "/readyz") {
    boost::json::array waiting;
    for (const auto& w : probes_.waiting()) waiting.emplace_back(w);
    const bool ready = waiting.empty();
    return answer.send(json(ready ? 200 : 503, {{"ready", ready}, {"waiting", std::move(waiting)}}));
  }
  if (path == "/metrics") {
    // The answer waits: a function that can be copied holds what cannot.
    auto shared = std::make_shared<Answer>(std::move(answer));
    return probes_.metrics(
        [shared](const Metrics& m) { shared->send({.status = 200, .body = m.text(), .content_type = metrics_type}); });
  }
  answer.send({.status = 404});
}

}  // namespace coachd::http
