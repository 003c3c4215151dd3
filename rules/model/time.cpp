#include "rules/model/time.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace coachd::model {
namespace {

// Reads exactly `n` digits at `pos`.
std::optional<int> digits(std::string_view t, std::size_t pos, std::size_t n) {
  if (pos + n > t.size()) return std::nullopt;
  int v = 0;
  for (std::size_t i = pos; i < pos + n; ++i) {
    if (t[i] < '0' || t[i] > '9') return std::nullopt;
    v = v * 10 + (t[i] - '0');
  }
  return v;
}

// `+hh:mm`, `+hhmm`, `-hh:mm` or `Z` at the end of an instant, as minutes east of UTC.
std::optional<int> zone_offset(std::string_view z) {
  if (z == "Z" || z == "z") return 0;
  if ((z.size() != 5 && z.size() != 6) || (z[0] != '+' && z[0] != '-')) return std::nullopt;
  const bool colon = z.size() == 6;
  if (colon && z[3] != ':') return std::nullopt;
  const auto h = digits(z, 1, 2);
  const auto m = digits(z, colon ? 4 : 3, 2);
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  const int minutes = *h * 60 + *m;
  return z[0] == '-' ? -minutes : minutes;
}

}  // namespace

std::optional<Span> parse_span(std::string_view text) {
  std::int32_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || n < 0 || text.empty() || text[0] == '-') return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  constexpr std::int32_t limit = 1'000'000;  // no rule means more, and products stay in 32 bits
  if (n > limit) return std::nullopt;
  if (unit == "s") return Span{Span::Unit::seconds, n};
  if (unit == "m" && n <= limit / 60) return Span{Span::Unit::seconds, n * 60};
  if (unit == "h" && n <= limit / 60) return Span{Span::Unit::seconds, n * 3600};
  if (unit == "d") return Span{Span::Unit::days, n};
  if (unit == "w") return Span{Span::Unit::days, n * 7};
  if (unit == "mo") return Span{Span::Unit::months, n};
  if (unit == "y") return Span{Span::Unit::months, n * 12};
  if (unit == "bd") return Span{Span::Unit::business_days, n};
  return std::nullopt;
}

std::string to_string(Span s) {
  const auto of = [](std::int32_t n, const char* u) { return std::to_string(n) + u; };
  switch (s.unit) {
    case Span::Unit::days:
      return s.count != 0 && s.count % 7 == 0 && s.count >= 14 ? of(s.count / 7, "w") : of(s.count, "d");
    case Span::Unit::months: return s.count != 0 && s.count % 12 == 0 ? of(s.count / 12, "y") : of(s.count, "mo");
    case Span::Unit::business_days: return of(s.count, "bd");
    case Span::Unit::seconds: break;
  }
  if (s.count != 0 && s.count % 3600 == 0) return of(s.count / 3600, "h");
  if (s.count != 0 && s.count % 60 == 0) return of(s.count / 60, "m");
  return of(s.count, "s");
}

std::optional<Day> parse_day(std::string_view t) {
  if (t.size() != 10 || t[4] != '-' || t[7] != '-') return std::nullopt;
  const auto y = digits(t, 0, 4);
  const auto m = digits(t, 5, 2);
  const auto d = digits(t, 8, 2);
  if (!y || !m || !d) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                        std::chrono::day(static_cast<unsigned>(*d))};
  if (!ymd.ok()) return std::nullopt;
  return Day(ymd);
}

std::optional<Instant> parse_instant(std::string_view t) {
  if (t.size() < 10) return std::nullopt;
  const auto day = parse_day(t.substr(0, 10));
  if (!day) return std::nullopt;
  if (t.size() == 10) return Instant(*day);
  if ((t[10] != 'T' && t[10] != 't' && t[10] != ' ') || t.size() < 20 || t[13] != ':' || t[16] != ':')
    return std::nullopt;
  const auto h = digits(t, 11, 2);
  const auto m = digits(t, 14, 2);
  const auto s = digits(t, 17, 2);
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  std::size_t pos = 19;
  std::int64_t micros = 0;
  if (t[pos] == '.') {
    ++pos;
    std::int64_t unit = 100'000;
    const auto first = pos;
    for (; pos < t.size() && t[pos] >= '0' && t[pos] <= '9'; ++pos, unit /= 10) micros += (t[pos] - '0') * unit;
    if (pos == first) return std::nullopt;
  }
  const auto offset = zone_offset(t.substr(pos));
  if (!offset) return std::nullopt;
  return Instant(*day) + std::chrono::hours(*h) + std::chrono::minutes(*m - *offset) + std::chrono::seconds(*s) +
         std::chrono::microseconds(micros);
}

namespace {

// `value` with leading zeros up to `width` digits; returns behind them.
char* put(char* to, unsigned value, int width) noexcept {
  for (int i = width; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + width;
}

constexpr std::size_t longest_day = 24;

char* put(char* to, Day day) noexcept {
  const std::chrono::year_month_day ymd(day);
  int year = static_cast<int>(ymd.year());
  int width = 4;  // with the sign
  if (year < 0) {
    *to++ = '-';
    year = -year;
    --width;
  }
  for (int limit = width == 4 ? 10'000 : 1'000; year >= limit; limit *= 10) ++width;
  to = put(to, static_cast<unsigned>(year), width);
  *to++ = '-';
  to = put(to, static_cast<unsigned>(ymd.month()), 2);
  *to++ = '-';
  return put(to, static_cast<unsigned>(ymd.day()), 2);
}

}  // namespace

std::string to_string(Day day) {
  char out[longest_day];
  return {out, put(out, day)};
}

std::string to_string(Instant at) {
  std::string out;
  append(out, at);
  return out;
}

void append(std::string& to, Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const auto rest = at - Instant(day);
  const auto secs = std::chrono::duration_cast<std::chrono::seconds>(rest).count();
  const auto micros = (rest - std::chrono::seconds(secs)).count();
  char out[longest_day + 24];
  char* p = put(out, day);
  *p++ = 'T';
  p = put(p, static_cast<unsigned>(secs / 3600), 2);
  *p++ = ':';
  p = put(p, static_cast<unsigned>(secs / 60 % 60), 2);
  *p++ = ':';
  p = put(p, static_cast<unsigned>(secs % 60), 2);
  if (micros != 0) {
    *p++ = '.';
    p = put(p, static_cast<unsigned>(micros), 6);
    while (p[-1] == '0') --p;
  }
  *p++ = 'Z';
  to.append(out, p);
}

}  // namespace coachd::model
