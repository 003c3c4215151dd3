#include "daemon/http/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/message.hpp"
#include "daemon/http/server.hpp"

namespace coachd::http {
namespace {

std::string http_date(std::time_t at) {
  static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm t{};
  gmtime_r(&at, &t);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(static_cast<std::size_t>(t.tm_wday)), t.tm_mday,
                     months.at(static_cast<std::size_t>(t.tm_mon)), t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

}  // namespace

Sessions::Sessions(const boost::asio::any_io_executor& executor, const Limits& l, Handler h, OnRefused r)
    : limits(l),
      handler(std::move(h)),
      peers(l.peer),
      on_refused_(std::move(r)),
      tick_(executor),
      tick_every_(std::clamp(std::min({l.request, l.idle, l.answer, l.linger}) / 4, std::chrono::milliseconds(5),
                             std::chrono::milliseconds(500))) {}

void Sessions::add(Session* session) {
  sessions_.insert(session);
  if (!ticking_) tick();
}

bool Sessions::make_room() {
  Session* longest = nullptr;
  std::chrono::steady_clock::time_point first;
  for (auto* s : sessions_)
    if (const auto until = s->idle_until(); until && (longest == nullptr || *until < first)) {
      longest = s;
      first = *until;
    }
  if (longest != nullptr) longest->close();
  return longest != nullptr;
}

void Sessions::stop() {
  stopping = true;
  for (auto* s : std::vector(sessions_.begin(), sessions_.end())) s->stop();
}

void Sessions::close() {
  for (auto* s : std::vector(sessions_.begin(), sessions_.end())) s->close();
  tick_.cancel();
}

void Sessions::refused(std::string_view reason, int status) const {
  if (on_refused_) on_refused_(reason, status);
}

const std::string& Sessions::date() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  if (now != date_of_) date_ = http_date(date_of_ = now);
  return date_;
}

// One timer for all connections, and none while there is none.
void Sessions::tick() {
  ticking_ = !sessions_.empty();
  if (!ticking_) return;
  tick_.expires_after(tick_every_);
  tick_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
    if (ec) return;
    const auto now = std::chrono::steady_clock::now();
    for (auto* s : std::vector(self->sessions_.begin(), self->sessions_.end()))
      if (self->sessions_.contains(s)) s->look(now);
    self->tick();
  });
}

}  // namespace coachd::http
