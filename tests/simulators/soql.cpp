#include "tests/simulators/soql.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include "tests/simulators/instants.hpp"

#include <fmt/format.h>

namespace coachd::sim::soql {
namespace {

struct token {
  enum class type { end, word, quoted, literal, symbol };
  type kind = type::end;
  std::string text;
  std::size_t at = 0;
};

// Thrown inside this file only; parse() turns it into its result.
struct malformed {
  std::string message;
  std::size_t at;
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool letter(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

void add_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

class lexer {
 public:
  explicit lexer(std::string_view text) : text_{text} {}

  token next() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
    token t;
    t.at = at_;
    if (at_ == text_.size()) return t;
    const char c = text_[at_];
    if (c == '\'') return quoted();
    if (letter(c)) {
      t.kind = token::type::word;
      take_while(t, [](char x) { return letter(x) || digit(x) || x == '.' || x == ':'; });
      return t;
    }
    if (digit(c) || ((c == '-' || c == '+' || c == '.') && at_ + 1 < text_.size() && digit(text_[at_ + 1]))) {
      t.kind = token::type::literal;
      t.text += text_[at_++];
      take_while(t, [](char x) { return letter(x) || digit(x) || x == '.' || x == ':' || x == '-' || x == '+'; });
      return t;
    }
    t.kind = token::type::symbol;
    t.text += text_[at_++];
    if (at_ < text_.size()) {
      const std::string two = t.text + text_[at_];
      if (two == "!=" || two == "<>" || two == "<=" || two == ">=") {
        t.text = two;
        ++at_;
      }
    }
    if (std::string_view{"(),=<>"}.find(t.text) == std::string_view::npos && t.text.size() == 1) {
      throw malformed{fmt::format("unexpected token: '{}'", t.text), t.at};
    }
    return t;
  }

 private:
  template <class Test>
  void take_while(token& t, Test test) {
    while (at_ < text_.size() && test(text_[at_])) t.text += text_[at_++];
  }

  // Escapes as the vendor lists them; \_ and \% keep their backslash, since only LIKE knows what they mean.
  token quoted() {
    token t;
    t.kind = token::type::quoted;
    t.at = at_++;
    while (at_ < text_.size() && text_[at_] != '\'') {
      if (text_[at_] != '\\') {
        t.text += text_[at_++];
        continue;
      }
      if (++at_ == text_.size()) break;
      escape(t.text);
    }
    if (at_ == text_.size()) throw malformed{"line 1: mismatched character '<EOF>' expecting '''", t.at};
    ++at_;
    return t;
  }

  void escape(std::string& out) {
    static constexpr std::string_view plain = "nrtbf";
    static constexpr std::string_view meant = "\n\r\t\b\f";
    const char c = text_[at_++];
    if (c == '_' || c == '%') {
      out += '\\';
      out += c;
    } else if (c == '\'' || c == '"' || c == '\\') {
      if (c == '\\') out += "\\";
      out += c;
    } else if (const auto which = plain.find(lower(c)); which != std::string_view::npos) {
      out += meant[which];
    } else if (c == 'u' || c == 'U') {
      unsigned code = 0;
      const auto hex = text_.substr(at_, 4);
      const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
      if (error != std::errc{} || end != hex.data() + 4) throw malformed{"Invalid unicode escape", at_ - 2};
      at_ += 4;
      add_utf8(out, code);
    } else {
      throw malformed{fmt::format("Illegal character sequence '\\{}' in string literal", c), at_ - 2};
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// In a token a backslash stands doubled and \_ \% stand as written; outside LIKE both become the plain character.
std::string plain(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\' && i + 1 < raw.size()) ++i;
    out += raw[i];
  }
  return out;
}

class parser {
 public:
  explicit parser(std::string_view text) : lexer_{text} { advance(); }

  query run() {
    query q;
    expect_word("SELECT");
    select_list(q);
    expect_word("FROM");
    q.object = word("an object");
    if (take_word("WHERE")) q.where = any_level();
    if (take_word("ORDER")) {
      expect_word("BY");
      orders(q);
    }
    if (take_word("LIMIT")) q.limit = whole();
    if (take_word("OFFSET")) q.offset = whole();
    if (t_.kind != token::type::end) fail();
    return q;
  }

 private:
  void advance() { t_ = lexer_.next(); }
  [[noreturn]] void fail() const {
    throw malformed{
        t_.kind == token::type::end ? "unexpected token: '<EOF>'" : fmt::format("unexpected token: '{}'", t_.text),
        t_.at};
  }
  [[nodiscard]] bool is_word(std::string_view w) const { return t_.kind == token::type::word && same(t_.text, w); }
  [[nodiscard]] bool is_symbol(std::string_view s) const { return t_.kind == token::type::symbol && t_.text == s; }
  bool take_word(std::string_view w) {
    if (!is_word(w)) return false;
    advance();
    return true;
  }
  bool take_symbol(std::string_view s) {
    if (!is_symbol(s)) return false;
    advance();
    return true;
  }
  void expect_word(std::string_view w) {
    if (!take_word(w)) fail();
  }
  void expect_symbol(std::string_view s) {
    if (!take_symbol(s)) fail();
  }
  std::string word(std::string_view) {
    if (t_.kind != token::type::word) fail();
    auto w = std::move(t_.text);
    advance();
    return w;
  }
  std::uint64_t whole() {
    std::uint64_t n = 0;
    const auto* end = t_.text.data() + t_.text.size();
    if (t_.kind != token::type::literal || std::from_chars(t_.text.data(), end, n).ptr != end) fail();
    advance();
    return n;
  }

  void select_list(query& q) {
    if (is_word("COUNT")) {
      advance();
      expect_symbol("(");
      expect_symbol(")");
      q.count = true;
      return;
    }
    do {
      q.fields.push_back(word("a field"));
      if (is_symbol("(")) fail();
    } while (take_symbol(","));
  }

  void orders(query& q) {
    do {
      order o;
      o.field = word("a field");
      if (take_word("DESC")) {
        o.descending = true;
      } else {
        take_word("ASC");
      }
      if (take_word("NULLS")) {
        if (take_word("LAST")) {
          o.nulls_last = true;
        } else {
          expect_word("FIRST");
        }
      }
      q.orders.push_back(std::move(o));
    } while (take_symbol(","));
  }

  // A level holds tests joined by AND or by OR; both without brackets is refused, as the vendor refuses it.
  condition any_level() {
    auto first = unary();
    if (!is_word("AND") && !is_word("OR")) return first;
    condition level;
    level.kind = is_word("AND") ? condition::type::all : condition::type::any;
    level.parts.push_back(std::move(first));
    const std::string joint = level.kind == condition::type::all ? "AND" : "OR";
    while (take_word(joint)) level.parts.push_back(unary());
    if (is_word("AND") || is_word("OR")) fail();
    return level;
  }

  condition unary() {
    if (++depth_ > 100) throw malformed{"query is nested too deeply", t_.at};
    condition c;
    if (take_word("NOT")) {
      c.kind = condition::type::negated;
      c.parts.push_back(unary());
    } else if (take_symbol("(")) {
      c = any_level();
      expect_symbol(")");
    } else {
      c = test();
    }
    --depth_;
    return c;
  }

  condition test() {
    condition c;
    c.field = word("a field");
    if (take_word("IN")) {
      c.op = comparison::in;
    } else if (take_word("NOT")) {
      expect_word("IN");
      c.op = comparison::not_in;
    } else if (take_word("LIKE")) {
      c.op = comparison::like;
      if (t_.kind != token::type::quoted) fail();
      c.values.push_back({literal_type::text, false, 0, t_.text, {}, {}});
      advance();
      return c;
    } else {
      c.op = symbol_comparison();
      c.values.push_back(value());
      return c;
    }
    expect_symbol("(");
    do {
      c.values.push_back(value());
    } while (take_symbol(","));
    expect_symbol(")");
    return c;
  }

  comparison symbol_comparison() {
    static constexpr std::pair<std::string_view, comparison> known[] = {
        {"=", comparison::eq},  {"!=", comparison::ne}, {"<>", comparison::ne}, {"<=", comparison::le},
        {">=", comparison::ge}, {"<", comparison::lt},  {">", comparison::gt}};
    for (const auto& [text, op] : known) {
      if (take_symbol(text)) return op;
    }
    fail();
  }

  literal value() {
    literal v;
    v.text = t_.text;
    if (t_.kind == token::type::quoted) {
      v.type = literal_type::text;
      v.text = plain(t_.text);
      if (v.text.size() > 4000) throw malformed{"string literal is too long (4,000 characters at most)", t_.at};
    } else if (t_.kind == token::type::word) {
      word_value(v);
    } else if (t_.kind == token::type::literal) {
      number_or_time(v);
    } else {
      fail();
    }
    advance();
    return v;
  }

  void word_value(literal& v) {
    if (is_word("null")) {
      v.type = literal_type::null;
    } else if (is_word("true") || is_word("false")) {
      v.type = literal_type::boolean;
      v.boolean = is_word("true");
    } else if (is_word("TODAY") || is_word("YESTERDAY") || is_word("TOMORROW") ||
               (v.text.size() > 12 && same(v.text.substr(0, 12), "LAST_N_DAYS:")) ||
               (v.text.size() > 12 && same(v.text.substr(0, 12), "NEXT_N_DAYS:"))) {
      v.type = literal_type::word;
    } else {
      throw malformed{fmt::format("Bind variables only allowed in Apex code or unquoted text '{}'", v.text), t_.at};
    }
  }

  void number_or_time(literal& v) {
    if (const auto d = parse_day(t_.text)) {
      v.type = literal_type::date;
      v.date = *d;
    } else if (const auto i = parse_instant(t_.text)) {
      v.type = literal_type::datetime;
      v.at = *i;
    } else {
      const auto* end = t_.text.data() + t_.text.size();
      const auto* begin = t_.text.front() == '+' ? t_.text.data() + 1 : t_.text.data();
      if (std::from_chars(begin, end, v.number).ptr != end) {
        throw malformed{fmt::format("line 1:{} no viable alternative at character '{}'", t_.at, t_.text), t_.at};
      }
      v.type = literal_type::number;
    }
  }

  lexer lexer_;
  token t_;
  int depth_ = 0;
};

}  // namespace

boost::system::result<query, problem> parse(std::string_view text) {
  if (text.size() > 100'000)
    return problem{"MALFORMED_QUERY", "SOQL statements cannot be longer than 100,000 characters."};
  try {
    return parser{text}.run();
  } catch (const malformed& m) {
    const auto from = m.at > 20 ? m.at - 20 : 0;
    return problem{"MALFORMED_QUERY", fmt::format("\n{}\n{:>{}}\nERROR at Row:1:Column:{}\n{}", text.substr(from, 60),
                                                  "^", m.at - from + 1, m.at + 1, m.message)};
  }
}

}  // namespace coachd::sim::soql
