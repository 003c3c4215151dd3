#include "tests/simulators/sf_describe.hpp"

#include <fmt/format.h>
#include <cstddef>
#include <string>
#include <string_view>

#include "tests/simulators/json_text.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  write_json_text(out, text);
  return out;
}

std::string_view soap_type(field_type type) {
  switch (type) {
    case field_type::id:
    case field_type::reference: return "tns:ID";
    case field_type::boolean: return "xsd:boolean";
    case field_type::number:
    case field_type::currency:
    case field_type::percent: return "xsd:double";
    case field_type::integer: return "xsd:int";
    case field_type::date: return "xsd:date";
    case field_type::datetime: return "xsd:dateTime";
    case field_type::any: return "xsd:anyType";
    default: return "xsd:string";
  }
}

std::string options_json(const field_def& f) {
  std::string out = "[";
  for (const auto& o : f.options) {
    out += fmt::format(R"({}{{"active":{},"defaultValue":false,"label":{},"validFor":null,"value":{}}})",
                       out.size() > 1 ? "," : "", o.active, quoted(o.value), quoted(o.value));
  }
  return out + "]";
}

std::string references_json(const field_def& f) {
  std::string out = "[";
  for (std::size_t from = 0; from < f.refers_to.size();) {
    auto to = f.refers_to.find(',', from);
    if (to == std::string::npos) to = f.refers_to.size();
    out += (out.size() > 1 ? "," : "") + quoted(f.refers_to.substr(from, to - from));
    from = to + 1;
  }
  return out + "]";
}

std::string field_json(const field_def& f, bool writable) {
  const bool money = f.type == field_type::currency;
  const bool decimal = money || f.type == field_type::percent || f.type == field_type::number;
  return fmt::format(
      R"({{"aggregatable":true,"aiPredictionField":false,"autoNumber":false,"byteLength":{bytes},"calculated":false,)"
      R"("calculatedFormula":null,"cascadeDelete":false,"caseSensitive":false,"compoundFieldName":null,)"
      R"("controllerName":null,"createable":{create},"custom":{custom},"defaultValue":{fallback},"defaultValueFormula":null,)"
      R"("defaultedOnCreate":{defaulted},"dependentPicklist":false,"deprecatedAndHidden":false,"digits":{digits},)"
      R"("displayLocationInDecimal":false,"encrypted":false,"externalId":false,"extraTypeInfo":{extra},)"
      R"("filterable":{filterable},"filteredLookupInfo":null,"formulaTreatNullNumberAsZero":false,"groupable":{filterable},)"
      R"("highScaleNumber":false,"htmlFormatted":false,"idLookup":{is_id},"inlineHelpText":null,"label":{label},)"
      R"("length":{length},"mask":null,"maskType":null,"name":{name},"nameField":{name_field},"namePointing":{pointing},)"
      R"("nillable":{nillable},"permissionable":{permissionable},"picklistValues":{options},)"
      R"("polymorphicForeignKey":{pointing},"precision":{precision},"queryByDistance":false,"referenceTargetField":null,)"
      R"("referenceTo":{references},"relationshipName":{relationship},"relationshipOrder":null,"restrictedDelete":false,)"
      R"("restrictedPicklist":{restricted},"scale":{scale},"searchPrefilterable":false,"soapType":{soap},)"
      R"("sortable":{filterable},"type":{type},"unique":false,"updateable":{update},"writeRequiresMasterRead":false}})",
      fmt::arg("bytes", f.length * 3), fmt::arg("create", f.createable && writable), fmt::arg("custom", f.custom()),
      fmt::arg("fallback", f.type == field_type::boolean ? "false" : "null"), fmt::arg("defaulted", f.defaulted),
      fmt::arg("digits", f.type == field_type::integer ? f.length : 0),
      fmt::arg("extra", f.type == field_type::textarea ? "\"plaintextarea\"" : "null"),
      fmt::arg("filterable", f.filterable), fmt::arg("is_id", f.type == field_type::id),
      fmt::arg("label", quoted(f.label)), fmt::arg("length", f.length), fmt::arg("name", quoted(f.name)),
      fmt::arg("name_field", f.name == "Name" || f.name == "Subject"),
      fmt::arg("pointing", f.refers_to.find(',') != std::string::npos), fmt::arg("nillable", f.nillable),
      fmt::arg("permissionable", f.nillable && f.createable), fmt::arg("options", options_json(f)),
      fmt::arg("precision", money     ? 18
                            : decimal ? 3
                                      : 0),
      fmt::arg("references", references_json(f)),
      fmt::arg("relationship", f.relationship.empty() ? "null" : quoted(f.relationship)),
      fmt::arg("restricted", f.restricted), fmt::arg("scale", money ? 2 : 0),
      fmt::arg("soap", quoted(soap_type(f.type))), fmt::arg("type", quoted(name_of(f.type))),
      fmt::arg("update", f.updateable && writable));
}

