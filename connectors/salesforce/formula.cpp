#include "connectors/salesforce/formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace coachd::salesforce {
namespace {

using Node = FormulaNode;

struct Token {
  enum class Kind : std::uint8_t { text, number, name, mark, bad, end };
  Kind kind = Kind::end;
  std::string text;
  std::size_t at = 0;  // first character, from 1
};

[[nodiscard]] bool digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
[[nodiscard]] bool letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

[[nodiscard]] std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    if (!skip()) return bad("a comment does not end");
    start_ = at_;
    if (at_ >= text_.size()) return {Token::Kind::end, "", at_ + 1};
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (digit(c) || (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]))) return number();
    if (letter(c)) return name();
    static constexpr std::array<std::string_view, 9> two{"<>", "<=", ">=", "!=", "==", "&&", "||", "!", "&"};
    for (const std::string_view mark : two)
      if (text_.substr(at_).starts_with(mark)) return take(mark.size());
    if (std::string_view("()+-*/^=<>,").find(c) != std::string_view::npos) return take(1);
    ++at_;
    const bool plain = c > ' ' && c < 127;
    return bad(plain ? fmt::format("`{}` is no part of a formula", c) : "a character that is no part of a formula");
  }

 private:
  // White space and comments; false where a comment does not end.
  bool skip() {
    for (;;) {
      while (at_ < text_.size() && std::string_view(" \t\r\n\f\v").find(text_[at_]) != std::string_view::npos) ++at_;
      // a no-break space, as editors on the web leave it behind
      if (text_.substr(at_).starts_with("\xC2\xA0")) {
        at_ += 2;
        continue;
      }
      if (!text_.substr(at_).starts_with("/*")) return true;
      const auto end = text_.find("*/", at_ + 2);
      start_ = at_;
      at_ = end == std::string_view::npos ? text_.size() : end + 2;
      if (end == std::string_view::npos) return false;
    }
  }
  Token take(std::size_t length) {
    at_ += length;
    return {Token::Kind::mark, std::string(text_.substr(start_, length)), start_ + 1};
  }
  [[nodiscard]] Token bad(std::string why) const { return {Token::Kind::bad, std::move(why), start_ + 1}; }

  Token quoted(char mark) {
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == mark) {
        ++at_;
        return {Token::Kind::text, std::move(out), start_ + 1};
      }
      if (c != '\\') {
        out += c;
        continue;
      }
      if (++at_ == text_.size()) break;
      const char escaped = text_[at_];
      if (escaped == 'n')
        out += '\n';
      else if (escaped == 't')
        out += '\t';
      else if (escaped == 'r')
        out += '\r';
      else if (escaped == '"' || escaped == '\'' || escaped == '\\')
        out += escaped;
      else
        out += {'\\', escaped};  // of a regular expression
    }
    return bad("a text does not end");
  }
  Token number() {
    while (at_ < text_.size() && (digit(text_[at_]) || text_[at_] == '.')) ++at_;
    return {Token::Kind::number, std::string(text_.substr(start_, at_ - start_)), start_ + 1};
  }
  // Dots join the steps of a path.
  Token name() {
    while (at_ < text_.size() && (letter(text_[at_]) || digit(text_[at_]) ||
                                  (text_[at_] == '.' && at_ + 1 < text_.size() && letter(text_[at_ + 1]))))
      ++at_;
    return {Token::Kind::name, std::string(text_.substr(start_, at_ - start_)), start_ + 1};
  }

  std::string_view text_;
  std::size_t at_ = 0, start_ = 0;
};

// Thrown inside this file only: what could not be understood.
struct Problem {
  std::string what;
  std::size_t at;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  Node whole() {
    Node root = binary(0);
    if (now_.kind != Token::Kind::end)
      throw Problem{fmt::format("{} stands where the formula should end", shown()), now_.at};
    return root;
  }

 private:
  struct Level {
    std::array<std::string_view, 6> marks;
    bool flat;  // `a && b && c` is one node
  };
  // From what binds least.
  static constexpr std::array<Level, 6> levels{{
      {{"||"}, true},
      {{"&&"}, true},
      {{"=", "==", "<>", "!="}, false},
      {{"<", "<=", ">", ">="}, false},
      {{"+", "-", "&"}, false},
      {{"*", "/"}, false},
  }};

  void advance() {
    now_ = lexer_.next();
    if (now_.kind == Token::Kind::bad) throw Problem{now_.text, now_.at};
  }
  [[nodiscard]] bool mark(std::string_view text) const { return now_.kind == Token::Kind::mark && now_.text == text; }
  [[nodiscard]] std::string shown() const {
    if (now_.kind == Token::Kind::end) return "the end";
    return '`' + shortened(now_.text, 40) + '`';
  }

  Node call(std::string name, std::vector<Node> parts) {
    Node n;
    n.kind = Node::Kind::call;
    n.text = std::move(name);
    for (const Node& p : parts) n.depth = std::max(n.depth, p.depth + 1);
    n.parts = std::move(parts);
    if (n.depth > deepest_formula) throw Problem{"it is nested too deep", now_.at};
    return n;
  }

