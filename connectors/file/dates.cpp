#include "connectors/file/dates.hpp"

#include <array>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::file {
namespace {

using model::Day;
using model::Instant;

struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::int64_t micros = 0;
  bool time = false;
  bool pm = false, half_day = false;
  std::optional<std::chrono::seconds> offset;  // of the zone, where the text names one
};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool number(std::string_view s, std::size_t& i, std::size_t least, std::size_t most, int& out) {
  std::size_t n = 0;
  out = 0;
  while (n < most && i + n < s.size() && digit(s[i + n])) out = out * 10 + (s[i + n++] - '0');
  i += n;
  return n >= least;
}

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};

bool month_name(std::string_view s, std::size_t& i, int& out) {
  std::string word;
  while (i < s.size() && std::isalpha(static_cast<unsigned char>(s[i])) != 0)
    word.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(s[i++]))));
  if (i < s.size() && s[i] == '.') ++i;
  if (word.size() < 3) return false;
  for (std::size_t m = 0; m < months.size(); ++m)
    if (word == months[m] || word == months[m].substr(0, 3)) {
      out = static_cast<int>(m) + 1;
      return true;
    }
  return false;
}

bool one(char letter, std::string_view s, std::size_t& i, Parts& p) {
  switch (letter) {
    case 'Y': return number(s, i, 4, 4, p.year);
    case 'y':
      if (!number(s, i, 2, 2, p.year)) return false;
      p.year += p.year < 69 ? 2000 : 1900;  // as strptime does
      return true;
    case 'm': return number(s, i, 1, 2, p.month);
    case 'e':
    case 'd': return number(s, i, 1, 2, p.day);
    case 'b':
    case 'B': return month_name(s, i, p.month);
    case 'H': p.time = true; return number(s, i, 1, 2, p.hour);
    case 'I': p.time = p.half_day = true; return number(s, i, 1, 2, p.hour);
    case 'M': return number(s, i, 2, 2, p.minute);
    case 'S': return number(s, i, 2, 2, p.second);
    case 'p': {
      if (i + 2 > s.size()) return false;
      const char c = static_cast<char>(std::tolower(static_cast<unsigned char>(s[i])));
      if ((c != 'a' && c != 'p') || std::tolower(static_cast<unsigned char>(s[i + 1])) != 'm') return false;
      p.pm = c == 'p';
      i += 2;
      return true;
    }
    default: return false;
  }
}

// The text has the format's shape; whether such a day exists is asked later.
bool match(std::string_view format, std::string_view s, Parts& p) {
  std::size_t i = 0;
  for (std::size_t f = 0; f < format.size(); ++f) {
    if (format[f] == '%' && f + 1 < format.size() && format[f + 1] != '%') {
      if (!one(format[++f], s, i, p)) return false;
      continue;
    }
    if (format[f] == '%') ++f;
    if (i >= s.size() || s[i] != format[f]) return false;
    ++i;
  }
  return i == s.size();
}

// Eight characters as a number, the first in the lowest byte.
constexpr std::uint64_t eight(std::string_view p) noexcept {
  std::uint64_t w = 0;
  for (unsigned i = 0; i < 8; ++i) w |= static_cast<std::uint64_t>(static_cast<unsigned char>(p[i])) << 8 * i;
  return w;
}

// Eight characters of a form in which 0 stands for any digit, as the numbers of each two digits that follow another:
// byte i is ten times the one at i plus the one behind. Nothing where some character is not as the form has it.
constexpr std::optional<std::uint64_t> pairs(std::string_view text, std::string_view form) noexcept {
  const std::uint64_t digits = eight(text) ^ eight(form);
  std::uint64_t fixed = 0;  // the bytes that are no digits in the form
  for (unsigned i = 0; i < 8; ++i) fixed |= form[i] == '0' ? 0 : std::uint64_t{0xff} << 8 * i;
  const std::uint64_t above_nine = ((digits + 0x7676767676767676u) | digits) & 0x8080808080808080u;
  if ((digits & fixed) != 0 || above_nine != 0) return std::nullopt;
  return digits * 10 + (digits >> 8);
}
constexpr int pair(std::uint64_t pairs, unsigned i) noexcept {
  return static_cast<int>(pairs >> 8 * i & 0xff);
}

