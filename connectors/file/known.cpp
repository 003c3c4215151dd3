#include "connectors/file/known.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "connectors/file/layout.hpp"

namespace coachd::file {
namespace {

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

struct Usual {
  std::string_view name;     // canonical
  std::string_view columns;  // by preference, '|' between
};

// Salesforce API names first, then the labels and internal names of HubSpot's export.
constexpr std::array any_object{
    Usual{"id", "Id|Record ID|hs_object_id"},
    Usual{"name", "Name"},
    Usual{"owner", "OwnerId|hubspot_owner_id"},
    Usual{"created", "CreatedDate|Create Date|createdate|hs_createdate"},
    Usual{"created_by", "CreatedById"},
    Usual{"modified", "LastModifiedDate|SystemModstamp|Last Modified Date|hs_lastmodifieddate"},
};
constexpr std::array opportunity{
    Usual{"name", "Name|Deal Name|dealname"},
    Usual{"owner", "OwnerId|Deal owner|Deal Owner|hubspot_owner_id"},
    Usual{"stage", "StageName|Deal Stage|dealstage"},
    Usual{"pipeline", "RecordTypeId|Pipeline|pipeline"},
    Usual{"amount", "Amount|amount"},
    Usual{"close_date", "CloseDate|Close Date|closedate"},
    Usual{"next_step", "NextStep|Next step|hs_next_step"},
    Usual{"forecast_category", "ForecastCategoryName|ForecastCategory|Forecast category|hs_manual_forecast_category"},
    Usual{"account", "AccountId|Primary Associated Company|Associated Company"},
    Usual{"loss_reason", "Closed Lost Reason|closed_lost_reason"},
};
constexpr std::array account{
    Usual{"name", "Name|Company name|name"},
    Usual{"owner", "OwnerId|Company owner|hubspot_owner_id"},
    Usual{"website", "Website|Company Domain Name|Website URL|domain|website"},
    Usual{"phone", "Phone|Phone Number|phone"},
    Usual{"city", "BillingCity|City|city"},
    Usual{"parent", "ParentId|Parent company|hs_parent_company_id"},
};
constexpr std::array task{
    Usual{"owner", "OwnerId|Activity assigned to|hubspot_owner_id"},
    Usual{"subject", "Subject|Task Title|hs_task_subject"},
    Usual{"description", "Description|Task notes|hs_task_body"},
    Usual{"due_date", "ActivityDate|Due date|hs_timestamp"},
    Usual{"record", "WhatId"},
    Usual{"completed", "CompletedDateTime|hs_task_completion_date"},
};
constexpr std::array lead{
    Usual{"stage", "Status|Lead Status|hs_lead_status"},
    Usual{"owner", "OwnerId|Contact owner|hubspot_owner_id"},
};

void add(std::map<std::string, std::string>& out, const Usual& u, const std::vector<std::string>& columns) {
  std::string_view rest = u.columns;
  for (;;) {
    const auto bar = rest.find('|');
    if (const std::string_view c = rest.substr(0, bar); has(columns, c)) {
      out[std::string(u.name)] = std::string(c);
      return;
    }
    if (bar == std::string_view::npos) return;
    rest.remove_prefix(bar + 1);
  }
}

}  // namespace

Origin origin_of(const std::vector<std::string>& columns) {
  constexpr std::array<std::string_view, 6> system{"IsDeleted",        "CreatedById",    "LastModifiedById",
                                                   "LastModifiedDate", "SystemModstamp", "OwnerId"};
  const auto of = [&](std::string_view s) { return has(columns, s); };
  if (has(columns, "Id") && std::count_if(system.begin(), system.end(), of) >= 2) return Origin::salesforce;
  if (has(columns, "Record ID") || has(columns, "hs_object_id")) return Origin::hubspot;
  return Origin::unknown;
}

std::map<std::string, std::string> known_names(std::string_view object, const std::vector<std::string>& columns) {
  std::map<std::string, std::string> out;
  for (const Usual& u : any_object) add(out, u, columns);
  if (object == "opportunity")
    for (const Usual& u : opportunity) add(out, u, columns);
  if (object == "account")
    for (const Usual& u : account) add(out, u, columns);
  if (object == "task")
    for (const Usual& u : task) add(out, u, columns);
  if (object == "lead")
    for (const Usual& u : lead) add(out, u, columns);
  return out;
}

std::optional<std::string> known_object(const std::vector<std::string>& columns) {
  if ((has(columns, "StageName") && has(columns, "CloseDate")) || has(columns, "Deal Stage") ||
      has(columns, "dealstage"))
    return "opportunity";
  if (has(columns, "Id") && has(columns, "IsConverted")) return "lead";
  if (has(columns, "Company Domain Name") ||
      (has(columns, "Id") && has(columns, "BillingCity") && has(columns, "ParentId")))
    return "account";
  if (has(columns, "Id") && has(columns, "WhoId") && has(columns, "WhatId") && has(columns, "ActivityDate"))
    return "task";
  return std::nullopt;
}

std::vector<std::string> blank_words(Origin origin) {
  if (origin == Origin::salesforce) return {"000000000000000AAA", "000000000000000"};
  return {};
}

bool is_checkbox(Origin origin, std::string_view column) {
  if (origin != Origin::salesforce) return false;
  // The API names its checkboxes so: IsWon, HasOptedOutOfEmail, DoNotCall; custom ones cannot be told from numbers.
  for (const std::string_view p : {"Is", "Has", "DoNot"})
    if (column.size() > p.size() && column.starts_with(p) &&
        std::isupper(static_cast<unsigned char>(column[p.size()])) != 0)
      return true;
  return false;
}

}  // namespace coachd::file
