#include "connectors/file/encoding.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace coachd::file {
namespace {

constexpr char no_character = '\xff';
constexpr std::size_t start_bytes = 4096;

unsigned byte(char c) {
  return static_cast<unsigned char>(c);
}

// 0x80..0x9f of Windows-1252; 0 = undefined.
constexpr std::array<std::uint16_t, 32> upper_controls{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                       0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_utf8(std::uint32_t c, std::string& out) {
  const auto put = [&out](std::uint32_t b) { out.push_back(static_cast<char>(b)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

// Length of the valid UTF-8 character at `i`, 0 where there is none, -1 where the text ends too early to tell.
int utf8_length(std::string_view s, std::size_t i) {
  const unsigned a = byte(s[i]);
  if (a < 0x80) return 1;
  const int n = a >= 0xC2 && a <= 0xDF ? 2 : a >= 0xE0 && a <= 0xEF ? 3 : a >= 0xF0 && a <= 0xF4 ? 4 : 0;
  if (n == 0) return 0;
  for (int k = 1; k < n; ++k) {
    if (i + static_cast<std::size_t>(k) >= s.size()) return -1;
    const unsigned b = byte(s[i + static_cast<std::size_t>(k)]);
    const unsigned low = k > 1 ? 0x80 : a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80;
    const unsigned high = k > 1 ? 0xBF : a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF;
    if (b < low || b > high) return 0;
  }
  return n;
}

bool ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A byte that people's Windows-1252 texts hold where it stands: a letter beside letters, or a usual sign.
bool reads_as_1252(std::string_view s, std::size_t i, char before) {
  const unsigned c = byte(s[i]);
  if (c >= 0xFE) return false;
  if (c < 0xA0) {
    const std::uint16_t u = upper_controls[c - 0x80];
    return u != 0;
  }
  if (c < 0xC0) return true;
  const auto beside = [&](std::size_t k) { return k < s.size() && (ascii_letter(s[k]) || byte(s[k]) >= 0xC0); };
  return (i > 0 ? beside(i - 1) : ascii_letter(before) || byte(before) >= 0xC0) || beside(i + 1);
}

}  // namespace

std::string_view to_string(Encoding e) {
  switch (e) {
    case Encoding::utf8: return "UTF-8";
    case Encoding::utf16_le: return "UTF-16LE";
    case Encoding::utf16_be: return "UTF-16BE";
    case Encoding::windows_1252: return "Windows-1252";
  }
  return "";
}

void EncodingGuess::see(std::string_view bytes) {
  if (start_.size() < start_bytes) start_.append(bytes.substr(0, start_bytes - start_.size()));
  if (pending_.empty()) {
    count(bytes);
    return;
  }
  std::string joined = std::move(pending_);
  pending_.clear();
  joined.append(bytes);
  count(joined);
}

void EncodingGuess::count(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    // Eight ASCII bytes at a time: exports are mostly that.
    while (i + 8 <= s.size()) {
      std::uint64_t w = 0;
      __builtin_memcpy(&w, s.data() + i, 8);
      if ((w & 0x8080808080808080U) != 0) break;
      i += 8;
    }
    if (i >= s.size()) break;
    const int n = utf8_length(s, i);
    if (n < 0 || (n == 0 && i + 1 == s.size())) {  // what comes next decides
      pending_.assign(s.substr(i));
      before_ = i > 0 ? s[i - 1] : before_;
      return;
    }
    if (n == 0) {
      ++odd_;
      if (reads_as_1252(s, i, before_)) ++plausible_;
      ++i;
      continue;
    }
    if (n > 1) ++valid_;
    i += static_cast<std::size_t>(n);
  }
  if (!s.empty()) before_ = s.back();
}

EncodingGuess::Result EncodingGuess::result() const {
  const std::string_view s = start_;
  if (s.starts_with("\xEF\xBB\xBF")) return {Encoding::utf8, 3, odd_ + pending_.size() > 0};
  if (s.starts_with("\xFF\xFE")) return {Encoding::utf16_le, 2, true};
  if (s.starts_with("\xFE\xFF")) return {Encoding::utf16_be, 2, true};
  // UTF-16 without a mark: text that is mostly Latin has its zero bytes all on one side.
  std::size_t even = 0;
  std::size_t odd = 0;
  for (std::size_t i = 0; i + 1 < s.size(); i += 2) {
    even += s[i] == '\0' ? 1 : 0;
    odd += s[i + 1] == '\0' ? 1 : 0;
  }
  const std::size_t pairs = s.size() / 2;
  if (pairs > 0 && odd * 10 >= pairs * 7 && even * 10 < pairs) return {Encoding::utf16_le, 0, true};
  if (pairs > 0 && even * 10 >= pairs * 7 && odd * 10 < pairs) return {Encoding::utf16_be, 0, true};
  std::uint64_t bad = odd_;
  std::uint64_t plausible = plausible_;
  for (std::size_t i = 0; i < pending_.size(); ++i) {  // a character cut off by the end of the file
    ++bad;
    if (reads_as_1252(pending_, i, before_)) ++plausible;
  }
  if (bad == 0) return {Encoding::utf8, 0, false};
  if (valid_ == 0 && plausible * 10 >= bad * 9) return {Encoding::windows_1252, 0, true};
  return {Encoding::utf8, 0, true};
}

void Decoder::utf16(std::string_view bytes, bool last, std::string& out) {
  rest_.append(bytes);
  const bool le = encoding_ == Encoding::utf16_le;
  const auto unit = [&](std::size_t i) {
    return le ? byte(rest_[i]) | (byte(rest_[i + 1]) << 8) : (byte(rest_[i]) << 8) | byte(rest_[i + 1]);
  };
  std::size_t i = 0;
  while (i + 2 <= rest_.size()) {
    const std::uint32_t u = unit(i);
    if (u >= 0xD800 && u < 0xDC00) {
      if (i + 4 > rest_.size()) {
        if (!last) break;
      } else if (const std::uint32_t v = unit(i + 2); v >= 0xDC00 && v < 0xE000) {
        append_utf8(0x10000 + ((u - 0xD800) << 10) + (v - 0xDC00), out);
        i += 4;
        continue;
      }
      out.push_back(no_character);
    } else if (u >= 0xDC00 && u < 0xE000) {
      out.push_back(no_character);
    } else {
      append_utf8(u, out);
    }
    i += 2;
  }
  rest_.erase(0, i);
  if (last && !rest_.empty()) {
    out.push_back(no_character);
    rest_.clear();
  }
}

void Decoder::decode(std::string_view bytes, bool last, std::string& out) {
  switch (encoding_) {
    case Encoding::utf8: out.append(bytes); return;
    case Encoding::utf16_le:
    case Encoding::utf16_be: utf16(bytes, last, out); return;
    case Encoding::windows_1252:
      for (const char c : bytes) {
        const unsigned b = byte(c);
        if (b < 0x80) {
          out.push_back(c);
        } else if (b >= 0xA0) {
          append_utf8(b, out);
        } else if (const std::uint16_t u = upper_controls[b - 0x80]; u != 0) {
          append_utf8(u, out);
        } else {
          out.push_back(no_character);
        }
      }
      return;
  }
}

}  // namespace coachd::file
