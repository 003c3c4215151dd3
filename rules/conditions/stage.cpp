// Tests on the stage: `stage: {is, in, before, at_least, after, at_most, moved_back}`, `stage_age`.
// Order is the CRM's own per pipeline; a milestone may stand wherever a stage may.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/combine.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/stage_leaf.hpp"
#include "rules/conditions/stage_words.hpp"
#include "rules/conditions/stages.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/unchanged.hpp"
#include "rules/conditions/window.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using Kind = View::Stage::Kind;
using model::Value;

enum class Place : std::uint8_t { is, before, at_least, after, at_most };
constexpr const char* place_words[] = {" is ", " is before ", " is at least ", " is after ", " is at most "};

Truth compare(Place how, std::uint16_t mine, std::uint16_t first, std::uint16_t last) {
  switch (how) {
    case Place::is: return truth(mine == first);
    case Place::before: return truth(mine < first);
    case Place::at_least: return truth(mine >= first);
    case Place::after: return truth(mine > last);
    case Place::at_most: return truth(mine <= last);
  }
  return Truth::unknown;
}

class Answers final : public StageAnswers::Maker {
 public:
  Answers(Place how, std::vector<std::string> words, Milestones milestones)
      : how_(how), words_(std::move(words)), milestones_(std::move(milestones)) {}
  [[nodiscard]] std::vector<std::uint8_t> answers(const model::Pipeline& p) const override {
    std::vector<std::uint8_t> out(p.stages.size(),
                                  static_cast<std::uint8_t>(how_ == Place::is ? Truth::no : Truth::unknown));
    bool known = false;
    for (const auto& word : words_) {
      const auto at = places(p, word, milestones_);
      if (at.empty()) continue;
      known = true;
      const auto [first, last] = std::minmax_element(at.begin(), at.end());
      for (std::size_t i = 0; i < out.size(); ++i) {
        if (how_ == Place::is) {
          if (std::find(at.begin(), at.end(), i) != at.end()) out[i] = static_cast<std::uint8_t>(Truth::yes);
        } else {
          out[i] = static_cast<std::uint8_t>(compare(how_, static_cast<std::uint16_t>(i), *first, *last));
        }
      }
    }
    if (!known) std::fill(out.begin(), out.end(), static_cast<std::uint8_t>(Truth::unknown));
    return out;
  }

 private:
  Place how_;
  std::vector<std::string> words_;
  Milestones milestones_;
};

class AtStage final : public StageLeaf {
 public:
  AtStage(const Frame& frame, Place how, std::vector<std::string> words, const Milestones& milestones,
          const StageTable& known)
      : StageLeaf(frame),
        how_(how),
        words_(words),
        answers_(std::make_unique<Answers>(how, std::move(words), milestones), known) {
    for (const auto& w : words_) {
      outcome_ = outcome_ || w == "won" || w == "lost";
      for (const auto& p : known.pipelines())
        for (const auto i : places(p, w, milestones)) outcome_ = outcome_ || !p.stages[i].open();
    }
  }
  [[nodiscard]] Truth judge(const View& v) const override {
    return AtStage::judge_stage(v, v.stage());
  }  // the hot path: no second virtual call
  [[nodiscard]] Truth judge_stage(const View& v, const View::Stage& s) const override {
    (void)v;
    if (s.kind == Kind::found) return static_cast<Truth>(answers_.at(s));
    return s.kind == Kind::blank ? Truth::no : Truth::unknown;
  }
  [[nodiscard]] std::string words() const override {
    std::string out = "the stage" + std::string(place_words[static_cast<int>(how_)]);
    for (std::size_t i = 0; i < words_.size(); ++i) out += (i > 0 ? " or " : "") + words_[i];
    return out;
  }
  [[nodiscard]] std::string told(const View& v) const override { return "it is in " + stage_label(v); }
  [[nodiscard]] bool stage_only() const noexcept override { return true; }
  [[nodiscard]] bool names_outcome() const noexcept override { return outcome_; }

 private:
  Place how_;
  std::vector<std::string> words_;
  StageAnswers answers_;
  bool outcome_ = false;
};

// `stage: {before: {field: Prior_Stage__c}}`: the field holds a stage of the record's pipeline.
class AgainstField final : public StageLeaf {
 public:
  AgainstField(const Frame& frame, Place how, const Field& other)
      : StageLeaf(frame), how_(how), other_(other.slot), label_(other.label) {}
  [[nodiscard]] Truth judge_stage(const View& v, const View::Stage& s) const override {
    if (s.kind == Kind::blank) return Truth::no;
    const auto value = v.value(other_);
    if (value.is_blank()) return Truth::no;
    if (s.kind != Kind::found || value.is_unread()) return Truth::unknown;
    const auto theirs = v.find_stage(value);
    if (theirs.kind != Kind::found || theirs.pipeline != s.pipeline) return Truth::unknown;
    return compare(how_, s.at.index, theirs.at.index, theirs.at.index);
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.stage().kind != Kind::found) return StageLeaf::missing(v);
    return v.value(other_).is_unread() ? "`" + label_ + "` has not been read yet"
                                       : "`" + label_ + "` holds no stage of this pipeline";
  }
  void slots(std::vector<Slot>& out) const override {
    StageLeaf::slots(out);
    out.push_back(other_);
  }
  [[nodiscard]] std::string words() const override {
    return "the stage" + std::string(place_words[static_cast<int>(how_)]) + label_;
  }

 private:
  Place how_;
  Slot other_;
  std::string label_;
};

