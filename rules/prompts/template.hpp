// Texts of prompts: `{name} is in commit, but {why}.` with the record's facts in it, per language. Names are resolved
// when the rules are loaded; an unknown one is an error there. Immutable, thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

class Template {
 public:
  /// Reports unknown names at `at`; nothing after an error.
  static std::optional<Template> parse(std::string_view text, const model::Place& at, Builder& b);
  /// `why` stands where the text says {why}.
  [[nodiscard]] std::string render(const View& v, std::string_view why) const;

 private:
  enum class Kind : std::uint8_t { text, name, why, owner, stage, stage_age, field, field_age };
  struct Piece {
    Kind kind = Kind::text;
    std::string text;
    Slot slot = no_slot;
  };
  std::vector<Piece> pieces_;
};

/// A text in one or more languages (`TEXT` or `{en: ..., de: ...}`).
class Text {
 public:
  static std::optional<Text> parse(yaml::Node node, std::string_view key, Builder& b);
  [[nodiscard]] bool empty() const noexcept { return by_language_.empty(); }
  /// In the language, else in English, else in the first there is; "" where there is none.
  [[nodiscard]] std::string render(std::string_view language, const View& v, std::string_view why) const;

 private:
  std::map<std::string, Template, std::less<>> by_language_;
};

}  // namespace coachd::rules
