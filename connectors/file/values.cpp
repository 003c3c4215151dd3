#include "connectors/file/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>
#include "connectors/file/dates.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/map.hpp"
#include "connectors/file/rows.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::file {
namespace {

using model::FieldType;
using model::Value;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool same_ascii(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
         });
}

// A number in anybody's spelling: grouped, with a currency or a percent sign. For telling what a column is, not for its
// value.
bool looks_like_number(std::string_view s) {
  const auto of_a_sign = [](char c) {  // one of the signs below begins or ends with it
    return c == '$' || c == '%' || c == 'E' || c == 'U' || c == 'R' || c == 'D' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  const bool signs = of_a_sign(s.front()) || of_a_sign(s.back());
  for (const std::string_view sign : {"$", "\xE2\x82\xAC", "\xC2\xA3", "EUR", "USD", "%"}) {
    if (!signs) break;
    if (s.starts_with(sign)) s = trimmed(s.substr(sign.size()));
    if (s.ends_with(sign)) s = trimmed(s.substr(0, s.size() - sign.size()));
  }
  if (!s.empty() && (s.front() == '-' || s.front() == '+')) s.remove_prefix(1);
  if (s.empty() || !digit(s.front()) || !digit(s.back())) return false;
  std::size_t marks = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (digit(s[i])) continue;
    if (s[i] != '.' && s[i] != ',' && s[i] != '\'') return false;
    if (!digit(s[i + 1])) return false;  // never at the end: the last one is a digit
    ++marks;
  }
  return marks <= 6;
}

bool looks_like_phone(std::string_view s) {
  std::size_t digits = 0;
  bool sign = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (digit(s[i])) {
      ++digits;
    } else if (s[i] == '+' || s[i] == '(' || s[i] == ')' || s[i] == '-' || s[i] == '.' || s[i] == ' ' || s[i] == '/') {
      sign = true;
    } else if (s[i] == 'x' || s[i] == 'e') {  // an extension
      return digits >= 7 && (s.substr(i).starts_with("x") || s.substr(i).starts_with("ext"));
    } else {
      return false;
    }
  }
  return digits >= 7 && digits <= 17 && (sign || s.front() == '0');
}

// A JSON number of at most 15 digits and without an exponent. Its digits are exact as a double, and so is the power of
// ten below them: the one division rounds as from_chars does, at a fraction of its price.
std::optional<double> short_number(std::string_view s) noexcept {
  constexpr std::array tens{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = s.starts_with('-');
  std::int64_t n = 0;
  std::size_t digits = 0;
  std::size_t decimals = 0;
  bool point = false;
  for (const char c : s.substr(negative ? 1 : 0)) {
    if (c == '.' && !point) {
      point = true;
    } else if (digit(c) && digits + 1 < tens.size()) {
      n = n * 10 + (c - '0');
      ++digits;
      decimals += point ? 1 : 0;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  const double d = static_cast<double>(n) / tens[decimals];
  return negative ? -d : d;
}

// A letter that begins no number, currency, date or checkbox.
bool plain_word(char c) {
  const char l = static_cast<char>(c | 0x20);
  return l >= 'a' && l <= 'z' && l != 't' && l != 'f' && l != 'e' && l != 'u';
}

}  // namespace

Reading::Reading(Origin origin, std::vector<std::string> blank, Numbers numbers, Dates dates)
    : origin_(origin), blank_(std::move(blank)), numbers_(numbers), dates_(std::move(dates)) {
  for (std::size_t b = 0; b < may_be_blank_.size(); ++b) may_be_blank_[b] = is_outer_space(static_cast<char>(b));
  for (const std::string& b : blank_)
    if (!b.empty()) may_be_blank_.set(static_cast<unsigned char>(b.front()));
  for (std::size_t b = 0; b < words_.size(); ++b)
    words_[b] = dates_.only_iso() && !may_be_blank_[b] && plain_word(static_cast<char>(b));
}

bool Reading::blank_text(const Cell& c) const {
  if (c.kind != Cell::Kind::text && blank_.empty()) return false;
  const std::string_view t = trimmed(c.text);
  if (t.empty()) return true;
  for (const std::string& b : blank_)
    if (b.size() == t.size() && b.front() == t.front() && b == t) return true;
  return false;
}

std::optional<double> Reading::number(std::string_view text) const {
  text = trimmed(text);
  if (text.empty() || text.size() > 40) return std::nullopt;
  const bool plain = numbers_.decimal == '.' && numbers_.thousands == 0;
  char copy[40];
  if (!plain) {
    std::size_t n = 0;
    std::size_t since_mark = 0;
    bool grouped = false;
    bool decimals = false;
    for (const char c : text) {
      if (c == numbers_.thousands && numbers_.thousands != 0) {
        // Groups of three, before the decimals: anything else is another spelling.
        if (decimals || (grouped ? since_mark != 3 : since_mark == 0 || since_mark > 3)) return std::nullopt;
        grouped = true;
        since_mark = 0;
        continue;
      }
      if (c == numbers_.decimal) {
        if (grouped && since_mark != 3) return std::nullopt;
        decimals = true;
        copy[n++] = '.';
        continue;
      }
      if (c == '.' || c == ',') return std::nullopt;
      if (digit(c)) ++since_mark;
      copy[n++] = c;
    }
    if (grouped && !decimals && since_mark != 3) return std::nullopt;
    text = std::string_view(copy, n);
  }
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty() || (!digit(text.front()) && text.front() != '-' && text.front() != '.')) return std::nullopt;
  double d = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), d);
  if (r.ec != std::errc{} || r.ptr != text.data() + text.size() || d != d) return std::nullopt;
  return d;
}

