// What yaml-cpp says about a broken text, said again for somebody who does not know YAML. The scanner stops where it
// can go on no more, which is often a line after the mistake: the usual mistakes are looked for around that place.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rules/yaml/tree.hpp"

namespace coachd::yaml {
namespace {

constexpr auto npos = std::string::npos;

struct Line {
  std::size_t offset;
  std::string_view text;
  [[nodiscard]] std::size_t indent() const { return std::min(text.find_first_not_of(" \t"), text.size()); }
  [[nodiscard]] bool empty() const { return indent() == text.size() || text[indent()] == '#'; }
};

Line line_at(const Tree& tree, std::uint32_t number) {
  return {tree.lines[number - 1], tree.line(number)};
}

// The first `:` of a line outside quotes that makes a key (`: ` or at the end), or one glued to its value.
std::size_t find_colon(std::string_view s, bool glued, std::size_t from = 0) {
  char quote = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '#' && (i == 0 || s[i - 1] == ' ')) {
      return npos;
    } else if ((c == '"' || c == '\'') &&
               (i == 0 || s[i - 1] == ' ' || s[i - 1] == '[' || s[i - 1] == '{' || s[i - 1] == ',')) {
      quote = c;
    } else if (c == ':' && i >= from) {
      const bool at_end = i + 1 == s.size() || s[i + 1] == ' ' || s[i + 1] == '\t';
      if (at_end != glued && !(glued && s.substr(i).starts_with("://"))) return i;
    }
  }
  return npos;
}

Trouble at(std::size_t offset, std::string message) {
  return {offset, "syntax", std::move(message)};
}

std::string quoted_char(char c) {
  return std::string("`") + c + "`";
}

// A line before the error that was meant as `key: value` and is not.
std::optional<Trouble> broken_line_before(const Tree& tree, std::uint32_t number) {
  for (auto n = number - 1; n >= 1; --n) {
    const Line before = line_at(tree, n);
    if (before.empty()) continue;
    if (find_colon(before.text, false) != npos || before.text[before.indent()] == '-') return std::nullopt;
    if (const auto colon = find_colon(before.text, true); colon != npos)
      return at(before.offset + colon, "a space is missing after `:`");
    return at(before.offset + before.indent(), "`:` is missing: a line reads `name: value`");
  }
  return std::nullopt;
}

Trouble illegal_value(const Tree& tree, std::size_t offset, std::uint32_t number) {
  const Line here = line_at(tree, number);
  const auto column = offset - here.offset;
  const auto first = find_colon(here.text, false);
  if (first != npos && first < column) return at(offset, "a second `: ` on this line: put the text into quotes");
  if (auto t = broken_line_before(tree, number)) return *std::move(t);
  for (auto n = number - 1; n >= 1; --n) {
    const Line before = line_at(tree, n);
    if (before.empty()) continue;
    if (here.indent() > before.indent())
      return at(here.offset + here.indent(), "this line is indented further than line " + std::to_string(n) +
                                                 ", which already has a value: indent both alike");
    break;
  }
  return at(offset, "`:` cannot stand here: a text with `: ` in it needs quotes");
}

Trouble bad_indent(const Tree& tree, std::size_t offset, std::uint32_t number) {
  const Line here = line_at(tree, number);
  const bool first_on_line = offset - here.offset <= here.indent();
  if (auto t = broken_line_before(tree, number); t && first_on_line) return *std::move(t);
  if (first_on_line && here.text.substr(here.indent()).starts_with("- "))
    return at(offset, "this `-` is not indented like the other lines of its list, or of the value it belongs to");
  if (first_on_line) return at(offset, "this line is indented like none of the lines above that it could belong to");
  return at(
      offset,
      "this cannot stand here: a text with `:`, `#`, quotes or brackets in it needs quotes around the whole of it");
}

}  // namespace

std::size_t end_of_quoted(std::string_view source, std::size_t open) noexcept {
  const char quote = source[open];
  for (auto i = open + 1; i < source.size(); ++i) {
    if (quote == '"' && source[i] == '\\') {
      ++i;
    } else if (source[i] == quote) {
      if (quote == '\'' && i + 1 < source.size() && source[i + 1] == '\'')
        ++i;
      else
        return i + 1;
    }
  }
  return npos;
}

