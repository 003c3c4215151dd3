// `activity: {none_for / any_within: DUR | none_since: {field: DATE}}`. An activity that is known decides although more
// may have happened; that nothing happened can only be told as far back as all of it is known.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/activity.hpp"
#include "rules/conditions/activity_choice.hpp"
#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/window.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;

class Happened final : public Test {
 public:
  enum class How : std::uint8_t { none_for, any_within, none_since };
  Happened(How how, std::optional<Window> window, const Field* since, ActivityChoice choice)
      : how_(how), window_(std::move(window)), choice_(std::move(choice)) {
    if (since != nullptr) since_ = {since->slot, since->label};
  }

  [[nodiscard]] Truth judge(const View& v) const override {
    const auto reach = this->reach(v);
    if (!reach.told) return reach.fails ? Truth::no : Truth::unknown;
    bool maybe = false;
    const auto& items = v.record().activities.items;
    for (auto a = items.rbegin(); a != items.rend(); ++a) {
      if (!a->done || a->at > v.now()) continue;
      if (passed(v, a->at, *reach.told)) break;  // and all before it
      const Truth t = choice_.has(v, *a);
      if (t == Truth::yes) return truth(how_ == How::any_within);
      maybe = maybe || t == Truth::unknown;
    }
    const auto created = v.created();
    if (how_ == How::none_for && created && !passed(v, *created, *reach.told)) return Truth::no;  // it is too young
    if (maybe || !covered(v, *reach.told)) return Truth::unknown;
    // Unless its creation is known to lie further back, the record may be younger than that.
    if (how_ == How::none_for && !created && !last(v)) return Truth::unknown;
    return truth(how_ != How::any_within);
  }

  void instants(const View& v, std::vector<Instant>& out) const override {
    if (window_) window_->instants(v, out);
    const auto reach = this->reach(v);
    if (reach.turns) add_instant(v, *reach.turns, out);
    for (const auto& a : v.record().activities.items) {
      if (!a.done || a.at <= v.now()) continue;  // dated ahead: it comes, and passes in its turn
      add_instant(v, a.at, out);
      if (reach.told) add_instant(v, passes_at(v, a.at, *reach.told), out);
    }
    if (!reach.told) return;
    const auto& items = v.record().activities.items;
    for (auto a = items.rbegin(); a != items.rend(); ++a) {
      if (!a->done || a->at > v.now()) continue;
      const Truth t = choice_.has(v, *a);
      if (t == Truth::no) continue;
      add_instant(v, passes_at(v, a->at, *reach.told), out);
      if (t == Truth::yes || passed(v, a->at, *reach.told)) break;  // those before it turn nothing any more
    }
    if (const auto created = v.created()) add_instant(v, passes_at(v, *created, *reach.told), out);
    if (const auto& known = v.record().activities.known_since)
      add_instant(v, reaches_back_at(v, *known, *reach.told), out);
  }

  [[nodiscard]] std::optional<Instant> since(const View& v, Truth now_is) const override {
    const auto reach = this->reach(v);
    if (!reach.told) return std::nullopt;
    const auto* a = last(v);
    if (how_ == How::none_since) {
      if (now_is == Truth::no) return a == nullptr ? std::nullopt : std::optional(a->at);
      auto out = reach.turned;
      if (const auto created = v.created(); created && (!out || *created > *out)) out = created;
      return out;
    }
    std::optional<Instant> newest = a == nullptr ? std::nullopt : std::optional(a->at);
    if (const auto created = v.created(); created && (!newest || *created > *newest)) newest = created;
    if ((now_is == Truth::yes) == (how_ == How::any_within)) return newest;
    if (!newest) newest = v.record().activities.known_since;
    return newest ? std::optional(passes_at(v, *newest, *reach.told)) : std::nullopt;
  }

  [[nodiscard]] std::string missing(const View& v) const override {
    const auto reach = this->reach(v);
    if (!reach.told) return reach.missing;
    if (!choice_.seen(v)) return choice_.missing(v);
    if (!covered(v, *reach.told)) return "activities that far back";
    return how_ == How::none_for && !v.created() && !last(v) ? "when the record was created"
                                                             : "who did an activity on it";
  }
  void slots(std::vector<Slot>& out) const override {
    if (how_ == How::none_since) out.push_back(since_.slot);
  }
  [[nodiscard]] std::string words() const override { return say(nullptr); }
  [[nodiscard]] std::string denied() const override {
    // Not `none_for`: of a record that is too young it is denied, too.
    return how_ == How::any_within
               ? begin() + "no activity" + choice_.by_words() + where() + ' ' + window_->within(nullptr)
               : Test::denied();
  }
  [[nodiscard]] std::string told(const View& v) const override {
    const auto* a = last(v);
    if (a == nullptr) return say(&v);
    return "the last activity" + choice_.by_words() + " was " + kind_in_words(a->kind) + " on " +
           day_in_words(v, a->at);
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto& known = v.record().activities.known_since;
    std::string out = known ? "activities known since " + model::to_string(*known) : "activities cannot be read";
    if (const auto* a = last(v)) {
      out += std::string(", the last was ") + kind_in_words(a->kind) + ' ' + model::to_string(a->at);
      if (!a->by.empty()) out += " by " + std::string(a->by);
    }
    if (window_)
      if (const auto limit = window_->saw(v); !limit.empty()) out += ", " + limit;
    return out;
  }

