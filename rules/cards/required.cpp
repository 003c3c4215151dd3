#include "rules/cards/required.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {
namespace {

using model::Requirement;

std::string shown(const model::Stage& s) {
  return s.label.empty() ? s.name : s.label;
}

class Comparison {
 public:
  Comparison(const Card& card, const Frame& frame, std::size_t slots, const StageTable* stages)
      : card_(card), frame_(frame), slots_(slots) {
    if (stages == nullptr || stages->empty() || frame.stage >= slots) return;
    world_.stages.emplace(frame.object, *stages);
    table_ = world_.stages_of(frame.object);
    by_stage_ = card.knowable->stage_only();
  }

  [[nodiscard]] RequiredAt of(const Requirement& r) const {
    RequiredAt out;
    if (table_ == nullptr) {
      out.too_early = r.stages.empty() ? Truth::yes : Truth::unknown;
    } else {
      for (const model::Pipeline& p : table_->pipelines()) {
        if (!r.pipeline.empty() && p.name != r.pipeline) continue;
        look(r, p, out);
        if (out.too_early == Truth::yes) break;
      }
    }
    if (out.too_early == Truth::yes && r.of_record) out.too_early = Truth::unknown;
    return out;
  }

 private:
  // Losing a record is no stage on its way: what is asked for only then is not asked early.
  static bool on_the_way(const model::Stage& s) { return s.active && !s.lost; }

  void look(const Requirement& r, const model::Pipeline& p, RequiredAt& out) const {
    bool first = true;
    for (const model::Stage& s : p.stages) {
      if (!on_the_way(s)) continue;
      const bool here = r.stages.empty() || std::find(r.stages.begin(), r.stages.end(), s.name) != r.stages.end();
      const bool from_the_beginning = first;
      first = false;
      if (!here) continue;
      // What can be known when something has happened may not have happened in the first stage; later, who can tell?
      const Truth known = by_stage_ ? knowable(p, s) : from_the_beginning ? Truth::no : Truth::unknown;
      if (known == Truth::unknown && out.too_early == Truth::no) out.too_early = Truth::unknown;
      if (known != Truth::no) continue;
      out.too_early = Truth::yes;
      out.early_in = shown(s);
      out.knowable_from.clear();
      for (const model::Stage& later : p.stages)
        if (by_stage_ && out.knowable_from.empty() && on_the_way(later) && knowable(p, later) == Truth::yes)
          out.knowable_from = shown(later);
      return;
    }
  }

  [[nodiscard]] Truth knowable(const model::Pipeline& p, const model::Stage& s) const {
    Case c;
    c.object = frame_.object;
    c.values.assign(slots_, model::Value::unread());
    c.values[frame_.stage] = model::Value::text(s.name);
    if (frame_.pipeline != no_slot) c.values[frame_.pipeline] = model::Value::text(p.name);
    const Facts none;
    return card_.knowable->judge(View(frame_, c, none, world_, model::Instant{}));
  }

  const Card& card_;
  const Frame& frame_;
  std::size_t slots_;
  World world_;
  const StageTable* table_ = nullptr;
  bool by_stage_ = false;  // the window rests on nothing but the stage
};

}  // namespace

std::vector<RequiredAt> required_at(const Card& card, bool always, const std::vector<Requirement>& where,
                                    const Frame& frame, std::size_t slots, const StageTable* stages) {
  std::vector<RequiredAt> out;
  const std::vector<model::Pipeline> none;
  const auto& pipelines = stages == nullptr ? none : stages->pipelines();
  const bool has_window = card.knowable != nullptr && !card.from_creation;
  const auto add = [&](const Requirement& r, std::string words) {
    RequiredAt at;
    if (has_window) at = Comparison(card, frame, slots, stages).of(r);
    at.words = std::move(words);
    out.push_back(std::move(at));
  };
  if (always) add(Requirement{}, "the CRM refuses every save without it");
  for (const Requirement& r : where)
    if (r.unread.empty()) add(r, model::words(r, pipelines));
  return out;
}

}  // namespace coachd::rules