Trouble explain_syntax(const Tree& tree, const SyntaxScene& scene) {
  const std::string_view source = tree.source;
  const auto offset = scene.offset;
  const auto number = tree.place(offset).line;
  const auto says = [&](std::string_view what) { return scene.vendor_message.find(what) != npos; };
  const char c = offset < source.size() ? source[offset] : '\0';

  // A quoted text that runs over lines is nearly always one whose closing quote was forgotten.
  if (scene.last_quoted != npos) {
    const auto end = end_of_quoted(source, scene.last_quoted);
    if (end == npos)
      return at(scene.last_quoted,
                "the quote " + quoted_char(source[scene.last_quoted]) + " that opens here is never closed");
    if (source.substr(scene.last_quoted, end - scene.last_quoted).find('\n') != npos)
      return at(scene.last_quoted, "the quote " + quoted_char(source[scene.last_quoted]) +
                                       " that opens here ends only on line " + std::to_string(tree.place(end).line) +
                                       ": is the closing quote missing?");
    if (tree.place(end).line == number && end <= offset && (says("end of map") || says("end of seq")) &&
        scene.open_flow == npos)
      return at(offset, "text after a closing quote: put quotes around the whole text");
  }
  for (auto n = number; n >= 1 && n + 1 >= number; --n) {
    const Line l = line_at(tree, n);
    if (const auto tab = l.text.substr(0, l.indent()).find('\t'); tab != npos)
      return at(l.offset + tab, "a tab stands before the text: indent with spaces");
    if (n == 1) break;
  }
  if (says("illegal EOF in scalar") || says("illegal document indicator"))
    return at(offset, "a quote is never closed before this place");
  const auto line_start = tree.lines[number - 1];
  const auto before = source.substr(line_start, offset > line_start ? offset - line_start : 0);
  const auto last = before.find_last_not_of(' ');
  // In brackets yaml-cpp ends a text at a question mark.
  if (says("unknown token") && c == '?' && scene.open_flow != npos && last != npos &&
      std::string_view(":,[{").find(before[last]) == npos)
    return at(offset, "a text with `?` in it needs quotes when it stands within `{ }` or `[ ]`");
  if (says("unknown token")) return at(offset, "a text that begins with " + quoted_char(c) + " needs quotes");
  if (says("unknown escape"))
    return at(offset, "unknown escape in a text in double quotes: write `\\\\` for a backslash, or use single quotes");
  if (says("anchor is not defined") || says("alias"))
    return at(offset, "no value named like this was marked with `&` above; a text that begins with `*` needs quotes");
  if (says("anchor")) return at(offset, "a text that begins with `&` needs quotes");
  if (says("illegal flow end"))
    return at(offset, "this " + quoted_char(c) + " closes no bracket: one too many, or its opening one is missing");
  if (scene.open_flow != npos &&
      (says("end of sequence flow") || says("end of map flow") || says("illegal map") || says("illegal block"))) {
    const char open = source[scene.open_flow];
    return at(scene.open_flow, "the " + quoted_char(open) + " that opens here is not closed by " +
                                   quoted_char(open == '[' ? ']' : '}') + " before line " + std::to_string(number) +
                                   ", column " + std::to_string(tree.place(offset).column) + ", or a `,` is missing");
  }
  if (scene.last_bracket != npos && tree.place(scene.last_bracket).line == number && scene.last_bracket < offset &&
      (says("end of map") || says("end of seq")))
    return at(scene.last_bracket, "a text that begins with " + quoted_char(source[scene.last_bracket]) +
                                      " needs quotes around the whole of it");
  if (says("illegal map value")) return illegal_value(tree, offset, number);
  if (says("end of map") || says("end of seq")) return bad_indent(tree, offset, number);
  if (says("illegal block entry"))
    return at(offset, "a list item (`- `) cannot stand here: put it on a line of its own, or use `[a, b]`");
  if (says("deep") || says("Deep")) return {offset, "too-large", "nested too deep"};
  return at(offset, "this cannot be read: " + std::string(scene.vendor_message));
}

}  // namespace coachd::yaml