  static std::string name_of(std::string_view mark) {
    if (mark == "||") return "OR";
    if (mark == "&&") return "AND";
    if (mark == "==") return "=";
    return mark == "!=" ? "<>" : std::string(mark);
  }

  Node binary(std::size_t level) {
    if (level == levels.size()) return power();
    const Level& of = levels[level];
    Node left = binary(level + 1);
    while (now_.kind == Token::Kind::mark && !now_.text.empty() &&
           std::find(of.marks.begin(), of.marks.end(), now_.text) != of.marks.end()) {
      std::string name = name_of(now_.text);
      advance();
      Node right = binary(level + 1);
      if (of.flat && left.kind == Node::Kind::call && left.text == name) {
        left.depth = std::max(left.depth, right.depth + 1);
        left.parts.push_back(std::move(right));
        if (left.depth > deepest_formula) throw Problem{"it is nested too deep", now_.at};
      } else {
        std::vector<Node> both;
        both.push_back(std::move(left));
        both.push_back(std::move(right));
        left = call(std::move(name), std::move(both));
      }
    }
    return left;
  }

  Node power() {
    Node left = unary();
    while (mark("^")) {
      advance();
      std::vector<Node> both;
      both.push_back(std::move(left));
      both.push_back(unary());
      left = call("^", std::move(both));
    }
    return left;
  }

  Node unary() {
    if (++open_ > deepest_formula) throw Problem{"it is nested too deep", now_.at};
    Node out;
    if (mark("!") || mark("-") || mark("+")) {
      const char sign = now_.text.front();
      advance();
      Node inner = unary();
      if (sign == '+') {
        out = std::move(inner);
      } else {
        std::vector<Node> one;
        one.push_back(std::move(inner));
        out = call(sign == '!' ? "NOT" : "NEG", std::move(one));
      }
    } else {
      out = primary();
    }
    --open_;
    return out;
  }

  Node primary() {
    Node n;
    if (mark("(")) {
      advance();
      n = binary(0);
      close();
      return n;
    }
    Token token = now_;
    if (token.kind == Token::Kind::end) throw Problem{"it ends where a value should stand", token.at};
    if (token.kind == Token::Kind::mark) throw Problem{shown() + " stands where a value should stand", token.at};
    advance();
    if (token.kind == Token::Kind::text) {
      n.kind = Node::Kind::text;
      n.text = std::move(token.text);
      return n;
    }
    if (token.kind == Token::Kind::number) return number(token);
    return name(std::move(token));
  }

  static Node number(const Token& token) {
    Node n;
    n.kind = Node::Kind::number;
    const char* const end = token.text.data() + token.text.size();
    const auto read = std::from_chars(token.text.data(), end, n.number);
    if (read.ec != std::errc() || read.ptr != end) throw Problem{"a number that is none", token.at};
    return n;
  }

  Node name(Token token) {
    std::string capitals = upper(token.text);
    if (mark("(")) {
      if (capitals.find('.') != std::string::npos) throw Problem{"a path cannot be called", token.at};
      advance();
      std::vector<Node> parts;
      if (!mark(")")) {
        parts.push_back(binary(0));
        while (mark(",")) {
          advance();
          parts.push_back(binary(0));
        }
      }
      close();
      return call(std::move(capitals), std::move(parts));
    }
    Node n;
    if (capitals == "TRUE" || capitals == "FALSE") {
      n.kind = Node::Kind::boolean;
      n.number = capitals == "TRUE" ? 1 : 0;
    } else if (capitals != "NULL") {
      n.kind = Node::Kind::name;
      n.text = std::move(token.text);
    }
    return n;
  }

  void close() {
    if (!mark(")")) throw Problem{fmt::format("{} stands where a bracket should close", shown()), now_.at};
    advance();
  }

  Lexer lexer_;
  Token now_;
  std::size_t open_ = 0;
};

}  // namespace

ParsedFormula parse_formula(std::string_view text) {
  ParsedFormula out;
  if (text.size() > longest_formula) {
    out.problem = fmt::format("it has {} characters, more than the {} that are read", text.size(), longest_formula);
    return out;
  }
  try {
    out.root = Parser(text).whole();
  } catch (const Problem& p) {
    out.root = {};
    out.problem = fmt::format("{} (character {})", p.what, p.at);
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "...";
}

std::vector<std::string> names_in_formula(std::string_view text) {
  std::vector<std::string> out;
  Lexer lexer(text.substr(0, longest_formula));
  for (Token t = lexer.next(); t.kind != Token::Kind::end; t = lexer.next()) {
    if (t.kind != Token::Kind::name) continue;
    for (char& c : t.text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (std::find(out.begin(), out.end(), t.text) == out.end()) out.push_back(std::move(t.text));
  }
  return out;
}

}  // namespace coachd::salesforce
