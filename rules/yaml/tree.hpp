// The nodes of one YAML text, and how they are built from yaml-cpp's events. Inside of the reader only; a Tree is
// filled once and then only read. Node 0 is always the missing node.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::yaml {

struct TreeNode {
  Node::Kind kind = Node::Kind::missing;
  bool quoted = false;
  std::uint32_t offset = 0;  ///< bytes from the beginning of the text
  std::uint32_t weight = 1;  ///< nodes below and including it, aliases followed
  std::string text;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> children;  ///< map: key, value; list: 0, item
};

struct Tree {
  std::string file;
  std::string source;                ///< without byte order mark
  std::vector<std::uint32_t> lines;  ///< offset of each line's first byte
  std::vector<TreeNode> nodes{1};
  std::uint32_t root = 0;

  void index_lines();
  [[nodiscard]] model::Place place(std::size_t offset) const;       ///< columns count characters, not bytes
  [[nodiscard]] std::string_view line(std::uint32_t number) const;  ///< counted from 1, without its end
};

/// What went wrong at an offset; `code` as in Diagnostic.
struct Trouble {
  std::size_t offset = 0;
  std::string code;
  std::string message;
};

/// Fills `tree` from its source. Doubled keys, tags and the like are collected; a text that cannot be read at all
/// leaves root 0 and one last trouble. Never throws but for lack of memory.
[[nodiscard]] std::vector<Trouble> build(Tree& tree, const Limits& limits);

/// A syntax error of yaml-cpp in words for the person who wrote the file. `open_flow` and `last_quoted` are offsets of
/// the innermost open bracket and of the last quoted text begun, npos where there is none; `after_bracket` that of the
/// last bracket pair that was closed.
struct SyntaxScene {
  std::size_t offset = 0;
  std::string_view vendor_message;
  std::size_t open_flow = std::string::npos;
  std::size_t last_quoted = std::string::npos;
  std::size_t last_bracket = std::string::npos;
};
[[nodiscard]] Trouble explain_syntax(const Tree& tree, const SyntaxScene& scene);

/// Offset just after the closing quote of the quoted text that begins at `open`, or npos when it is never closed.
[[nodiscard]] std::size_t end_of_quoted(std::string_view source, std::size_t open) noexcept;

}  // namespace coachd::yaml
