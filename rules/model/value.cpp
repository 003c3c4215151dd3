#include "rules/model/value.hpp"

#include <charconv>
#include <string>
#include "rules/model/time.hpp"

namespace coachd::model {

std::string to_string(const Value& v) {
  switch (v.kind()) {
    case Value::Kind::unread:
    case Value::Kind::blank: return {};
    case Value::Kind::boolean: return v.as_boolean() ? "true" : "false";
    case Value::Kind::text: return std::string(v.as_text());
    case Value::Kind::day: return to_string(v.as_day());
    case Value::Kind::instant: return to_string(v.as_instant());
    case Value::Kind::number: break;
  }
  char buffer[40];
  // Fixed while it stays readable: an amount is 250000, not 2.5e+05.
  const double d = v.as_number();
  const bool fixed = d == 0 || (d < 1e15 && d > -1e15 && (d > 1e-6 || d < -1e-6));
  const auto r = fixed ? std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::fixed)
                       : std::to_chars(buffer, buffer + sizeof buffer, d);
  return {buffer, r.ptr};
}

}  // namespace coachd::model
