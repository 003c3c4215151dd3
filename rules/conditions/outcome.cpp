// `open`, `won`, `lost`, from the CRM's stage metadata; and the windows of field cards that name a stage.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/stage_leaf.hpp"
#include "rules/conditions/stage_words.hpp"
#include "rules/conditions/stages.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using Kind = View::Stage::Kind;

enum class Outcome : std::uint8_t { open, won, lost };
constexpr const char* outcome_words[] = {"open", "won", "lost"};

class Is final : public StageLeaf {
 public:
  Is(const Frame& frame, Outcome outcome, bool want) : StageLeaf(frame), outcome_(outcome), want_(want) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto s = v.standing();
    if (s == View::Standing::unknown) return Truth::unknown;
    const auto asked = outcome_ == Outcome::open  ? View::Standing::open
                       : outcome_ == Outcome::won ? View::Standing::won
                                                  : View::Standing::lost;
    return truth((s == asked) == want_);
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth now_is) const override {
    return v.stage().kind == Kind::found ? StageLeaf::since(v, now_is) : std::nullopt;
  }
  [[nodiscard]] Truth judge_stage(const View& v, const View::Stage& s) const override {
    (void)v;
    if (s.kind != Kind::found) return Truth::unknown;
    const bool is = outcome_ == Outcome::open  ? s.at.stage->open()
                    : outcome_ == Outcome::won ? s.at.stage->won
                                               : s.at.stage->lost;
    return truth(is == want_);
  }
  [[nodiscard]] std::string words() const override {
    return std::string(want_ ? "it is " : "it is not ") + outcome_words[static_cast<int>(outcome_)];
  }
  [[nodiscard]] std::string denied() const override {
    return std::string(want_ ? "it is not " : "it is ") + outcome_words[static_cast<int>(outcome_)];
  }
  [[nodiscard]] bool stage_only() const noexcept override { return true; }
  [[nodiscard]] bool names_outcome() const noexcept override { return true; }

 private:
  Outcome outcome_;
  bool want_;
};

template <Outcome outcome>
TestPtr parse_outcome(yaml::Node value, const model::Place& key, Builder& b) {
  const char* word = outcome_words[static_cast<int>(outcome)];
  const auto want = parse_bool_at(value, word, b);
  if (!want || !needs_stages(word, key, b)) return nullptr;
  b.use_outcome();
  return std::make_unique<Is>(b.frame(), outcome, *want);
}

// `{stage: S}` of a card's window.
class Reached final : public StageLeaf {
 public:
  class Maker final : public StageAnswers::Maker {
   public:
    Maker(std::string word, Milestones milestones) : word_(std::move(word)), milestones_(std::move(milestones)) {}
    [[nodiscard]] std::vector<std::uint8_t> answers(const model::Pipeline& p) const override {
      const auto at = places(p, word_, milestones_);
      std::vector<std::uint8_t> out(p.stages.size(),
                                    static_cast<std::uint8_t>(at.empty() ? Truth::unknown : Truth::no));
      if (at.empty()) return out;
      const auto first = *std::min_element(at.begin(), at.end());
      bool any_lost = false, any_open = false;
      for (const auto i : at) {
        any_lost = any_lost || p.stages[i].lost;
        any_open = any_open || p.stages[i].open();
      }
      for (std::size_t i = 0; i < out.size(); ++i) {
        const bool named = std::find(at.begin(), at.end(), i) != at.end();
        const auto& s = p.stages[i];
        // On the way to won: a later open stage, or won. Lost has reached only what names it.
        const bool later = !any_lost && !s.lost && ((s.won) || (any_open && i >= first));
        if (named || later) out[i] = static_cast<std::uint8_t>(Truth::yes);
      }
      return out;
    }

   private:
    std::string word_;
    Milestones milestones_;
  };
  Reached(const Frame& frame, std::string word, const Milestones& milestones, const StageTable& known)
      : StageLeaf(frame), word_(word), answers_(std::make_unique<Maker>(std::move(word), milestones), known) {
    outcome_ = word_ == "won" || word_ == "lost";
    for (const auto& p : known.pipelines())
      for (const auto i : places(p, word_, milestones)) outcome_ = outcome_ || !p.stages[i].open();
  }
  [[nodiscard]] Truth judge_stage(const View& v, const View::Stage& s) const override {
    (void)v;
    if (s.kind == Kind::found) return static_cast<Truth>(answers_.at(s));
    return s.kind == Kind::blank ? Truth::no : Truth::unknown;
  }
  [[nodiscard]] std::string words() const override { return "it has reached " + word_; }
  [[nodiscard]] std::string told(const View& v) const override { return "it is in " + stage_label(v); }
  [[nodiscard]] bool stage_only() const noexcept override { return true; }
  [[nodiscard]] bool names_outcome() const noexcept override { return outcome_; }

 private:
  std::string word_;
  StageAnswers answers_;
  bool outcome_ = false;
};

constexpr Subject subjects[] = {{"open", parse_outcome<Outcome::open>},
                                {"won", parse_outcome<Outcome::won>},
                                {"lost", parse_outcome<Outcome::lost>}};

}  // namespace

std::span<const Subject> outcome_subjects() {
  return subjects;
}

TestPtr reached_test(std::string_view word, const model::Place& at, Builder& b) {
  if (!needs_stages("stage", at, b) || !b.check_stage(word, at)) return nullptr;
  b.needs_any_of({std::string(word)});
  return std::make_unique<Reached>(b.frame(), std::string(word), b.milestones(), b.known_stages());
}

TestPtr open_test(Builder& b) {
  b.use_outcome();
  return std::make_unique<Is>(b.frame(), Outcome::open, true);
}

}  // namespace coachd::rules
