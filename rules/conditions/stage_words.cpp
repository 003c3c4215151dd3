#include "rules/conditions/stage_words.hpp"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/world.hpp"
#include "rules/model/description.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

template <class Same>
void add_matching(const model::Pipeline& p, Same same, std::vector<std::uint16_t>& out) {
  for (std::size_t i = 0; i < p.stages.size(); ++i)
    if (same(p.stages[i])) out.push_back(static_cast<std::uint16_t>(i));
}

void add_named(const model::Pipeline& p, std::string_view word, bool exact, std::vector<std::uint16_t>& out) {
  add_matching(
      p,
      [&](const model::Stage& s) {
        return exact ? s.name == word || s.label == word : text::same(s.name, word) || text::same(s.label, word);
      },
      out);
}

const std::vector<std::string>* milestone(const Milestones& m, const model::Pipeline& p, std::string_view word) {
  for (const auto* name : {&p.name, &p.label}) {
    const auto pipeline = m.find(*name);
    if (pipeline == m.end()) continue;
    if (const auto it = pipeline->second.find(std::string(word)); it != pipeline->second.end()) return &it->second;
  }
  if (const auto any = m.find(""); any != m.end())
    if (const auto it = any->second.find(std::string(word)); it != any->second.end()) return &it->second;
  return nullptr;
}

}  // namespace

std::vector<std::uint16_t> places(const model::Pipeline& p, std::string_view word, const Milestones& milestones) {
  if (word.empty()) return {};
  std::vector<std::uint16_t> out;
  add_named(p, word, true, out);
  if (!out.empty()) return out;
  if (const auto* stages = milestone(milestones, p, word)) {
    for (const auto& s : *stages) {
      const auto before = out.size();
      add_named(p, s, true, out);
      if (out.size() == before) add_named(p, s, false, out);
    }
    if (!out.empty()) return out;
  }
  if (word == "won") add_matching(p, [](const model::Stage& s) { return s.won; }, out);
  if (word == "lost") add_matching(p, [](const model::Stage& s) { return s.lost; }, out);
  if (out.empty()) add_named(p, word, false, out);
  return out;
}

StageAnswers::StageAnswers(std::unique_ptr<const Maker> maker, const StageTable& known)
    : maker_(std::move(maker)), fingerprint_(known.fingerprint()) {
  for (const auto& p : known.pipelines()) {
    first_.push_back(kept_.size());
    const auto answers = maker_->answers(p);
    kept_.insert(kept_.end(), answers.begin(), answers.end());
  }
}

}  // namespace coachd::rules
