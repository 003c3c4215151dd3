// The way to one account: sends what wire.hpp permits, repeats what may be repeated, keeps to the budget of the day,
// the burst of ten seconds and the pace of searches, and to the CRM's clock. Inner header of hubspot/. Thread rule: the
// network thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/failure.hpp"
#include "connectors/net/pace.hpp"

namespace coachd::hubspot {

using connectors::Result;
using connectors::Task;

struct Call {
  Op op = Op::account;
  std::string target{};    ///< path and query
  std::string body{};      ///< JSON
  bool repeatable = true;  ///< false: sending it twice would make two
};

class Session {
 public:
  Session(const boost::asio::any_io_executor& executor, net::Client& client, Options options);

  /// An answer with a 2xx status, or what became of the call after the repeats that are allowed.
  [[nodiscard]] Task<net::Response> call(Call call);

  [[nodiscard]] std::string path(Op op, std::initializer_list<std::string_view> parts = {}) const;
  /// The CRM's clock now: the last Date header and the time since. REQUIRES: an answer was seen.
  [[nodiscard]] std::chrono::sys_seconds server_now() const;
  /// Of the account's zone, as account-info tells: the day's limit begins anew at its midnight.
  void zone_offset(std::chrono::milliseconds offset) noexcept { zone_offset_ = offset; }
  [[nodiscard]] std::chrono::milliseconds zone_offset() const noexcept {
    return zone_offset_.value_or(std::chrono::milliseconds{0});
  }
  [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }
  [[nodiscard]] connectors::Vitals vitals() const;
  [[nodiscard]] const Options& options() const noexcept { return options_; }
  [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

 private:
  [[nodiscard]] boost::asio::awaitable<net::Result<net::Response>> send(Call call);
  [[nodiscard]] Task<bool> wait_for_turn(Op op, net::SteadyTime until);
  [[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::milliseconds wait);
  void note(const net::Response& answer);
  void heed(const Refusal& refusal);
  [[nodiscard]] std::optional<std::chrono::seconds> until_midnight() const;

  boost::asio::any_io_executor executor_;
  net::Client& client_;
  Options options_;
  net::Budget budget_;
  net::Pace burst_, searches_;
  std::mt19937 random_;
  std::uint64_t calls_ = 0;
  net::ServerClock server_clock_;
  std::optional<std::chrono::milliseconds> zone_offset_;
};

}  // namespace coachd::hubspot
