#include "daemon/cli/json_text.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::cli {
namespace {

constexpr std::uint64_t every(std::uint64_t byte) noexcept {
  return byte * 0x0101010101010101ULL;
}

// High bits mark bytes of `w` below `n` (at most 0x80); bytes behind the first that is marked may be marked, too.
constexpr std::uint64_t below(std::uint64_t w, std::uint64_t n) noexcept {
  return (w - every(n)) & ~w & every(0x80);
}

// Where the next character stands that needs an escape, or the end: eight at a time.
std::size_t plain(std::string_view s, std::size_t i) noexcept {
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
  for (std::uint64_t w = 0; i + sizeof w <= s.size(); i += sizeof w) {
    std::memcpy(&w, s.data() + i, sizeof w);
    if ((below(w, 0x20) | below(w ^ every('"'), 1) | below(w ^ every('\\'), 1)) != 0) break;
  }
  while (i < s.size() && !odd(s[i])) ++i;
  return i;
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t from = 0;
  for (std::size_t i = plain(text, 0); i < text.size(); i = plain(text, from)) {
    const auto c = static_cast<unsigned char>(text[i]);
    out.append(text, from, i - from);
    from = i + 1;
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default: {
        constexpr std::string_view hex = "0123456789abcdef";
        out.append("\\u00");
        out.push_back(hex[c >> 4]);
        out.push_back(hex[c & 15]);
      }
    }
  }
  out.append(text, from, text.size() - from);
  out.push_back('"');
}

void separate(std::string& out) {
  if (!out.empty() && out.back() != '{') out.push_back(',');
}

void append_key(std::string& out, std::string_view key) {
  separate(out);
  append_json(out, key);
  out.push_back(':');
}

void append_pair(std::string& out, std::string_view key, std::string_view text) {
  append_key(out, key);
  append_json(out, text);
}

void append_pair(std::string& out, std::string_view key, std::uint64_t number) {
  append_key(out, key);
  char digits[20];
  const auto r = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, r.ptr);
}

void append_pair(std::string& out, std::string_view key, bool value) {
  append_key(out, key);
  out.append(value ? "true" : "false");
}

void append_null(std::string& out, std::string_view key) {
  append_key(out, key);
  out.append("null");
}

void append_json(std::string& out, const model::Value& v) {
  using Kind = model::Value::Kind;
  switch (v.kind()) {
    case Kind::unread:
    case Kind::blank: out.append("null"); return;
    case Kind::boolean: out.append(v.as_boolean() ? "true" : "false"); return;
    case Kind::number: out.append(model::to_string(v)); return;
    case Kind::text: append_json(out, v.as_text()); return;
    case Kind::day:
      out.push_back('"');
      out.append(model::to_string(v.as_day()));
      out.push_back('"');
      return;
    case Kind::instant:
      out.push_back('"');
      model::append(out, v.as_instant());
      out.push_back('"');
      return;
  }
}

}  // namespace coachd::cli
