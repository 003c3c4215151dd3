#include "daemon/cli/progress.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace coachd::cli {
namespace {
constexpr auto bar_every = std::chrono::milliseconds(100);
constexpr auto line_every = std::chrono::seconds(10);
constexpr std::size_t bar_width = 30;
}  // namespace

Progress::Progress(std::ostream& err, bool terminal, std::string what, std::uint64_t total)
    : err_(&err),
      terminal_(terminal),
      what_(std::move(what)),
      total_(total),
      // Work that ends at once shows nothing at all.
      next_(Clock::now() + (terminal ? Clock::duration(bar_every * 3) : Clock::duration(line_every))) {}

Progress::~Progress() {
  if (drawn_ && terminal_) *err_ << "\r\033[K" << std::flush;
}

void Progress::at(std::uint64_t done, Clock::time_point now) {
  if (now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(bar_every) : Clock::duration(line_every));
  draw(done);
}

void Progress::draw(std::uint64_t done) {
  drawn_ = true;
  const auto share = total_ == 0 ? 0 : std::min<std::uint64_t>(100, done * 100 / total_);
  if (!terminal_) {
    *err_ << what_ << ": ";
    if (total_ == 0)
      *err_ << done << '\n';
    else
      *err_ << share << " %\n";
    err_->flush();
    return;
  }
  *err_ << "\r\033[K" << what_ << ' ';
  if (total_ == 0) {
    *err_ << done;
  } else {
    const std::size_t full = bar_width * share / 100;
    *err_ << '[' << std::string(full, '=') << std::string(bar_width - full, ' ') << "] " << share << " %";
  }
  *err_ << std::flush;
}

void Turns::at(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (!now_ || what != what_) {
    what_ = what;
    now_.reset();
    now_.emplace(*err_, terminal_, what_, total);
  }
  now_->at(done);
}

}  // namespace coachd::cli
