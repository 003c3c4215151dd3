#include "daemon/app/service.hpp"

#include <systemd/sd-daemon.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coachd::app {
namespace {

constexpr int looks_per_watchdog = 3;  // one look may find a loop that just rests, two in a row must not

// The variables stay set: a reload, and the end, are told too. A manager that does not listen changes nothing for us.
void tell_manager(const std::string& message) {
  static_cast<void>(sd_notify(0, message.c_str()));
}

std::optional<std::chrono::microseconds> watchdog_of_environment() {
  std::uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) return std::nullopt;
  return std::chrono::microseconds(static_cast<std::int64_t>(usec));
}

std::string status_of(std::string_view line) {
  std::string out = "STATUS=";
  for (const char c : line)
    out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);  // a line feed ends a message
  return out;
}

std::int64_t monotonic_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Service::Service(const boost::asio::any_io_executor& executor, const Heartbeat& work)
    : Service(executor, work, tell_manager, watchdog_of_environment()) {}

Service::Service(const boost::asio::any_io_executor& executor, const Heartbeat& work, Send send,
                 std::optional<std::chrono::microseconds> watchdog)
    : work_(work), send_(std::move(send)), watchdog_time_(watchdog), timer_(executor) {}

void Service::ready(std::string_view status) {
  send_("READY=1\n" + status_of(status));
  watch();
}

void Service::reloading() {
  send_("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_us()));
}

void Service::reloaded(std::string_view status) {
  send_("READY=1\n" + status_of(status));
}

void Service::stopping() {
  if (std::exchange(stopping_, true)) return;
  timer_.cancel();
  send_("STOPPING=1\n" + status_of("ending"));
}

void Service::status(std::string_view line) {
  send_(status_of(line));
}

void Service::watch() {
  if (!watchdog_time_ || stopping_) return;
  if (watchdog_.feed(work_.turns())) send_("WATCHDOG=1");
  timer_.expires_after(std::chrono::duration_cast<boost::asio::steady_timer::duration>(*watchdog_time_) /
                       looks_per_watchdog);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) watch();
  });
}

}  // namespace coachd::app
