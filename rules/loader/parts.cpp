#include "rules/loader/parts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/combine.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/stage_words.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/unchanged.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/file_builder.hpp"
#include "rules/loader/kept.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/address.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

void wrong(Builder& b, std::string message, const model::Place& at) {
  b.error("wrong-type", std::move(message), at);
}

// "did you mean" for a word of a small fixed list.
std::string meant(std::string_view word, std::initializer_list<const char*> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  if (const auto near = yaml::nearest(word, names)) return ": did you mean `" + *near + "`?";
  std::string out = ": it is one of";
  for (const auto& n : names) out += ' ' + n;
  return out;
}

}  // namespace

TestPtr read_condition(yaml::MapReader& map, std::string_view key, FileBuilder& b) {
  const auto node = map.optional(key);
  return node ? parse_condition(node, b) : nullptr;
}

std::vector<Step> read_control(yaml::MapReader& map, Builder& b, bool required) {
  const auto node = required ? map.required("control") : map.optional("control");
  std::vector<Step> out;
  if (!node) return out;
  const auto words = parse_words_at(node, "control", b);
  if (!words) return out;
  static constexpr std::array<std::string_view, 9> hard = {"block",   "hard",     "stop",   "validate", "validation",
                                                           "require", "required", "reject", "lock"};
  const auto items = node.is_list() ? node.items() : std::vector<yaml::Node>{node};
  for (std::size_t i = 0; i < words->size(); ++i) {
    const auto& w = (*words)[i];
    if (w == "flag")
      out.push_back(Step::flag);
    else if (w == "queue")
      out.push_back(Step::queue);
    else if (w == "packet")
      out.push_back(Step::packet);
    else if (w == "prompt")
      out.push_back(Step::prompt);
    else if (std::find(hard.begin(), hard.end(), w) != hard.end())
      b.error("hard-control",
              "coachd never blocks anybody: `" + w + "` is no control, the steps are flag, queue, packet, prompt",
              items[i].place());
    else
      b.error("unknown-control", "unknown control `" + w + '`' + meant(w, {"flag", "queue", "packet", "prompt"}),
              items[i].place());
  }
  if (!std::is_sorted(out.begin(), out.end()) || std::adjacent_find(out.begin(), out.end()) != out.end())
    b.error("control-order", "`control` names each step once, lightest first: flag, queue, packet, prompt",
            node.place());
  return out;
}

Recipient read_recipient(yaml::MapReader& map, Builder& b) {
  const auto node = map.optional("to");
  if (!node) return {};
  const std::string t(node.text());
  const auto after = [&](std::string_view prefix) {
    return t.starts_with(prefix) && t.size() > prefix.size() ? t.substr(prefix.size()) : std::string{};
  };
  if (t == "owner") return {};
  if (t == "owner_manager") return {Recipient::Kind::owner_manager, {}};
  if (t == "definition_owner") return {Recipient::Kind::definition_owner, {}};
  if (auto name = after("field:"); !name.empty()) {
    (void)b.field(name, node.place());
    return {Recipient::Kind::field, std::move(name)};
  }
  if (auto name = after("job:"); !name.empty()) {
    (void)check_job(name, node.place(), b);
    return {Recipient::Kind::job, std::move(name)};
  }
  if (auto name = after("person:"); !name.empty()) {
    if (!model::is_address(name)) wrong(b, "`person:` takes an e-mail address, this is `" + name + '`', node.place());
    return {Recipient::Kind::person, std::move(name)};
  }
  b.error("unknown-recipient",
          "unknown recipient `" + t + '`' +
              meant(t, {"owner", "owner_manager", "definition_owner", "field:NAME", "job:NAME", "person:EMAIL"}),
          node.place());
  return {};
}

