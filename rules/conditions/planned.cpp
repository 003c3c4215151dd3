// `next_activity: {none_within / any_within: DUR}`: what is planned and not done.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/activity.hpp"
#include "rules/conditions/activity_choice.hpp"
#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Instant;

// What is planned and not done. What stands for a day without a time is still to come all that day.
class Planned final : public Test {
 public:
  Planned(bool want, SpanLimit limit, ActivityChoice choice)
      : want_(want), limit_(std::move(limit)), choice_(std::move(choice)) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    const auto* limit = limit_.of(v);
    if (limit == nullptr) return Truth::unknown;
    Truth any = choice_.seen(v) ? Truth::no : Truth::unknown;
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
    return choice_.seen(v) ? "who plans an activity on it" : choice_.missing(v);
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
  ActivityChoice choice_;
};

}  // namespace

TestPtr parse_next_activity(yaml::Node n, const model::Place& key, Builder& b) {
  (void)key;
  yaml::MapReader map(b.document(), n, "`next_activity`");
  if (!n.is_map()) return nullptr;
  const auto none = map.optional("none_within");
  const auto any = map.optional("any_within");
  ActivityChoice choice;
  const bool good = read_choice(map, choice, b);
  map.finish();
  if (static_cast<bool>(none) == static_cast<bool>(any)) {
    report_one_of("next_activity", "`none_within: 14d` or `any_within: 14d`", n, b);
    return nullptr;
  }
  auto limit = parse_span_limit(none ? none : any, none ? "none_within" : "any_within", b);
  return limit && good ? std::make_unique<Planned>(static_cast<bool>(any), std::move(*limit), std::move(choice))
                       : nullptr;
}

}  // namespace coachd::rules
