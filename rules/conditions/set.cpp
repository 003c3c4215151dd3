// Tests on how the present value came about: `set_before: {stage: S}`, `set_by`, `set_with_stage_change`. The value was
// set by the last save that changed its content, else at creation; a value present at creation counts as copied.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/field_leaf.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/people.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/stage_words.hpp"
#include "rules/conditions/test.hpp"
#include "rules/model/error.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;
using std::chrono::floor;
using std::chrono::seconds;

// When and by whom the present value was set; nothing where history does not tell.
struct SetAt {
  Instant at{};
  std::string_view author;
  bool at_creation = false;
  Origin origin = Origin::unknown;
};
// What made the value that stood there when the record was created.
Origin created_as(const View& v, Slot s) {
  if (const auto* past = v.past(s))
    for (const auto& change : past->changes)
      if (change.source == model::HistorySource::created) return change.origin;
  return Origin::unknown;
}
std::optional<SetAt> set_at(const View& v, Slot s) {
  const auto created = v.created();
  if (const auto* last = last_change(v, s)) {
    const bool with_creation = created && floor<seconds>(last->at) <= floor<seconds>(*created);
    return SetAt{last->at, last->author, with_creation, last->origin};
  }
  if (!unknown_before(v, s) && created) return SetAt{*created, v.record().created_by, true, created_as(v, s)};
  return std::nullopt;
}

class SetLeaf : public FieldLeaf {
 public:
  using FieldLeaf::FieldLeaf;
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.is_blank()) return Truth::no;
    return judge_set(v, set_at(v, slot_));
  }
  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    (void)now_is;
    const auto set = set_at(v, slot_);
    return set ? std::optional(set->at) : std::nullopt;
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return FieldLeaf::missing(v);
    return set_at(v, slot_) ? "the history of the stage that far back" : "when `" + label_ + "` was set";
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto set = set_at(v, slot_);
    if (!set) return FieldLeaf::saw(v) + ", set at an unknown time";
    return FieldLeaf::saw(v) + ", set " + model::to_string(set->at) + (set->at_creation ? " (at creation)" : "");
  }

 protected:
  [[nodiscard]] virtual Truth judge_set(const View& v, const std::optional<SetAt>& set) const = 0;
};

class SetBy final : public SetLeaf {
 public:
  SetBy(const Field& f, Authors authors) : SetLeaf(f), authors_(std::move(authors)) {}
  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return coachd::rules::SetLeaf::missing(v);
    return authors_.asks_origin() ? "how `" + label_ + "` was set: by a person, an automation or an import"
                                  : "who set `" + label_ + '`';
  }
  [[nodiscard]] std::string words() const override { return label_ + " was set by " + authors_.words(); }

 private:
  [[nodiscard]] Truth judge_set(const View& v, const std::optional<SetAt>& set) const override {
    if (!set) return Truth::unknown;
    const Authors::Doing doing{set->author, set->at, set->origin};
    if (!set->at_creation) return authors_.is(v, doing);
    // Present at creation: copied until a person changes it, so that nobody set it by hand.
    Authors machines;
    for (const auto& one : authors_.ones)
      if (one.kind != Authors::Kind::human) machines.ones.push_back(one);
    return machines.is(v, doing);
  }
  Authors authors_;
};

// In the save of a stage change: the same author within two seconds.
class SetWithStage final : public SetLeaf {
 public:
  SetWithStage(const Field& f, const Frame& frame, bool want) : SetLeaf(f), stage_(frame.stage), want_(want) {}
  [[nodiscard]] std::string words() const override {
    return label_ +
           (want_ ? " was set in the same save as a stage change" : " was not set in the same save as a stage change");
  }

 private:
  [[nodiscard]] Truth judge_set(const View& v, const std::optional<SetAt>& set) const override {
    if (!set) return Truth::unknown;
    if (set->at_creation) return truth(!want_);
    if (const auto* past = v.past(stage_))
      for (const auto& change : past->changes) {
        if (change.source == model::HistorySource::created ||
            same_content(change.from, change.to, v.world().calendar.zone()))
          continue;
        if (saved_together(change, set->at, set->author)) return truth(want_);
      }
    const auto unknown = unknown_before(v, stage_);
    return unknown && set->at < *unknown ? Truth::unknown : truth(!want_);
  }
  Slot stage_;
  bool want_;
};

