// One record looked at once: what it puts into facts, what the rules say of it, and which fields that rests on. For
// hosts that go over many records; `judge`, `evidence` and `contribution` are the same for one. Lives on the stack of
// one evaluation; one thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rules/conditions/view.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::rules {

struct CompiledObject;

class Examination {
 public:
  /// All must outlive it. `facts` may be filled after `part` was asked, before `judge`.
  Examination(const RuleSet& rules, const ObjectPlan& plan, const Case& c, const Facts& facts, const World& world,
              model::Instant now);

  /// A Contribution whose owner is a view into the case, and whose text has a key for tables in memory.
  struct Part {
    std::string_view owner;
    double value = 0;
    std::uint64_t text_key = 0;  ///< same_text: text::fold_key of the real text
  };
  /// What the record puts into fact number `fact`, or nothing.
  [[nodiscard]] std::optional<Part> part(std::size_t fact) const;
  /// As the function of that name.
  void judge(bool with_since, std::vector<model::Verdict>& out) const;
  /// As the function of that name; `out` is cleared first and keeps its memory.
  void evidence(const model::Verdict& finding, std::vector<Slot>& out) const;

 private:
  const RuleSet& rules_;
  const ObjectPlan& plan_;
  const CompiledObject& compiled_;
  View view_;
};

}  // namespace coachd::rules
