// Tests that count changes: `changed: {within, at_least, from, to, by, back}`, `changes: {at_least, within}` and, on
// dates, `moved_later: {at_least, within}`. The filling of a blank counts only where `to:` names it; the save that
// created the record and a correction by the same person within an hour never do.
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
#include "rules/conditions/days.hpp"
#include "rules/conditions/field_leaf.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/people.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;
using model::Value;

enum class Direction : std::uint8_t { any, later, back };

struct Wanted {
  std::int64_t at_least = 1;
  std::optional<SpanLimit> within;
  std::optional<Literals> from, to;
  std::optional<Authors> by;
  Direction direction = Direction::any;
  bool want_back = true;
};

class Changes final : public FieldLeaf {
 public:
  Changes(const Field& f, Wanted wanted, bool is_stage)
      : FieldLeaf(f), wanted_(std::move(wanted)), is_stage_(is_stage) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    if (v.value(slot_).is_unread()) return Truth::unknown;
    const auto* within = window(v);
    if (wanted_.within && within == nullptr) return Truth::unknown;
    std::int64_t sure = 0, maybe = 0;
    for (const auto& m : moves(v, slot_)) {
      if (within != nullptr && passed(v, m.at, *within)) continue;
      const Truth t = counts(v, m);
      sure += t == Truth::yes;
      maybe += t == Truth::unknown;
    }
    if (sure >= wanted_.at_least) return Truth::yes;
    if (sure + maybe >= wanted_.at_least) return Truth::unknown;
    return covered(v, within) ? Truth::no : Truth::unknown;
  }

  void instants(const View& v, std::vector<Instant>& out) const override {
    const auto* within = window(v);
    if (within == nullptr) return;
    for (const auto& m : moves(v, slot_)) add_instant(v, passes_at(v, m.at, *within), out);
    if (v.record().modified) add_instant(v, passes_at(v, *v.record().modified, *within), out);
    if (const auto* past = v.past(slot_); past != nullptr && past->known_since)
      add_instant(v, reaches_back_at(v, *past->known_since, *within), out);
  }

  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    const auto* within = window(v);
    std::vector<Instant> counted;
    for (const auto& m : moves(v, slot_))
      if (counts(v, m) == Truth::yes) counted.push_back(m.at);
    const auto n = static_cast<std::size_t>(wanted_.at_least);
    if (now_is == Truth::no) {  // since the one that was too many left the window
      if (within == nullptr || counted.size() < n) return v.created();
      return passes_at(v, counted[counted.size() - n], *within);
    }
    // Since the change that made it enough, back to back with those before it.
    std::optional<Instant> out;
    for (std::size_t i = counted.size(); i >= n && i > 0; --i) {
      const auto first = counted[i - n];
      if (within != nullptr && out && passes_at(v, first, *within) <= counted[i])
        break;  // it had ceased to hold in between
      out = counted[i - 1];
    }
    return out;
  }

  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return FieldLeaf::missing(v);
    if (wanted_.within && wanted_.within->of(v) == nullptr) return wanted_.within->missing(v);
    const auto* within = window(v);
    return covered(v, within) ? "who changed `" + label_ + "`, or from where"
                              : "the history of `" + label_ + "` that far back";
  }
  [[nodiscard]] std::string words() const override { return say(nullptr); }
  [[nodiscard]] std::string told(const View& v) const override { return say(&v); }
  [[nodiscard]] std::string saw(const View& v) const override {
    std::int64_t n = 0;
    for (const auto& m : moves(v, slot_)) n += counts(v, m) == Truth::yes;
    return FieldLeaf::saw(v) + ", " + std::to_string(n) + " such changes known";
  }

 private:
  // Null: no window, or one that cannot be told.
  [[nodiscard]] const model::Span* window(const View& v) const {
    return wanted_.within ? wanted_.within->of(v) : nullptr;
  }

  [[nodiscard]] Truth counts(const View& v, const Move& m) const {
    if (wanted_.to && !wanted_.to->contain(v, m.to)) return Truth::no;
    if (m.from.is_blank() && !wanted_.to) return Truth::no;  // the filling of a blank
    if (wanted_.from && !wanted_.from->contain(v, m.from)) return Truth::no;
    Truth out = Truth::yes;
    if (wanted_.direction != Direction::any) out = directed(v, m);
    if (wanted_.by && out != Truth::no) out = std::min(out, wanted_.by->is(v, m.author, m.at));
    return out;
  }

  [[nodiscard]] Truth directed(const View& v, const Move& m) const {
    if (m.from.is_blank() || m.to.is_blank()) return Truth::no;
    const auto& zone = v.world().calendar.zone();
    if (is_stage_) {
      const auto from = v.find_stage(m.from), to = v.find_stage(m.to);
      if (from.kind != View::Stage::Kind::found || to.kind != View::Stage::Kind::found) return Truth::unknown;
      return truth((to.at.index < from.at.index) == wanted_.want_back);
    }
    if (wanted_.direction == Direction::back)
      if (const auto a = as_number(m.from), b = as_number(m.to); a && b) return truth((*b < *a) == wanted_.want_back);
    const auto a = as_day(m.from, zone), b = as_day(m.to, zone);
    if (!a || !b) return Truth::unknown;
    return wanted_.direction == Direction::later ? truth(*b > *a) : truth((*b < *a) == wanted_.want_back);
  }

  // Whether all changes of the window are known.
  bool covered(const View& v, const model::Span* within) const {
    const auto unknown = unknown_before(v, slot_);
    if (!unknown) return true;
    if (within == nullptr) return false;
    if (v.record().modified && passed(v, *v.record().modified, *within)) return true;
    return *unknown != Instant::max() && reaches_back(v, *unknown, *within);
  }

  std::string say(const View* v) const {
    std::string out =
        label_ + (wanted_.direction == Direction::later  ? " moved later"
                  : wanted_.direction == Direction::back ? (wanted_.want_back ? " moved back" : " moved forward")
                                                         : " changed");
    if (wanted_.at_least > 1) out += ' ' + std::to_string(wanted_.at_least) + " times or more";
    if (wanted_.from) out += " from " + wanted_.from->words();
    if (wanted_.to) out += " to " + wanted_.to->words();
    if (wanted_.by) out += " by " + wanted_.by->words();
    if (wanted_.within) out += " within " + wanted_.within->words(v);
    return out;
  }

  Wanted wanted_;
  bool is_stage_;
};