// 2026-05-04, 2026-05-04 09:00[:00[.123]], 2026-05-04T09:00:00Z, ...+02:00
bool match_iso(std::string_view s, Parts& p) {
  std::size_t i = 0;
  if (!number(s, i, 4, 4, p.year) || i >= s.size() || s[i++] != '-') return false;
  if (!number(s, i, 2, 2, p.month) || i >= s.size() || s[i++] != '-' || !number(s, i, 2, 2, p.day)) return false;
  if (i == s.size()) return true;
  if (s[i] != 'T' && s[i] != ' ') return false;
  ++i;
  p.time = true;
  if (!number(s, i, 2, 2, p.hour) || i >= s.size() || s[i++] != ':' || !number(s, i, 2, 2, p.minute)) return false;
  if (i < s.size() && s[i] == ':') {
    ++i;
    if (!number(s, i, 2, 2, p.second)) return false;
    if (i < s.size() && s[i] == '.') {
      ++i;
      std::int64_t unit = 100'000;
      std::size_t digits = 0;
      for (; i < s.size() && digit(s[i]); ++i, ++digits, unit /= 10) p.micros += (s[i] - '0') * unit;
      if (digits == 0) return false;
    }
  }
  if (i == s.size()) return true;
  if (s[i] == 'Z') {
    p.offset = std::chrono::seconds(0);
    return i + 1 == s.size();
  }
  if (s[i] == ' ' && s.substr(i) == " UTC") {
    p.offset = std::chrono::seconds(0);
    return true;
  }
  if (s[i] != '+' && s[i] != '-') return false;
  const int sign = s[i++] == '-' ? -1 : 1;
  int h = 0;
  int m = 0;
  if (!number(s, i, 2, 2, h)) return false;
  if (i < s.size() && s[i] == ':') ++i;
  if (i < s.size() && !number(s, i, 2, 2, m)) return false;
  p.offset = std::chrono::seconds(sign * (h * 3600 + m * 60));
  return i == s.size() && h < 24 && m < 60;
}

// 3/4/2017, 03.04.17, 2017/4/3: numbers that are a date, though not which is which.
bool looks_like_date(std::string_view s) {
  std::size_t i = 0;
  int n[3] = {};
  std::size_t length[3] = {};
  char separator = 0;
  for (int k = 0; k < 3; ++k) {
    const std::size_t from = i;
    if (!number(s, i, 1, 4, n[k])) return false;
    length[k] = i - from;
    if (k == 2) break;
    if (i >= s.size() || (s[i] != '/' && s[i] != '.' && s[i] != '-')) return false;
    if (k == 1 && s[i] != separator) return false;
    separator = s[i++];
  }
  if (i < s.size() && s[i] != ' ' && s[i] != 'T' && s[i] != ',') return false;
  const bool year_last = length[2] == 4 || length[2] == 2;
  if (length[0] == 4) return length[1] <= 2 && length[2] <= 2;
  return length[0] <= 2 && length[1] <= 2 && year_last;
}

// The first days of the months of the years that exports speak of, counted from 1970, and of the month behind.
constexpr int first_year = 1900, years = 220;
constexpr auto month_starts = [] {
  std::array<std::int32_t, std::size_t{years} * 12 + 1> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::chrono::year_month month{std::chrono::year{first_year + static_cast<int>(i / 12)},
                                        std::chrono::month{static_cast<unsigned>(i % 12 + 1)}};
    out[i] = static_cast<std::int32_t>(std::chrono::sys_days{month / 1}.time_since_epoch().count());
  }
  return out;
}();

