// What people did around a record, and what they plan: `activity: {none_for / any_within: DUR | none_since: {field:
// DATE}}` and `next_activity: {none_within / any_within: DUR}`, with `by:` and `on:`. An activity that is known decides
// although more may have happened; that nothing happened can only be told as far back as all of it is known.
#include <algorithm>
#include <array>
#include <chrono>
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
#include "rules/conditions/days.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/people.hpp"
#include "rules/conditions/registry.hpp"
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

constexpr std::array<const char*, 3> on_words{"record", "contacts", "account"};

// Which activities are looked at.
class Choice {
 public:
  std::array<bool, 3> on{true, false, false};
  std::optional<Authors> by;

  [[nodiscard]] Truth has(const View& v, const Activity& a) const {
    if (!on[static_cast<std::size_t>(a.on)]) return Truth::no;
    return by ? by->is(v, {a.by, a.at, Origin::unknown, {}}) : Truth::yes;
  }
  [[nodiscard]] bool record_only() const { return !on[1] && !on[2]; }
  // Activities on all that is asked for are among those of the case.
  [[nodiscard]] bool seen(const View& v) const { return record_only() || !v.record().activities.record_only; }
  // " by the owner", "".
  [[nodiscard]] std::string by_words() const { return by ? " by " + by->words() : ""; }
  // "it", "it, its contacts or its account".
  [[nodiscard]] std::string on_words() const {
    std::string out = on[0] ? "it" : "";
    if (on[1]) out += out.empty() ? "its contacts" : on[2] ? ", its contacts" : " or its contacts";
    if (on[2]) out += out.empty() ? "its account" : " or its account";
    return out;
  }
};

const char* kind_in_words(Activity::Kind k) {
  switch (k) {
    case Activity::Kind::call: return "a call";
    case Activity::Kind::meeting: return "a meeting";
    case Activity::Kind::email: return "an e-mail";
    case Activity::Kind::note: return "a note";
    case Activity::Kind::task: return "a completed task";
  }
  return "an activity";
}

std::string no_source() {
  return "activities: none of their sources can be read here";
}

std::string not_around() {
  return "activities on its contacts and its account: only those on the record itself are read here";
}

class Happened final : public Test {
 public:
  enum class How : std::uint8_t { none_for, any_within, none_since };
  Happened(How how, std::optional<Window> window, const Field* since, Choice choice)
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
    const auto& known = v.record().activities.known_since;
    if (!known) return no_source();
    if (!choice_.seen(v)) return not_around();
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
    const auto& known = v.record().activities.known_since;
    if (!known || !choice_.seen(v)) return false;
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
  Choice choice_;
};

// What is planned and not done. What stands for a day without a time is still to come all that day.
class Planned final : public Test {
 public:
  Planned(bool want, SpanLimit limit, Choice choice)
      : want_(want), limit_(std::move(limit)), choice_(std::move(choice)) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    const auto* limit = limit_.of(v);
    if (limit == nullptr) return Truth::unknown;
    Truth any = v.record().activities.known_since && choice_.seen(v) ? Truth::no : Truth::unknown;
    for (const auto& a : v.record().activities.items)
      if (!a.done && ends(v, a) > v.now() && soon(v, a, *limit)) any = std::max(any, choice_.has(v, a));
    return want_ ? any : negate(any);
  }
  void instants(const View& v, std::vector<Instant>& out) const override {
    const auto* limit = limit_.of(v);
    if (limit == nullptr) return;
    for (const auto& a : v.record().activities.items) {
      if (a.done || ends(v, a) <= v.now() || choice_.has(v, a) == Truth::no) continue;
      add_instant(v, ends(v, a), out);
      if (const auto at = begins(v, a, *limit)) add_instant(v, *at, out);
    }
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (limit_.of(v) == nullptr) return limit_.missing(v);
    if (!v.record().activities.known_since) return no_source();
    return choice_.seen(v) ? "who plans an activity on it" : not_around();
  }
  [[nodiscard]] std::string words() const override { return say(want_, nullptr); }
  [[nodiscard]] std::string denied() const override { return say(!want_, nullptr); }
  [[nodiscard]] std::string told(const View& v) const override {
    if (!want_) return say(want_, &v);
    const auto* limit = limit_.of(v);
    for (const auto& a : v.record().activities.items)
      if (limit != nullptr && !a.done && ends(v, a) > v.now() && soon(v, a, *limit) && choice_.has(v, a) == Truth::yes)
        return "the next activity is planned for " + day_in_words(v, a.at);
    return say(want_, &v);
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    for (const auto& a : v.record().activities.items)
      if (!a.done && ends(v, a) > v.now() && choice_.has(v, a) == Truth::yes)
        return "the next one is planned for " + model::to_string(a.at);
    return v.record().activities.known_since ? "nothing planned" : "activities cannot be read";
  }

 private:
  static Instant ends(const View& v, const Activity& a) {
    const auto& zone = v.world().calendar.zone();
    const auto day = zone.day_of(a.at);
    return a.at == zone.start_of(day) ? zone.start_of(day + std::chrono::days(1)) : a.at;
  }
  static bool soon(const View& v, const Activity& a, model::Span d) {
    if (d.by_clock()) return a.at <= v.now() + std::chrono::seconds(d.count);
    return v.world().calendar.zone().day_of(a.at) <= v.world().calendar.shift(v.today(), d, 1);
  }
  // When it comes near enough; nothing where it is.
  static std::optional<Instant> begins(const View& v, const Activity& a, model::Span d) {
    if (soon(v, a, d)) return std::nullopt;
    if (d.by_clock()) return a.at - std::chrono::seconds(d.count);
    const auto day = v.world().calendar.zone().day_of(a.at);
    return first_day(v, v.today(), [&](model::Day today) { return day <= v.world().calendar.shift(today, d, 1); });
  }
  [[nodiscard]] std::string say(bool want, const View* v) const {
    return std::string(want ? "an" : "no") + " activity" + choice_.by_words() + " on " + choice_.on_words() +
           " is planned within " + limit_.words(v);
  }

  bool want_;
  SpanLimit limit_;
  Choice choice_;
};

