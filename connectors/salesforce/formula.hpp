// The text of a validation rule as a tree: the lexer and parser of Salesforce's formula language. It knows the grammar
// and no function: what a name or a call means is formula_judge's. Pure; bounded in size and depth, so that any text is
// an answer. Vendor fact: a formula has at most 3,900 characters, function and field names are without case.
// Inner header of salesforce/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::salesforce {

inline constexpr std::size_t longest_formula = 20'000;  ///< characters; well beyond what Salesforce takes
inline constexpr std::size_t deepest_formula = 150;     ///< calls, brackets and operators inside one another

/// A node. Operators are calls: `a && b` is AND(a, b), `a <> b` is <>(a, b), `-a` is NEG(a).
struct FormulaNode {
  enum class Kind : std::uint8_t { text, number, boolean, null, name, call };
  Kind kind = Kind::null;
  std::string text;   ///< of a text its content; of a name as written; of a call in capitals
  double number = 0;  ///< of a number; of a boolean 0 or 1
  std::vector<FormulaNode> parts;
  std::size_t depth = 1;
};

struct ParsedFormula {
  FormulaNode root;
  std::string problem;  ///< what could not be understood and where; "" = nothing, and `root` holds
  [[nodiscard]] bool good() const noexcept { return problem.empty(); }
};

[[nodiscard]] ParsedFormula parse_formula(std::string_view text);

/// The names that stand in a formula, lower case, each once, in order; also of one that cannot be parsed (then whatever
/// looks like a name outside of texts and comments, functions among them).
[[nodiscard]] std::vector<std::string> names_in_formula(std::string_view text);

/// At most so many bytes of it, not cut within a character.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

}  // namespace coachd::salesforce
