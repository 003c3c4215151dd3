#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

// The latest of some instants that may be unknown.
struct Latest {
  std::optional<model::Instant> at;
  void add(std::optional<model::Instant> other) {
    if (other && (!at || *other > *at)) at = other;
  }
};

// The smallest text, so that the order of tests does not show.
struct Smallest {
  std::string text;
  void add(const Test* t, const View& v) {
    if (t == nullptr || t->judge(v) != Truth::unknown) return;
    auto m = t->missing(v);
    if (text.empty() || m < text) text = std::move(m);
  }
  void add(const std::vector<TestPtr>& tests, const View& v) {
    for (const auto& t : tests) add(t.get(), v);
  }
};

struct Answers {
  const View& v;
  RuleAnswer operator()(const PlainRule& r) const {
    RuleAnswer out;
    out.finding = judge_all(r.scope, v);
    if (out.finding != Truth::no) out.finding = std::min(out.finding, r.when->judge(v));
    if (out.finding != Truth::no && r.pause) out.finding = std::min(out.finding, negate(r.pause->judge(v)));
    return out;
  }
  RuleAnswer operator()(const Card& c) const {
    const auto a = c.judge(v);
    return {a.finding, a.kind};
  }
  RuleAnswer operator()(const Acceptance& a) const {
    RuleAnswer out;
    const Truth scope = judge_all(a.scope, v);
    if (scope == Truth::no) return out;
    for (const auto& c : a.criteria) {
      out.finding = std::max(out.finding, std::min(scope, fails(c, v)));
      if (out.finding == Truth::yes) break;
    }
    return out;
  }
  RuleAnswer operator()(const DetectRule&) const { return {}; }
};

struct Since {
  const View& v;
  const RuleAnswer& a;
  std::optional<model::Instant> operator()(const PlainRule& r) const {
    Latest out;
    for (const auto& t : r.scope) out.add(t->since(v, Truth::yes));
    out.add(r.when->since(v, Truth::yes));
    if (r.pause) out.add(r.pause->since(v, Truth::no));
    return out.at;
  }
  std::optional<model::Instant> operator()(const Card& c) const { return c.since(v, a.kind); }
  std::optional<model::Instant> operator()(const Acceptance& acceptance) const {
    std::optional<model::Instant> first;
    for (const auto& c : acceptance.criteria) {
      if (fails(c, v) != Truth::yes) continue;
      Latest one;
      for (const auto& t : c.scope) one.add(t->since(v, Truth::yes));
      one.add(c.check->since(v, Truth::no));
      if (one.at && (!first || *one.at < *first)) first = one.at;
    }
    Latest out{first};
    for (const auto& t : acceptance.scope) out.add(t->since(v, Truth::yes));
    return out.at;
  }
  std::optional<model::Instant> operator()(const DetectRule&) const { return std::nullopt; }
};

struct Missing {
  const View& v;
  std::string operator()(const PlainRule& r) const {
    Smallest out;
    out.add(r.scope, v);
    out.add(r.when.get(), v);
    out.add(r.pause.get(), v);
    return out.text;
  }
  std::string operator()(const Card& c) const { return c.missing(v); }
  std::string operator()(const Acceptance& a) const {
    Smallest out;
    out.add(a.scope, v);
    for (const auto& c : a.criteria) {
      if (fails(c, v) != Truth::unknown) continue;
      out.add(c.scope, v);
      out.add(c.check.get(), v);
      out.add(c.pause.get(), v);
    }
    return out.text;
  }
  std::string operator()(const DetectRule&) const { return {}; }
};

struct Collect {
  const View& v;
  std::vector<model::Instant>& out;
  void all(const std::vector<TestPtr>& tests) const {
    for (const auto& t : tests) one(t);
  }
  void one(const TestPtr& t) const {
    if (t) t->instants(v, out);
  }
  void operator()(const PlainRule& r) const {
    all(r.scope);
    one(r.when);
    one(r.pause);
  }
  void operator()(const Card& c) const { c.instants(v, out); }
  void operator()(const Acceptance& a) const {
    all(a.scope);
    for (const auto& c : a.criteria) {
      all(c.scope);
      one(c.check);
      one(c.pause);
    }
  }
  void operator()(const DetectRule&) const {}
};

}  // namespace

void add_instants(const CompiledRule& rule, const View& v, std::vector<model::Instant>& out) {
  std::visit(Collect{v, out}, rule.body);
  for (const auto& e : rule.exceptions)
    if (is_record(v.record().id, e.record) && e.until)
      add_instant(v, v.world().calendar.zone().start_of(*e.until + std::chrono::days(1)), out);
}

Truth judge_all(const std::vector<TestPtr>& tests, const View& v) {
  Truth out = Truth::yes;
  for (const auto& t : tests) {
    out = std::min(out, t->judge(v));
    if (out == Truth::no) break;
  }
  return out;
}

bool excepted(const CompiledRule& rule, const View& v) {
  for (const auto& e : rule.exceptions)
    if (is_record(v.record().id, e.record) && (!e.until || v.today() <= *e.until)) return true;
  return false;
}

Truth fails(const Acceptance::Criterion& c, const View& v) {
  Truth out = judge_all(c.scope, v);
  if (out == Truth::no) return out;
  out = std::min(out, negate(c.check->judge(v)));
  if (out != Truth::no && c.pause) out = std::min(out, negate(c.pause->judge(v)));
  return out;
}

RuleAnswer answer(const CompiledRule& rule, const View& v) {
  if (!rule.exceptions.empty() && excepted(rule, v)) return {};
  if (const auto* plain = std::get_if<PlainRule>(&rule.body)) return Answers{v}(*plain);  // nearly always
  return std::visit(Answers{v}, rule.body);
}

std::optional<model::Instant> since(const CompiledRule& rule, const RuleAnswer& a, const View& v) {
  auto at = std::visit(Since{v, a}, rule.body);
  // Nothing can be so before the record was there.
  if (const auto created = v.created(); at && created && *at < *created) at = created;
  return at;
}

std::string missing(const CompiledRule& rule, const View& v) {
  return std::visit(Missing{v}, rule.body);
}

std::string finding_id(const CompiledRule& rule, const RuleAnswer& a) {
  const auto* card = std::get_if<Card>(&rule.body);
  return card == nullptr ? std::string{} : "timing." + std::string(to_string(a.kind)) + ':' + card->field;
}

}  // namespace coachd::rules
