#include "connectors/salesforce/ids.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace coachd::salesforce {

bool is_id(std::string_view text) noexcept {
  return (text.size() == 15 || text.size() == 18) && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

std::string id18(std::string_view id) {
  std::string full(id);
  if (id.size() != 15 || !is_id(id)) return full;
  // each of the last three characters tells which of five characters are upper case, lowest bit first
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  for (std::size_t group = 0; group < 3; ++group) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      const char c = id[group * 5 + i];
      if (c >= 'A' && c <= 'Z') bits |= std::size_t{1} << i;
    }
    full += alphabet[bits];
  }
  return full;
}

}  // namespace coachd::salesforce
