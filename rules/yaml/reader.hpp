// A strict reader of YAML that people write: every value has a line and a column, left-over or doubled keys are
// errors, all errors are collected at once. Words are the text that was written (`null`, `no`, `off`, `1e3` too).
// Pure: the text is handed in. yaml-cpp is seen by the .cpp only. Not thread-safe; one document, one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/error.hpp"

namespace coachd::yaml {

struct Limits {
  std::size_t bytes = 1u << 20;
  std::size_t depth = 40;
  std::size_t nodes = 200'000;
  std::size_t aliases = 200;
};

class Document;

/// A value of a document; cheap to copy; valid while its document lives.
class Node {
 public:
  enum class Kind : std::uint8_t { missing, null, scalar, list, map };
  Node() = default;

  [[nodiscard]] Kind kind() const noexcept;
  [[nodiscard]] explicit operator bool() const noexcept { return kind() != Kind::missing; }
  [[nodiscard]] bool is_map() const noexcept { return kind() == Kind::map; }
  [[nodiscard]] bool is_list() const noexcept { return kind() == Kind::list; }
  [[nodiscard]] bool is_scalar() const noexcept { return kind() == Kind::scalar || kind() == Kind::null; }
  /// The text as written, without quotes: `null`, `~`, `no` and `1e3` stay these words. Empty for maps and lists.
  [[nodiscard]] std::string_view text() const noexcept;
  /// True where the scalar was quoted: `"5"` is a text, `5` may be read as a number.
  [[nodiscard]] bool quoted() const noexcept;
  [[nodiscard]] model::Place place() const;
  [[nodiscard]] std::vector<Node> items() const;  ///< of a list
  [[nodiscard]] std::vector<std::pair<std::string, Node>> entries()
      const;                                                         ///< of a map, in order, first of doubled keys
  [[nodiscard]] model::Place key_place(std::string_view key) const;  ///< of a map: where the key stands
  [[nodiscard]] Node find(std::string_view key) const;               ///< of a map; Kind::missing where absent

 private:
  friend class Document;
  const Document* document_ = nullptr;
  std::uint32_t index_ = 0;
};

/// A parsed text and all that was found wrong with it so far.
class Document {
 public:
  /// Never throws: what cannot be parsed is a diagnostic and an empty root (Kind::missing).
  static std::unique_ptr<Document> parse(std::string file, std::string text, const Limits& limits = {});
  virtual ~Document();
  [[nodiscard]] virtual Node root() const = 0;
  [[nodiscard]] virtual const std::string& file() const = 0;
  /// Adds an error (or warning) at a place; the line's text is filled in.
  virtual void report(model::Severity severity, std::string code, std::string message, const model::Place& at) = 0;
  [[nodiscard]] virtual const std::vector<model::Diagnostic>& diagnostics() const = 0;

 protected:
  static Node make(const Document* d, std::uint32_t i);
  friend class Node;
  struct Data;
  [[nodiscard]] virtual const Data& data() const = 0;
};

/// Reads the keys of one map. Each accessor marks its key as known; `finish` reports what was left over with the
/// nearest known name ("unknown key `need_by`: did you mean `needed_by`?"). A missing required key is one error at the
/// map.
class MapReader {
 public:
  /// `what` names the thing in messages: "a rule", "a field card". A node that is no map is one error; every accessor
  /// then answers empty.
  MapReader(Document& document, Node node, std::string what);
  [[nodiscard]] Node optional(std::string_view key);
  [[nodiscard]] Node required(std::string_view key);
  [[nodiscard]] std::optional<std::string> text(std::string_view key);  ///< a scalar
  [[nodiscard]] std::string required_text(std::string_view key);
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);  ///< exactly true or false
  [[nodiscard]] std::optional<double> number(std::string_view key);
  [[nodiscard]] std::vector<std::string> words(std::string_view key);  ///< a scalar or a list of scalars, as written
  void also_known(std::span<const std::string_view> keys);  ///< keys that another reader of the same map takes
  void finish();
  [[nodiscard]] Document& document() const noexcept { return *document_; }
  [[nodiscard]] Node node() const noexcept { return node_; }

 private:
  Document* document_;
  Node node_;
  std::string what_;
  std::vector<std::string> known_;
};

/// The nearest of `names` by edit distance (transpositions count one), or nothing when none is near enough to be meant.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names);

/// `file:line:column: error: message [code]`, the line, and a caret under the column.
[[nodiscard]] std::string render(const model::Diagnostic& d, bool colour);

}  // namespace coachd::yaml