std::string urls_json(const object_def& o, std::string_view version) {
  return fmt::format(
      R"({{"describe":"/services/data/v{0}/sobjects/{1}/describe","rowTemplate":"/services/data/v{0}/sobjects/{1}/{{ID}}",)"
      R"("sobject":"/services/data/v{0}/sobjects/{1}"}})",
      version, o.name);
}

// The keys that the global list and a describe have in common.
std::string common_json(const object_def& o, bool writable, std::string_view version) {
  return fmt::format(
      R"("activateable":false,"associateEntityType":null,"associateParentEntity":null,"createable":{w},"custom":false,)"
      R"("customSetting":false,"deepCloneable":false,"deletable":{w},"deprecatedAndHidden":false,"feedEnabled":false,)"
      R"("hasSubtypes":false,"isInterface":false,"isSubtype":false,"keyPrefix":"{prefix}","label":"{label}",)"
      R"("labelPlural":"{plural}","layoutable":true,"mergeable":false,"mruEnabled":true,"name":"{name}","queryable":true,)"
      R"("replicateable":true,"retrieveable":true,"searchable":true,"triggerable":true,"undeletable":{w},"updateable":{w},)"
      R"("urls":{urls})",
      fmt::arg("w", writable), fmt::arg("prefix", o.prefix), fmt::arg("label", o.label), fmt::arg("plural", o.plural),
      fmt::arg("name", o.name), fmt::arg("urls", urls_json(o, version)));
}

}  // namespace

std::string describe_json(const object_def& o, const table* record_types, std::string_view version, bool writable) {
  std::string out =
      R"({"actionOverrides":[],"childRelationships":[],"compactLayoutable":true,"defaultImplementation":null,)"
      R"("extendedBy":null,"extendsInterfaces":null,"fields":[)";
  for (std::size_t i = 0; i < o.fields.size(); ++i) {
    if (i > 0) out += ',';
    out += field_json(o.fields[i], writable);
  }
  out += R"(],"implementedBy":null,"implementsInterfaces":null,"listviewable":null,"lookupLayoutable":null,)"
         R"("namedLayoutInfos":[],"networkScopeFieldName":null,"recordTypeInfos":[)";
  const auto type = [&](std::string_view id, std::string_view name, std::string_view developer, bool master,
                        bool usual) {
    return fmt::format(
        R"({{"active":true,"available":true,"defaultRecordTypeMapping":{},"developerName":"{}","master":{},"name":"{}",)"
        R"("recordTypeId":"{}","urls":{{"layout":"/services/data/v{}/sobjects/{}/describe/layouts/{}"}}}})",
        usual, developer, master, name, id, version, o.name, id);
  };
  bool any = false;
  if (record_types != nullptr) {
    for (row_number n = 0; n < record_types->size(); ++n) {
      if (record_types->cell(n, record_types->column("SobjectType")).text() != o.name) continue;
      out += type(record_types->cell(n, 0).text(), record_types->cell(n, record_types->column("Name")).text(),
                  record_types->cell(n, record_types->column("DeveloperName")).text(), false, !any) +
             ",";
      any = true;
    }
  }
  out += type("012000000000000AAA", "Master", "Master", true, !any);
  out +=
      R"(],"searchLayoutable":true,"sobjectDescribeOption":"FULL","supportedScopes":[{"label":"All","name":"everything"}],)";
  return out + common_json(o, writable, version) + "}";
}

std::string describe_global_json(const schema& all, std::string_view version) {
  std::string out = R"({"encoding":"UTF-8","maxBatchSize":200,"sobjects":[)";
  bool first = true;
  for (const auto& o : all.objects()) {
    if (!first) out += ',';
    first = false;
    out += "{" + common_json(o, o.name == "Task", version) + "}";
  }
  return out + "]}";
}

}  // namespace coachd::sim
