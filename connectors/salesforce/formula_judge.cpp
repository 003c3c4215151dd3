#include "connectors/salesforce/formula_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/salesforce/condition.hpp"
#include "connectors/salesforce/formula.hpp"
#include "connectors/salesforce/formula_eval.hpp"
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::salesforce {
namespace {

using model::FieldDescription;
using model::FieldType;
using model::Requirement;

/// Steps of working out that one rule may cost; a formula as long as Salesforce takes it stays far below.
constexpr std::size_t most_steps = 2'000'000;

[[nodiscard]] std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

// Stable over programs and machines: it is stored.
[[nodiscard]] std::string fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", hash);
}

// Where a group of answers holds: by pipeline, its stages in order.
struct Group {
  std::string where;
  bool of_record = false;
  std::map<std::string, std::vector<std::string>> stages;
};

// What the rule asks of the field where a record stands; nothing: it does not ask for it there.
[[nodiscard]] std::optional<Condition> asked(const FormulaNode& root, const FormulaWorld& world, FormulaSubject subject,
                                             const FormulaStanding& standing, std::size_t& steps) {
  subject.filled = false;
  const Condition blank = work_out(root, world, subject, standing, steps);
  if (blank.is(Condition::Kind::no)) return std::nullopt;
  subject.filled = true;
  const Condition filled = work_out(root, world, subject, standing, steps);
  // where it cannot be told anyhow, it cannot be told either whether the field has a part in it
  if (blank == filled && blank.why_unread().empty()) return std::nullopt;
  Condition more = blank.beyond(filled);
  if (more.is(Condition::Kind::no)) return std::nullopt;
  return more;
}

// Where it is asked in every stage of a pipeline, no stages are named; where it is the same in all, no pipeline is.
[[nodiscard]] std::vector<Requirement> requirements(const std::string& rule, std::vector<Group> groups,
                                                    const std::map<std::string, std::vector<std::string>>& all) {
  std::vector<Requirement> out;
  for (Group& g : groups) {
    for (auto& [pipeline, stages] : g.stages)
      if (stages == all.at(pipeline)) stages.clear();
    const bool alike = g.stages.size() == all.size() &&
                       std::all_of(g.stages.begin(), g.stages.end(),
                                   [&](const auto& p) { return p.second == g.stages.begin()->second; });
    if (alike) g.stages = {{"", std::move(g.stages.begin()->second)}};
    for (auto& [pipeline, stages] : g.stages) {
      Requirement r;
      r.name = rule;
      r.pipeline = pipeline;
      r.stages = std::move(stages);
      r.where = g.where;
      r.of_record = g.of_record;
      out.push_back(std::move(r));
    }
  }
  return out;
}

class Reader {
 public:
  Reader(const std::string& name, const FormulaNode& root, const model::ObjectDescription& object,
         const FormulaWorld& world, bool by_record_type)
      : name_(name), root_(root), world_(world), by_record_type_(by_record_type) {
    for (const model::Pipeline& p : object.pipelines)
      for (const model::Stage& s : p.stages)
        if (s.active) {
          standings_.push_back({&p, &s});
          all_[p.name].push_back(s.name);
        }
    if (standings_.empty()) {
      standings_.push_back({});
      all_[""].emplace_back();
    }
  }

  /// Why it could not be read is left in `unread`, which is empty before.
  [[nodiscard]] std::vector<Requirement> of(const FieldDescription& field, std::string& unread) {
    const FormulaSubject subject{&field, lower(field.name), relationship(field), false};
    std::vector<Group> groups;
    std::map<std::string, std::optional<Condition>> known;  // by stage, where pipelines make no difference
    for (const FormulaStanding& at : standings_) {
      const std::string stage = at.stage == nullptr ? std::string() : at.stage->name;
      auto same = by_record_type_ ? known.end() : known.find(stage);
      if (same == known.end()) same = known.insert_or_assign(stage, asked(root_, world_, subject, at, steps_)).first;
      const auto& more = same->second;
      if (steps_ > most_steps) unread = "it takes too long to work out";
      if (more && unread.empty()) unread = more->why_unread();
      if (!unread.empty()) return {not_read(unread)};
      if (more) add(groups, *more, at);
    }
    return requirements(name_, std::move(groups), all_);
  }

  [[nodiscard]] Requirement not_read(const std::string& why) const {
    Requirement r;
    r.name = name_;
    r.unread = why;
    return r;
  }

  /// How a formula goes through a lookup: `Champion__c` by `champion__r.`, `AccountId` by `account.`
  [[nodiscard]] static std::string relationship(const FieldDescription& field) {
    if (field.type != FieldType::reference) return {};
    std::string name = lower(field.name);
    if (name.ends_with("__c")) return name.replace(name.size() - 1, 1, "r.");
    return name.ends_with("id") ? name.substr(0, name.size() - 2) + '.' : std::string();
  }

 private:
  static void add(std::vector<Group>& groups, const Condition& more, const FormulaStanding& at) {
    const std::string where = more.is(Condition::Kind::yes) ? std::string() : more.words();
    auto g = std::find_if(groups.begin(), groups.end(), [&](const Group& had) { return had.where == where; });
    if (g == groups.end()) g = groups.insert(groups.end(), {where, more.of_record(), {}});
    g->stages[at.pipeline == nullptr ? "" : at.pipeline->name].push_back(at.stage == nullptr ? "" : at.stage->name);
  }

  const std::string& name_;
  const FormulaNode& root_;
  const FormulaWorld& world_;
  bool by_record_type_;
  std::vector<FormulaStanding> standings_;
  std::map<std::string, std::vector<std::string>> all_;  // by pipeline
  std::size_t steps_ = 0;
};

[[nodiscard]] bool names(const std::vector<std::string>& all, const FieldDescription& field) {
  const std::string own = lower(field.name), through = Reader::relationship(field);
  return std::any_of(all.begin(), all.end(), [&](const std::string& name) {
    return name == own || (!through.empty() && name.starts_with(through));
  });
}

}  // namespace

RuleReading read_rule(const std::string& name, std::string_view formula, const model::ObjectDescription& object,
                      const DeveloperNames& developer_names) {
  RuleReading out;
  out.rule.name = name;
  out.rule.formula = fingerprint(formula);
  const ParsedFormula parsed = parse_formula(formula);
  out.rule.unread = parsed.problem;
  const auto named = names_in_formula(formula);
  const FormulaWorld world(object, developer_names);
  const bool by_record_type =
      std::any_of(named.begin(), named.end(), [](const std::string& n) { return n.starts_with("recordtype"); });
  Reader reader(name, parsed.root, object, world, by_record_type);
  for (const FieldDescription& field : object.fields) {
    // a checkbox is never blank, a stage stands on every record
    if (field.type == FieldType::boolean || field.type == FieldType::id || lower(field.name) == "stagename") continue;
    if (!names(named, field)) continue;
    std::string unread = parsed.problem;
    auto asks = parsed.good() ? reader.of(field, unread) : std::vector<Requirement>{reader.not_read(unread)};
    if (out.rule.unread.empty()) out.rule.unread = std::move(unread);
    if (!asks.empty()) out.fields[field.name] = std::move(asks);
  }
  return out;
}

}  // namespace coachd::salesforce