// `moved_back: true`: its last move went to an earlier stage of the pipeline.
class MovedBack final : public StageLeaf {
 public:
  MovedBack(const Frame& frame, bool want) : StageLeaf(frame), want_(want) {}
  [[nodiscard]] Truth judge_stage(const View& v, const View::Stage& s) const override {
    if (s.kind == Kind::blank) return Truth::no;
    if (s.kind != Kind::found) return Truth::unknown;
    const auto known = moves(v, stage_);
    for (auto it = known.rbegin(); it != known.rend(); ++it) {
      if (it->from.is_blank()) continue;
      const auto from = v.find_stage(it->from);
      const auto to = v.find_stage(it->to);
      if (from.kind != Kind::found || to.kind != Kind::found) return Truth::unknown;
      return truth((to.at.index < from.at.index) == want_);
    }
    return unknown_before(v, stage_) ? Truth::unknown : truth(!want_);
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth now_is) const override {
    (void)now_is;
    const auto* last = last_change(v, stage_);
    return last == nullptr ? std::nullopt : std::optional(last->at);
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    return v.stage().kind != Kind::found ? StageLeaf::missing(v) : "the history of the stage";
  }
  [[nodiscard]] std::string words() const override {
    return want_ ? "it moved back to an earlier stage" : "it did not move back to an earlier stage";
  }

 private:
  bool want_;
};

TestPtr parse_place(std::string_view word, Place how, yaml::Node value, const model::Place& key, Builder& b) {
  if (value.is_map()) {
    yaml::MapReader map(b.document(), value, "the other side of a comparison");
    const auto other = map.required("field");
    map.finish();
    if (!other) return nullptr;
    const auto* field = b.field(other.text(), other.place());
    return field != nullptr ? std::make_unique<AgainstField>(b.frame(), how, *field) : nullptr;
  }
  auto words = parse_words_at(value, word, b);
  if (!words) return nullptr;
  if (words->size() > 1 && word != "in") {
    b.error("wrong-type", '`' + std::string(word) + "` takes one stage; `in` takes a list", key);
    return nullptr;
  }
  bool good = true;
  const auto items = value.is_list() ? value.items() : std::vector<yaml::Node>{value};
  for (std::size_t i = 0; i < words->size(); ++i) good = b.check_stage((*words)[i], items[i].place()) && good;
  if (good) b.needs_any_of(*words);
  return good ? std::make_unique<AtStage>(b.frame(), how, std::move(*words), b.milestones(), b.known_stages())
              : nullptr;
}

TestPtr parse_stage(yaml::Node value, const model::Place& key, Builder& b) {
  if (!value.is_map() || value.entries().empty()) {
    b.error("wrong-type", "`stage` takes a test such as `{at_least: Proposal}`", value.place());
    return nullptr;
  }
  if (!needs_stages("stage", key, b)) return nullptr;
  yaml::MapReader map(b.document(), value, "a test of the stage");
  std::vector<TestPtr> parts;
  bool whole = true;
  constexpr std::pair<const char*, Place> words[] = {{"is", Place::is},         {"in", Place::is},
                                                     {"before", Place::before}, {"at_least", Place::at_least},
                                                     {"after", Place::after},   {"at_most", Place::at_most}};
  for (const auto& [word, how] : words) {
    const auto node = map.optional(word);
    if (!node) continue;
    auto test = parse_place(word, how, node, value.key_place(word), b);
    whole = whole && test;
    if (test) parts.push_back(std::move(test));
  }
  if (const auto back = map.optional("moved_back")) {
    const auto want = parse_bool_at(back, "moved_back", b);
    whole = whole && want;
    b.needs_history(b.frame().stage);
    if (want) parts.push_back(std::make_unique<MovedBack>(b.frame(), *want));
  }
  map.finish();
  return whole && !parts.empty() ? all_of(std::move(parts)) : nullptr;
}

TestPtr parse_stage_age(yaml::Node value, const model::Place& key, Builder& b) {
  if (!needs_stages("stage_age", key, b)) return nullptr;
  yaml::MapReader map(b.document(), value, "`stage_age`");
  const auto above = map.required("above");
  map.finish();
  if (!above) return nullptr;
  auto limit = parse_stage_age_limit(above, "above", b);
  if (!limit) return nullptr;
  b.needs_history(b.frame().stage);
  b.use_stage_changed();
  return stage_age_test(b.frame(), Window(std::move(*limit)));
}

constexpr Subject subjects[] = {{"stage", parse_stage}, {"stage_age", parse_stage_age}};

}  // namespace

std::span<const Subject> stage_subjects() {
  return subjects;
}

std::string stage_label(const View& v) {
  const auto& s = v.stage();
  if (s.kind == Kind::found) return s.at.stage->label.empty() ? s.at.stage->name : s.at.stage->label;
  return model::to_string(v.value(v.frame().stage));
}

bool needs_stages(std::string_view word, const model::Place& at, Builder& b) {
  if (b.has_stages()) return true;
  b.error("no-stages", '`' + std::string(word) + "` needs an object with stages", at);
  return false;
}

}  // namespace coachd::rules
