// The parameters of a detector: how each is written, what it is by default, and the values of one rule. Immutable once
// the loader has filled them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

/// One key under `with:`.
struct Parameter {
  enum class Kind : std::uint8_t { span, number, count, share, word, words, yes_no, field, fields };
  std::string_view name = {};
  Kind kind = Kind::count;
  std::string_view usual = {};  ///< the default, as it would be written; "": none
  std::string_view means = {};
  std::string_view choices = "";  ///< of word and words: `a|b|c`; "": free
  bool required = false;
  bool history = false;  ///< of field and fields: their history is read too
};
/// "a duration such as 14d".
[[nodiscard]] std::string_view written_as(Parameter::Kind kind);

/// A field as a detector reads it. A default that the connection does not have leaves `slot` at none.
struct ChosenField {
  Slot slot = no_slot;
  std::string name;      ///< as the rule wrote it
  std::string crm_name;  ///< the connection's own
  std::string label;
  model::FieldType type = model::FieldType::unknown;
  StateId state = 0;  ///< only with a slot
  std::vector<model::Option> options;
  [[nodiscard]] bool there() const noexcept { return slot != no_slot; }
};

/// Each accessor REQUIRES a parameter of that name and kind, as the detector's own table says.
class Settings {
 public:
  struct Value {
    model::Span span;
    double number = 0;  ///< of a share: between 0 and 1
    std::int64_t count = 0;
    bool yes = false;
    std::vector<std::string> words;
    std::vector<ChosenField> fields;
  };
  [[nodiscard]] model::Span span(std::string_view name) const { return at(name).span; }
  [[nodiscard]] double number(std::string_view name) const { return at(name).number; }
  [[nodiscard]] std::int64_t count(std::string_view name) const { return at(name).count; }
  /// The same of what one alone never makes.
  [[nodiscard]] std::size_t at_least_two(std::string_view name) const {
    return static_cast<std::size_t>(std::max<std::int64_t>(2, count(name)));
  }
  [[nodiscard]] bool yes(std::string_view name) const { return at(name).yes; }
  [[nodiscard]] const std::string& word(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& words(std::string_view name) const { return at(name).words; }
  [[nodiscard]] bool has_word(std::string_view name, std::string_view word) const;
  [[nodiscard]] const ChosenField& field(std::string_view name) const;
  [[nodiscard]] const std::vector<ChosenField>& fields(std::string_view name) const { return at(name).fields; }

  std::map<std::string, Value, std::less<>> values;

 private:
  [[nodiscard]] const Value& at(std::string_view name) const;
};

}  // namespace coachd::rules
