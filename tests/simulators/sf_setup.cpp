#include "tests/simulators/sf_setup.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/sf_query.hpp"
#include "tests/simulators/sf_rest_parts.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/soql.hpp"

namespace coachd::sim {
namespace {

constexpr std::array<validation_rule, 7> rules{{
    {"Procurement_required", "Opportunity", true,
     "AND(\n  NOT(ISPICKVAL(StageName, \"Closed Lost\")),\n  ISBLANK(TEXT(Procurement_Status__c))\n)",
     "Procurement_Status__c", "Please say where purchasing stands."},
    {"Procurement_by_matrix", "Opportunity", true,
     "AND(ISPICKVAL(Procurement_Status__c, \"\"), VLOOKUP($ObjectType.Purchase_Matrix__c.Fields.Asked__c, "
     "$ObjectType.Purchase_Matrix__c.Fields.Name, TEXT(Type)) = \"Yes\")",
     "Procurement_Status__c", "This type of deal needs purchasing."},
    {"Risk_required", "Opportunity", true,
     "/* asked for by delivery */ CASE(StageName, \"Prospecting\", 0, \"Closed Lost\", 0, 1) = 1 && "
     "LEN(Implementation_Risk__c) = 0",
     "Implementation_Risk__c", "Name the implementation risk."},
    {"Champion_at_creation", "Opportunity", false, "AND(ISNEW(), ISBLANK(Champion__c))", "Champion__c",
     "Name the champion."},
    {"Champion_from_proposal", "Opportunity", true,
     "IF(OR(ISPICKVAL(StageName, 'Proposal/Price Quote'), ISPICKVAL(StageName, 'Negotiation/Review'), "
     "ISPICKVAL(StageName, 'Closed Won')), ISBLANK(Champion__c), FALSE)",
     "Champion__c", "Name the champion before the proposal goes out."},
    {"Loss_reason_when_lost", "Opportunity", true,
     "ISPICKVAL(StageName, \"Closed Lost\") && ISBLANK(TEXT(Loss_Reason__c))", "Loss_Reason__c", "Why was it lost?"},
    {"Amount_not_negative", "Opportunity", true, "AND($Profile.Name <> 'System Administrator', Amount < 0)", "Amount",
     "An amount is not negative."},
}};

// Beside what the API demands anyhow: by record type, "" for objects without any.
struct wanted {
  std::string_view object, record_type, field;
};
constexpr std::array<wanted, 4> layout_wants{{{"Opportunity", "New business", "LeadSource"},
                                              {"Opportunity", "New business", "Decision_Process__c"},
                                              {"Opportunity", "Renewal", "LeadSource"},
                                              {"Account", "", "Industry"}}};

// Of the simulator's own: no query can name it.
constexpr std::string_view entity_row = " entity";

std::string quoted(std::string_view text) {
  std::string out;
  write_json_text(out, text);
  return out;
}

object_def rule_def() {
  object_def o;
  o.name = "ValidationRule";
  o.label = "Validation Rule";
  o.prefix = "03d";
  const auto add = [&](std::string_view name, field_type type, bool filterable = true) -> field_def& {
    field_def f;
    f.name = std::string{name};
    f.label = f.name;
    f.type = type;
    f.filterable = filterable;
    o.fields.push_back(std::move(f));
    return o.fields.back();
  };
  add("Id", field_type::id);
  add("ValidationName", field_type::string);
  add("Active", field_type::boolean);
  add("Description", field_type::string);
  add("EntityDefinitionId", field_type::string);
  auto& entity = add(entity_row, field_type::reference);
  entity.refers_to = "EntityDefinition";
  entity.relationship = "EntityDefinition";
  add("ErrorDisplayField", field_type::string);
  add("ErrorMessage", field_type::string);
  add("FullName", field_type::string, false);
  add("ManageableState", field_type::string);
  add("Metadata", field_type::json, false);
  add("NamespacePrefix", field_type::string);
  add("CreatedDate", field_type::datetime);
  add("LastModifiedDate", field_type::datetime);
  for (std::size_t i = 0; i < o.fields.size(); ++i) {
    std::string lower = o.fields[i].name;
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    o.by_lower_name.emplace(std::move(lower), static_cast<int>(i));
  }
  return o;
}

std::string metadata(const validation_rule& r, bool active, std::string_view formula) {
  return fmt::format(R"({{"description":null,"errorConditionFormula":{},"errorDisplayField":{},"errorMessage":{},)"
                     R"("shouldEvaluateOnClient":null,"urls":null,"active":{}}})",
                     quoted(formula), quoted(r.error_field), quoted(r.message), active);
}

bool names_one_row_only(const std::string& field) {
  std::string lower = field;
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower == "metadata" || lower == "fullname";
}

std::string item(const field_def& f, bool required) {
  return fmt::format(
      R"({{"editableForNew":{0},"editableForUpdate":{1},"label":{2},"layoutComponents":[{{"apiName":{3},)"
      R"("displayLines":1,"tabOrder":1,"type":"Field","value":{3}}}],"placeholder":false,"required":{4}}})",
      f.createable, f.updateable, quoted(f.label), quoted(f.name), required);
}

std::string layout_json(const object_def& o, std::string_view id, std::string_view record_type) {
  const auto asked = [&](const field_def& f) {
    const bool by_api = !f.nillable && f.createable && !f.defaulted;
    return by_api || std::ranges::any_of(layout_wants, [&](const wanted& w) {
             return w.object == o.name && w.record_type == record_type && w.field == f.name;
           });
  };
  std::string rows;
  std::size_t on_row = 0;
  for (const auto& f : o.fields) {
    if (!f.createable && !f.updateable && f.name != "CreatedDate") continue;
    rows += on_row == 0 ? (rows.empty() ? R"({"layoutItems":[)" : R"(,{"layoutItems":[)") : ",";
    rows += item(f, asked(f) && f.type != field_type::boolean);
    if (++on_row == 2) {
      rows += R"(],"numItems":2})";
      on_row = 0;
    }
  }
  if (on_row == 1)
    rows +=
        R"(,{"editableForNew":false,"editableForUpdate":false,"label":"","layoutComponents":[],"placeholder":true,"required":false}],"numItems":2})";
  return fmt::format(
      R"({{"buttonLayoutSection":{{"detailButtons":[]}},"detailLayoutSections":[],"editLayoutSections":[{{)"
      R"("collapsed":false,"columns":2,"heading":{},"layoutRows":[{}],"layoutSectionId":"01B000000000001AAA",)"
      R"("parentLayoutId":"{}","rows":1,"tabOrder":"LeftToRight","useCollapsibleSection":false,"useHeading":true}}],)"
      R"("feedView":null,"highlightsPanelLayoutSection":null,"id":"{}","multirowEditLayoutSections":[],)"
      R"("offlineLinks":[],"quickActionList":{{"quickActionListItems":[]}},"relatedContent":null,"relatedLists":[],)"
      R"("saveOptions":[]}})",
      quoted(o.label + " Information"), rows, id, id);
}

}  // namespace

struct sf_setup::record_type {
  std::string id, name, developer, layout;
  bool master = false, available = true, usual = false;
};

std::span<const validation_rule> validation_rules() {
  return rules;
}

sf_setup::sf_setup(org& company)
    : company_{company}, def_{rule_def()}, rules_{std::make_unique<table>(def_, company.texts())} {
  const auto& entities = company_.get("EntityDefinition");
  const instant since{std::chrono::sys_days{std::chrono::year{2024} / 5 / 6}};
  for (const auto& r : rules) {
    auto cells = rules_->blank();
    const auto put = [&](std::string_view field, value v) {
      cells[static_cast<std::size_t>(rules_->column(field))] = v;
    };
    put("ValidationName", company_.text(r.name));
    put("Active", value::of(r.active));
    put("EntityDefinitionId", company_.text(r.object));
    for (row_number n = 0; n < entities.size(); ++n) {
      if (entities.cell(n, entities.column("QualifiedApiName")).text() == r.object)
        put(entity_row, entities.cell(n, 0));
    }
    put("ErrorDisplayField", company_.text(r.error_field));
    put("ErrorMessage", company_.text(r.message));
    put("FullName", company_.text(fmt::format("{}.{}", r.object, r.name)));
    put("ManageableState", company_.text("unmanaged"));
    put("Metadata", company_.text(metadata(r, r.active, r.formula)));
    put("CreatedDate", value::of(since));
    put("LastModifiedDate", value::of(since));
    rules_->insert(std::move(cells));
  }
}

http_reply sf_setup::query(std::string_view soql, std::string_view version, instant now) const {
  const auto find = [&](std::string_view object) -> const table* {
    if (object == def_.name) return rules_.get();
    return object == "EntityDefinition" || object == "FieldDefinition" ? company_.find(object) : nullptr;
  };
  const auto result = run_query(soql, find, false, now);
  if (!result) return error_reply(400, result.error().code, result.error().message);
  const bool narrow = result->from == rules_.get() && std::ranges::any_of(result->columns, [](const column_path& c) {
                        return c.steps.empty() && names_one_row_only(c.names.back());
                      });
  if (narrow && result->rows.size() > 1)
    return error_reply(400, "MALFORMED_QUERY",
                       fmt::format("When retrieving results with Metadata or FullName fields, the query qualifications "
                                   "must specify no more than one row for retrieval. Result size: {}",
                                   result->rows.size()));
  std::string out =
      fmt::format(R"({{"size":{0},"totalSize":{0},"done":true,"queryLocator":null,"entityTypeName":"{1}","records":[)",
                  result->rows.size(), result->from->def().name);
  for (const auto n : result->rows) {
    if (!out.ends_with('[')) out += ',';
    write_record(out, *result, n, version);
  }
  return json_reply(200, out + "]}");
}

std::string sf_setup::mapping(const object_def& object, const record_type& type, std::string_view version) const {
  return fmt::format(
      R"({{"active":true,"available":{},"defaultRecordTypeMapping":{},"developerName":{},"layoutId":"{}","master":{},)"
      R"("name":{},"picklistsForRecordType":null,"recordTypeId":"{}",)"
      R"("urls":{{"layout":"/services/data/v{}/sobjects/{}/describe/layouts/{}"}}}})",
      type.available, type.usual, quoted(type.developer), type.layout, type.master, quoted(type.name), type.id, version,
      object.name, type.id);
}

http_reply sf_setup::layouts(const object_def& object, std::string_view asked, std::string_view version) const {
  std::vector<record_type> types;
  const auto& all = company_.get("RecordType");
  for (row_number n = 0; n < all.size(); ++n) {
    if (all.cell(n, all.column("SobjectType")).text() != object.name) continue;
    types.push_back({std::string{all.cell(n, 0).text()}, std::string{all.cell(n, all.column("Name")).text()},
                     std::string{all.cell(n, all.column("DeveloperName")).text()}, make_id("00h", 100 + n), false, true,
                     types.empty()});
  }
  const bool several = types.size() > 1;
  types.push_back({"012000000000000AAA", "Master", "Master", make_id("00h", 1), true, true, types.empty()});
  const auto name_of_type = [](const record_type& t) {
    return t.master ? std::string_view{} : std::string_view{t.name};
  };
  if (!asked.empty()) {
    const auto id = normal_id(asked);
    const auto type = std::ranges::find(types, id, &record_type::id);
    if (type == types.end()) return not_found();
    return json_reply(200, layout_json(object, type->layout, name_of_type(*type)));
  }
  std::string mappings, list;
  for (const auto& t : types) {
    mappings += (mappings.empty() ? "" : ",") + mapping(object, t, version);
    if (!several) list += (list.empty() ? "" : ",") + layout_json(object, t.layout, name_of_type(t));
  }
  // an object with more than one record type tells no layout here
  return json_reply(200, fmt::format(R"({{"layouts":{},"recordTypeMappings":[{}],"recordTypeSelectorRequired":[{}]}})",
                                     several ? "null" : "[" + list + "]", mappings, several));
}

bool sf_setup::change(std::string_view rule, std::optional<bool> active, std::optional<std::string> formula,
                      instant at) {
  const auto planted = std::ranges::find(rules, rule, &validation_rule::name);
  if (planted == rules.end()) return false;
  const auto n = static_cast<row_number>(planted - rules.begin());
  const bool on = active.value_or(rules_->cell(n, rules_->column("Active")).boolean());
  rules_->set(n, rules_->column("Active"), value::of(on));
  rules_->set(n, rules_->column("Metadata"),
              company_.text(metadata(*planted, on, formula.value_or(std::string{planted->formula}))));
  rules_->set(n, rules_->column("LastModifiedDate"), value::of(at));
  return true;
}

}  // namespace coachd::sim