Value Reading::value(const Cell& c, FieldType type, Trouble& trouble) const {
  trouble = Trouble::none;
  return blank(c) ? Value::blank() : filled(c, type, trouble);
}

Value Reading::filled(const Cell& c, FieldType type, Trouble& trouble) const {
  if (type == FieldType::reference)
    return Value::text(c.text);  // ids are texts, also where they are written as numbers
  if (c.kind == Cell::Kind::boolean) return Value::boolean(c.boolean);
  if (c.kind == Cell::Kind::number && type != FieldType::boolean) {
    if (const auto n = short_number(c.text)) return Value::number(*n);
    double d = 0;
    const auto r = std::from_chars(c.text.data(), c.text.data() + c.text.size(), d);
    return r.ec == std::errc{} ? Value::number(d) : Value::text(c.text);
  }
  switch (type) {
    case FieldType::boolean: {
      const std::string_view t = trimmed(c.text);
      return Value::boolean(t == "1" || same_ascii(t, "true"));
    }
    case FieldType::number:
    case FieldType::currency:
    case FieldType::percent:
      if (const auto d = number(c.text)) return Value::number(*d);
      trouble = Trouble::no_number;
      return Value::text(c.text);
    case FieldType::date:
    case FieldType::datetime: {
      const ReadDate d = dates_.read(trimmed(c.text));
      if (d.kind == ReadDate::Kind::day || (d.midnight && type == FieldType::date)) return Value::day(d.day);
      if (d.kind == ReadDate::Kind::instant) return Value::instant(d.instant);
      if (d.kind == ReadDate::Kind::ambiguous) trouble = Trouble::ambiguous_date;
      if (d.kind == ReadDate::Kind::impossible) trouble = Trouble::impossible_date;
      return Value::text(c.text);
    }
    default: return Value::text(c.text);
  }
}

Value Reading::shaped_value(const Cell& c, FieldType type, bool checkbox, ColumnShape& shape, Trouble& trouble) const {
  trouble = Trouble::none;
  if (blank(c)) return Value::blank();
  if (c.kind == Cell::Kind::number && !checkbox) {
    ++shape.filled;
    ++shape.numbers;
    return filled(c, type, trouble);
  }
  if ((type == FieldType::date || type == FieldType::datetime) && c.kind == Cell::Kind::text) {
    const std::string_view t = trimmed(c.text);
    const ReadDate d = digit(t.front()) ? dates_.read(t) : ReadDate{};
    if (d.kind == ReadDate::Kind::day || d.kind == ReadDate::Kind::instant) {
      ++shape.filled;
      const bool day = d.kind == ReadDate::Kind::day;
      ++(day || d.midnight ? shape.days : shape.instants);
      return day || (d.midnight && type == FieldType::date) ? Value::day(d.day) : Value::instant(d.instant);
    }
  }
  shape.see(c, *this, checkbox);
  return filled(c, type, trouble);
}

