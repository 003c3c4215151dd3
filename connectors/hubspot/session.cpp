#include "connectors/hubspot/session.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/budget.hpp"
#include "connectors/net/failure.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/pace.hpp"
#include "connectors/net/retry.hpp"
#include "connectors/net/url.hpp"
#include "rules/model/error.hpp"

namespace coachd::hubspot {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using model::CrmError;
using model::Failure;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds window{10'000};

[[nodiscard]] std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || value < 0) return std::nullopt;
  return value;
}

/// Our part of so many calls; 0 (no limit of our own) where the share is lifted.
[[nodiscard]] std::size_t part(std::size_t calls, double share) {
  if (share >= 1.0) return 0;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(static_cast<double>(calls) * share)));
}

}  // namespace

Session::Session(const asio::any_io_executor& executor, net::Client& client, Options options)
    : executor_(executor),
      client_(client),
      options_(std::move(options)),
      budget_(options_.budget),
      burst_(part(options_.burst, options_.budget.share), window),
      searches_(options_.search_every.count() > 0 ? 1u : 0u, options_.search_every),
      random_(options_.seed) {
  options_.host = net::without_slash(options_.host);
}

std::string Session::path(Op op, std::initializer_list<std::string_view> parts) const {
  return path_of(op, options_.api_version, parts);
}

std::chrono::sys_seconds Session::server_now() const {
  return server_clock_.now(clock::now());
}

connectors::Vitals Session::vitals() const {
  return {server_clock_.if_known(clock::now()), budget_.organisation_used(), budget_.organisation_limit()};
}

asio::awaitable<void> Session::pause(milliseconds wait) {
  asio::steady_timer timer(executor_, wait);
  co_await timer.async_wait(asio::use_awaitable);
}

std::optional<std::chrono::seconds> Session::until_midnight() const {
  if (!zone_offset_ || !server_clock_.known()) return std::nullopt;
  const auto local = server_now() + std::chrono::floor<std::chrono::seconds>(*zone_offset_);
  return std::chrono::days{1} - (local - std::chrono::floor<std::chrono::days>(local));
}

void Session::note(const net::Response& answer) {
  server_clock_.note(answer, clock::now());
  // searches and OAuth apps lack some of these
  const auto daily = number(answer.header("x-hubspot-ratelimit-daily"));
  const auto left = number(answer.header("x-hubspot-ratelimit-daily-remaining"));
  if (daily && left && *daily > 0) budget_.limits(std::max<std::int64_t>(0, *daily - *left), *daily);
  const auto most = number(answer.header("x-hubspot-ratelimit-max"));
  const auto interval = number(answer.header("x-hubspot-ratelimit-interval-milliseconds"));
  if (most && interval && *most > 0 && *interval > 0)
    burst_.limit(part(static_cast<std::size_t>(*most), options_.budget.share), milliseconds{*interval});
}

void Session::heed(const Refusal& refusal) {
  const auto wait = std::chrono::microseconds{refusal.error.retry_after_us};
  if (refusal.daily)
    budget_.hold(std::chrono::ceil<std::chrono::seconds>(wait), clock::now());
  else if (refusal.search)
    searches_.hold(std::chrono::ceil<milliseconds>(wait), clock::now());
  else if (wait.count() > 0)
    burst_.hold(std::chrono::ceil<milliseconds>(wait), clock::now());
}

asio::awaitable<net::Result<net::Response>> Session::send(Call call) {
  // the one place from which anything goes out
  const std::string method(route_of(call.op).method);
  if (permitted(method, call.target, call.body) == nullptr)
    co_return net::Error{net::errc::bad_url, "this request is not one that coachd may send", false};
  net::Request request{.method = method,
                       .url = options_.host + call.target,
                       .headers = {{"Accept", "application/json"}, {"Authorization", "Bearer " + options_.token}},
                       .body = std::move(call.body)};
  if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json; charset=UTF-8"});
  ++calls_;
  auto answer = co_await client_.send(std::move(request));
  if (answer) note(*answer);
  co_return answer;
}

/// Waits where the wait ends before `until`, else says how long it would be.
Task<bool> Session::wait_for_turn(Op op, net::SteadyTime until) {
  const auto purpose = route_of(op).writes ? net::Purpose::write : net::Purpose::read;
  if (const auto wait = budget_.wait(purpose, clock::now()))
    co_return CrmError{Failure::throttled, "coachd keeps to its share of the account's API calls", "",
                       std::chrono::microseconds(*wait).count(), false};
  net::Pace& pace = op == Op::search ? searches_ : burst_;
  for (;;) {
    const auto now = clock::now();
    const auto wait = pace.take(now);
    if (wait.count() == 0) break;
    if (now + wait > until)
      co_return CrmError{Failure::throttled, "HubSpot has asked for a pause", "",
                         std::chrono::microseconds(wait).count(), false};
    co_await pause(wait);
  }
  co_return true;
}

Task<net::Response> Session::call(Call call) {
  const Route& route = route_of(call.op);
  if (permitted(route.method, call.target, call.body) == nullptr)
    co_return CrmError{Failure::permanent, "this request is not one that coachd may send", "", 0, false};
  const auto started = clock::now();
  net::Retry retry(options_.retry, call.repeatable, started, static_cast<std::uint32_t>(random_()));
  for (;;) {
    const auto turn = co_await wait_for_turn(call.op, started + options_.retry.total);
    if (!turn) co_return turn.error();
    budget_.called(clock::now());
    auto answer = co_await send(call);
    if (answer && answer->status >= 200 && answer->status < 300) co_return std::move(*answer);
    CrmError error;
    if (answer) {
      const Refusal refusal = read_refusal(*answer, route.writes, until_midnight());
      heed(refusal);
      error = refusal.error;
      if (refusal.daily) co_return error;
    } else {
      error = net::from_network(answer.error(), route.writes);
    }
    const auto action = retry.failed(error, clock::now());
    if (!action.again) co_return error;
    co_await pause(action.wait);
  }
}

}  // namespace coachd::hubspot
