#include "connectors/salesforce/session.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "connectors/connector.hpp"
#include "connectors/net/budget.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/retry.hpp"
#include "connectors/net/token.hpp"
#include "connectors/net/url.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/salesforce/wire.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

namespace asio = boost::asio;
namespace json = boost::json;
using clock = std::chrono::steady_clock;
using model::CrmError;
using model::Failure;

namespace {

/// `api-usage=18/15000`, anywhere in the header: per-app figures may follow.
[[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> read_limit_info(std::string_view header) {
  // " api-usage" could also be the end of "per-app-api-usage": the organisation's own figure comes first
  const auto at = header.find("api-usage=");
  if (at == std::string_view::npos || (at > 0 && header[at - 1] == '-')) return std::nullopt;
  header.remove_prefix(at + 10);
  std::int64_t used = 0, limit = 0;
  const auto [slash, bad_used] = std::from_chars(header.data(), header.data() + header.size(), used);
  if (bad_used != std::errc() || slash == header.data() + header.size() || *slash != '/') return std::nullopt;
  const auto [end, bad_limit] = std::from_chars(slash + 1, header.data() + header.size(), limit);
  if (bad_limit != std::errc() || limit <= 0) return std::nullopt;
  return std::pair(used, limit);
}

[[nodiscard]] std::string text_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

[[nodiscard]] net::Error not_permitted() {
  return {net::errc::bad_url, "this request is not one that coachd may send", false};
}

}  // namespace

Session::Session(const asio::any_io_executor& executor, net::Client& client, Options options)
    : executor_(executor),
      client_(client),
      options_(std::move(options)),
      keeper_(options_.token),
      budget_(options_.budget),
      random_(options_.seed),
      signed_in_(executor, clock::time_point::max()) {
  options_.login = net::without_slash(options_.login);
}

std::string Session::path(std::string_view rest) const {
  return fmt::format("/services/data/v{}{}", options_.api_version, rest);
}

std::chrono::sys_seconds Session::server_now() const {
  return server_clock_.now(clock::now());
}

connectors::Vitals Session::vitals() const {
  return {server_clock_.if_known(clock::now()), budget_.organisation_used(), budget_.organisation_limit()};
}

asio::awaitable<void> Session::pause(std::chrono::milliseconds wait) {
  asio::steady_timer timer(executor_, wait);
  co_await timer.async_wait(asio::use_awaitable);
}

void Session::note_headers(const net::Response& answer) {
  server_clock_.note(answer, clock::now());
  if (const auto info = read_limit_info(answer.header("sforce-limit-info"))) budget_.limits(info->first, info->second);
}

asio::awaitable<net::Result<net::Response>> Session::send(std::string host, Call call, std::string authorization) {
  // the one place from which anything goes out
  if (permitted(call.method, call.target, call.body) == nullptr) co_return not_permitted();
  net::Request request{.method = call.method,
                       .url = std::move(host) + call.target,
                       .headers = {{"Accept", "application/json"}},
                       .body = std::move(call.body)};
  if (!authorization.empty()) {
    request.headers.push_back({"Authorization", std::move(authorization)});
    request.headers.push_back({"Sforce-Call-Options", "client=coachd"});
    if (call.method != "GET") request.headers.push_back({"Sforce-Auto-Assign", "FALSE"});
    if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json; charset=UTF-8"});
  } else {
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  }
  ++calls_;
  auto answer = co_await client_.send(std::move(request));
  if (answer) note_headers(*answer);
  co_return answer;
}

Result<bool> Session::accept_token(const net::Response& answer) {
  boost::system::error_code failed;
  const json::value document = json::parse(answer.body, failed);
  if (failed || !document.is_object()) return unreadable("no token in it", false);
  const json::object& token = document.get_object();
  const std::string access = text_of(token, "access_token"),
                    instance = net::without_slash(text_of(token, "instance_url")), id = text_of(token, "id");
  if (access.empty() || !net::parse_url(instance)) return unreadable("no token in it", false);
  // the id is an address that ends with /id/ORGANISATION/USER
  const auto user_at = id.rfind('/');
  const auto organisation_at =
      user_at == std::string::npos || user_at == 0 ? std::string::npos : id.rfind('/', user_at - 1);
  if (organisation_at == std::string::npos) return unreadable("the token names no user", false);
  const std::string organisation = id18(id.substr(organisation_at + 1, user_at - organisation_at - 1));
  if (!options_.organisation.empty() && id18(options_.organisation) != organisation)
    return CrmError{Failure::auth,
                    fmt::format("the sign-in leads to organisation {}, but the configuration names {}",
                                is_id(organisation) ? organisation : "?", id18(options_.organisation)),
                    "", 0, false};
  access_token_ = access;
  instance_ = instance;  // moves with every migration of the organisation: read again with every token
  organisation_ = organisation;
  user_ = id18(id.substr(user_at + 1));
  return true;
}

Task<bool> Session::sign_in() {
  Call call{.method = "POST", .target = "/services/oauth2/token"};
  call.body = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}",
                          net::percent_encode(options_.client_id), net::percent_encode(options_.client_secret));
  const auto answer = co_await send(options_.login, call, "");
  if (!answer) {
    CrmError error = from_network(answer.error(), false);
    error.what = "cannot sign in: " + error.what;
    co_return error;
  }
  if (answer->status != 200) co_return read_sign_in_refusal(*answer);
  co_return accept_token(*answer);
}

