#include "connectors/salesforce/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using model::ForecastCategory;
using model::Person;
using model::Pipeline;
using model::Stage;

namespace {

/// `en_US` -> `en`
[[nodiscard]] std::string language_of(const std::string& locale) {
  return locale.substr(0, locale.find('_'));
}

/// The enumeration (BestCase, Forecast) where the user may see it, else the name that organisations can change.
[[nodiscard]] ForecastCategory forecast_of(std::string_view category, std::string_view name) {
  const auto is = [&](std::string_view a, std::string_view b) {
    return category == a || (category.empty() && (name == a || name == b));
  };
  if (is("Omitted", "Omitted")) return ForecastCategory::omitted;
  if (is("Pipeline", "Pipeline")) return ForecastCategory::pipeline;
  if (is("BestCase", "Best Case")) return ForecastCategory::best_case;
  if (is("MostLikely", "Most Likely")) return ForecastCategory::most_likely;
  if (is("Forecast", "Commit")) return ForecastCategory::commit;
  if (is("Closed", "Closed")) return ForecastCategory::closed;
  return ForecastCategory::unknown;
}

[[nodiscard]] Person read_person(const json::object& row) {
  Person person;
  person.id = model::PersonId(id(row, "Id"));
  person.name = text(row, "Name");
  person.email = text(row, "Email");
  person.manager = model::PersonId(id(row, "ManagerId"));
  person.team = text(row, "Department");
  person.zone = text(row, "TimeZoneSidKey");
  person.language =
      language_of(text(row, "LanguageLocaleKey").empty() ? text(row, "LocaleSidKey") : text(row, "LanguageLocaleKey"));
  person.active = flag(row, "IsActive");
  person.human = text(row, "UserType") == "Standard" &&
                 text(row, "Profile.UserLicense.Name").find("Integration") == std::string::npos;
  return person;
}

}  // namespace

Task<bool> read_organisation(Session& session, model::Description& into) {
  Listing listing{.object = "Organization",
                  .columns = {"Id", "Name"},
                  .optional = {"IsSandbox", "TimeZoneSidKey", "FiscalYearStartMonth", "DefaultCurrencyIsoCode"},
                  .where = ""};
  bool found = false;
  const auto read = co_await list(session, std::move(listing), [&](const json::object& row) {
    found = true;
    into.organisation = id(row, "Id");
    into.organisation_name = text(row, "Name");
    into.sandbox = flag(row, "IsSandbox");
    into.zone = text(row, "TimeZoneSidKey");
    into.fiscal_year_start_month =
        static_cast<int>(std::clamp<std::int64_t>(integer(row, "FiscalYearStartMonth").value_or(1), 1, 12));
    into.currency = text(row, "DefaultCurrencyIsoCode");
  });
  if (!read) co_return read.error();
  if (!found) co_return unreadable("it shows no organisation", false);
  co_return true;
}

Task<bool> read_people(Session& session, model::Description& into) {
  const auto& bots = session.options().bots;
  const std::set<std::string> known_bots(bots.begin(), bots.end());
  Listing listing{.object = "User",
                  .columns = {"Id", "Username", "Name", "Email", "IsActive", "UserType"},
                  .optional = {"ManagerId", "TimeZoneSidKey", "LocaleSidKey", "LanguageLocaleKey", "Department",
                               "Profile.UserLicense.Name"},
                  .where = ""};
  co_return co_await list(session, std::move(listing), [&](const json::object& row) {
    Person person = read_person(row);
    if (person.id.get() == session.user() || known_bots.contains(person.id.get()) ||
        known_bots.contains(person.email) || known_bots.contains(text(row, "Username")))
      person.human = false;
    into.people[person.id] = std::move(person);
  });
}

Task<bool> read_pipelines(Session& session, ObjectPtr info, model::ObjectDescription& into) {
  if (into.name != "Opportunity") co_return true;
  std::vector<std::tuple<std::int64_t, std::string, Stage>> sorted;  // order, name, stage
  Listing stages{.object = "OpportunityStage",
                 .columns = {"Id", "ApiName", "MasterLabel", "IsActive", "SortOrder", "IsClosed", "IsWon"},
                 .optional = {"ForecastCategory", "ForecastCategoryName"},
                 .where = ""};
  const auto read = co_await list(session, std::move(stages), [&](const json::object& row) {
    Stage stage;
    stage.name = text(row, "ApiName").empty() ? text(row, "MasterLabel") : text(row, "ApiName");
    stage.label = text(row, "MasterLabel");
    stage.won = flag(row, "IsWon");
    stage.lost = flag(row, "IsClosed") && !stage.won;
    stage.active = flag(row, "IsActive");
    stage.forecast = forecast_of(text(row, "ForecastCategory"), text(row, "ForecastCategoryName"));
    sorted.emplace_back(integer(row, "SortOrder").value_or(0), stage.name, stage);
  });
  if (!read) co_return read.error();
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  std::vector<Stage> in_order;
  in_order.reserve(sorted.size());
  in_order.reserve(sorted.size());
  for (auto& [order, name, stage] : sorted) in_order.push_back(std::move(stage));

  if (info->has("RecordTypeId")) {
    Listing types{.object = "RecordType",
                  .columns = {"Id", "Name", "IsActive"},
                  .optional = {},
                  .where = fmt::format("SobjectType = {}", quote(into.name))};
    const auto listed = co_await list(session, std::move(types), [&](const json::object& row) {
      into.pipelines.push_back({id(row, "Id"), text(row, "Name"), in_order});
    });
    if (!listed && listed.error().failure != model::Failure::permanent) co_return listed.error();
  }
  if (into.pipelines.size() < 2) into.pipelines = {Pipeline{"", "", std::move(in_order)}};
  co_return true;
}

Task<bool> read_tracking(Session& session, model::ObjectDescription& into) {
  const auto answer =
      co_await query(session, fmt::format("SELECT QualifiedApiName, IsFieldHistoryTracked FROM FieldDefinition "
                                          "WHERE EntityDefinition.QualifiedApiName = {}",
                                          quote(into.name)));
  if (!answer) {
    if (answer.error().failure == model::Failure::permanent) co_return false;
    co_return answer.error();
  }
  std::set<std::string> tracked;
  for (const json::object* const row : answer->rows)
    if (flag(*row, "IsFieldHistoryTracked")) tracked.insert(text(*row, "QualifiedApiName"));
  for (model::FieldDescription& field : into.fields) {
    // FieldDefinition names lookups by their relationship: Owner, Account
    const bool lookup = field.type == model::FieldType::reference && field.name.ends_with("Id") &&
                        tracked.contains(field.name.substr(0, field.name.size() - 2));
    field.history_tracked = lookup || tracked.contains(field.name);
  }
  co_return true;
}

}  // namespace coachd::salesforce
