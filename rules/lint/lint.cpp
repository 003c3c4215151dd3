#include "rules/lint/lint.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <set>
#include <span>
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

constexpr std::array lints = {
    no_owner,           no_decision,    never_inspected,     mandate_wording,      login_metric,
    gives_nothing_back, hidden_mandate, not_reviewed_by_job, asks_before_knowable, manager_before_rep,
    too_many_asks,      blank_hides,    prompt_unused,       never_holds};

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

std::string job_of(const Ask& ask) {
  if (ask.to == "owner") return "rep";
  if (ask.to == "owner_manager") return "manager";
  return ask.to.starts_with("job:") ? ask.to.substr(4) : std::string{};
}

std::vector<model::Diagnostic> lint(std::span<const rules::Source> sources) {
  std::vector<std::unique_ptr<yaml::Document>> documents;
  std::vector<std::size_t> before;  // doubled keys and the like: the loader speaks of them
  std::vector<Context> all;
  for (const auto& source : sources) {
    auto document = yaml::Document::parse(source.path, source.text);
    if (!document->root().is_map()) continue;
    before.push_back(document->diagnostics().size());
    all.emplace_back(*document);
    documents.push_back(std::move(document));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::set<std::string> asked;
    for (std::size_t other = 0; other < all.size(); ++other)
      if (other != i && all[other].root().find("object").text() == all[i].root().find("object").text())
        asked.merge(fields_asked_for(all[other]));
    all[i].asked_elsewhere(std::move(asked));
    for (const auto run : lints) run(all[i]);
  }
  too_broad(all);
  std::vector<model::Diagnostic> out;
  for (std::size_t i = 0; i < documents.size(); ++i)
    out.insert(out.end(), documents[i]->diagnostics().begin() + static_cast<std::ptrdiff_t>(before[i]),
               documents[i]->diagnostics().end());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.place, a.code, a.message) < std::tie(b.place, b.code, b.message);
  });
  return out;
}

std::vector<model::Diagnostic> lint(const rules::Source& source) {
  return lint(std::span(&source, 1));
}

}  // namespace coachd::lint
