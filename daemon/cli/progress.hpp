// Progress of long work on standard error: a bar that redraws itself on a terminal, a plain line now and then
// elsewhere. Not thread-safe: one thread reports.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace coachd::cli {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  /// `what` names the work ("reading opps.csv"). `total` in the caller's unit (bytes, records); 0: unknown.
  Progress(std::ostream& err, bool terminal, std::string what, std::uint64_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  ///< clears the bar

  /// Draws at most ten times a second on a terminal; elsewhere one line every ten seconds.
  void at(std::uint64_t done, Clock::time_point now = Clock::now());

 private:
  void draw(std::uint64_t done);
  std::ostream* err_;
  bool terminal_;
  std::string what_;
  std::uint64_t total_;
  Clock::time_point next_;
  bool drawn_ = false;
};

/// Work in several turns, each with a bar of its own.
class Turns {
 public:
  Turns(std::ostream& err, bool terminal) : err_(&err), terminal_(terminal) {}
  /// A `what` other than the last begins a new turn.
  void at(std::string_view what, std::uint64_t done, std::uint64_t total);
  void end() { now_.reset(); }

 private:
  std::ostream* err_;
  bool terminal_;
  std::string what_;
  std::optional<Progress> now_;
};

}  // namespace coachd::cli
