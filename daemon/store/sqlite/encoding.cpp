#include "daemon/store/sqlite/encoding.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "rules/model/value.hpp"

namespace coachd::store::sqlite {
namespace {

using model::StoredValue;
using model::Value;

// Little-endian whatever the machine: one form in every file.
void put(std::string& out, std::uint64_t bits) {
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>((bits >> (8 * i)) & 0xff));
}

std::uint64_t take(std::string_view bytes) {
  if (bytes.size() != 8) throw std::runtime_error("a stored value has the wrong length");
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return bits;
}

std::string number_bytes(char kind, std::uint64_t bits) {
  std::string out(1, kind);
  put(out, bits);
  return out;
}

}  // namespace

std::string encode_value(const StoredValue& stored) {
  const Value v = stored.view();
  switch (v.kind()) {
    case Value::Kind::unread: return "u";
    case Value::Kind::blank: return "b";
    case Value::Kind::boolean: return v.as_boolean() ? "1" : "0";
    case Value::Kind::number: return number_bytes('n', std::bit_cast<std::uint64_t>(v.as_number() + 0.0));
    case Value::Kind::text: return "t" + std::string(v.as_text());
    case Value::Kind::day:
      return number_bytes('d', static_cast<std::uint64_t>(std::int64_t{v.as_day().time_since_epoch().count()}));
    case Value::Kind::instant:
      return number_bytes('i', static_cast<std::uint64_t>(std::int64_t{v.as_instant().time_since_epoch().count()}));
  }
  return "u";
}

StoredValue decode_value(std::string_view bytes) {
  if (bytes.empty()) throw std::runtime_error("a stored value is empty");
  const auto rest = bytes.substr(1);
  switch (bytes[0]) {
    case 'u': return {};
    case 'b': return StoredValue(Value::blank());
    case '0': return StoredValue(Value::boolean(false));
    case '1': return StoredValue(Value::boolean(true));
    case 'n': return StoredValue(Value::number(std::bit_cast<double>(take(rest))));
    case 't': return StoredValue::text(std::string(rest));
    case 'd': return StoredValue(Value::day(model::Day(std::chrono::days(static_cast<std::int64_t>(take(rest))))));
    case 'i':
      return StoredValue(
          Value::instant(model::Instant(std::chrono::microseconds(static_cast<std::int64_t>(take(rest))))));
    default: throw std::runtime_error("a stored value is of an unknown kind");
  }
}

std::string encode_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) {
    for (const char c : line) {
      if (c == '\\')
        out += "\\\\";
      else if (c == '\n')
        out += "\\n";
      else
        out.push_back(c);
    }
    out.push_back('\n');
  }
  return out;
}

std::vector<std::string> decode_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n')
      lines.push_back(std::exchange(line, {}));
    else if (text[i] == '\\' && i + 1 < text.size())
      line.push_back(text[++i] == 'n' ? '\n' : text[i]);
    else
      line.push_back(text[i]);
  }
  return lines;
}

ExactSum::ExactSum(std::string_view bytes) {
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) parts_.push_back(std::bit_cast<double>(take(bytes.substr(0, 8))));
}

void ExactSum::add(double x) {
  std::size_t kept = 0;
  for (double y : parts_) {
    if (std::abs(x) < std::abs(y)) std::swap(x, y);
    const double high = x + y;
    const double low = y - (high - x);
    if (low != 0) parts_[kept++] = low;
    x = high;
  }
  parts_.resize(kept);
  if (x != 0) parts_.push_back(x);
}

double ExactSum::value() const {
  // The parts do not overlap: the sum of the greatest ones is exact until a remainder appears, which decides the
  // rounding.
  auto n = parts_.size();
  if (n == 0) return 0;
  double high = parts_[--n];
  double low = 0;
  while (n > 0) {
    const double x = high;
    const double y = parts_[--n];
    high = x + y;
    low = y - (high - x);
    if (low != 0) break;
  }
  // A tie is rounded to even by `high`; where smaller parts follow on the same side, it was no tie.
  if (n > 0 && ((low < 0 && parts_[n - 1] < 0) || (low > 0 && parts_[n - 1] > 0))) {
    const double y = low * 2;
    const double x = high + y;
    if (y == x - high) high = x;
  }
  return high;
}

std::string ExactSum::bytes() const {
  std::string out;
  for (const double p : parts_) put(out, std::bit_cast<std::uint64_t>(p));
  return out;
}

}  // namespace coachd::store::sqlite
