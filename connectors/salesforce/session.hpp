// A signed-in way to one organisation: gets tokens, sends what wire.hpp permits, repeats what may be repeated, keeps to
// the budget and to the CRM's clock. Inner header of salesforce/. Thread rule: the network thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "connectors/net/failure.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/salesforce.hpp"

namespace coachd::salesforce {

using connectors::Result;
using connectors::Task;

struct Call {
  std::string method = "GET";
  std::string target{};    ///< path and query below the organisation's address
  std::string body{};      ///< JSON
  bool repeatable = true;  ///< false: sending it twice would make two
};

class Session {
 public:
  Session(const boost::asio::any_io_executor& executor, net::Client& client, Options options);

  /// An answer with a 2xx status, or what became of the call after the repeats that are allowed.
  [[nodiscard]] Task<net::Response> call(Call call);
  /// Signs in where there is no token yet; afterwards `user`, `organisation` and `server_now` are known.
  [[nodiscard]] Task<bool> ready();

  /// `/services/data/v66.0` + `rest`
  [[nodiscard]] std::string path(std::string_view rest) const;
  [[nodiscard]] const std::string& user() const noexcept { return user_; }  ///< id of the signed-in user
  [[nodiscard]] const std::string& organisation() const noexcept { return organisation_; }  ///< its 18-character id
  /// The CRM's clock now: the last Date header and the time since. Whole seconds.
  [[nodiscard]] std::chrono::sys_seconds server_now() const;
  [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }
  [[nodiscard]] connectors::Vitals vitals() const;
  [[nodiscard]] const Options& options() const noexcept { return options_; }

 private:
  [[nodiscard]] boost::asio::awaitable<net::Result<net::Response>> send(std::string host, Call call,
                                                                        std::string authorization);
  [[nodiscard]] Task<std::uint64_t> token();
  [[nodiscard]] Task<bool> sign_in();
  [[nodiscard]] Result<bool> accept_token(const net::Response& answer);
  [[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::milliseconds wait);
  void note_headers(const net::Response& answer);

  boost::asio::any_io_executor executor_;
  net::Client& client_;
  Options options_;
  net::TokenKeeper keeper_;
  net::Budget budget_;
  std::mt19937 random_;
  boost::asio::steady_timer signed_in_;  // rings when a sign-in under way has ended
  std::string access_token_, instance_, user_, organisation_;
  std::uint64_t calls_ = 0;
  net::ServerClock server_clock_;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();  // goes with the session
};

}  // namespace coachd::salesforce
