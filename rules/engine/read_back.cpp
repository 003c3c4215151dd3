#include "rules/engine/read_back.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/test.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::rules {
namespace {

void replace(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// The clause of a test; `real` stands for itself where a file is said back.
std::string clause(const Test& t) {
  auto out = t.words();
  replace(out, "really answered", "real");
  return out;
}

// "it is open" -> "that are open", "next step is not real" -> "whose next step is not real".
std::string relative_leaf(const Test& t, const ObjectPlan& plan) {
  const auto words = clause(t);
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> begins = {{{"it is ", "that are "},
                                                                                           {"it was ", "that were "},
                                                                                           {"it has ", "that have "},
                                                                                           {"it ", "that "},
                                                                                           {"the ", "whose "},
                                                                                           {"there ", "where there "}}};
  for (const auto& [from, to] : begins) {
    if (!words.starts_with(from)) continue;
    auto rest = words.substr(from.size());
    if (from.starts_with("it ")) replace(rest, " its ", " their ");
    return std::string(to) + rest;
  }
  std::vector<Slot> slots;
  t.slots(slots);
  for (const Slot s : slots)
    if (s < plan.slots.size() && words.starts_with(plan.slots[s].label)) return "whose " + words;
  return "where " + words;
}

std::string relative(const Test& t, const ObjectPlan& plan, bool alone);

std::string joined(const Test& t, const ObjectPlan& plan, std::string_view with) {
  std::string out;
  for (const auto& p : t.parts()) {
    if (!out.empty()) out += with;
    out += relative(*p, plan, false);
  }
  return out;
}

// `alone`: nothing stands beside it that it could be mixed up with.
std::string relative(const Test& t, const ObjectPlan& plan, bool alone) {
  switch (t.shape()) {
    case Test::Shape::leaf: return relative_leaf(t, plan);
    case Test::Shape::all: return joined(t, plan, " and ");
    case Test::Shape::any: {
      const bool composed =
          std::any_of(t.parts().begin(), t.parts().end(), [](const auto& p) { return !p->parts().empty(); });
      return (alone ? "" : "either ") + joined(t, plan, composed ? ", or " : " or ");
    }
    case Test::Shape::negation: return "other than those " + relative(*t.parts().front(), plan, true);
  }
  return {};
}

// Which records a rule is about, taken apart: "Open" "opportunities" "in commit" "whose ..." ", except those ...".
class Records {
 public:
  explicit Records(const ObjectPlan& plan) : plan_(plan) {}

  void add(const Test& t) {
    switch (t.shape()) {
      case Test::Shape::all:
        for (const auto& p : t.parts()) add(*p);
        return;
      case Test::Shape::negation: exceptions_.push_back(t.parts().front().get()); return;
      case Test::Shape::any: relatives_.push_back(&t); return;
      case Test::Shape::leaf: break;
    }
    const auto words = clause(t);
    if (words == "it is open" || words == "it is won" || words == "it is lost")
      adjectives_ += words.substr(6) + ' ';
    else if (words == "it is not open")
      adjectives_ += "closed ";
    else if (auto at = place(t, words); !at.empty())
      places_ += ' ' + at;
    else
      relatives_.push_back(&t);
  }

  [[nodiscard]] std::string words() const {
    std::string out = adjectives_ + in_plural(plan_.object) + places_;
    const bool alone = relatives_.size() == 1;
    for (std::size_t i = 0; i < relatives_.size(); ++i)
      out += (i > 0 ? " and " : " ") + relative(*relatives_[i], plan_, alone);
    for (const auto* e : exceptions_) out += ", except those " + relative(*e, plan_, true);
    return out;
  }

 private:
  // Where in the pipeline or forecast: short where it stands by itself.
  [[nodiscard]] std::string place(const Test& t, const std::string& words) const {
    static constexpr std::array<std::string_view, 4> ranges = {"before ", "at least ", "after ", "at most "};
    static constexpr std::string_view stage = "the stage is ";
    if (words.starts_with(stage)) {
      const auto rest = words.substr(stage.size());
      if (rest.starts_with(ranges[0])) return rest;
      if (rest.starts_with(ranges[1])) return "in " + rest.substr(ranges[1].size()) + " or later";
      if (rest.starts_with(ranges[2])) return "past " + rest.substr(ranges[2].size());
      if (rest.starts_with(ranges[3])) return "in " + rest.substr(ranges[3].size()) + " or earlier";
      return "in " + rest;
    }
    std::vector<Slot> slots;
    t.slots(slots);
    if (slots.size() != 1 || slots.front() >= plan_.slots.size()) return {};
    const auto& field = plan_.slots[slots.front()];
    const auto begin = field.label + " is \"";
    if (field.name != "forecast_category" || !words.starts_with(begin)) return {};
    auto rest = words.substr(begin.size() - 1);
    replace(rest, "\"", "");
    return "in " + rest;
  }

  const ObjectPlan& plan_;
  std::string adjectives_, places_;
  std::vector<const Test*> relatives_, exceptions_;
};

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string while_paused(const TestPtr& pause) {
  return pause ? ", but not while " + clause(*pause) : std::string{};
}

// "once it has reached proposal", "from its creation on".
std::string window(const Test& t) {
  const auto words = clause(t);
  return words.starts_with("from ") ? words : "once " + words;
}

std::string read_card(const Card& card, const ObjectPlan& plan) {
  Records records(plan);
  bool after_close = false;
  for (const auto& t : card.scope) {
    const bool opens = t->shape() == Test::Shape::any && clause(*t->parts().front()) == "it is open";
    after_close = after_close || opens;
    records.add(opens ? *t->parts().front() : *t);
  }
  std::string out =
      capital(card.label) + " of " + records.words() + (after_close ? " (and for 30 days after closing)" : "");
  if (!card.ask && !card.needed) return out + " is asked for by nobody";
  const bool at_once = card.ask && card.needed && clause(*card.ask) == clause(*card.needed);
  if (card.ask && !at_once) out += " is due " + window(*card.ask);
  if (card.needed) out += std::string(card.ask && !at_once ? ", and" : " is") + " missing " + window(*card.needed);
  if (card.knowable && (!card.ask || clause(*card.knowable) != clause(*card.ask)))
    out += ", never before " +
           (clause(*card.knowable).starts_with("from ") ? std::string("its creation") : clause(*card.knowable));
  if (card.outdated) out += "; an answer is due again when " + clause(*card.outdated);
  return out + while_paused(card.pause);
}

std::string read_plain(const PlainRule& rule, const ObjectPlan& plan) {
  Records records(plan);
  for (const auto& t : rule.scope) records.add(*t);
  records.add(*rule.when);
  return capital(records.words()) + while_paused(rule.pause);
}

std::string read_detector(const DetectRule& rule, const ObjectPlan& plan) {
  Records records(plan);
  for (const auto& t : rule.scope) records.add(*t);
  std::string finds(rule.kind->finds);
  if (finds.size() > 1 && finds[0] >= 'A' && finds[0] <= 'Z' && !(finds[1] >= 'A' && finds[1] <= 'Z'))
    finds[0] = static_cast<char>(finds[0] - 'A' + 'a');
  if (finds.ends_with('.')) finds.pop_back();
  return "Among " + records.words() + ": " + finds + while_paused(rule.pause);
}

}  // namespace

std::string in_plural(const std::string& object) {
  if (object.empty() || object.find("__") != std::string::npos) return object + " records";
  auto out = object;
  std::replace(out.begin(), out.end(), '_', ' ');
  const auto ends = [&](std::string_view end) { return out.ends_with(end); };
  if (ends("y") && !ends("ay") && !ends("ey") && !ends("oy"))
    out.replace(out.size() - 1, 1, "ies");
  else
    out += ends("s") || ends("x") || ends("ch") ? "es" : "s";
  return out;
}

std::vector<ReadBack> read_back(const RuleSet& rules, std::uint32_t rule) {
  const auto& info = rules.rules[rule];
  const auto* plan = rules.plan(info.object);
  if (plan == nullptr) return {};
  const auto& body = rules.compiled->rules[rule].body;
  if (const auto* plain = std::get_if<PlainRule>(&body)) return {{info.id.get(), read_plain(*plain, *plan)}};
  if (const auto* card = std::get_if<Card>(&body)) return {{info.id.get(), read_card(*card, *plan)}};
  if (const auto* detect = std::get_if<DetectRule>(&body)) return {{info.id.get(), read_detector(*detect, *plan)}};
  std::vector<ReadBack> out;
  const auto& acceptance = std::get<Acceptance>(body);
  for (const auto& c : acceptance.criteria) {
    Records records(*plan);
    for (const auto& t : acceptance.scope) records.add(*t);
    for (const auto& t : c.scope) records.add(*t);
    out.push_back({info.id.get() + ": " + c.id, capital(records.words()) + " are review-ready only where " +
                                                    clause(*c.check) + while_paused(c.pause)});
  }
  return out;
}

}  // namespace coachd::rules
