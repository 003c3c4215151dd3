// A name becomes addresses within a bounded time. The system's resolver cannot be stopped: when its time is up it is
// left behind, and its late answer is dropped.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "connectors/net/http.hpp"

namespace coachd::net {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// At least one endpoint, or `not_resolved`, `timed_out`, `cancelled`. Addresses in numbers need no resolver.
[[nodiscard]] boost::asio::awaitable<Result<Endpoints>> resolve(boost::asio::any_io_executor executor, std::string host,
                                                                std::uint16_t port, std::chrono::milliseconds within);

}  // namespace coachd::net
