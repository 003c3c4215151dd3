#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
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

__extension__ using wide = unsigned __int128;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {  // both halves of the product
  const wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t high_bits = 0x8080808080808080ull;

// Up to eight characters, the missing ones 0.
std::uint64_t word_at(const char* at, std::size_t n = 8) noexcept {
  std::uint64_t w = 0;
  std::memcpy(&w, at, n);
  return w;
}

// Eight characters in lower case at once: the highest bit of each sum says whether the character is from 'A' on, or
// beyond 'Z'. Characters that are no ASCII keep their highest bit; those beside them may come out wrong.
constexpr std::uint64_t lower_word(std::uint64_t w) noexcept {
  const std::uint64_t from_a = w + 0x3f3f3f3f3f3f3f3full;
  const std::uint64_t beyond_z = w + 0x2525252525252525ull;
  return w | (from_a & ~beyond_z & high_bits) >> 2;
}

// Of a folded text; nothing where `s` holds anything but ASCII.
template <bool fold>
std::optional<std::uint64_t> hash_words(std::string_view s) noexcept {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15ull;
  std::uint64_t h = mix(s.size() ^ 0xff51afd7ed558ccdull, odd);
  std::uint64_t seen = 0;
  const auto add = [&](std::uint64_t w) {
    seen |= w;
    h = mix(h ^ (fold ? lower_word(w) : w), odd);
  };
  std::size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) add(word_at(s.data() + i));
  if (i < s.size()) add(word_at(s.data() + i, s.size() - i));
  if (fold && (seen & high_bits) != 0) return std::nullopt;
  return mix(h, odd);
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

std::string_view trim_ends(std::string_view s) noexcept {
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

bool is_folded(std::string_view a, std::string_view folded) noexcept {
  if (a.size() != folded.size()) return false;
  std::size_t i = 0;
  for (; i + 8 <= a.size(); i += 8)
    if (lower_word(word_at(a.data() + i)) != word_at(folded.data() + i)) return false;
  return i == a.size() || lower_word(word_at(a.data() + i, a.size() - i)) == word_at(folded.data() + i, a.size() - i);
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

std::uint64_t fold_key(std::string_view s) {
  s = trim(s);
  if (const auto ascii = hash_words<true>(s)) return *ascii;
  return hash_words<false>(fold_unicode(s)).value_or(0);
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
