#include "rules/engine/stage_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {
namespace {

bool add(const Test& t, const View& v, std::vector<const Test*>& out);

// One of the parts has to hold: those that fail in this stage are left out, and where one alone is left, it is asked
// itself.
bool add_any(const Test& t, const View& v, std::vector<const Test*>& out) {
  std::size_t open = 0;
  std::vector<const Test*> last;
  for (const TestPtr& p : t.parts()) {
    std::vector<const Test*> left;
    if (!add(*p, v, left)) continue;
    if (left.empty()) return true;  // it holds here, whatever the record says
    last = std::move(left);
    ++open;
  }
  if (open == 1)
    out.insert(out.end(), last.begin(), last.end());
  else if (open > 1)
    out.push_back(&t);
  return open > 0;
}

// Adds what of `t` is still to be asked in the stage of `v`; false where it fails there.
bool add(const Test& t, const View& v, std::vector<const Test*>& out) {
  if (t.stage_only()) {
    const Truth here = t.judge(v);
    if (here == Truth::unknown) out.push_back(&t);
    return here != Truth::no;
  }
  if (t.shape() == Test::Shape::any) return add_any(t, v, out);
  if (t.shape() != Test::Shape::all) {
    out.push_back(&t);
    return true;
  }
  return std::all_of(t.parts().begin(), t.parts().end(), [&](const TestPtr& p) { return add(*p, v, out); });
}

bool add(const std::vector<TestPtr>& tests, const View& v, std::vector<const Test*>& out) {
  return std::all_of(tests.begin(), tests.end(), [&](const TestPtr& t) { return t == nullptr || add(*t, v, out); });
}

struct Left {
  const View& v;
  StagePlan::Step& step;
  bool operator()(const PlainRule& r) const {
    if (!r.when) return false;  // it has an error: nobody will ask
    if (!add(r.scope, v, step.all) || !add(*r.when, v, step.all)) return false;
    step.pause = r.pause.get();
    return step.pause == nullptr || !step.pause->stage_only() || step.pause->judge(v) != Truth::yes;
  }
  bool operator()(const Card& c) const { return outside(c.scope); }
  bool operator()(const Acceptance& a) const { return outside(a.scope); }
  bool operator()(const DetectRule&) const { return false; }  // a DetectorRun asks it
  [[nodiscard]] bool outside(const std::vector<TestPtr>& scope) const {
    step.whole = true;
    std::vector<const Test*> unused;
    return add(scope, v, unused);
  }
};

}  // namespace

StagePlan::StagePlan(const std::vector<CompiledRule>& rules, const std::vector<std::uint32_t>& object,
                     const Frame& frame, std::size_t slots, const StageTable& stages)
    : fingerprint_(stages.fingerprint()) {
  if (frame.stage == no_slot || frame.stage >= slots) return;
  World world;
  world.stages.emplace(frame.object, stages);
  const StageTable& table = *world.stages_of(frame.object);
  const Facts no_facts;
  for (std::size_t p = 0; p < table.pipelines().size(); ++p) {
    const model::Pipeline& pipeline = table.pipelines()[p];
    first_.push_back(steps_.size());
    for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
      Case c;
      c.object = frame.object;
      c.values.assign(slots, model::Value::unread());
      c.values[frame.stage] = model::Value::text(pipeline.stages[i].name);
      if (frame.pipeline != no_slot) c.values[frame.pipeline] = model::Value::text(pipeline.name);
      const View view(frame, c, no_facts, world, model::Instant{});
      if (view.stage().kind != View::Stage::Kind::found || view.stage().pipeline != p || view.stage().at.index != i) {
        first_.clear();  // two stages of one name: no place tells which
        return;
      }
      auto& steps = steps_.emplace_back();
      for (const std::uint32_t rule : object) {
        Step step;
        step.rule = rule;
        if (!std::visit(Left{view, step}, rules[rule].body)) continue;
        if (!rules[rule].exceptions.empty()) step.whole = true;
        steps.push_back(std::move(step));
      }
    }
  }
}

}  // namespace coachd::rules
