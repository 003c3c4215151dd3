// unknown-meeting: a rule file that names a meeting which coachd.yaml does not have. Not a matter of taste: an error.
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

// `report: Commit by region` and the like are free text; a bare name is a meeting.
bool is_free_text(std::string_view word) {
  constexpr std::array<std::string_view, 4> kinds = {"report:", "automation:", "handoff:", "other:"};
  return std::any_of(kinds.begin(), kinds.end(), [&](std::string_view kind) { return word.starts_with(kind); });
}

void look(yaml::Document& document, const yaml::Node& node, std::span<const std::string> meetings) {
  for (const auto& word : node.is_list() ? node.items() : std::vector<yaml::Node>{node}) {
    if (!word.is_scalar() || word.text().empty() || is_free_text(word.text())) continue;
    if (std::find(meetings.begin(), meetings.end(), word.text()) != meetings.end()) continue;
    std::string message = "there is no meeting `" + std::string(word.text()) + "` in the configuration";
    if (const auto meant = yaml::nearest(word.text(), meetings)) message += ": did you mean `" + *meant + "`?";
    document.report(model::Severity::error, "unknown-meeting", std::move(message), word.place());
  }
}

}  // namespace

std::vector<model::Diagnostic> unknown_meetings(const rules::Source& source, std::span<const std::string> meetings) {
  const auto document = yaml::Document::parse(source.path, source.text);
  const auto before = document->diagnostics().size();
  const auto root = document->root();
  look(*document, root.find("inspected_in"), meetings);
  for (const auto& [name, card] : root.find("fields").entries()) {
    look(*document, card.find("inspected_in"), meetings);
    look(*document, card.find("used_in"), meetings);
  }
  return {document->diagnostics().begin() + static_cast<std::ptrdiff_t>(before), document->diagnostics().end()};
}

}  // namespace coachd::lint
