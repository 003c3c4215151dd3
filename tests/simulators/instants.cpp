#include "tests/simulators/instants.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace coachd::sim {
namespace {

using namespace std::chrono;

// Digits only: from_chars alone would take a sign.
std::optional<int> digits(std::string_view text) {
  int n = 0;
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<seconds> offset(std::string_view text) {
  if (text == "Z" || text == "z") return seconds{0};
  if (text.size() != 6 && text.size() != 5) return std::nullopt;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  if (text.size() == 6 && text[3] != ':') return std::nullopt;
  const auto h = digits(text.substr(1, 2));
  const auto m = digits(text.substr(text.size() - 2));
  if (!h || !m || *h > 14 || *m > 59) return std::nullopt;
  const seconds all = hours{*h} + minutes{*m};
  return text[0] == '-' ? -all : all;
}

struct parts {
  int year, month, day_of_month, hour, minute, second, weekday;
};

parts split(instant at) {
  const auto d = floor<days>(at);
  const year_month_day date{d};
  const hh_mm_ss time{at - d};
  return {int{date.year()},
          static_cast<int>(unsigned{date.month()}),
          static_cast<int>(unsigned{date.day()}),
          static_cast<int>(time.hours().count()),
          static_cast<int>(time.minutes().count()),
          static_cast<int>(time.seconds().count()),
          static_cast<int>(weekday{d}.c_encoding())};
}

}  // namespace

std::optional<day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text.substr(0, 4));
  const auto m = digits(text.substr(5, 2));
  const auto d = digits(text.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date};
}

std::optional<instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto d = parse_day(text.substr(0, 10));
  const auto h = digits(text.substr(11, 2));
  const auto m = digits(text.substr(14, 2));
  const auto s = digits(text.substr(17, 2));
  if (!d || !h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  auto rest = text.substr(19);
  if (rest.front() == '.') {
    auto end = rest.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos || end == 1) return std::nullopt;
    rest = rest.substr(end);
  }
  const auto shift = offset(rest);
  if (!shift) return std::nullopt;
  return *d + hours{*h} + minutes{*m} + seconds{*s} - *shift;
}

std::string rest_instant(instant at) {
  const auto p = split(at);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.000+0000", p.year, p.month, p.day_of_month, p.hour, p.minute,
                     p.second);
}

std::string iso_instant(instant at) {
  const auto p = split(at);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day_of_month, p.hour, p.minute,
                     p.second);
}

std::string iso_day(day d) {
  const year_month_day date{d};
  return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

std::string http_date(instant at) {
  static constexpr std::array names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months_{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto p = split(at);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", names[static_cast<std::size_t>(p.weekday)],
                     p.day_of_month, months_[static_cast<std::size_t>(p.month - 1)], p.year, p.hour, p.minute,
                     p.second);
}

}  // namespace coachd::sim