/// The generation of a token that can be used now. One caller signs in, the others wait for it.
Task<std::uint64_t> Session::token() {
  struct Unfinished {  // a caller that gives up in the middle must not leave the others waiting
    Session* session;
    std::weak_ptr<const char> alive;  // at the end of the program the session may go before its callers' frames
    bool finished = false;
    ~Unfinished() {
      if (alive.expired()) return;
      if (!finished)
        session->keeper_.refused({Failure::transient, "the sign-in was given up", "", 0, false}, clock::now());
      session->signed_in_.cancel();
    }
  };
  for (;;) {
    switch (keeper_.need(clock::now())) {
      case net::TokenStep::use: co_return keeper_.generation();
      case net::TokenStep::refused: co_return keeper_.error();
      case net::TokenStep::wait:  // the timer is rung and never runs out; setting it anew would wake the others
        co_await signed_in_.async_wait(asio::as_tuple(asio::use_awaitable));
        break;
      case net::TokenStep::sign_in: {
        Unfinished guard{this, alive_};
        const auto done = co_await sign_in();
        guard.finished = true;
        if (!done) {
          keeper_.refused(done.error(), clock::now());
          co_return done.error();
        }
        keeper_.signed_in(clock::now());
        co_return keeper_.generation();
      }
    }
  }
}

Task<bool> Session::ready() {
  net::Retry retry(options_.retry, true, clock::now(), static_cast<std::uint32_t>(random_()));
  for (;;) {
    const auto got = co_await token();
    if (got) co_return true;
    const auto action = retry.failed(got.error(), clock::now());
    if (!action.again) co_return got.error();
    co_await pause(action.wait);
  }
}

Task<net::Response> Session::call(Call call) {
  if (permitted(call.method, call.target, call.body) == nullptr)
    co_return CrmError{Failure::permanent, not_permitted().what, "", 0, false};
  const bool write = call.method != "GET";
  net::Retry retry(options_.retry, call.repeatable, clock::now(), static_cast<std::uint32_t>(random_()));
  bool renewed = false;
  for (;;) {
    if (const auto wait = budget_.wait(write ? net::Purpose::write : net::Purpose::read, clock::now()))
      co_return CrmError{Failure::throttled, "coachd keeps to its share of the organisation's API calls", "",
                         std::chrono::microseconds(*wait).count(), false};
    CrmError error;
    const auto generation = co_await token();
    if (!generation) {
      error = generation.error();
    } else {
      budget_.called(clock::now());
      const auto answer = co_await send(instance_, call, "Bearer " + access_token_);
      if (answer && answer->status >= 200 && answer->status < 300) co_return *answer;
      if (!answer) {
        error = from_network(answer.error(), write);
      } else {
        const Refusal refusal = read_refusal(*answer, write);
        if (refusal.expired && !renewed) {
          renewed = true;
          keeper_.rejected(*generation);
          continue;
        }
        error = refusal.error;
        if (refusal.limit_used_up) {
          budget_.hold(std::nullopt, clock::now());
          co_return error;
        }
        if (error.retry_after_us > 0)
          budget_.hold(std::chrono::ceil<std::chrono::seconds>(std::chrono::microseconds{error.retry_after_us}),
                       clock::now());
      }
    }
    const auto action = retry.failed(error, clock::now());
    if (!action.again) co_return error;
    co_await pause(action.wait);
  }
}

}  // namespace coachd::salesforce
