// `unchanged_for: D` and its exact negation `changed_within: D`. It fails if the field changed or the record was
// created within D; it holds if known history reaches back D, or nothing at all on the record was modified within D;
// else it cannot be told. The filling of a blank counts; a save that alters only case, spaces or punctuation does not.
#include "rules/conditions/unchanged.hpp"
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/field_leaf.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/window.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;

enum class Wording : std::uint8_t { field, stage_age };

class Unchanged final : public FieldLeaf {
 public:
  Unchanged(const Field& f, Window limit, bool want, Wording wording)
      : FieldLeaf(f), limit_(std::move(limit)), want_(want), wording_(wording) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    const Truth t = unchanged(v);
    return want_ ? t : negate(t);
  }

  void instants(const View& v, std::vector<Instant>& out) const override {
    const auto d = limit_.of(v);
    limit_.instants(v, out);
    if (!d) return;
    if (const auto last = changed_at(v)) add_instant(v, passes_at(v, *last, *d), out);
    if (const auto created = created_of(v, slot_)) add_instant(v, passes_at(v, *created, *d), out);
    if (const auto modified = modified_of(v, slot_)) add_instant(v, passes_at(v, *modified, *d), out);
    if (const auto* past = v.past(slot_); past != nullptr && past->known_since)
      add_instant(v, reaches_back_at(v, *past->known_since, *d), out);
  }

  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    const auto d = limit_.of(v);
    const auto last = changed_at(v);
    if (!d) return std::nullopt;
    const auto created = created_of(v, slot_);
    std::optional<Instant> newest = last;
    if (created && (!newest || *created > *newest)) newest = created;
    const bool is_unchanged = (now_is == Truth::yes) == want_;
    if (!is_unchanged) return newest;
    // Without a known change the last save of all is the best that is known; it does not move while the answer stands.
    if (!last && unknown_before(v, slot_)) {
      if (const auto modified = modified_of(v, slot_); modified && passed(v, *modified, *d))
        newest = modified;
      else if (const auto* past = v.past(slot_); past != nullptr)
        newest = past->known_since;
    }
    return newest ? std::optional(passes_at(v, *newest, *d)) : std::nullopt;
  }

  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return FieldLeaf::missing(v);
    if (!limit_.of(v)) return limit_.missing(v);
    return "the history of `" + label_ + "` that far back";
  }

  [[nodiscard]] std::string words() const override { return say(want_, nullptr); }
  [[nodiscard]] std::string denied() const override { return say(!want_, nullptr); }
  [[nodiscard]] std::string told(const View& v) const override { return say(want_, &v); }
  [[nodiscard]] std::string saw(const View& v) const override {
    std::string out = FieldLeaf::saw(v);
    if (const auto limit = limit_.saw(v); !limit.empty()) out += ", " + limit;
    if (const auto last = changed_at(v)) return out + ", last changed " + model::to_string(*last);
    const auto* past = v.past(slot_);
    if (past == nullptr || !past->known_since) return out + ", no history";
    return out + ", no change known since " + model::to_string(*past->known_since);
  }

 private:
  // When the CRM itself says the stage changed last.
  [[nodiscard]] std::optional<Instant> told_by_crm(const View& v) const {
    if (wording_ != Wording::stage_age || v.frame().stage_changed == no_slot) return std::nullopt;
    return as_instant(v.value(v.frame().stage_changed), v.world().calendar.zone());
  }

  // The last change that is known, by history or by the CRM's own word.
  [[nodiscard]] std::optional<Instant> changed_at(const View& v) const {
    auto out = told_by_crm(v);
    if (const auto* last = last_change(v, slot_); last != nullptr && (!out || last->at > *out)) out = last->at;
    return out;
  }

  [[nodiscard]] Truth unchanged(const View& v) const {
    if (v.value(slot_).is_unread()) return Truth::unknown;
    const auto d = limit_.of(v);
    if (!d) return Truth::unknown;
    const auto last = changed_at(v);
    if (last && !passed(v, *last, *d)) return Truth::no;
    const auto created = created_of(v, slot_);
    if (created && !passed(v, *created, *d)) return Truth::no;
    if (const auto modified = modified_of(v, slot_); modified && passed(v, *modified, *d)) return Truth::yes;
    if (last && wording_ == Wording::stage_age && told_by_crm(v)) return Truth::yes;
    const auto* past = v.past(slot_);
    if (past == nullptr || !past->known_since || !reaches_back(v, *past->known_since, *d)) return Truth::unknown;
    // Unless its creation is known to lie further back, the record may be younger than that.
    return created || last ? Truth::yes : Truth::unknown;
  }

  std::string say(bool want, const View* v) const {
    if (wording_ == Wording::stage_age)
      return std::string(want ? "it has been" : "it has not been") + " in its stage " + limit_.longer(v);
    return want ? label_ + " has not changed " + limit_.longer(v) : label_ + " changed " + limit_.within(v);
  }

  Window limit_;
  bool want_;
  Wording wording_;
};

template <bool want>
TestPtr parse(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  auto limit = parse_window(n, want ? "unchanged_for" : "changed_within", b);
  if (!limit) return nullptr;
  b.needs_history(f.slot);
  return unchanged_test(f, std::move(*limit), want);
}

constexpr FieldTest tests[] = {{"unchanged_for", parse<true>}, {"changed_within", parse<false>}};

}  // namespace

std::span<const FieldTest> unchanged_tests() {
  return tests;
}

TestPtr unchanged_test(const Field& f, Window limit, bool want) {
  return std::make_unique<Unchanged>(f, std::move(limit), want, Wording::field);
}

TestPtr stage_age_test(const Frame& frame, Window limit) {
  Field stage;
  stage.slot = frame.stage;
  stage.label = "stage";
  return std::make_unique<Unchanged>(stage, std::move(limit), true, Wording::stage_age);
}

}  // namespace coachd::rules
