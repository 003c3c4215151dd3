// How the bytes of an export spell characters, and turning them into UTF-8 piece by piece. The first thing that happens
// to a file; everything behind it sees UTF-8. A decoder belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coachd::file {

enum class Encoding : std::uint8_t { utf8, utf16_le, utf16_be, windows_1252 };
[[nodiscard]] std::string_view to_string(Encoding e);

/// Collects what a whole file shows, piece by piece, so that one byte late in it can still decide.
class EncodingGuess {
 public:
  void see(std::string_view bytes);
  struct Result {
    Encoding encoding = Encoding::utf8;
    std::size_t mark = 0;  ///< bytes of the byte order mark
    bool suspect = false;  ///< some bytes are no characters: rows must be checked one by one
  };
  /// Without a mark: UTF-8 when valid, or when it holds any valid multi-byte character; Windows-1252 only when the odd
  /// bytes stand where its letters and signs would (`M\xfcller`); else UTF-8 with invalid bytes, reported by row.
  [[nodiscard]] Result result() const;

 private:
  void count(std::string_view bytes);
  std::string start_;            // the first bytes, for marks and for UTF-16 without one
  std::string pending_;          // the end of the last piece, where a character may go on
  char before_ = 0;              // the byte before it
  std::uint64_t valid_ = 0;      // multi-byte characters
  std::uint64_t odd_ = 0;        // bytes that are no UTF-8
  std::uint64_t plausible_ = 0;  // of these, how many read as Windows-1252
};

/// Turns bytes into UTF-8. What is no character becomes the byte 0xFF, which no UTF-8 text holds: its row is found bad
/// later.
class Decoder {
 public:
  explicit Decoder(Encoding encoding) : encoding_(encoding) {}
  /// Appends to `out`. A character cut at the end waits for the next piece, or is bad when `last`.
  void decode(std::string_view bytes, bool last, std::string& out);

 private:
  void utf16(std::string_view bytes, bool last, std::string& out);
  Encoding encoding_;
  std::string rest_;
};

}  // namespace coachd::file
