#include "rules/loader/workflow.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/stages.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/detect.hpp"
#include "rules/loader/kept.hpp"
#include "rules/loader/loader.hpp"
#include "rules/loader/object.hpp"
#include "rules/loader/parts.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"
#include "rules/prompts/template.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

bool is_id(std::string_view t) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (t.empty() || !letter(t[0])) return false;
  return std::all_of(t.begin(), t.end(), [&](char c) { return letter(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace

Workflow::Workflow(yaml::Document& document, ObjectBuild& object, ObjectBuilds& objects, std::string default_file)
    : document_(document), object_(object), b_(document, object, objects) {
  defaults_.place.file = std::move(default_file);
}

bool Workflow::switched_off(const std::string& rule) {
  auto why = b_.take_off();
  auto partly = b_.take_partly_off();
  if (why.empty()) {
    for (auto& p : partly) {
      p.rules.emplace_back(rule);
      partly_off.push_back(std::move(p));
    }
    return false;
  }
  off.push_back({model::RuleId(rule), std::move(why)});
  return true;
}

void Workflow::keep(Written::Kind kind, const std::string& rule, yaml::Node node) {
  Written w;
  w.kind = kind;
  w.id = rule;
  w.workflow = id;
  w.place = node.place();
  if (kind == Written::Kind::workflow) {
    for (const auto& [key, value] : node.entries())
      if (key != "fields" && key != "done_means" && key != "rules") flatten(value, key, w.entries);
  } else {
    flatten(node, "", w.entries);
  }
  written.push_back(std::move(w));
}

RuleInfo Workflow::base_info(model::RuleId rule, model::RuleKind kind, const model::Place& place) const {
  RuleInfo out = defaults_;
  out.id = std::move(rule);
  out.kind = kind;
  out.place = place;
  return out;
}

std::uint64_t Workflow::hash_of(yaml::Node node, const CompiledRule& rule) const {
  std::vector<Written::Entry> entries;
  flatten(node, "", entries);
  std::uint64_t h = header_hash_;
  for (const auto& e : entries) h = mix(mix(h, e.path), e.text);
  // What the names stand for in this connection.
  std::vector<Slot> slots;
  std::vector<std::string> ties;
  const auto add = [&](const Test& t) {
    t.slots(slots);
    t.ties(ties);
  };
  if (const auto* plain = std::get_if<PlainRule>(&rule.body)) {
    for (const auto& t : plain->scope) add(*t);
    add(*plain->when);
    if (plain->pause) add(*plain->pause);
  } else if (const auto* card = std::get_if<Card>(&rule.body)) {
    slots.push_back(card->slot);
    for (const auto* t : card->tests()) add(*t);
  } else if (const auto* acceptance = std::get_if<Acceptance>(&rule.body)) {
    for (const auto& c : acceptance->criteria) add(*c.check);
  } else if (const auto* detect = std::get_if<DetectRule>(&rule.body)) {
    for (const auto& t : detect->scope) add(*t);
    for (const auto& [name, value] : detect->settings.values)
      for (const auto& f : value.fields) slots.push_back(f.slot);
  }
  for (const auto& tie : ties) h = mix(h, tie);
  for (const Slot s : slots) {
    if (s == no_slot) continue;
    h = mix(mix(h, object_.plan.slots[s].crm_name), std::to_string(static_cast<int>(object_.plan.slots[s].type)));
    const auto lists = b_.lists.find(s);
    if (lists == b_.lists.end()) continue;
    for (const auto* words : {&lists->second.placeholders.add, &lists->second.placeholders.remove,
                              &lists->second.placeholders.only, &lists->second.not_known_yet})
      for (const auto& w : *words) h = mix(h, w);
  }
  for (const auto& [pipeline, words] : object_.milestones)
    for (const auto& [name, stages] : words) {
      h = mix(mix(h, pipeline), name);
      for (const auto& s : stages) h = mix(h, s);
    }
  return h;
}

void Workflow::read() {
  yaml::MapReader map(document_, document_.root(), "a rule file");
  read_header(map);
  const auto fields = map.optional("fields");
  const auto criteria = map.optional("done_means");
  const auto rules = map.optional("rules");
  map.finish();
  keep(Written::Kind::workflow, id, document_.root());

  // A `for` or segment that is wrong is said once, here.
  const auto errors_before = document_.diagnostics().size();
  if (for_) (void)parse_condition(for_, b_);
  for (const auto& [name, node] : b_.segments) (void)parse_condition(node, b_);
  if (document_.diagnostics().size() != errors_before)
    for (const auto& d : document_.diagnostics())
      if (d.severity == model::Severity::error) for_ = yaml::Node{};
  (void)b_.take_off();
  (void)b_.take_partly_off();

  // What has no value at all stands nowhere but at its key.
  const auto place = [&](yaml::Node node, std::string_view key) {
    return node.is_scalar() && node.text().empty() ? document_.root().key_place(key) : node.place();
  };
  if (fields) {
    if (!fields.is_map())
      b_.error("wrong-type", "`fields` is a map from fields to their cards", place(fields, "fields"));
    read_card_lists(fields);
    for (const auto& [name, node] : fields.entries()) read_card(name, node, fields.key_place(name));
  }
  if (criteria) read_criteria(criteria);
  if (rules) {
    if (!rules.is_list())
      b_.error("wrong-type", "`rules` is a list of rules, each beginning with `- id:`", place(rules, "rules"));
    for (const auto& item : rules.items()) read_rule(item);
  }
}

void Workflow::read_header(yaml::MapReader& map) {
  const auto version = map.required("version");
  if (version && version.text() != "1") b_.error("unknown-version", "this coachd reads `version: 1`", version.place());
  const auto workflow = map.required("workflow");
  id = std::string(workflow.text());
  if (workflow && !is_id(id))
    b_.error("bad-id", "an id is made of letters, digits, `.`, `_` and `-`", workflow.place());
  if (map.required("object")) (void)map.text("object");
  defaults_.owner = map.required_text("owner");
  defaults_.workflow = id;
  defaults_.object = object_.plan.object;
  (void)map.optional("stages");  // read before, for all files of the object
  (void)map.optional("milestones");
  now = map.text("now");
  if (now && !model::parse_day(*now) && !model::parse_instant(*now))
    b_.error("wrong-type", "`now` takes a date (2026-01-15) or an instant (2026-01-15T09:00:00Z)",
             document_.root().find("now").place());
  for_ = map.optional("for");
  if (auto spec = read_placeholders(map, b_)) b_.placeholders = std::move(*spec);
  if (const auto segments = map.optional("segments")) {
    if (!segments.is_map()) b_.error("wrong-type", "`segments` is a map from names to conditions", segments.place());
    for (const auto& [name, node] : segments.entries()) b_.segments.emplace(name, node);
  }
  exceptions_ = read_exceptions(map, b_);
  read_old_records(map, b_, defaults_);
  if (const auto quoted = map.optional("quote_notes"))
    if (const auto span = parse_span_at(quoted, "quote_notes", b_)) {
      defaults_.quote_notes = *span;
      object_.plan.needs_notes = true;
    }
  read_kept(map, kept_of_workflow(), b_);
  inspected_in_ = first_of(document_.root().find("inspected_in"), "");
  b_.inspected_in = inspected_in_;

  std::vector<Written::Entry> entries;
  for (const char* key : {"for", "segments", "placeholders", "exceptions", "old_records"})
    flatten(document_.root().find(key), key, entries);
  for (const auto& e : entries) header_hash_ = mix(mix(header_hash_, e.path), e.text);
}

bool Workflow::add_for(std::vector<TestPtr>& scope) {
  if (!for_) return true;
  auto test = parse_condition(for_, b_);
  if (!test) return false;
  scope.push_back(std::move(test));
  return true;
}

void Workflow::read_criteria(yaml::Node node) {
  if (!node.is_list() || node.items().empty()) {
    b_.error("wrong-type", "`done_means` is a list of criteria, each beginning with `- id:`",
             node.is_scalar() && node.text().empty() ? document_.root().key_place("done_means") : node.place());
    return;
  }
  Acceptance acceptance;
  bool good = add_for(acceptance.scope);
  const bool named = !acceptance.scope.empty() && acceptance.scope.front()->names_outcome();
  std::set<std::string> ids;
  for (const auto& item : node.items()) {
    yaml::MapReader map(document_, item, "a criterion");
    Acceptance::Criterion c;
    c.id = map.required_text("id");
    if (!c.id.empty() && !is_id(c.id))
      b_.error("bad-id", "an id is made of letters, digits, `.`, `_` and `-`", item.find("id").place());
    if (!c.id.empty() && !ids.insert(c.id).second)
      b_.error("duplicate-id", "criterion `" + c.id + "` stands twice in this workflow", item.find("id").place());
    if (const auto say = map.optional("say"))
      if (auto text = Text::parse(say, "say", b_)) c.say = std::move(*text);
    bool whole = true;
    bool outcome = named;
    if (item.is_map() && item.find("for")) {
      auto scope = read_condition(map, "for", b_);
      whole = scope != nullptr;
      if (scope) outcome = outcome || scope->names_outcome();
      if (scope) c.scope.push_back(std::move(scope));
    }
    (void)map.required("check");
    c.check = read_condition(map, "check", b_);
    c.pause = read_pause(map, b_);
    read_kept(map, kept_of_criterion(), b_);
    map.finish();
    keep(Written::Kind::criterion, c.id, item);
    // Review-readiness is about open records unless somebody says otherwise.
    if (!outcome && b_.has_stages()) c.scope.push_back(open_test(b_));
    if (switched_off("acceptance.not-ready (" + c.id + ')')) continue;
    if (whole && c.check)
      acceptance.criteria.push_back(std::move(c));
    else
      good = false;
  }
  if (!good || acceptance.criteria.empty()) return;
  Made m;
  m.info = base_info(model::RuleId("acceptance.not-ready"), model::RuleKind::acceptance, node.place());
  // Others see content of a voluntary workflow, never what is missing.
  if (document_.root().find("voluntary").text() != "true") m.info.control = {Step::flag, Step::packet};
  m.compiled.exceptions = exceptions_;
  m.compiled.body = std::move(acceptance);
  m.info.hash = hash_of(node, m.compiled);
  made.push_back(std::move(m));
}

void Workflow::read_rule(yaml::Node node) {
  yaml::MapReader map(document_, node, "a rule");
  if (!node.is_map()) return;
  const auto rule = map.required_text("id");
  if (!rule.empty() && !is_id(rule))
    b_.error("bad-id", "an id is made of letters, digits, `.`, `_` and `-`", node.find("id").place());
  Made m;
  m.info =
      base_info(model::RuleId(rule), model::RuleKind::stale, node.find("id") ? node.find("id").place() : node.place());
  const auto kind = map.required("kind");
  if (kind) {
    const auto known = model::parse_rule_kind(kind.text());
    if (known && *known != model::RuleKind::timing)
      m.info.kind = *known;
    else {
      static const std::vector<std::string> kinds{"stale",    "fake-adoption", "acceptance", "duplicate",
                                                  "friction", "workaround",    "win"};
      const auto near = yaml::nearest(kind.text(), kinds);
      b_.error("unknown-kind",
               "unknown kind `" + std::string(kind.text()) + '`' +
                   (near ? ": did you mean `" + *near + "`?"
                         : ": it is one of stale, fake-adoption, acceptance, duplicate, friction, workaround, win"),
               kind.place());
    }
  }
  m.info.control = read_control(map, b_, true);
  b_.inspected_in = first_of(node.find("inspected_in"), first_of(node.find("with").find("meeting"), inspected_in_));

  PlainRule plain;
  bool whole = add_for(plain.scope);
  if (node.find("for")) {
    auto scope = read_condition(map, "for", b_);
    whole = whole && scope;
    if (scope) plain.scope.push_back(std::move(scope));
  }
  const auto detect = map.optional("detect");
  const auto with = map.optional("with");
  std::optional<DetectRule> detector;
  if (detect)
    detector = read_detect(detect, with, b_);
  else if (!node.find("when"))
    b_.error("missing-key", "a rule needs `when` (or `detect`)", node.place());
  if (detect && node.find("when"))
    b_.error("two-tests", "a rule has `when` or `detect`, not both: say under `for` which records are looked at",
             node.key_place("when"));
  if (with && !detect) b_.error("missing-key", "`with` holds the parameters of `detect`", node.key_place("with"));
  plain.when = read_condition(map, "when", b_);
  plain.pause = read_pause(map, b_);
  if (node.find("pause_while") && !plain.pause) whole = false;

  if (const auto prompt = map.optional("prompt")) {
    yaml::MapReader texts(document_, prompt, "a prompt");
    m.info.to = read_recipient(texts, b_);
    for (const auto& [key, into] :
         {std::pair{"say", &m.compiled.say}, {"ask", &m.compiled.ask}, {"gives_back", &m.compiled.gives_back}})
      if (const auto n = texts.optional(key))
        if (auto text = Text::parse(n, key, b_)) *into = std::move(*text);
    read_proof(texts, b_);
    if (prompt.find("proof"))
      b_.warn("not-used-yet", "`proof` is kept, and not looked at in this version", prompt.key_place("proof"));
    texts.finish();
  }
  m.compiled.exceptions = exceptions_;
  for (auto& e : read_exceptions(map, b_)) m.compiled.exceptions.push_back(std::move(e));
  read_old_records(map, b_, m.info);
  if (const auto silences = map.optional("silences"))
    if (const auto words = parse_words_at(silences, "silences", b_)) {
      const auto items = silences.is_list() ? silences.items() : std::vector<yaml::Node>{silences};
      for (std::size_t i = 0; i < words->size(); ++i) m.silences.push_back({(*words)[i], items[i].place()});
    }
  read_kept(map, kept_of_rule(), b_);
  map.finish();
  keep(Written::Kind::rule, rule, node);
  b_.inspected_in = inspected_in_;
  if (switched_off(rule)) return;
  if (!whole || rule.empty()) return;
  if (detector) {
    detector->scope = std::move(plain.scope);
    detector->pause = std::move(plain.pause);
    m.compiled.body = std::move(*detector);
  } else if (plain.when) {
    m.compiled.body = std::move(plain);
  } else {
    return;
  }
  m.info.hash = hash_of(node, m.compiled);
  made.push_back(std::move(m));
}

}  // namespace coachd::rules