// `set_before: {stage: S}`: before the record first reached S (on the way to won).
class SetBefore final : public SetLeaf {
 public:
  SetBefore(const Field& f, const Frame& frame, std::string word, Milestones milestones)
      : SetLeaf(f), stage_(frame.stage), word_(std::move(word)), milestones_(std::move(milestones)) {}
  [[nodiscard]] std::string words() const override { return label_ + " was set before " + word_; }

 private:
  // True where the stage is S or a later one on the way to won.
  [[nodiscard]] std::optional<bool> reached(const View& v, const model::Value& stage) const {
    if (stage.is_blank()) return false;
    const auto s = v.find_stage(stage);
    if (s.kind != View::Stage::Kind::found) return std::nullopt;
    const auto at = places(*s.at.pipeline, word_, milestones_);
    if (at.empty()) return std::nullopt;
    const bool named = std::find(at.begin(), at.end(), s.at.index) != at.end();
    const bool names_lost = s.at.pipeline->stages[at.front()].lost;
    return named || (!names_lost && !s.at.stage->lost && s.at.index >= *std::min_element(at.begin(), at.end()));
  }

  [[nodiscard]] Truth judge_set(const View& v, const std::optional<SetAt>& set) const override {
    const auto now = reached(v, v.value(stage_));
    if (!now) return Truth::unknown;
    const auto* past = v.past(stage_);
    const auto unknown = unknown_before(v, stage_);
    bool before = false;  // reached before what history knows
    if (past != nullptr)
      for (const auto& change : past->changes) {
        if (change.source == model::HistorySource::created) continue;
        const auto from = reached(v, change.from), to = reached(v, change.to);
        if (!from || !to) return Truth::unknown;
        before = before || *from;
        if (before || !*to) continue;
        if (!set) return Truth::unknown;
        return truth(set->at < change.at);  // this change reached it first, as far as is known
      }
    if (!*now && !before) return unknown ? Truth::unknown : Truth::yes;  // never reached it yet
    if (!unknown) return Truth::no;                                      // reached at creation: nothing was set before
    // Reached before history begins: what was set since then was set after it.
    return set && past != nullptr && past->known_since && set->at >= *past->known_since ? Truth::no : Truth::unknown;
  }
  Slot stage_;
  std::string word_;
  Milestones milestones_;
};

bool needs_stages(std::string_view word, const Field& f, const model::Place& key, Builder& b) {
  if (b.has_stages()) {
    b.needs_history(b.frame().stage);
    b.needs_history(f.slot);
    return true;
  }
  b.error("no-stages", '`' + std::string(word) + "` needs an object with stages", key);
  return false;
}

TestPtr parse_set_by(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  auto authors = parse_authors(n, "set_by", Asked::value, b);
  if (!authors) return nullptr;
  b.needs_history(f.slot);
  return std::make_unique<SetBy>(f, std::move(*authors));
}

TestPtr parse_set_with(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  const auto want = parse_bool_at(n, "set_with_stage_change", b);
  if (!want || !needs_stages("set_with_stage_change", f, key, b)) return nullptr;
  return std::make_unique<SetWithStage>(f, b.frame(), *want);
}

TestPtr parse_set_before(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  yaml::MapReader map(b.document(), n, "`set_before`");
  const auto stage = map.required("stage");
  map.finish();
  if (!stage) return nullptr;
  if (!stage.is_scalar()) {
    b.error("wrong-type", "`set_before` takes `{stage: S}`", stage.place());
    return nullptr;
  }
  if (!needs_stages("set_before", f, key, b) || !b.check_stage(stage.text(), stage.place())) return nullptr;
  b.needs_any_of({std::string(stage.text())});
  return std::make_unique<SetBefore>(f, b.frame(), std::string(stage.text()), b.milestones());
}

constexpr FieldTest tests[] = {
    {"set_by", parse_set_by}, {"set_with_stage_change", parse_set_with}, {"set_before", parse_set_before}};

}  // namespace

std::span<const FieldTest> set_tests() {
  return tests;
}

}  // namespace coachd::rules