std::optional<text::Placeholders::Spec> read_placeholders(yaml::MapReader& map, Builder& b) {
  const auto node = map.optional("placeholders");
  if (!node) return std::nullopt;
  text::Placeholders::Spec out;
  if (!node.is_map()) {  // a plain list is {add: ...}
    if (node.is_list() && node.items().empty()) return out;
    if (const auto words = parse_words_at(node, "placeholders", b)) out.add = *words;
    return out;
  }
  yaml::MapReader lists(b.document(), node, "`placeholders`");
  const auto read = [&](const char* key, std::vector<std::string>& into) {
    const auto n = lists.optional(key);
    if (!n || (n.is_list() && n.items().empty())) return static_cast<bool>(n);
    if (const auto words = parse_words_at(n, key, b)) into = *words;
    return true;
  };
  read("add", out.add);
  read("not", out.remove);
  out.has_only = read("only", out.only);
  if (const auto zero = lists.optional("zero"))
    if (const auto yes = parse_bool_at(zero, "zero", b)) out.zero = *yes;
  lists.finish();
  if (out.has_only && (!out.add.empty() || !out.remove.empty()))
    wrong(b, "`only` is the whole list: `add` and `not` cannot stand beside it", node.place());
  return out;
}

std::vector<Exception> read_exceptions(yaml::MapReader& map, Builder& b) {
  const auto node = map.optional("exceptions");
  std::vector<Exception> out;
  if (!node) return out;
  if (!node.is_list()) {
    wrong(b, "`exceptions` is a list of `{record: ID, until: DATE, because: TEXT, by: EMAIL}`", node.place());
    return out;
  }
  for (const auto& item : node.items()) {
    yaml::MapReader one(b.document(), item, "an exception");
    Exception e;
    e.record = one.required_text("record");
    const auto until = one.optional("until");
    (void)one.text("because");
    if (const auto by = one.text("by"); by && !model::is_address(*by))
      wrong(b, "`by` takes the e-mail address of who decided it", item.find("by").place());
    one.finish();
    if (until) {
      e.until = model::parse_day(until.text());
      if (!e.until) wrong(b, "`until` takes a date such as 2026-12-31", until.place());
    }
    if (!e.record.empty()) out.push_back(std::move(e));
  }
  return out;
}

void read_old_records(yaml::MapReader& map, Builder& b, RuleInfo& rule) {
  const auto node = map.optional("old_records");
  if (!node) return;
  if (node.is_scalar() && node.text() == "all") {
    rule.old_records_all = true;
    rule.old_records_since.reset();
    return;
  }
  if (node.is_map()) {
    yaml::MapReader one(b.document(), node, "`old_records`");
    const auto since = one.required("changed_since");
    one.finish();
    if (!since) return;
    if (const auto day = model::parse_day(since.text())) {
      rule.old_records_all = false;
      rule.old_records_since = day;
      return;
    }
  }
  wrong(b, "`old_records` takes `all` or `{changed_since: 2026-01-01}`", node.place());
}

TestPtr read_pause(yaml::MapReader& map, FileBuilder& b) {
  const auto node = map.optional("pause_while");
  if (!node) return nullptr;
  yaml::MapReader one(b.document(), node, "`pause_while`");
  const auto name = one.required("field");
  const auto until = one.required("until");
  const auto at_most = one.optional("at_most");
  one.finish();
  if (!name || !until) return nullptr;
  yaml::MapReader end(b.document(), until, "`until`");
  const auto date = end.required("field");
  end.finish();
  if (!date) return nullptr;
  const auto* field = b.field(name.text(), name.place());
  const auto* day = b.field(date.text(), date.place());
  if (field == nullptr || day == nullptr) return nullptr;
  // While the field is real and the date today or later, at most so long after the field was last changed.
  std::vector<TestPtr> parts;
  const auto add = [&](const Field& f, std::string_view word, std::string_view text) {
    const auto doc = yaml::Document::parse("pause_while", "{" + std::string(word) + ": " + std::string(text) + "}");
    for (const auto tests : {text_tests(), time_tests()})
      for (const auto& t : tests)
        if (t.word == word) parts.push_back(t.parse(f, doc->root().find(word), date.place(), b));
  };
  if (field->type == model::FieldType::boolean) {
    wrong(b, "`pause_while` waits for a text or a choice, not for a checkbox", name.place());
    return nullptr;
  }
  add(*field, "real", "true");
  add(*day, "on_or_after", "today");
  if (at_most) {
    if (const auto span = parse_span_at(at_most, "at_most", b)) {
      b.needs_history(field->slot);
      parts.push_back(unchanged_test(*field, Window(SpanLimit(*span)), false));
    }
  }
  if (std::any_of(parts.begin(), parts.end(), [](const TestPtr& t) { return t == nullptr; })) return nullptr;
  return all_of(std::move(parts));
}

