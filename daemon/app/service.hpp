// What the service manager hears from coachd: ready, reloading, stopping, a line of status, and the watchdog, which is
// fed only while the evaluation loop goes round; that the network loop goes round too shows by the timer, which runs on
// it. Without a manager ($NOTIFY_SOCKET is not set) nothing is sent. Thread rule: the network thread, but for
// Heartbeat::beat().
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coachd::app {

/// Longer than any turn of a loop takes: the evaluation loop turns at least every 30 s.
inline constexpr std::chrono::seconds still_alive{90};

/// Counts the turns of a loop. Thread-safe.
class Heartbeat {
 public:
  void beat() noexcept {
    turns_.fetch_add(1, std::memory_order_relaxed);
    last_.store(std::chrono::steady_clock::now(), std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t turns() const noexcept { return turns_.load(std::memory_order_relaxed); }
  /// How long ago it turned last.
  [[nodiscard]] std::chrono::nanoseconds still() const noexcept {
    return std::chrono::steady_clock::now() - last_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> turns_{0};
  std::atomic<std::chrono::steady_clock::time_point> last_{std::chrono::steady_clock::now()};
};

/// Whether to feed the watchdog: only if the loop has turned since the last time. Pure.
class Watchdog {
 public:
  [[nodiscard]] bool feed(std::uint64_t turns) noexcept {
    const bool moved = turns != seen_;
    seen_ = turns;
    return moved;
  }

 private:
  std::uint64_t seen_ = 0;
};

class Service {
 public:
  /// Takes one message in the form of sd_notify(3): `READY=1\nSTATUS=...`.
  using Send = std::function<void(const std::string& message)>;

  /// As the environment says: $NOTIFY_SOCKET, $WATCHDOG_USEC, $WATCHDOG_PID. `work` outlives the service; it beats once
  /// a turn of the loop that does the work.
  Service(const boost::asio::any_io_executor& executor, const Heartbeat& work);
  /// For tests: where messages go, and the watchdog's time (nothing: no watchdog).
  Service(const boost::asio::any_io_executor& executor, const Heartbeat& work, Send send,
          std::optional<std::chrono::microseconds> watchdog);

  /// The doors are open: to be called once. From here on the watchdog is fed.
  void ready(std::string_view status);
  /// Around a reload; `reloaded` also where the old rules stay, its status says so.
  void reloading();
  void reloaded(std::string_view status);
  /// The end has begun: nothing is fed any more, the manager's time to stop runs.
  void stopping();
  /// One line for `systemctl status`; never a text of a CRM.
  void status(std::string_view line);

 private:
  void watch();

  const Heartbeat& work_;
  Send send_;
  std::optional<std::chrono::microseconds> watchdog_time_;
  Watchdog watchdog_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
};

}  // namespace coachd::app
