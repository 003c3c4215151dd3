#include "rules/detectors/settings.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace coachd::rules {

std::string_view written_as(Parameter::Kind kind) {
  using K = Parameter::Kind;
  switch (kind) {
    case K::span: return "a duration such as 14d";
    case K::number: return "a number";
    case K::count: return "a whole number";
    case K::share: return "a share such as 20%";
    case K::word: return "a word";
    case K::words: return "a list of words";
    case K::yes_no: return "true or false";
    case K::field: return "a field";
    case K::fields: return "a list of fields";
  }
  return "";
}

const Settings::Value& Settings::at(std::string_view name) const {
  static const Value none;
  const auto it = values.find(name);
  return it == values.end() ? none : it->second;
}

const std::string& Settings::word(std::string_view name) const {
  static const std::string none;
  const auto& words = at(name).words;
  return words.empty() ? none : words.front();
}

bool Settings::has_word(std::string_view name, std::string_view word) const {
  const auto& words = at(name).words;
  return std::find(words.begin(), words.end(), word) != words.end();
}

const ChosenField& Settings::field(std::string_view name) const {
  static const ChosenField none;
  const auto& fields = at(name).fields;
  return fields.empty() ? none : fields.front();
}

}  // namespace coachd::rules
