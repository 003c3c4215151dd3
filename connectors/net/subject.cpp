#include "connectors/net/subject.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coachd::net {

namespace {

struct Character {
  std::size_t bytes = 1;
  std::size_t units = 1;  // of UTF-16
};

[[nodiscard]] Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const Character c = lead >= 0xf0   ? Character{4, 2}
                      : lead >= 0xe0 ? Character{3, 1}
                      : lead >= 0xc0 ? Character{2, 1}
                                     : Character{1, 1};
  return {std::min(c.bytes, text.size() - at), c.units};
}

[[nodiscard]] std::size_t units_of(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    at += c.bytes;
    units += c.units;
  }
  return units;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t longest) {
  if (units_of(text) <= longest) return std::string(text);
  if (longest == 0) return {};
  std::size_t units = 0, end = 0;
  while (end < text.size()) {
    const Character c = character_at(text, end);
    if (units + c.units > longest - 1) break;
    units += c.units;
    end += c.bytes;
  }
  while (end > 0 && text[end - 1] == ' ') --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string make_subject(std::string_view words, std::string_view short_key, std::size_t longest) {
  std::string line(words);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  const std::string end = " [" + std::string(short_key) + "]";
  return shortened(line, longest > end.size() ? longest - end.size() : 0) + end;
}

std::optional<std::string> short_key_of(std::string_view subject) {
  while (subject.ends_with(' ')) subject.remove_suffix(1);
  constexpr std::size_t length = 10;
  if (subject.size() < length + 2 || !subject.ends_with(']')) return std::nullopt;
  const std::string_view key = subject.substr(subject.size() - length - 1, length);
  if (subject[subject.size() - length - 2] != '[' ||
      key.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  return std::string(key);
}

}  // namespace coachd::net
