#include "daemon/cli/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::cli {
namespace {

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}
std::size_t width(std::string_view s) {
  return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), starts_character));
}

}  // namespace

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  widths.reserve(heads_.size());
  for (const Head& h : heads_) widths.push_back(width(h.title));
  for (const auto& r : rows_)
    for (std::size_t i = 0; i < r.size(); ++i) widths[i] = std::max(widths[i], width(r[i]));
  const auto line = [&](const auto& text_of, std::size_t cells) {
    std::string s;
    for (std::size_t i = 0; i < cells; ++i) {
      const std::string& t = text_of(i);
      const std::string pad(widths[i] - width(t), ' ');
      if (i > 0) s += "  ";
      s += heads_[i].align == right ? pad + t : t + pad;
    }
    s.erase(s.find_last_not_of(' ') + 1);
    out << s << '\n';
  };
  line([&](std::size_t i) -> const std::string& { return heads_[i].title; }, heads_.size());
  for (const auto& r : rows_) line([&](std::size_t i) -> const std::string& { return r[i]; }, r.size());
}

std::string thousands(std::uint64_t n) {
  std::string s = std::to_string(n);
  for (std::size_t i = s.size(); i > 3; i -= 3) s.insert(i - 3, ",");
  return s;
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  if (part == 0 || whole == 0) return "-";
  if (part == whole) return "100 %";
  const double p = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (p < 0.1) return "<0.1 %";
  if (p > 99.9) return ">99.9 %";
  return fmt::format("{:.1f} %", p);
}

std::string cut(std::string_view s, std::size_t characters) {
  std::string out;
  std::size_t n = 0;
  for (const char c : s) {
    if (starts_character(c) && ++n > characters) {
      out += "\xE2\x80\xA6";
      break;
    }
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return out;
}

std::string quoted(std::string_view s, std::size_t characters) {
  return "\"" + cut(s, characters) + "\"";
}

}  // namespace coachd::cli
