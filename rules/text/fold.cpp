#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "rules/text/fold.hpp"
#include "rules/text/text.hpp"

namespace coachd::text {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr bool space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool alnum(char c) noexcept {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

// White space as people see it: Unicode's, and the invisible characters that copying leaves behind.
bool is_space(UChar32 c) noexcept {
  return c >= 0 && (u_isUWhiteSpace(c) || c == 0x200b || c == 0xfeff || c == 0x2060);
}

std::string fold_unicode(std::string_view s) {
  std::string out;
  out.reserve(s.size() + 8);
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode error = U_ZERO_ERROR;
  icu::CaseMap::utf8Fold(0, icu::StringPiece(s.data(), static_cast<std::int32_t>(s.size())), sink, nullptr, error);
  return U_SUCCESS(error) ? out : std::string(s);
}

constexpr std::uint64_t fnv_basis = 0xcbf29ce484222325ull;
constexpr std::uint64_t step(std::uint64_t h, char c) noexcept {
  return (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
}
constexpr std::uint64_t finish(std::uint64_t h) noexcept {  // spreads the last bytes, which FNV leaves in the low bits
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdull;
  h ^= h >> 33;
  return h;
}

}  // namespace

bool is_ascii(std::string_view s) noexcept {
  std::uint64_t bits = 0;  // by words of eight bytes
  std::size_t i = 0;
  for (std::uint64_t word = 0; i + sizeof word <= s.size(); i += sizeof word) {
    std::memcpy(&word, s.data() + i, sizeof word);
    bits |= word;
  }
  for (; i < s.size(); ++i) bits |= static_cast<unsigned char>(s[i]);
  return (bits & 0x8080808080808080ull) == 0;
}

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && space(s.front())) s.remove_prefix(1);
  while (!s.empty() && space(s.back())) s.remove_suffix(1);
  if (s.empty() || (static_cast<unsigned char>(s.front()) < 0x80 && static_cast<unsigned char>(s.back()) < 0x80))
    return s;
  const auto* data = s.data();
  auto end = static_cast<std::int32_t>(s.size());
  std::int32_t begin = 0;
  for (std::int32_t next = 0; next < end; begin = next) {
    UChar32 c = 0;
    // NOLINTNEXTLINE(bugprone-inc-dec-in-conditions): ICU's macro
    U8_NEXT(data, next, end, c);
    if (!is_space(c)) break;
  }
  for (std::int32_t last = end; last > begin; end = last) {
    UChar32 c = 0;
    U8_PREV(data, begin, last, c);
    if (!is_space(c)) break;
  }
  return s.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

std::string fold(std::string_view s) {
  s = trim(s);
  if (!is_ascii(s)) return fold_unicode(s);
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool same(std::string_view a, std::string_view b) {
  a = trim(a);
  b = trim(b);
  if (is_ascii(a) && is_ascii(b))
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
  return fold(a) == fold(b);  // one side may be ASCII and still be the same: the Kelvin sign folds to k
}

std::uint64_t fold_hash(std::string_view s) {
  s = trim(s);
  auto h = fnv_basis;
  if (is_ascii(s)) {
    for (const char c : s) h = step(h, lower(c));
  } else {
    for (const char c : fold_unicode(s)) h = step(h, c);
  }
  return finish(h);
}

std::string squash(std::string_view s) {
  if (!is_ascii(s)) return squash_folded(fold_unicode(s));
  std::string out;
  out.reserve(s.size());
  for (const char c : s)
    if (alnum(c)) out.push_back(lower(c));
  return out;
}

std::string squash_folded(std::string_view folded) {
  std::string out;
  out.reserve(folded.size());
  const auto size = static_cast<std::int32_t>(folded.size());
  for (std::int32_t at = 0; at < size;) {
    const auto begin = at;
    UChar32 c = 0;
    // NOLINTNEXTLINE(bugprone-inc-dec-in-conditions): ICU's macro
    U8_NEXT(folded.data(), at, size, c);
    // Marks belong to the letter before them: without them words of many scripts would fall together.
    const bool keep =
        c >= 0 && (c < 0x80 ? alnum(static_cast<char>(c)) : u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0);
    if (keep) out.append(folded, static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
  }
  return out;
}

bool same_content(std::string_view a, std::string_view b) {
  if (!is_ascii(a) || !is_ascii(b)) return squash(a) == squash(b);
  auto i = a.begin();
  auto j = b.begin();
  for (;; ++i, ++j) {
    i = std::find_if(i, a.end(), alnum);
    j = std::find_if(j, b.end(), alnum);
    if (i == a.end() || j == b.end()) return i == a.end() && j == b.end();
    if (lower(*i) != lower(*j)) return false;
  }
}

}  // namespace coachd::text
