// The company's opportunity stages, in the order of its sales process. Constants.
#pragma once

#include <array>
#include <string_view>

namespace coachd::sim {

struct stage_def {
  std::string_view name;
  int order;
  bool active;
  bool closed;
  bool won;
  double probability;
  std::string_view category;       // the enum of ForecastCategory
  std::string_view category_name;  // the label of ForecastCategoryName
};

inline constexpr std::array<stage_def, 10> opportunity_stages{{
    {"Prospecting", 1, true, false, false, 10, "Pipeline", "Pipeline"},
    {"Qualification", 2, true, false, false, 10, "Pipeline", "Pipeline"},
    {"Needs Analysis", 3, true, false, false, 20, "Pipeline", "Pipeline"},
    {"Value Proposition", 4, true, false, false, 50, "BestCase", "Best Case"},
    {"Id. Decision Makers", 5, false, false, false, 60, "Pipeline", "Pipeline"},
    {"Perception Analysis", 6, false, false, false, 70, "Pipeline", "Pipeline"},
    {"Proposal/Price Quote", 7, true, false, false, 75, "BestCase", "Best Case"},
    {"Negotiation/Review", 8, true, false, false, 90, "BestCase", "Best Case"},
    {"Closed Won", 9, true, true, true, 100, "Closed", "Closed"},
    {"Closed Lost", 10, true, true, false, 0, "Omitted", "Omitted"},
}};

// Null for a name that is no stage.
[[nodiscard]] constexpr const stage_def* find_stage(std::string_view name) {
  for (const auto& s : opportunity_stages) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

// ForecastCategory for a ForecastCategoryName.
[[nodiscard]] constexpr std::string_view category_of(std::string_view name) {
  return name == "Best Case" ? "BestCase" : name == "Commit" ? "Forecast" : name;
}

}  // namespace coachd::sim
