// Where the parts of a JSON text end, looked at in place. REQUIRES for all: zeros stand behind the text, as many as
// Blocks::padding. Pure.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coachd::file::scan {

inline bool white(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r';  // a line holds no line break
}

inline const char* behind_white(const char* p) noexcept {
  while (white(*p)) ++p;
  return p;
}

inline const char* behind_digits(const char* p) noexcept {
  while (*p >= '0' && *p <= '9') ++p;
  return p;
}

// Behind a JSON number that has no exponent and is short enough to be in range; else null.
inline const char* behind_number(const char* const from) noexcept {
  constexpr std::ptrdiff_t longest = 40;
  const char* p = from + (*from == '-' ? 1 : 0);
  const char* q = *p == '0' ? p + 1 : behind_digits(p);
  if (q == p) return nullptr;
  if (*q == '.') {
    p = q + 1;
    q = behind_digits(p);
    if (q == p) return nullptr;
  }
  return q - from <= longest ? q : nullptr;
}

// Sixteen characters at once: every processor that we run on compares so many in one step.
inline constexpr std::size_t lanes = 16;
using Sixteen = unsigned char __attribute__((ext_vector_type(lanes)));
using SixteenBits = bool __attribute__((ext_vector_type(lanes)));

// The first quote, backslash or control character from here on. There is one: zeros stand behind a block.
inline const char* end_of_text(const char* p) noexcept {
  for (;; p += lanes) {
    Sixteen b;
    std::memcpy(&b, p, sizeof b);
    const auto ends = (b == '"') | (b == '\\') | (b < 0x20);
    if (const auto places = std::bit_cast<std::uint16_t>(__builtin_convertvector(ends, SixteenBits)))
      return p + std::countr_zero(places);
  }
}

// Behind a nested value that is whole on its line; else null.
inline const char* behind_nested(const char* p) noexcept {
  for (int depth = 0;; ++p) {
    switch (*p) {
      case '{':
      case '[': ++depth; break;
      case '}':
      case ']':
        if (--depth == 0) return p + 1;
        break;
      case '"':
        for (++p; *(p = end_of_text(p)) == '\\'; p += 2)
          if (static_cast<unsigned char>(p[1]) < 0x20) return nullptr;
        if (*p != '"') return nullptr;
        break;
      case '\n':
      case '\0': return nullptr;
      default: break;
    }
  }
}

}  // namespace coachd::file::scan
