#include "daemon/app/doors.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/service.hpp"
#include "daemon/http/admin_door.hpp"
#include "daemon/http/hook_door.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/server.hpp"
#include "daemon/log/log.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

using http::Metric;

std::string secret_of(const settings::Secret& secret, std::string_view what) {
  if (!secret) return {};
  auto resolved = settings::resolve_secret(secret, what);
  if (!resolved.value) throw std::runtime_error(resolved.problem);
  return std::move(*resolved.value);
}

http::Tls tls_of(const settings::Listen& listen) {
  if (listen.tls_certificate.empty()) return {};
  return {listen.tls_certificate, secret_of(listen.tls_key, "key of listen.tls")};
}

double seconds(std::chrono::nanoseconds d) {
  return std::chrono::duration<double>(d).count();
}

void add_stored(http::Metrics& metrics, const store::Snapshot& snapshot, const std::vector<std::string>& connections,
                model::Instant now) {
  for (const auto& [name, count] : snapshot.counters())
    metrics.add(Metric::kept_total, static_cast<double>(count), {{"kind", name}});
  if (const auto due = snapshot.next_due(); due && *due <= now)
    metrics.add(Metric::due_lag, seconds(now - *due));
  else
    metrics.add(Metric::due_lag, 0);
  for (const auto& c : connections) {
    metrics.add(Metric::journal_waiting, static_cast<double>(snapshot.journal_waiting(c)), {{"connection", c}});
    metrics.add(Metric::read_list_waiting, static_cast<double>(snapshot.read_list_waiting(c)), {{"connection", c}});
    metrics.add(Metric::open_findings, static_cast<double>(snapshot.open_finding_count(c)), {{"connection", c}});
    for (const auto& [state, count] : snapshot.prompt_counts(c))
      metrics.add(Metric::prompts, static_cast<double>(count),
                  {{"connection", c}, {"state", std::string(model::to_string(state))}});
  }
}

}  // namespace

Doors::Doors(boost::asio::any_io_executor executor, const settings::Listen& listen, http::Routes routes,
             DoorServices services)
    : executor_(std::move(executor)),
      services_(std::move(services)),
      refusals_([&log = services_.log](std::string_view reason, int status, std::uint64_t times) {
        log.warning("a request was refused",
                    {{"reason", log::Sentence(std::string(reason))}, {"status", status}, {"times", times}});
      }) {
  if (listen.webhooks) open_public(listen, std::move(routes));
  open_admin(listen);
}

Doors::~Doors() {
  observer_.join();
}

void Doors::open_public(const settings::Listen& listen, http::Routes routes) {
  http::HookDoorOptions options;
  options.public_url = listen.public_url;
  options.now = [&clock = services_.clock] { return clock.now(); };
  options.wall = [&clock = services_.clock] { return clock.wall(); };
  options.stored = [stored = services_.stored](const std::string&) { stored(); };
  hooks_ =
      std::make_unique<http::HookDoor>(executor_, services_.store, refusals_, std::move(routes), std::move(options));
  public_ = std::make_unique<http::Server>(
      executor_, listen.webhooks->host, listen.webhooks->port, tls_of(listen), http::Limits{},
      [this](const http::Request& request, http::Answer answer) { hooks_->handle(request, std::move(answer)); },
      [this](std::string_view reason, int status) { refusals_.add(reason, status, std::chrono::steady_clock::now()); });
}

void Doors::open_admin(const settings::Listen& listen) {
  http::Limits limits;
  limits.body = std::size_t{16} << 10;
  limits.connections = 32;
  limits.deaf_to_muted = true;
  admin_ = std::make_unique<http::AdminDoor>(probes(), secret_of(listen.admin_token, "token of listen"));
  const auto& address = listen.admin ? *listen.admin : default_admin;
  admin_server_ = std::make_unique<http::Server>(
      executor_, address.host, address.port, http::Tls{}, limits,
      [this](const http::Request& request, http::Answer answer) { admin_->handle(request, std::move(answer)); },
      [this](std::string_view reason, int status) { refusals_.add(reason, status, std::chrono::steady_clock::now()); });
}

