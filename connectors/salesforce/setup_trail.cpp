// The words of the setup audit trail. Salesforce documents that `Display` describes the change in full, and not how;
// these are the sentences that it writes about custom fields in English. What is not known by them is left alone.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/salesforce/trails.hpp"

namespace coachd::salesforce {
namespace {

/// A sentence around a field's label; on custom objects the object's follows the last part.
struct Form {
  std::string_view before;
  std::string_view after;   ///< "": the label goes on to the end, a type in brackets left out
  std::string_view object;  ///< what stands before the label of a custom object; "": it is never named
};

constexpr std::array<Form, 17> forms{{
    {"Created custom field: ", " (", ""},
    {"Created custom field ", " (", ") on "},
    {"Created custom formula field: ", " (", ""},
    {"Created custom formula field ", " (", ") on "},
    {"Created roll up summary field: ", " (", ""},
    {"Created roll up summary field ", " (", ") on "},
    {"Created custom lookup relationship ", " (", ") on "},
    {"Created master-detail field: ", " (", ") on "},
    {"The custom field option Required for ", " on object ", " on object "},
    {"The custom field option Required for ", " has changed", ""},
    {"Changed field type of ", " custom field", " custom field on "},
    {"Changed length of ", " custom field", " custom field on "},
    {"Changed decimal places for ", " custom field", " custom field on "},
    {"Changed default value for ", " custom field", " custom field on "},
    {"Changed help text of ", " custom field", " custom field on "},
    {"Changed field name of ", " custom field", " custom field on "},
    {"Changed unique flag of ", " custom field", " custom field on "},
}};

/// Text between two marks; nothing where one is missing.
[[nodiscard]] std::optional<std::string_view> between(std::string_view text, std::string_view before,
                                                      std::string_view after) {
  if (!text.starts_with(before)) return std::nullopt;
  text.remove_prefix(before.size());
  const auto end = text.rfind(after);
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  return text.substr(0, end);
}

[[nodiscard]] std::string_view trimmed(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// "Light Saber from Text to Picklist", "Character has changed from off to on": where the object's label ends.
[[nodiscard]] std::string_view before_verb(std::string_view text) {
  for (const std::string_view verb : {" from ", " has changed"})
    text = text.substr(0, std::min(text.find(verb), text.size()));
  return trimmed(text);
}

}  // namespace

Changed changed_in(std::string_view section, std::string_view display) {
  Changed out;
  constexpr std::string_view standard = "Customize ";
  if (section.starts_with(standard)) out.object = section.substr(standard.size());
  // "Changed label of custom field from OLD to NEW", "... on OBJECT from OLD to NEW"
  if (constexpr std::string_view renamed = "Changed label of custom field"; display.starts_with(renamed)) {
    auto rest = display.substr(renamed.size());
    const auto from = rest.find(" from ");
    const auto to = rest.rfind(" to ");
    if (from == std::string_view::npos || to == std::string_view::npos || to < from) return {};
    if (rest.starts_with(" on ") && from > 4) out.object = trimmed(rest.substr(4, from - 4));
    out.field = trimmed(rest.substr(to + 4));
    return out.object.empty() || out.field.empty() ? Changed{} : out;
  }
  for (const auto& form : forms) {
    auto label = between(display, form.before, form.after);
    if (!label) continue;
    if (out.object.empty()) {
      const auto named = form.object.empty() ? std::string_view::npos : display.rfind(form.object);
      if (named == std::string_view::npos) continue;
      out.object = before_verb(display.substr(named + form.object.size()));
      label = label->substr(0, std::min(label->find(form.object), label->size()));
    }
    out.field = trimmed(*label);
    return out.object.empty() || out.field.empty() ? Changed{} : out;
  }
  return {};
}

}  // namespace coachd::salesforce
