#include "connectors/salesforce/catalog.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using model::FieldDescription;
using model::FieldType;

namespace {

[[nodiscard]] FieldType type_of(std::string_view type, std::int64_t length) {
  static constexpr std::array<std::pair<std::string_view, FieldType>, 20> types{{
      {"string", FieldType::text},
      {"picklist", FieldType::picklist},
      {"combobox", FieldType::picklist},
      {"multipicklist", FieldType::multi_picklist},
      {"boolean", FieldType::boolean},
      {"int", FieldType::number},
      {"long", FieldType::number},
      {"double", FieldType::number},
      {"currency", FieldType::currency},
      {"percent", FieldType::percent},
      {"date", FieldType::date},
      {"datetime", FieldType::datetime},
      {"reference", FieldType::reference},
      {"phone", FieldType::phone},
      {"email", FieldType::email},
      {"url", FieldType::url},
      {"id", FieldType::id},
      {"time", FieldType::text},
      {"encryptedstring", FieldType::text},
      {"textarea", FieldType::long_text},
  }};
  if (type == "textarea" && length > 0 && length <= 255) return FieldType::text;
  for (const auto& [name, known] : types)
    if (name == type) return known;
  return FieldType::unknown;
}

/// Values that are no single value, or not for reading in rows.
[[nodiscard]] bool is_compound(std::string_view type) {
  return type == "address" || type == "location" || type == "base64" || type == "complexvalue" || type == "json";
}

/// Whether a save without it is refused. `createable` tells it best, but it is what coachd's own user may do; where
/// that user may not create records at all, the other marks must do (ForecastCategory bears none of them and is
/// derived).
[[nodiscard]] bool is_required(const json::object& row, bool may_create) {
  if (flag(row, "nillable") || flag(row, "defaultedOnCreate") || flag(row, "calculated") || flag(row, "autoNumber"))
    return false;
  return may_create ? flag(row, "createable") : text(row, "name") != "ForecastCategory";
}

[[nodiscard]] FieldDescription read_field(const json::object& row, bool may_create) {
  FieldDescription field;
  field.name = text(row, "name");
  field.label = text(row, "label");
  field.type = type_of(text(row, "type"), integer(row, "length").value_or(0));
  field.custom = flag(row, "custom");
  field.required = is_required(row, may_create);
  field.updateable = flag(row, "updateable");
  const json::value* const options = at(row, "picklistValues");
  if (options != nullptr && options->is_array())
    for (const json::value& option : options->get_array())
      if (option.is_object()) {
        const json::object& o = option.get_object();
        field.options.push_back({text(o, "value"), text(o, "label"), flag(o, "active")});
      }
  return field;
}

[[nodiscard]] std::optional<ObjectInfo> read_object(const json::value& document) {
  if (!document.is_object()) return std::nullopt;
  const json::object& object = document.get_object();
  const json::value* const fields = at(object, "fields");
  if (fields == nullptr || !fields->is_array()) return std::nullopt;
  ObjectInfo info;
  info.description.name = text(object, "name");
  info.description.label = text(object, "label");
  for (const json::value& field : fields->get_array()) {
    if (!field.is_object()) return std::nullopt;
    const json::object& row = field.get_object();
    if (is_compound(text(row, "type")) || !is_name(text(row, "name"))) continue;
    info.description.fields.push_back(read_field(row, flag(object, "createable")));
    const std::string relationship = text(row, "relationshipName");
    const json::value* const to = at(row, "referenceTo");
    if (is_name(relationship) && to != nullptr && to->is_array() && !to->get_array().empty() &&
        to->get_array().front().is_string())
      info.parents[relationship] = std::string(to->get_array().front().get_string());
  }
  const json::value* const types = at(object, "recordTypeInfos");
  if (types != nullptr && types->is_array())
    for (const json::value& type : types->get_array())
      if (type.is_object())
        info.developer_names[id(type.get_object(), "recordTypeId")] = text(type.get_object(), "developerName");
  for (const char* const stamp : {"CreatedDate", "LastModifiedDate", "SystemModstamp"})
    if (info.has(stamp)) info.stamp = stamp;
  return info;
}

}  // namespace

FieldType ObjectInfo::type(std::string_view field) const {
  const FieldDescription* const found = description.find(field);
  return found == nullptr ? FieldType::unknown : found->type;
}

Task<ObjectPtr> Catalog::object(std::string name) {
  if (const auto known = objects_.find(name); known != objects_.end()) co_return known->second;
  if (!is_name(name) || name.find('.') != std::string::npos)
    co_return model::CrmError{model::Failure::permanent, "an object is asked for whose name is none", "", 0, false};
  Call call{.target = session_.path("/sobjects/" + name + "/describe")};
  const auto answer = co_await session_.call(std::move(call));
  if (!answer) {
    model::CrmError error = answer.error();
    if (has_code(error, "NOT_FOUND") || has_code(error, "INVALID_TYPE"))
      error.what = fmt::format("the organisation has no object {}, or coachd's user may not see it", name);
    co_return error;
  }
  boost::system::error_code failed;
  const json::value document = json::parse(answer->body, failed);
  auto info = failed ? std::nullopt : read_object(document);
  if (!info || info->description.name.empty()) co_return unreadable(fmt::format("the description of {}", name), false);
  if (info->stamp.empty())
    co_return model::CrmError{model::Failure::permanent,
                              fmt::format("{} bears no time of change and cannot be followed", name), "", 0, false};
  auto shared = std::make_shared<const ObjectInfo>(std::move(*info));
  objects_[name] = shared;
  co_return shared;
}

Task<std::optional<FieldType>> column_type(Catalog& catalog, ObjectPtr object, std::string column) {
  using Answer = std::optional<FieldType>;
  const auto dot = column.find('.');
  if (dot == std::string::npos) co_return object->has(column) ? Answer(object->type(column)) : Answer();
  const auto parent = object->parents.find(column.substr(0, dot));
  if (parent == object->parents.end()) co_return Answer();
  const auto info = co_await catalog.object(parent->second);
  if (!info) {
    if (info.error().failure == model::Failure::permanent) co_return Answer();  // not readable for this user
    co_return info.error();
  }
  const std::string field = column.substr(dot + 1);
  co_return (*info)->has(field) ? Answer((*info)->type(field)) : Answer();
}

}  // namespace coachd::salesforce
