#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::yaml {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Damerau-Levenshtein in its restricted form (a transposition counts one), without case, `-` and `_` alike; three rows.
std::size_t distance(std::string_view a, std::string_view b) {
  const auto at = [](std::string_view s, std::size_t i) { return s[i] == '-' ? '_' : lower(s[i]); };
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = at(a, i - 1) == at(b, j - 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && at(a, i - 1) == at(b, j - 2) && at(a, i - 2) == at(b, j - 1))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view severity_word(model::Severity s) {
  switch (s) {
    case model::Severity::error: return "error";
    case model::Severity::warning: return "warning";
    case model::Severity::note: return "note";
  }
  return "error";
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names) {
  if (word.empty() || word.size() > 64) return std::nullopt;
  const std::size_t limit = word.size() <= 3 ? 1 : word.size() <= 7 ? 2 : 3;
  std::size_t best = limit + 1;
  const std::string* found = nullptr;
  for (const auto& name : names) {
    if (name.size() > 80 || name.empty()) continue;
    auto d = distance(word, name);
    // `need` for `needed_by`, `name` for `display_name`: a whole part of the name is as near as a slip of the finger
    if (d > limit && word.size() >= 4 && name.starts_with(word)) d = limit;
    if (d < best && d < std::max(word.size(), name.size())) {
      best = d;
      found = &name;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::string render(const model::Diagnostic& d, bool colour) {
  const auto paint = [&](const char* code, std::string_view text) {
    return colour ? std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m" : std::string(text);
  };
  std::string out = d.place.file;
  if (d.place.line != 0) out += ":" + std::to_string(d.place.line) + ":" + std::to_string(d.place.column);
  if (!out.empty()) out = paint("1", out + ":") + " ";
  const char* tint = d.severity == model::Severity::error     ? "1;31"
                     : d.severity == model::Severity::warning ? "1;33"
                                                              : "1;36";
  out += paint(tint, std::string(severity_word(d.severity)) + ":") + " " + d.message;
  if (!d.code.empty()) out += " [" + d.code + "]";
  out += "\n";
  if (d.line_text.empty() || d.place.line == 0) return out;

  // Control characters would move the caret (and a terminal): tabs become one space, others a dot. A long line is cut
  // around the place.
  std::vector<std::string> characters;
  for (const char c : d.line_text) {
    const auto u = static_cast<unsigned char>(c);
    if ((u & 0xc0) == 0x80 && !characters.empty())
      characters.back() += c;
    else
      characters.emplace_back(1, c == '\t' ? ' ' : u < 0x20 || u == 0x7f ? '.' : c);
  }
  const std::size_t caret = std::max<std::size_t>(d.place.column, 1) - 1;
  constexpr std::size_t width = 140;
  const std::size_t from = characters.size() <= width || caret < width - 20 ? 0 : caret - (width - 40);
  const std::size_t to = std::min(characters.size(), from + width);
  std::string text = from > 0 ? "..." : "";
  const std::size_t shift = text.size();
  for (auto i = from; i < to; ++i) text += characters[i];
  if (to < characters.size()) text += "...";
  out += "  " + text + "\n  " + std::string(caret - std::min(caret, from) + shift, ' ') + paint("1;32", "^") + "\n";
  return out;
}

}  // namespace coachd::yaml
