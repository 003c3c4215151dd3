#include "connectors/net/resolve.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "connectors/net/http.hpp"

namespace coachd::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

struct Asked {
  explicit Asked(const asio::any_io_executor& executor) : resolver(executor), bell(executor) {}
  tcp::resolver resolver;
  asio::steady_timer bell;  // rings at the deadline, or is cancelled by the answer
  bool answered = false;
  boost::system::error_code error;
  Endpoints endpoints;
};

}  // namespace

asio::awaitable<Result<Endpoints>> resolve(asio::any_io_executor executor, std::string host, std::uint16_t port,
                                           std::chrono::milliseconds within) {
  boost::system::error_code not_a_number;
  const auto address = asio::ip::make_address(host, not_a_number);
  if (!not_a_number) co_return Endpoints{tcp::endpoint(address, port)};

  const auto asked = std::make_shared<Asked>(executor);
  asked->bell.expires_after(within);
  asked->resolver.async_resolve(
      host, std::to_string(port),
      [asked](const boost::system::error_code& error, const tcp::resolver::results_type& results) {
        asked->answered = true;
        asked->error = error;
        for (const auto& entry : results) asked->endpoints.push_back(entry.endpoint());
        asked->bell.cancel();
      });
  // the bell's error code says nothing: an answer, the deadline and a cancelled caller are told apart below
  co_await asked->bell.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!asked->answered) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return Error{errc::cancelled, "the request was given up", false};
    co_return Error{errc::timed_out, fmt::format("the name {} was not resolved within {} ms", host, within.count()),
                    false};
  }
  if (asked->error || asked->endpoints.empty())
    co_return Error{
        errc::not_resolved,
        fmt::format("the name {} cannot be resolved: {}", host, asked->error ? asked->error.message() : "no address"),
        false};
  co_return std::move(asked->endpoints);
}

}  // namespace coachd::net
