#include "daemon/app/audit/kept_case.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/audit/facts.hpp"
#include "rules/conditions/case.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {
namespace {

using model::Value;

template <class T>
char* put(char* to, T value) noexcept {
  std::memcpy(to, &value, sizeof value);
  return to + sizeof value;
}

template <class T>
T get(const char*& from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  from += sizeof value;
  return value;
}

// A length takes one byte where it is short.
constexpr std::size_t longest_length = 5;
constexpr unsigned char long_follows = 0xff;

// As std::memcpy, without a call for the lengths that most texts have: two pieces of one size, which may overlap.
void copy(char* to, const char* from, std::size_t n) noexcept {
  const auto pieces = [&]<std::size_t size>() {
    std::array<char, size> first{};
    std::array<char, size> last{};
    std::memcpy(first.data(), from, size);
    std::memcpy(last.data(), from + n - size, size);
    std::memcpy(to, first.data(), size);
    std::memcpy(to + n - size, last.data(), size);
  };
  if (n > 64) {
    std::memcpy(to, from, n);
  } else if (n >= 32) {
    pieces.operator()<32>();
  } else if (n >= 16) {
    pieces.operator()<16>();
  } else if (n >= 8) {
    pieces.operator()<8>();
  } else if (n >= 4) {
    pieces.operator()<4>();
  } else {
    for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
  }
}

char* put_text(char* to, std::string_view s) noexcept {
  if (s.size() < long_follows) {
    *to++ = static_cast<char>(s.size());
  } else {
    *to++ = static_cast<char>(long_follows);
    to = put(to, static_cast<std::uint32_t>(s.size()));
  }
  copy(to, s.data(), s.size());
  return to + s.size();
}

std::string_view get_text(const char*& from) noexcept {
  std::size_t n = static_cast<unsigned char>(*from++);
  if (n == long_follows) n = get<std::uint32_t>(from);
  const std::string_view out(from, n);
  from += n;
  return out;
}

enum : unsigned char { has_created = 1, has_modified = 2, has_created_by = 4 };

// Where to write when so much stands already, with room for `n` bytes more.
char* room(std::string& out, std::size_t used, std::size_t n) {
  if (out.size() - used < n) out.resize(std::max(used + n, out.size() + out.size() / 8));
  return out.data() + used;
}

std::int64_t ticks(model::Instant at) noexcept {
  return at.time_since_epoch().count();
}

}  // namespace

void keep(const rules::Case& c, const FactKeys& keys, std::string& out, std::size_t& used) {
  // Room for all but the texts of values.
  const std::size_t most = 1 + 2 * longest_length + c.id.size() + c.created_by.size() + 2 * sizeof(std::int64_t) +
                           c.values.size() * (1 + std::max(longest_length, sizeof(std::int64_t))) +
                           keys.size() * sizeof(std::uint64_t);
  char* p = room(out, used, most);
  const int flags =
      (c.created ? has_created : 0) | (c.modified ? has_modified : 0) | (c.created_by.empty() ? 0 : has_created_by);
  *p++ = static_cast<char>(flags);
  p = put_text(p, c.id);
  if (c.created) p = put(p, ticks(*c.created));
  if (c.modified) p = put(p, ticks(*c.modified));
  if (!c.created_by.empty()) p = put_text(p, c.created_by);
  for (const Value& v : c.values) {
    *p++ = static_cast<char>(v.kind());
    switch (v.kind()) {
      case Value::Kind::unread:
      case Value::Kind::blank: break;
      case Value::Kind::boolean: *p++ = v.as_boolean() ? 1 : 0; break;
      case Value::Kind::number: p = put(p, v.as_number()); break;
      case Value::Kind::text: {
        const std::string_view text = v.as_text();
        if (text.size() + most > static_cast<std::size_t>(out.data() + out.size() - p))
          p = room(out, static_cast<std::size_t>(p - out.data()), text.size() + most);
        p = put_text(p, text);
        break;
      }
      case Value::Kind::day: p = put(p, static_cast<std::int32_t>(v.as_day().time_since_epoch().count())); break;
      case Value::Kind::instant: p = put(p, ticks(v.as_instant())); break;
    }
  }
  for (const std::uint64_t key : keys) p = put(p, key);
  used = static_cast<std::size_t>(p - out.data());
}

KeptCases::KeptCases(std::string_view bytes, std::size_t slots, std::size_t facts)
    : at_(bytes.data()), end_(bytes.data() + bytes.size()), slots_(slots), facts_(facts) {}

bool KeptCases::next(rules::Case& c, FactKeys& keys) {
  if (at_ == end_) return false;
  const auto instant = [&] { return model::Instant(std::chrono::microseconds(get<std::int64_t>(at_))); };
  const auto flags = static_cast<unsigned char>(*at_++);
  c.id = get_text(at_);
  c.created.reset();
  c.modified.reset();
  if ((flags & has_created) != 0) c.created = instant();
  if ((flags & has_modified) != 0) c.modified = instant();
  c.created_by = (flags & has_created_by) != 0 ? get_text(at_) : std::string_view{};
  c.values.resize(slots_);
  for (Value& v : c.values) {
    switch (static_cast<Value::Kind>(*at_++)) {
      case Value::Kind::unread: v = Value::unread(); break;
      case Value::Kind::blank: v = Value::blank(); break;
      case Value::Kind::boolean: v = Value::boolean(*at_++ != 0); break;
      case Value::Kind::number: v = Value::number(get<double>(at_)); break;
      case Value::Kind::text: v = Value::text(get_text(at_)); break;
      case Value::Kind::day: v = Value::day(model::Day(std::chrono::days(get<std::int32_t>(at_)))); break;
      case Value::Kind::instant: v = Value::instant(instant()); break;
    }
  }
  keys.resize(facts_);
  for (std::uint64_t& key : keys) key = get<std::uint64_t>(at_);
  return true;
}

}  // namespace coachd::app