http::AdminProbes Doors::probes() {
  http::AdminProbes probes;
  // That the network loop moves shows by the answer.
  probes.loops = [this] {
    return std::vector<std::pair<std::string, bool>>{{"network", true},
                                                     {"evaluation", services_.evaluation.still() < still_alive},
                                                     {"store", services_.store.still() < still_alive}};
  };
  probes.waiting = [this] {
    std::vector<std::string> waiting;
    if (services_.store.full()) waiting.emplace_back("the disk is full: nothing is taken until there is room");
    for (const auto& c : services_.connections())
      if (!c.described) waiting.push_back(c.name + ": " + (c.state.empty() ? "not described yet" : c.state));
    return waiting;
  };
  probes.metrics = [this](std::function<void(http::Metrics)> done) { gather(std::move(done)); };
  probes.retire = services_.retire;
  probes.key = services_.key;
  return probes;
}

http::Metrics Doors::own_metrics() const {
  http::Metrics metrics;
  metrics.add(Metric::build_info, 1, {{"version", COACHD_VERSION}});
  metrics.add(Metric::start_time, seconds(started_.time_since_epoch()));
  if (hooks_) {
    const auto& c = hooks_->counters();
    metrics.add(Metric::deliveries, static_cast<double>(c.deliveries));
    metrics.add(Metric::delivery_events, static_cast<double>(c.events));
    metrics.add(Metric::delivery_commits, static_cast<double>(c.commits));
    metrics.add(Metric::deliveries_unavailable, static_cast<double>(c.unavailable));
    metrics.add(Metric::door_connections, static_cast<double>(public_->connections()), {{"door", "webhooks"}});
  }
  metrics.add(Metric::door_connections, static_cast<double>(admin_server_->connections()), {{"door", "admin"}});
  for (const auto& [reason, row] : refusals_.rows())
    metrics.add(Metric::door_refused, static_cast<double>(row.count),
                {{"reason", reason}, {"status", std::to_string(row.status)}});
  metrics.add(Metric::store_queued_bytes, static_cast<double>(services_.store.queued_bytes()));
  metrics.add(Metric::store_full, services_.store.full() ? 1 : 0);
  metrics.add(Metric::loop_lag, seconds(services_.evaluation.still()), {{"loop", "evaluation"}});
  metrics.add(Metric::loop_lag, seconds(services_.store.still()), {{"loop", "store"}});
  for (const auto& c : services_.connections()) {
    metrics.add(Metric::connection_good, c.good ? 1 : 0, {{"connection", c.name}});
    metrics.add(Metric::calls, static_cast<double>(c.calls), {{"connection", c.name}});
  }
  return metrics;
}

void Doors::gather(std::function<void(http::Metrics)> done) {
  std::vector<std::string> names;
  for (const auto& c : services_.connections()) names.push_back(c.name);
  boost::asio::post(observer_, [executor = executor_, &services = services_, now = services_.clock.now(),
                                names = std::move(names), metrics = own_metrics(), done = std::move(done)]() mutable {
    try {
      auto stored = metrics;
      stored.add(Metric::store_wal_bytes, static_cast<double>(services.store.wal_bytes()));
      add_stored(stored, *services.store.open_reader()->snapshot(), names, now);
      metrics = std::move(stored);
    } catch (const std::exception&) {  // what the daemon knows by itself is still worth telling
      services.log.warning("the state could not be read for /metrics");
    }
    boost::asio::post(executor,
                      [metrics = std::move(metrics), done = std::move(done)]() mutable { done(std::move(metrics)); });
  });
}

void Doors::stop() {
  if (public_) public_->stop();
  admin_server_->stop();
}

}  // namespace coachd::app
