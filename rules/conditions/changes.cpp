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
#include "rules/conditions/window.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;
using model::Value;

// back: to an earlier stage, an earlier date, a lower number; returned: to a value that the field held before.
enum class Direction : std::uint8_t { any, later, back, returned };

struct Wanted {
  NumberLimit at_least{1};
  std::optional<Window> within;
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
    const auto within = window(v);
    const auto* least = wanted_.at_least.of(v);
    if ((wanted_.within && !within) || least == nullptr) return Truth::unknown;
    double sure = 0, maybe = 0;
    const auto all = moves(v, slot_);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (within && passed(v, all[i].at, *within)) continue;
      const Truth t = counts(v, all, i);
      sure += t == Truth::yes;
      maybe += t == Truth::unknown;
    }
    if (sure >= *least) return Truth::yes;
    if (sure + maybe >= *least) return Truth::unknown;
    return covered(v, within) ? Truth::no : Truth::unknown;
  }

  void instants(const View& v, std::vector<Instant>& out) const override {
    if (wanted_.within) wanted_.within->instants(v, out);
    const auto within = window(v);
    if (!within) return;
    for (const auto& m : moves(v, slot_)) add_instant(v, passes_at(v, m.at, *within), out);
    if (const auto modified = modified_of(v, slot_)) add_instant(v, passes_at(v, *modified, *within), out);
    if (const auto* past = v.past(slot_); past != nullptr && past->known_since)
      add_instant(v, reaches_back_at(v, *past->known_since, *within), out);
  }

  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    const auto within = window(v);
    const auto* least = wanted_.at_least.of(v);
    if (least == nullptr) return std::nullopt;
    std::vector<Instant> counted;
    const auto all = moves(v, slot_);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (counts(v, all, i) == Truth::yes) counted.push_back(all[i].at);
    const auto n = static_cast<std::size_t>(*least);
    if (now_is == Truth::no) {  // since the one that was too many left the window
      if (!within || counted.size() < n) return created_of(v, slot_);
      return passes_at(v, counted[counted.size() - n], *within);
    }
    // Since the change that made it enough, back to back with those before it.
    std::optional<Instant> out;
    for (std::size_t i = counted.size(); i >= n && i > 0; --i) {
      const auto first = counted[i - n];
      if (within && out && passes_at(v, first, *within) <= counted[i]) break;  // it had ceased to hold in between
      out = counted[i - 1];
    }
    return out;
  }

  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return FieldLeaf::missing(v);
    const auto within = window(v);
    if (wanted_.within && !within) return wanted_.within->missing(v);
    if (wanted_.at_least.of(v) == nullptr) return wanted_.at_least.missing(v);
    if (!covered(v, within)) return "the history of `" + label_ + "` that far back";
    return wanted_.by && wanted_.by->asks_origin()
               ? "how `" + label_ + "` was changed: by a person, an automation or an import"
               : "who changed `" + label_ + "`, or from where";
  }
  [[nodiscard]] std::string words() const override { return say(nullptr); }
  [[nodiscard]] std::string told(const View& v) const override { return say(&v); }
  [[nodiscard]] std::string saw(const View& v) const override {
    std::int64_t n = 0;
    const auto all = moves(v, slot_);
    for (std::size_t i = 0; i < all.size(); ++i) n += counts(v, all, i) == Truth::yes;
    return FieldLeaf::saw(v) + ", " + std::to_string(n) + " such changes known";
  }

 private:
  // Nothing: no window, or one that cannot be told.
  [[nodiscard]] std::optional<Window::Reach> window(const View& v) const {
    return wanted_.within ? wanted_.within->of(v) : std::nullopt;
  }

  [[nodiscard]] Truth counts(const View& v, const std::vector<Move>& all, std::size_t i) const {
    const Move& m = all[i];
    if (wanted_.to && !wanted_.to->contain(v, m.to)) return Truth::no;
    if (m.from.is_blank() && !wanted_.to) return Truth::no;  // the filling of a blank
    if (wanted_.from && !wanted_.from->contain(v, m.from)) return Truth::no;
    Truth out = Truth::yes;
    if (wanted_.direction != Direction::any) out = directed(v, all, i);
    if (wanted_.by && out != Truth::no) out = std::min(out, wanted_.by->is(v, {m.author, m.at, m.origin, m.setter}));
    return out;
  }

  [[nodiscard]] Truth directed(const View& v, const std::vector<Move>& all, std::size_t i) const {
    if (wanted_.direction == Direction::returned) {
      const Truth had = returned(v, slot_, all, i);
      return wanted_.want_back ? had : negate(had);
    }
    const Move& m = all[i];
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
  [[nodiscard]] bool covered(const View& v, const std::optional<Window::Reach>& within) const {
    const auto unknown = unknown_before(v, slot_);
    if (!unknown) return true;
    if (!within) return false;
    if (const auto modified = modified_of(v, slot_); modified && passed(v, *modified, *within)) return true;
    return *unknown != Instant::max() && reaches_back(v, *unknown, *within);
  }

  std::string say(const View* v) const {
    std::string out = label_ + moved();
    const auto* least = v != nullptr ? wanted_.at_least.of(*v) : nullptr;
    if (least == nullptr && wanted_.at_least.values().size() == 1) least = wanted_.at_least.values().data();
    if (least == nullptr)
      out += " as often as the limit of its stage";
    else if (*least > 1)
      out += ' ' + in_words(*least) + " times or more";
    if (wanted_.from) out += " from " + wanted_.from->words();
    if (wanted_.to) out += " to " + wanted_.to->words();
    if (wanted_.by) out += " by " + wanted_.by->words();
    if (wanted_.within) out += ' ' + wanted_.within->within(v);
    return out;
  }
  [[nodiscard]] const char* moved() const {
    switch (wanted_.direction) {
      case Direction::any: return " changed";
      case Direction::later: return " moved later";
      case Direction::back: return wanted_.want_back ? " moved back" : " moved forward";
      case Direction::returned:
        return wanted_.want_back ? " changed back to what it was before" : " changed to something new";
    }
    return "";
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
    auto n = parse_count_limit(least, "at_least", 1, b);
    good = good && n;
    if (n) wanted.at_least = std::move(*n);
  }
  if (within) {
    wanted.within = parse_window(within, "within", b);
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
    wanted.by = parse_authors(by, "by", Asked::change, b);
    good = good && wanted.by;
  }
  if (const auto back = map.optional("back")) {
    const auto want = parse_bool_at(back, "back", b);
    good = good && want;
    const bool ordered = is_stage(f, b) || is_numeric(f.type) || is_date(f.type) || f.type == model::FieldType::unknown;
    wanted.direction = ordered ? Direction::back : Direction::returned;
    if (f.type == model::FieldType::text || f.type == model::FieldType::long_text) {
      b.error("wrong-test", "`back` needs the stage, a date, a number or a choice: `" + f.name + "` is free text",
              back.place());
      good = false;
    }
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