bool ColumnShape::looks_like_email(std::string_view s) noexcept {
  if (s.find(' ') != std::string_view::npos) return false;  // a text of several words ends here, early
  const auto at = s.find('@');
  if (at == std::string_view::npos || at == 0 || s.find('@', at + 1) != std::string_view::npos) return false;
  const auto dot = s.rfind('.');
  return dot != std::string_view::npos && dot > at + 1 && dot + 2 < s.size();
}

ColumnShape::Looks ColumnShape::look(const Cell& c, const Reading& reading, bool checkbox) {
  Looks out;
  const auto is = [&](int bit) { out.bits = static_cast<std::uint8_t>(out.bits | bit); };
  if (c.kind == Cell::Kind::boolean) {
    is(Looks::boolean);
    return out;
  }
  if (c.kind == Cell::Kind::number) {
    is(Looks::number);
    if (checkbox && (c.text == "0" || c.text == "1")) is(Looks::boolean);
    return out;
  }
  const std::string_view t = trimmed(c.text);
  if (plain_word(t.front()) && reading.dates().only_iso()) {  // most texts: only an e-mail begins like that
    if (looks_like_email(t)) is(Looks::email);
    return out;
  }
  if (same_ascii(t, "true") || same_ascii(t, "false") || (checkbox && (t == "0" || t == "1"))) is(Looks::boolean);
  const char first = t.front();
  if (digit(first)) {
    switch (const ReadDate d = reading.dates().read(t); d.kind) {
      case ReadDate::Kind::day: is(Looks::day); return out;
      case ReadDate::Kind::instant: is(d.midnight ? Looks::day : Looks::instant); return out;
      case ReadDate::Kind::ambiguous:
      case ReadDate::Kind::impossible: is(Looks::unclear_date); break;
      case ReadDate::Kind::none: break;
    }
  } else if (t.size() <= 40 && !reading.dates().only_iso()) {
    // A month's name may come first: `May 4, 2026`.
    if (const ReadDate d = reading.dates().read(t);
        d.kind == ReadDate::Kind::day || d.kind == ReadDate::Kind::instant) {
      is(d.kind == ReadDate::Kind::day ? Looks::day : Looks::instant);
      return out;
    }
  }
  const bool numeric = digit(first) || first == '-' || first == '+' || first == '.' || first == '$' || first == '(' ||
                       static_cast<unsigned char>(first) >= 0x80 || first == 'E' || first == 'U';
  if (numeric) {
    if (reading.number(t) || looks_like_number(t)) is(Looks::number);
    if (looks_like_phone(t)) is(Looks::phone);
  }
  if (looks_like_email(t)) is(Looks::email);
  return out;
}

void ColumnShape::add(Looks looks, std::uint64_t count) noexcept {
  const auto is = [&](int bit) { return (looks.bits & bit) != 0 ? count : 0; };
  filled += count;
  if (looks.bits == 0) return;
  numbers += is(Looks::number);
  days += is(Looks::day);
  instants += is(Looks::instant);
  unclear_dates += is(Looks::unclear_date);
  phones += is(Looks::phone);
  emails += is(Looks::email);
  booleans += is(Looks::boolean);
}

void ColumnShape::add(const ColumnShape& o) {
  filled += o.filled;
  numbers += o.numbers;
  days += o.days;
  instants += o.instants;
  unclear_dates += o.unclear_dates;
  phones += o.phones;
  emails += o.emails;
  booleans += o.booleans;
}

FieldType ColumnShape::type() const {
  if (filled == 0) return FieldType::unknown;
  const auto nearly_all = [this](std::uint64_t n) { return n * 100 >= filled * 99; };
  if (booleans == filled) return FieldType::boolean;
  if (nearly_all(days + instants + unclear_dates)) return instants == 0 ? FieldType::date : FieldType::datetime;
  if (nearly_all(numbers)) return FieldType::number;
  if (nearly_all(emails)) return FieldType::email;
  if (nearly_all(phones)) return FieldType::phone;
  return FieldType::unknown;
}

}  // namespace coachd::file