// `by:` and `on:`; false after an error.
bool read_choice(yaml::MapReader& map, Choice& choice, Builder& b) {
  bool good = true;
  if (const auto by = map.optional("by")) {
    choice.by = parse_authors(by, "by", Asked::people, b);
    good = choice.by.has_value();
  }
  const auto on = map.optional("on");
  if (!on) return good;
  const auto words = parse_words_at(on, "on", b);
  if (!words) return false;
  const auto items = on.is_list() ? on.items() : std::vector<yaml::Node>{on};
  choice.on = {};
  for (std::size_t i = 0; i < words->size(); ++i) {
    const auto word = std::find(on_words.begin(), on_words.end(), (*words)[i]);
    if (word != on_words.end()) {
      choice.on[static_cast<std::size_t>(word - on_words.begin())] = true;
      continue;
    }
    const auto near = yaml::nearest((*words)[i], std::vector<std::string>(on_words.begin(), on_words.end()));
    b.error("wrong-type",
            "activities are looked at on the record, its contacts or its account, not on `" + (*words)[i] + '`' +
                (near ? ": did you mean `" + *near + "`?" : ""),
            items[i].place());
    good = false;
  }
  return good;
}

void one_of(const char* what, const char* tests, yaml::Node n, Builder& b) {
  b.error("wrong-type", '`' + std::string(what) + "` takes one of " + tests, n.place());
}

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
  Choice choice;
  const bool good = read_choice(map, choice, b);
  map.finish();
  if (tests != 1) {
    one_of("activity", "`none_for: 14d`, `any_within: 14d` or `none_since: {field: DATE}`", n, b);
    return nullptr;
  }
  b.use_activities();
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

TestPtr parse_next(yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  yaml::MapReader map(b.document(), n, "`next_activity`");
  if (!n.is_map()) return nullptr;
  const auto none = map.optional("none_within");
  const auto any = map.optional("any_within");
  Choice choice;
  const bool good = read_choice(map, choice, b);
  map.finish();
  if (static_cast<bool>(none) == static_cast<bool>(any)) {
    one_of("next_activity", "`none_within: 14d` or `any_within: 14d`", n, b);
    return nullptr;
  }
  b.use_activities();
  auto limit = parse_span_limit(none ? none : any, none ? "none_within" : "any_within", b);
  return limit && good ? std::make_unique<Planned>(static_cast<bool>(any), std::move(*limit), std::move(choice))
                       : nullptr;
}

constexpr Subject subjects[] = {{"activity", parse_activity}, {"next_activity", parse_next}};

}  // namespace

std::span<const Subject> activity_subjects() {
  return subjects;
}

}  // namespace coachd::rules
