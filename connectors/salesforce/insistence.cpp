#include "connectors/salesforce/insistence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/formula_judge.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/layouts.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using model::CrmError;
using model::Failure;

namespace {

[[nodiscard]] Task<json::value> get(Session& session, std::string path) {
  Call call{.target = session.path(path)};
  const auto answer = co_await session.call(std::move(call));
  if (!answer) co_return answer.error();
  boost::system::error_code failed;
  json::value document = json::parse(answer->body, failed);
  if (failed || !document.is_object()) co_return unreadable("no JSON object", false);
  co_return document;
}

// Why nothing is known, for people: what was asked for, what came back, which right may be missing.
[[nodiscard]] std::string untold(const char* what, const CrmError& error, const char* right) {
  if (error.failure == Failure::permanent)
    return fmt::format("{} cannot be read: {}; coachd's user needs {}", what, error.what, right);
  return fmt::format("{} could not be read this time: {}", what, error.what);
}

}  // namespace

Task<bool> Insistences::read_rules(const std::string& object, Known& known) {
  const auto answer = co_await tooling_query(
      session_, fmt::format("SELECT Id, ValidationName, Active, LastModifiedDate FROM ValidationRule "
                            "WHERE EntityDefinition.QualifiedApiName = {}",
                            quote(object)));
  if (!answer) co_return answer.error();
  if (!answer->done) co_return unreadable("the list of validation rules does not come whole", false);
  std::vector<Rule> rules;
  for (const json::object* const row : answer->rows) {
    Rule rule{id(*row, "Id"), text(*row, "ValidationName"), text(*row, "LastModifiedDate"), flag(*row, "Active")};
    if (is_id(rule.id) && !rule.name.empty()) rules.push_back(std::move(rule));
  }
  std::sort(rules.begin(), rules.end(),
            [](const Rule& a, const Rule& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
  std::size_t read = 0;
  for (const Rule& rule : rules) {
    if (!rule.active || ++read > most_rules) continue;
    const auto had = formulas_.find(rule.id);
    if (had != formulas_.end() && had->second.modified == rule.modified) continue;
    if (const auto got = co_await read_formula(rule); !got) co_return got.error();
  }
  known.rules = std::move(rules);
  known.rules_known = true;
  co_return true;
}

// Salesforce gives the formula (in Metadata) of one rule a query only.
Task<bool> Insistences::read_formula(Rule rule) {
  const auto answer = co_await tooling_query(
      session_, fmt::format("SELECT Id, Metadata FROM ValidationRule WHERE Id = {}", quote(rule.id)));
  Formula formula{rule.modified, "", ""};
  if (!answer) {
    if (answer.error().failure != Failure::permanent) co_return answer.error();
    formula.hidden = fmt::format("its formula is not shown to coachd's user ({})", answer.error().what);
  } else {
    if (!answer->rows.empty()) formula.text = text(*answer->rows.front(), "Metadata.errorConditionFormula");
    if (formula.text.empty()) formula.hidden = "Salesforce does not show its formula, as it does for managed packages";
  }
  formulas_[rule.id] = std::move(formula);
  co_return true;
}

Task<bool> Insistences::read_layouts(const std::string& object, Known& known) {
  const std::string path = "/sobjects/" + object + "/describe/layouts";
  const auto answer = co_await get(session_, path);
  if (!answer) co_return answer.error();
  LayoutList list = read_layout_list(answer->get_object());
  if (!list.complete) {
    if (list.layouts.size() > most_layouts)
      co_return CrmError{
          Failure::corrupt,
          fmt::format("{} layouts are more than the {} that are read", list.layouts.size(), most_layouts), "", 0,
          false};
    for (LayoutReading& layout : list.layouts) {
      if (layout.record_types.empty() || !is_id(layout.record_types.front()))
        co_return unreadable("a layout that is of no record type", false);
      const auto one = co_await get(session_, path + '/' + layout.record_types.front());
      if (!one) co_return one.error();
      layout.required = required_on(one->get_object());
    }
  }
  known.layouts = std::move(list.layouts);
  known.layouts_known = true;
  known.layouts_read = session_.server_now();
  co_return true;
}

void Insistences::describe_rules(const Known& known, const ObjectInfo& info, model::ObjectDescription& into) const {
  for (const Rule& rule : known.rules) {
    model::ValidationRule said{rule.name, rule.active, "", ""};
    const auto formula = formulas_.find(rule.id);
    if (!rule.active) {
      into.insists.rules.push_back(std::move(said));
      continue;
    }
    if (formula == formulas_.end()) {
      said.unread = fmt::format("only the first {} active rules of an object are read", most_rules);
    } else if (!formula->second.hidden.empty()) {
      said.unread = formula->second.hidden;
    } else {
      RuleReading reading = read_rule(rule.name, formula->second.text, into, info.developer_names);
      said.formula = std::move(reading.rule.formula);
      said.unread = std::move(reading.rule.unread);
      for (model::FieldDescription& field : into.fields)
        if (const auto asks = reading.fields.find(field.name); asks != reading.fields.end())
          field.required_where.insert(field.required_where.end(), asks->second.begin(), asks->second.end());
    }
    into.insists.rules.push_back(std::move(said));
  }
}

Task<bool> Insistences::read(ObjectPtr info, model::ObjectDescription& into) {
  Known& known = known_[into.name];
  const auto now = session_.server_now();
  if (!known.layouts_known || now - known.layouts_read >= layouts_every) {
    if (const auto layouts = co_await read_layouts(into.name, known); !layouts) {
      if (layouts.error().failure == Failure::auth) co_return layouts.error();
      if (layouts.error().failure == Failure::permanent) known.layouts_known = false;
      into.insists.layouts_untold = untold("page layouts", layouts.error(), "to be allowed to see the object");
    }
  }
  if (known.layouts_known) {  // what was read before serves while an answer is waited for
    into.insists.layouts_untold.clear();
    describe_layouts(known.layouts, into);
  }
  if (const auto rules = co_await read_rules(into.name, known); !rules) {
    if (rules.error().failure == Failure::auth) co_return rules.error();
    if (rules.error().failure == Failure::permanent) known.rules_known = false;
    into.insists.rules_untold = untold("validation rules", rules.error(), "the right \"View Setup and Configuration\"");
  }
  if (known.rules_known) {
    into.insists.rules_untold.clear();
    describe_rules(known, *info, into);
  }
  co_return true;
}

}  // namespace coachd::salesforce
