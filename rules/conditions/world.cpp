#include "rules/conditions/world.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

// FNV-1a: stages are the same where everything that tests read of them is the same.
void mix(std::uint64_t& h, std::string_view s) {
  for (const char c : s) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  h = (h ^ 0xffu) * 1099511628211ull;
}

}  // namespace

std::optional<model::Instant> MeetingTimes::last(model::Instant now) const noexcept {
  const auto next = std::upper_bound(at_.begin(), at_.end(), now);
  return next == at_.begin() ? std::nullopt : std::optional(*std::prev(next));
}

StageTable::StageTable(std::vector<model::Pipeline> pipelines) : pipelines_(std::move(pipelines)) {
  fingerprint_ = 1469598103934665603ull;
  by_name_.reserve(pipelines_.size());
  for (const auto& p : pipelines_) {
    mix(fingerprint_, p.name);
    mix(fingerprint_, p.label);
    Index index;
    // Stored names win over labels, and both over spellings that differ by case only.
    for (std::size_t i = 0; i < p.stages.size(); ++i)
      index.try_emplace(p.stages[i].name, static_cast<std::uint16_t>(i));
    for (std::size_t i = 0; i < p.stages.size(); ++i)
      if (!p.stages[i].label.empty()) index.try_emplace(p.stages[i].label, static_cast<std::uint16_t>(i));
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
      index.try_emplace(text::fold(p.stages[i].name), static_cast<std::uint16_t>(i));
      if (!p.stages[i].label.empty()) index.try_emplace(text::fold(p.stages[i].label), static_cast<std::uint16_t>(i));
      mix(fingerprint_, p.stages[i].name);
      mix(fingerprint_, p.stages[i].label);
      mix(fingerprint_, p.stages[i].won ? "w" : p.stages[i].lost ? "l" : "o");
    }
    by_name_.push_back(std::move(index));
    auto& guess = guess_.emplace_back();
    for (std::size_t i = 0; i < p.stages.size(); ++i)
      if (auto& g = guess[shape_of(p.stages[i].name)]; g == 0) g = static_cast<std::uint16_t>(i + 1);
  }
}

std::optional<StageTable::Position> StageTable::search(std::string_view pipeline, std::string_view stage) const {
  const auto in = [&](std::size_t p) -> std::optional<Position> {
    if (const std::uint16_t i = guess(p, stage); i != 0) return position(p, i - 1u);
    auto it = by_name_[p].find(stage);
    if (it == by_name_[p].end()) it = by_name_[p].find(text::fold(stage));
    if (it == by_name_[p].end()) return std::nullopt;
    return position(p, it->second);
  };
  if (pipelines_.size() == 1) return in(0);
  if (!pipeline.empty())
    for (std::size_t p = 0; p < pipelines_.size(); ++p)
      if (pipelines_[p].name == pipeline) return in(p);
  if (!pipeline.empty())
    for (std::size_t p = 0; p < pipelines_.size(); ++p)
      if (text::same(pipelines_[p].label, pipeline)) return in(p);
  // The pipeline is not known: the stage tells where it stands if it does so in one way only.
  std::optional<Position> only;
  for (std::size_t p = 0; p < pipelines_.size(); ++p) {
    const auto here = in(p);
    if (!here) continue;
    if (only &&
        (only->index != here->index || only->stage->won != here->stage->won || only->stage->lost != here->stage->lost ||
         only->pipeline->stages.size() != here->pipeline->stages.size()))
      return std::nullopt;
    if (!only) only = here;
  }
  return only;
}

std::string World::why_silence_is_untold() const {
  if (unread_captures.empty()) return activity_coverage.why();
  std::string out = "activities: ";
  for (std::size_t i = 0; i < unread_captures.size(); ++i) out += (i == 0 ? "" : ", ") + unread_captures[i];
  return out + (unread_captures.size() == 1 ? " keeps" : " keep") + " some of them where they cannot be read";
}

const model::Person* World::person(std::string_view id) const noexcept {
  const auto it = people.find(id);
  return it == people.end() ? nullptr : &it->second;
}

const StageTable* World::stages_of(std::string_view object) const noexcept {
  for (const auto& [name, table] : stages)  // one or two: quicker than a search by order
    if (name == object) return &table;
  return nullptr;
}

}  // namespace coachd::rules
