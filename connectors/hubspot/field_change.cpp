#include "connectors/hubspot/field_change.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <string>
#include <utility>

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "rules/model/error.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using connectors::FieldChange;
using model::CrmError;
using model::Failure;

namespace {

[[nodiscard]] CrmError permanent(std::string what) {
  return {Failure::permanent, std::move(what), "", 0, false};
}

/// Why that property is not coachd's to touch; empty: it is.
[[nodiscard]] std::string untouchable(const json::object& property, FieldChange::Op op) {
  if (flag(property, "hubspotDefined")) return "is HubSpot's own: only properties of your company are retired";
  const json::object* const may = object_at(property, "modificationMetadata");
  if (may == nullptr) return {};
  if (op != FieldChange::Op::archive && flag(*may, "readOnlyDefinition")) return "has a definition that HubSpot guards";
  if (op == FieldChange::Op::archive && may->if_contains("archivable") != nullptr && !flag(*may, "archivable"))
    return "cannot be archived, says HubSpot: something still uses it";
  return {};
}

}  // namespace

Task<bool> change_field(Session& session, Catalog& catalog, FieldChange change) {
  using Do = FieldChange::Op;
  if (!is_part(change.object) || !is_part(change.field))
    co_return permanent(fmt::format("{} of {} is no property of HubSpot's", change.field, change.object));
  const auto account = co_await catalog.account();  // also: it is the right one
  if (!account) co_return account.error();
  Call look{.op = Op::property, .target = session.path(Op::property, {change.object, change.field})};
  const auto there = co_await session.call(std::move(look));
  if (!there) {
    const bool gone = there.error().what.find("(HTTP 404)") != std::string::npos;
    if (gone && change.op == Do::archive) co_return true;  // as it shall be
    if (gone)
      co_return permanent(
          fmt::format("HubSpot has no property {} of {}. Archived ones are brought back by a person, "
                      "within 90 days: Settings > Properties > Archived properties > Restore; then "
                      "undo once more",
                      change.field, change.object));
    co_return there.error();
  }
  if (change.op == Do::look) co_return true;
  const auto document = parse(*there);
  if (!document) co_return document.error();
  if (const auto why = untouchable(root(*document), change.op); !why.empty())
    co_return permanent(fmt::format("the property {} of {} {}", change.field, change.object, why));
  const auto op = change.op == Do::archive ? Op::property_archive : Op::property_show;
  Call call{.op = op, .target = session.path(op, {change.object, change.field})};
  if (op == Op::property_show) call.body = change.op == Do::hide ? R"({"hidden":true})" : R"({"hidden":false})";
  const auto answer = co_await session.call(std::move(call));
  if (!answer) co_return answer.error();
  co_return true;
}

}  // namespace coachd::hubspot