bool is_stage(const Field& f, Builder& b) {
  return b.has_stages() && f.slot == b.frame().stage;
}

// `at_least` and `within`, which all three share. False after an error.
bool read_common(yaml::MapReader& map, Wanted& wanted, Builder& b, bool at_least_required) {
  const auto least = at_least_required ? map.required("at_least") : map.optional("at_least");
  const auto within = map.optional("within");
  bool good = least || !at_least_required;
  if (least) {
    const auto n = parse_count_at(least, "at_least", b);
    good = good && n;
    if (n) wanted.at_least = *n;
  }
  if (within) {
    wanted.within = parse_span_limit(within, "within", b);
    good = good && wanted.within;
  }
  return good;
}

TestPtr parse_changed(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  yaml::MapReader map(b.document(), n, "`changed`");
  Wanted wanted;
  bool good = n.is_map() && read_common(map, wanted, b, false);
  for (const auto& [word, into] : {std::pair{"from", &wanted.from}, {"to", &wanted.to}})
    if (const auto node = map.optional(word)) {
      *into = parse_literals(f, node, word, b);
      good = good && *into;
    }
  if (const auto by = map.optional("by")) {
    wanted.by = parse_authors(by, "by", false, b);
    good = good && wanted.by;
  }
  if (const auto back = map.optional("back")) {
    const auto want = parse_bool_at(back, "back", b);
    if (!is_stage(f, b) && !is_numeric(f.type) && !is_date(f.type) && f.type != model::FieldType::unknown) {
      b.error("wrong-test", "`back` needs the stage, a date or a number: `" + f.name + "` has no order", back.place());
      good = false;
    }
    good = good && want;
    wanted.direction = Direction::back;
    wanted.want_back = want.value_or(true);
  }
  map.finish();
  if (!good) return nullptr;
  b.needs_history(f.slot);
  const bool stage = is_stage(f, b);
  return std::make_unique<Changes>(f, std::move(wanted), stage);
}

template <bool later>
TestPtr parse_count(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  if (later && !is_date(f.type) && f.type != model::FieldType::unknown) {
    b.error("wrong-test", "`moved_later` compares dates, and `" + f.name + "` is none", key);
    return nullptr;
  }
  yaml::MapReader map(b.document(), n, later ? "`moved_later`" : "`changes`");
  Wanted wanted;
  wanted.direction = later ? Direction::later : Direction::any;
  const bool good = n.is_map() && read_common(map, wanted, b, true);
  map.finish();
  if (!good) return nullptr;
  b.needs_history(f.slot);
  return std::make_unique<Changes>(f, std::move(wanted), false);
}

constexpr FieldTest tests[] = {
    {"changed", parse_changed}, {"changes", parse_count<false>}, {"moved_later", parse_count<true>}};

}  // namespace

std::span<const FieldTest> changes_tests() {
  return tests;
}

}  // namespace coachd::rules
