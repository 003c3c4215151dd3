// Tests on values of other records: `same_on_other_open_record_of_owner`, `times_owner_mean`. The host keeps the facts;
// a mean counts the record itself and is compared without division (value * n > X * sum).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/field_leaf.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

class FactLeaf : public FieldLeaf {
 public:
  FactLeaf(const Field& f, const Frame& frame, std::size_t fact) : FieldLeaf(f), owner_(frame.owner), fact_(fact) {}
  void slots(std::vector<Slot>& out) const override { out.push_back(slot_); }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return FieldLeaf::missing(v);
    if (v.value(owner_).is_unread()) return "the owner has not been read yet";
    if (v.standing() == View::Standing::unknown) return stage_missing(v.stage());
    return "the owner's other records have not been counted yet";
  }

 protected:
  // Whether the record is one of those that the fact counts.
  static bool counts_itself(const View& v) { return v.standing() == View::Standing::open; }
  Slot owner_;
  std::size_t fact_;
};

// Real texts only, compared as `is` does.
class SameText final : public FactLeaf {
 public:
  SameText(const Field& f, const Frame& frame, std::size_t fact, StateId state, bool want)
      : FactLeaf(f, frame, fact), state_(state), want_(want) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto state = v.state(state_);
    if (state == TextState::unread) return Truth::unknown;
    if (state == TextState::blank) return Truth::no;
    const auto owner = v.value(owner_);
    if (owner.is_unread()) return Truth::unknown;
    if (state != TextState::real || owner.is_blank()) return truth(!want_);
    const auto& fact = v.facts()[fact_];
    if (!fact.known || v.standing() == View::Standing::unknown) return Truth::unknown;
    return truth((fact.count > (counts_itself(v) ? 1 : 0)) == want_);
  }
  [[nodiscard]] std::string words() const override {
    return label_ +
           (want_ ? " is the same on another open record of the owner" : " is on no other open record of the owner");
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    return FieldLeaf::saw(v) + ", on " + std::to_string(v.facts()[fact_].count) + " open records of the owner";
  }

 private:
  StateId state_;
  bool want_;
};

class TimesMean final : public FactLeaf {
 public:
  TimesMean(const Field& f, const Frame& frame, std::size_t fact, NumberLimit factor, NumberLimit at_least)
      : FactLeaf(f, frame, fact), factor_(std::move(factor)), at_least_(std::move(at_least)) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.is_blank()) return Truth::no;
    const auto owner = v.value(owner_);
    if (owner.is_unread()) return Truth::unknown;
    if (owner.is_blank()) return Truth::no;
    const auto& fact = v.facts()[fact_];
    const auto number = as_number(value);
    const auto* factor = factor_.of(v);
    const auto* least = at_least_.of(v);
    if (!fact.known || !number || factor == nullptr || least == nullptr) return Truth::unknown;
    const auto count = static_cast<double>(fact.count);
    return truth(count >= *least && *number * count > *factor * fact.sum);
  }
  [[nodiscard]] std::string words() const override {
    return label_ + " is more than " + factor_.words(nullptr) + " times the mean of the owner's open records";
  }
  [[nodiscard]] std::string told(const View& v) const override {
    return label_ + " is more than " + factor_.words(&v) + " times the mean of the owner's open records";
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (factor_.of(v) == nullptr) return factor_.missing(v);
    return at_least_.of(v) == nullptr ? at_least_.missing(v) : FactLeaf::missing(v);
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto& fact = v.facts()[fact_];
    return FieldLeaf::saw(v) + ", sum " + in_words(fact.sum) + " over " + std::to_string(fact.count) +
           " open records of the owner";
  }

 private:
  NumberLimit factor_;
  NumberLimit at_least_;
};

bool needs_owner(std::string_view word, const model::Place& key, Builder& b) {
  if (b.has_owner()) return true;
  b.error("no-owner-field", '`' + std::string(word) + "` needs an object with an owner field", key);
  return false;
}

TestPtr parse_same(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  const auto want = parse_bool_at(n, "same_on_other_open_record_of_owner", b);
  if (!want || !needs_owner("same_on_other_open_record_of_owner", key, b)) return nullptr;
  b.use_outcome();  // it counts open records
  const auto state = b.state(f);
  const auto fact = b.fact(FactKind::same_text, f, 0, 0, state);
  return std::make_unique<SameText>(f, b.frame(), fact, state, *want);
}

TestPtr parse_mean(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  if (!is_numeric(f.type) && f.type != model::FieldType::unknown) {
    b.error("wrong-test", "`times_owner_mean` compares numbers, and `" + f.name + "` is none", key);
    return nullptr;
  }
  yaml::MapReader map(b.document(), n, "`times_owner_mean`");
  const auto above = map.required("above");
  const auto least = map.required("at_least");
  map.finish();
  if (!above || !least) return nullptr;
  auto factor = parse_number_limit(above, "above", b);
  auto count = parse_count_limit(least, "at_least", 1, b);
  if (!factor || !count || !needs_owner("times_owner_mean", key, b)) return nullptr;
  if (std::any_of(factor->values().begin(), factor->values().end(), [](double x) { return x <= 0; })) {
    b.error("wrong-type", "`above` of `times_owner_mean` takes a factor above 0, such as 4", above.place());
    return nullptr;
  }
  b.use_outcome();
  std::size_t fact = 0;
  for (const double x : factor->values())  // whatever the stage, the host knows which means turn an answer
    for (const double n_least : count->values())
      fact = b.fact(FactKind::owner_mean, f, x, static_cast<std::int64_t>(n_least), 0);
  return std::make_unique<TimesMean>(f, b.frame(), fact, std::move(*factor), std::move(*count));
}

constexpr FieldTest tests[] = {{"same_on_other_open_record_of_owner", parse_same}, {"times_owner_mean", parse_mean}};

}  // namespace

std::span<const FieldTest> fact_tests() {
  return tests;
}

}  // namespace coachd::rules
