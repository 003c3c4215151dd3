#include "connectors/hubspot/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using model::CrmError;
using model::Failure;
using model::FieldDescription;
using model::FieldType;

namespace {

/// Properties that name a user by the user's id; the connector turns them into persons.
constexpr std::array<std::string_view, 2> user_properties{"hs_created_by_user_id", "hs_updated_by_user_id"};

[[nodiscard]] FieldType type_of(const json::object& property) {
  const auto name = text(property, "name"), type = text(property, "type"), shown = text(property, "fieldType");
  if (std::find(user_properties.begin(), user_properties.end(), name) != user_properties.end())
    return FieldType::reference;
  if (name == "hs_object_id") return FieldType::id;
  if (text(property, "referencedObjectType") == "OWNER" || name == "hubspot_owner_id") return FieldType::reference;
  if (type == "bool" || shown == "booleancheckbox") return FieldType::boolean;
  if (type == "enumeration") return shown == "checkbox" ? FieldType::multi_picklist : FieldType::picklist;
  if (type == "date") return FieldType::date;
  if (type == "datetime") return FieldType::datetime;
  if (type == "phone_number" || shown == "phonenumber") return FieldType::phone;
  if (type == "number") {
    if (flag(property, "showCurrencySymbol") || name == "amount") return FieldType::currency;
    return text(property, "numberDisplayHint") == "percentage" ? FieldType::percent : FieldType::number;
  }
  if (type == "string") {
    if (shown == "textarea" || shown == "html") return FieldType::long_text;
    if (name == "email") return FieldType::email;
    return FieldType::text;
  }
  return FieldType::unknown;
}

[[nodiscard]] FieldDescription read_property(const json::object& property) {
  FieldDescription field;
  field.name = std::string(text(property, "name"));
  field.label = std::string(text(property, "label"));
  field.type = type_of(property);
  field.custom = !flag(property, "hubspotDefined");
  const json::object* const metadata = object_at(property, "modificationMetadata");
  field.updateable = !flag(property, "calculated") && (metadata == nullptr || !flag(*metadata, "readOnlyValue"));
  field.history_tracked = true;  // HubSpot keeps the last values of every property
  if (const json::array* const options = array_at(property, "options"))
    for (const json::value& option : *options)
      if (option.is_object()) {
        const json::object& o = option.get_object();
        field.options.push_back({std::string(text(o, "value")), std::string(text(o, "label")), !flag(o, "hidden")});
      }
  return field;
}

[[nodiscard]] std::string first_of(const ObjectInfo& info, std::initializer_list<const char*> names) {
  for (const char* const name : names)
    if (info.has(name)) return name;
  return {};
}

[[nodiscard]] Result<ObjectInfo> read_object(const std::string& name, const json::object& body) {
  const json::array* const results = array_at(body, "results");
  if (results == nullptr) return unreadable(fmt::format("the properties of {}", name), false);
  ObjectInfo info;
  info.description.name = name;
  info.description.label = name;
  for (const json::value& property : *results)
    if (property.is_object() && is_property(text(property.get_object(), "name")) &&
        !flag(property.get_object(), "archived")) {
      info.description.fields.push_back(read_property(property.get_object()));
      if (flag(property.get_object(), "hasUniqueValue")) info.unique.insert(info.description.fields.back().name);
    }
  // contacts bear both; theirs is the one without the prefix
  info.modified = name == "contacts" ? first_of(info, {"lastmodifieddate", "hs_lastmodifieddate"})
                                     : first_of(info, {"hs_lastmodifieddate", "lastmodifieddate"});
  info.created = first_of(info, {"createdate", "hs_createdate"});
  if (info.modified.empty())
    return CrmError{Failure::permanent, fmt::format("{} bears no time of change and cannot be followed", name), "", 0,
                    false};
  return info;
}

}  // namespace

model::PersonId People::owner(std::string_view user) const {
  const auto found = owner_of_user.find(user);
  return found == owner_of_user.end() ? model::PersonId() : found->second;
}

Task<AccountPtr> Catalog::account() {
  if (account_) co_return account_;
  auto account = co_await read_account(session_);
  if (!account) co_return account.error();
  const std::string& bound = session_.options().portal;
  if (!bound.empty() && bound != account->portal)
    co_return CrmError{Failure::auth,
                       fmt::format("the token leads to account {}, but the configuration names {}",
                                   is_id(account->portal) ? account->portal : "?", bound),
                       "", 0, false};
  account_ = std::make_shared<const Account>(std::move(*account));
  co_return account_;
}

Task<PeoplePtr> Catalog::people() {
  if (people_) co_return people_;
  auto people = co_await read_people(session_);
  if (!people) co_return people.error();
  people_ = std::make_shared<const People>(std::move(*people));
  co_return people_;
}

Task<ObjectPtr> Catalog::object(std::string name) {
  if (const auto known = objects_.find(name); known != objects_.end()) co_return known->second;
  if (!is_part(name)) co_return CrmError{Failure::permanent, "an object is asked for whose name is none", "", 0, false};
  const auto right = co_await account();  // nothing is read of another account
  if (!right) co_return right.error();
  Call call{.op = Op::properties, .target = session_.path(Op::properties, {name})};
  const auto answer = co_await session_.call(std::move(call));
  if (!answer) {
    CrmError error = answer.error();
    if (error.failure == Failure::permanent)
      error.what = fmt::format("the account has no object {}, or the token may not see it", name);
    co_return error;
  }
  const auto document = parse(*answer);
  if (!document) co_return document.error();
  auto info = read_object(name, root(*document));
  if (!info) co_return info.error();
  auto shared = std::make_shared<const ObjectInfo>(std::move(*info));
  objects_[name] = shared;
  co_return ObjectPtr(shared);
}

void Catalog::forget() {
  account_.reset();
  people_.reset();
  objects_.clear();
}

std::vector<std::string> Catalog::known_objects() const {
  std::vector<std::string> names;
  for (const auto& [name, info] : objects_)
    if (name != "tasks") names.push_back(name);
  return names;
}

}  // namespace coachd::hubspot