// Days since 1970 of a day that exists, or nothing.
std::optional<model::Day> day_of(int year, int month, int day) noexcept {
  if (month < 1 || month > 12 || day < 1) return std::nullopt;
  if (year >= first_year && year < first_year + years) {
    const auto i = static_cast<std::size_t>((year - first_year) * 12 + month - 1);
    const std::int32_t at = month_starts[i] + day - 1;
    if (at >= month_starts[i + 1]) return std::nullopt;
    return model::Day(std::chrono::days(at));
  }
  const auto date = std::chrono::year{year} / month / day;
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

// What the parts name, written in place: copied, it would wait for memory. False: there is no such day or time.
bool make(const Parts& p, const calendar::Zone& zone, ReadDate& r) {
  using namespace std::chrono;
  const auto day = day_of(p.year, p.month, p.day);
  if (!day) return false;
  if (p.half_day && (p.hour < 1 || p.hour > 12)) return false;
  const int hour = p.half_day ? p.hour % 12 + (p.pm ? 12 : 0) : p.hour;
  if (hour > 23 || p.minute > 59 || p.second > 60) return false;
  const seconds time = hours{hour} + minutes{p.minute} + seconds{p.second};
  r.kind = p.time ? ReadDate::Kind::instant : ReadDate::Kind::day;
  r.midnight = p.time && !p.offset && p.hour == 0 && p.minute == 0 && p.second == 0 && p.micros == 0;
  r.day = *day;
  Instant at = Instant(r.day) + time;
  if (p.offset)
    at -= *p.offset;
  else if (!zone.changes.empty())
    at = zone.at(r.day, time);
  r.instant = at + microseconds(p.micros);
  return true;
}

// 2026-05-04 and 2026-05-04T09:00:00.000Z, as Salesforce writes them: nearly all there are, and read without a loop.
// False for all else, also where there is no such day or time: match_iso and make say what it is.
bool usual_iso(std::string_view s, const calendar::Zone& zone, ReadDate& r) {
  if (s.size() != 10 && s.size() != 24) return false;
  const auto month = pairs(s, "0000-00-");
  if (!month || !digit(s[8]) || !digit(s[9])) return false;
  const auto day = day_of(pair(*month, 0) * 100 + pair(*month, 2), pair(*month, 5), (s[8] - '0') * 10 + (s[9] - '0'));
  if (!day) return false;
  r.day = *day;
  if (s.size() == 10) {
    r.kind = ReadDate::Kind::day;
    r.instant = zone.changes.empty() ? Instant(*day) : zone.at(*day, std::chrono::seconds(0));
    return true;
  }
  const auto minute = pairs(s.substr(10), "T00:00:0");
  const auto second = pairs(s.substr(16), ":00.000Z");
  if (!minute || !second || s[20] != '0' || s[21] != '0' || s[22] != '0') return false;
  const int seconds = pair(*second, 1);
  if (pair(*minute, 1) > 23 || pair(*minute, 4) > 59 || seconds > 60) return false;
  r.kind = ReadDate::Kind::instant;
  r.instant = Instant(*day) + std::chrono::seconds(pair(*minute, 1) * 3600 + pair(*minute, 4) * 60 + seconds);
  return true;
}

}  // namespace

Dates::Dates(std::vector<std::string> formats, calendar::Zone zone)
    : formats_(std::move(formats)), zone_(std::move(zone)) {}

std::string Dates::check(std::string_view format) {
  bool year = false;
  bool month = false;
  bool day = false;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i == format.size()) return "ends with a single %";
    if (std::string_view("YymdeHIMSpbB%").find(format[i]) == std::string_view::npos)
      return std::string("%") + format[i] + " is not known; %Y %y %m %d %e %H %I %M %S %p %b %B are";
    year = year || format[i] == 'Y' || format[i] == 'y';
    month = month || format[i] == 'm' || format[i] == 'b' || format[i] == 'B';
    day = day || format[i] == 'd' || format[i] == 'e';
  }
  return year && month && day ? "" : "names no year, month or day";
}

ReadDate Dates::read(std::string_view s) const {
  ReadDate r;
  if (s.size() < 6 || s.size() > 40) return r;
  if (formats_.empty())  // the CRMs' own exports: nothing to try
    if (usual_iso(s, zone_, r)) return r;
  std::optional<ReadDate> found;
  bool shaped = false;
  for (const std::string& f : formats_) {
    Parts p;
    if (!match(f, s, p)) continue;
    shaped = true;
    ReadDate one;
    if (!make(p, zone_, one)) continue;
    if (!found)
      found = one;
    else if (found->day != one.day)
      return {ReadDate::Kind::ambiguous, false, {}, {}};
  }
  if (found) return *found;
  if (Parts p; match_iso(s, p)) {
    shaped = true;
    if (make(p, zone_, r)) return r;
  }
  if (shaped) return {ReadDate::Kind::impossible, false, {}, {}};
  if (!digit(s[0]) || !looks_like_date(s)) return {};
  return {formats_.empty() ? ReadDate::Kind::ambiguous : ReadDate::Kind::impossible, false, {}, {}};
}

}  // namespace coachd::file
