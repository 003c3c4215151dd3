#include "rules/lint/lint.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "rules/lint/context.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

constexpr std::array lints = {no_owner,           no_decision,  never_inspected, mandate_wording,    login_metric,
                              gives_nothing_back, hard_control, hidden_mandate,  not_reviewed_by_job};

std::string word(const yaml::Node& n, std::string_view otherwise) {
  return n.is_scalar() && !n.text().empty() ? std::string(n.text()) : std::string(otherwise);
}

}  // namespace

Context::Context(yaml::Document& document) : document_(document), root_(document.root()) {
  const auto fields = root_.find("fields");
  for (const auto& [name, card] : fields.entries()) {
    const bool asks = card.find("knowable_from") || card.find("needed_by") || card.find("ask_from");
    if (asks) cards_.push_back({name, true, card, card, fields.key_place(name), word(card.find("to"), "owner")});
  }
  for (const auto& rule : root_.find("rules").items()) {
    const auto prompt = rule.find("prompt");
    const auto id = rule.find("id");
    rules_.push_back(
        {word(id, "a rule"), false, rule, prompt, id ? id.place() : rule.place(), word(prompt.find("to"), "owner")});
  }
}

void Context::warn(std::string_view code, std::string message, const model::Place& at) {
  document_.report(model::Severity::warning, std::string(code), std::move(message), at);
}

std::vector<std::string> Context::steps(const Ask& ask) {
  const auto control = ask.node.find("control");
  std::vector<std::string> out;
  if (control.is_scalar()) out.emplace_back(control.text());
  for (const auto& step : control.items()) out.emplace_back(step.text());
  if (!control && ask.is_card) out.emplace_back("prompt");
  return out;
}

std::vector<Ask> Context::asks() const {
  std::vector<Ask> out;
  for (const auto* list : {&cards_, &rules_})
    for (const auto& ask : *list) {
      const auto s = steps(ask);
      if (std::find(s.begin(), s.end(), "prompt") != s.end()) out.push_back(ask);
    }
  return out;
}

std::vector<model::Diagnostic> lint(const rules::Source& source) {
  const auto document = yaml::Document::parse(source.path, source.text);
  if (!document->root().is_map()) return {};
  const auto before = document->diagnostics().size();  // doubled keys and the like: the loader speaks of them
  Context context(*document);
  for (const auto run : lints) run(context);
  std::vector<model::Diagnostic> out(document->diagnostics().begin() + static_cast<std::ptrdiff_t>(before),
                                     document->diagnostics().end());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.place, a.code, a.message) < std::tie(b.place, b.code, b.message);
  });
  return out;
}

}  // namespace coachd::lint