void read_proof(yaml::MapReader& map, FileBuilder& b) {
  const auto node = map.optional("proof");
  if (!node) return;
  if (!node.is_map()) {
    b.error("wrong-type", "`proof` takes a map", node.place());
    return;
  }
  constexpr std::array<std::string_view, 1> beside{"within"};
  const auto off = b.take_off();
  auto partly = b.take_partly_off();
  (void)parse_condition(node, b, beside);
  (void)b.take_off();
  b.switch_off(off);
  b.put_partly_off(std::move(partly));
  if (const auto within = node.find("within"))
    (void)parse_span_at(within, "within", b);
  else
    b.error("missing-key", "`proof` needs `within`, by when the promise should be kept: `within: 2d`", node.place());
}

std::vector<model::Pipeline> read_stages(yaml::Node stages, yaml::Document& d) {
  if (!stages) return {};
  const auto error = [&](std::string message, const model::Place& at) {
    d.report(model::Severity::error, "wrong-type", std::move(message), at);
  };
  if (!stages.is_list() || stages.items().empty()) {
    error(
        "`stages` is a list in their order: `[Prospecting, Proposal, {name: Closed Won, won: true}, {name: Closed "
        "Lost, lost: true}]`",
        stages.place());
    return {};
  }
  model::Pipeline p;
  for (const auto& item : stages.items()) {
    model::Stage s;
    if (item.is_map()) {
      yaml::MapReader one(d, item, "a stage");
      s.name = one.required_text("name");
      if (auto label = one.text("label")) s.label = *label;
      s.won = one.boolean("won").value_or(false);
      s.lost = one.boolean("lost").value_or(false);
      one.finish();
      if (s.won && s.lost) error("stage `" + s.name + "` cannot be both won and lost", item.place());
    } else if (item.is_scalar()) {
      s.name = std::string(item.text());
    } else {
      error("a stage is a name or `{name: ..., won: true}`", item.place());
    }
    if (s.label.empty()) s.label = s.name;
    if (std::any_of(p.stages.begin(), p.stages.end(), [&](const model::Stage& had) { return had.name == s.name; }))
      d.report(model::Severity::error, "duplicate-stage", "stage `" + s.name + "` stands twice in `stages`",
               item.place());
    else
      p.stages.push_back(std::move(s));
  }
  return {std::move(p)};
}

Milestones read_milestones(yaml::Node milestones, yaml::Document& d) {
  Milestones out;
  if (!milestones) return out;
  const auto error = [&](const model::Place& at) {
    d.report(model::Severity::error, "wrong-type",
             "`milestones` is a map from milestones to stages: `{qualified: Qualification, won: Closed Won}`", at);
  };
  if (!milestones.is_map()) {
    error(milestones.place());
    return out;
  }
  const auto add = [&](const std::string& pipeline, const std::string& name, yaml::Node stages) {
    std::vector<std::string> words;
    if (stages.is_scalar()) words.emplace_back(stages.text());
    for (const auto& item : stages.items()) {
      if (item.is_scalar())
        words.emplace_back(item.text());
      else
        error(item.place());
    }
    out[pipeline][name] = std::move(words);
  };
  for (const auto& [name, node] : milestones.entries()) {
    if (!node.is_map()) {
      add("", name, node);
      continue;
    }
    for (const auto& [milestone, stages] : node.entries())
      add(name, milestone, stages);  // per pipeline, as in the configuration
  }
  return out;
}

std::string first_of(yaml::Node words, const std::string& otherwise) {
  const auto first = words.is_list() && !words.items().empty() ? words.items().front() : words;
  return first.is_scalar() && !first.text().empty() ? std::string(first.text()) : otherwise;
}

void flatten(yaml::Node node, const std::string& path, std::vector<Written::Entry>& out) {
  const auto below = [&](const std::string& key) { return path.empty() ? key : path + '.' + key; };
  if (node.is_map())
    for (const auto& [key, value] : node.entries()) flatten(value, below(key), out);
  else if (node.is_list()) {
    std::size_t i = 0;
    for (const auto& item : node.items()) flatten(item, below(std::to_string(i++)), out);
  } else if (node) {
    out.push_back({path, std::string(node.text()), node.place()});
  }
}

std::uint64_t mix(std::uint64_t hash, std::string_view t) {
  for (const char c : t) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return (hash ^ 0x1fu) * 1099511628211ull;
}

}  // namespace coachd::rules
