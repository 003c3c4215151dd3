#include "rules/model/requirement.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/description.hpp"

namespace coachd::model {
namespace {

const Pipeline* pipeline_of(const Requirement& r, const std::vector<Pipeline>& pipelines) {
  for (const Pipeline& p : pipelines)
    if (r.pipeline.empty() || p.name == r.pipeline) return &p;
  return nullptr;
}

bool named(const Requirement& r, const Stage& s) {
  return std::find(r.stages.begin(), r.stages.end(), s.name) != r.stages.end();
}

// "from Qualification on" where it holds in every stage from there to won, else "in Qualification or Proposal".
std::string stage_words(const Requirement& r, const Pipeline* pipeline) {
  std::vector<std::string> labels;
  bool begun = false, without_gap = true, several = false;
  std::string first;
  if (pipeline != nullptr) {
    for (const Stage& s : pipeline->stages) {
      const bool here = named(r, s);
      if (here) labels.push_back(s.label.empty() ? s.name : s.label);
      if (s.lost || !s.active) continue;
      if (here && !begun) first = labels.back();
      several = several || (here && begun);
      begun = begun || here;
      without_gap = without_gap && (here || !begun);
    }
  }
  if (labels.empty()) labels = r.stages;
  if (several && without_gap) return " from " + first + " on";
  std::string out = " in ";
  for (std::size_t i = 0; i < labels.size(); ++i)
    out += (i == 0 ? "" : i + 1 == labels.size() ? " or " : ", ") + labels[i];
  return out;
}

}  // namespace

std::string words(const Requirement& r, const std::vector<Pipeline>& pipelines) {
  std::string who = r.by == Requirement::By::rule ? "validation rule " + r.name
                    : r.name.empty()              ? std::string("the page layout")
                                                  : "the page layout of " + r.name;
  if (!r.unread.empty()) return who + " was not read: " + r.unread;
  who += " requires it";
  const Pipeline* const pipeline = pipeline_of(r, pipelines);
  if (!r.stages.empty()) who += stage_words(r, pipeline);
  if (!r.pipeline.empty() && r.by == Requirement::By::rule)
    who += " of " + (pipeline == nullptr || pipeline->label.empty() ? r.pipeline : pipeline->label);
  return r.where.empty() ? who : who + ", where " + r.where;
}

}  // namespace coachd::model