 private:
  // How far back it looks on a record.
  struct Back {
    std::optional<Window::Reach> told;
    bool fails = false;             // where not told: it does not hold
    std::optional<Instant> turns;   // of `none_since`: when it begins to count
    std::optional<Instant> turned;  // when it began to count
    std::string missing;
  };
  [[nodiscard]] Back reach(const View& v) const {
    Back out;
    if (window_) {
      out.told = window_->of(v);
      if (!out.told) out.missing = window_->missing(v);
      return out;
    }
    const auto value = v.value(since_.slot);
    const auto& zone = v.world().calendar.zone();
    if (value.is_unread()) {
      out.missing = '`' + since_.label + "` has not been read yet";
      return out;
    }
    out.fails = value.is_blank();
    if (out.fails) return out;
    // A date is over when its day is; all that day counts as since then.
    std::optional<Instant> from, counts;
    if (value.kind() == model::Value::Kind::instant) {
      from = value.as_instant();
      counts = *from + std::chrono::microseconds(1);
    } else if (const auto day = as_day(value, zone)) {
      from = zone.start_of(*day);
      counts = zone.start_of(*day + std::chrono::days(1));
    }
    if (!from) {
      out.missing = '`' + since_.label + "` holds something that is no date";
      return out;
    }
    out.fails = *counts > v.now();
    if (out.fails)
      out.turns = counts;
    else {
      out.turned = counts;
      out.told = Window::Reach{true, *from, {}};
    }
    return out;
  }

  [[nodiscard]] bool covered(const View& v, const Window::Reach& reach) const {
    if (!choice_.seen(v)) return false;
    const auto& known = v.record().activities.known_since;
    const auto created = v.created();
    return reaches_back(v, *known, reach) || (choice_.record_only() && created && *known <= *created);
  }

  // The last one that surely counts.
  [[nodiscard]] const Activity* last(const View& v) const {
    const auto& items = v.record().activities.items;
    for (auto a = items.rbegin(); a != items.rend(); ++a)
      if (a->done && a->at <= v.now() && choice_.has(v, *a) == Truth::yes) return &*a;
    return nullptr;
  }

  [[nodiscard]] std::string say(const View* v) const {
    if (how_ == How::any_within)
      return begin() + "an activity" + choice_.by_words() + where() + ' ' + window_->within(v);
    return begin() + "no activity" + choice_.by_words() + where() + ' ' +
           (how_ == How::none_for ? window_->longer(v) : "since " + since_.label);
  }

  [[nodiscard]] std::string begin() const { return choice_.record_only() ? "it had " : "there was "; }
  [[nodiscard]] std::string where() const { return choice_.record_only() ? "" : " on " + choice_.on_words(); }

  struct Date {
    Slot slot = no_slot;
    std::string label;
  };
  How how_;
  std::optional<Window> window_;
  Date since_;
  ActivityChoice choice_;
};

}  // namespace

TestPtr parse_activity(yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  using How = Happened::How;
  yaml::MapReader map(b.document(), n, "`activity`");
  if (!n.is_map()) return nullptr;
  constexpr std::pair<const char*, How> words[] = {
      {"none_for", How::none_for}, {"any_within", How::any_within}, {"none_since", How::none_since}};
  yaml::Node limit;
  How how = How::none_for;
  std::string_view word;
  int tests = 0;
  for (const auto& [text, means] : words)
    if (const auto node = map.optional(text)) {
      limit = node;
      how = means;
      word = text;
      ++tests;
    }
  ActivityChoice choice;
  const bool good = read_choice(map, choice, b);
  map.finish();
  if (tests != 1) {
    report_one_of("activity", "`none_for: 14d`, `any_within: 14d` or `none_since: {field: DATE}`", n, b);
    return nullptr;
  }
  if (how != How::none_since) {
    auto window = parse_window(limit, word, b);
    if (!window || !good) return nullptr;
    return std::make_unique<Happened>(how, std::move(window), nullptr, std::move(choice));
  }
  yaml::MapReader date(b.document(), limit, "`none_since`");
  const auto name = date.required("field");
  date.finish();
  if (!name) return nullptr;
  const auto* field = b.field(name.text(), name.place());
  if (field == nullptr || !good) return nullptr;
  if (!is_date(field->type) && field->type != model::FieldType::unknown) {
    b.error("wrong-test", "`none_since` needs a date, and `" + field->name + "` is none", name.place());
    return nullptr;
  }
  return std::make_unique<Happened>(how, std::nullopt, field, std::move(choice));
}

}  // namespace coachd::rules
