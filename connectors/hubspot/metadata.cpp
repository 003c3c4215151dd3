#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/url.hpp"
#include "rules/model/description.hpp"
#include "rules/model/ids.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using model::Person;
using model::Pipeline;
using model::Stage;

namespace {

[[nodiscard]] Person read_owner(const json::object& row, bool archived) {
  Person person;
  person.id = model::PersonId(id(row, "id"));
  const auto first = text(row, "firstName"), last = text(row, "lastName");
  person.name = fmt::format("{}{}{}", first, first.empty() || last.empty() ? "" : " ", last);
  person.email = std::string(text(row, "email"));
  if (person.name.empty()) person.name = person.email;
  if (const json::array* const teams = array_at(row, "teams"))
    for (const json::value& team : *teams)
      if (team.is_object() && (person.team.empty() || flag(team.get_object(), "primary")))
        person.team = std::string(text(team.get_object(), "name"));
  // a list of archived owners once held everybody: each row tells for itself where it does
  person.active = row.if_contains("archived") != nullptr ? !flag(row, "archived") : !archived;
  person.human = text(row, "type") != "QUEUE";
  return person;
}

[[nodiscard]] std::optional<double> decimal(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return text.empty() || error != std::errc() ? std::nullopt : std::optional(number);
}

/// Won is closed for certain, lost closed without a chance; what is closed in between counts as lost.
[[nodiscard]] Stage read_stage(const json::object& row) {
  Stage stage;
  stage.name = std::string(text(row, "id"));
  stage.label = std::string(text(row, "label"));
  stage.active = !flag(row, "archived");
  const json::object* const metadata = object_at(row, "metadata");
  if (metadata == nullptr) return stage;
  const auto chance = decimal(text(*metadata, "probability"));
  const bool closed = metadata->if_contains("isClosed") != nullptr ? flag(*metadata, "isClosed")
                                                                   : chance && (*chance >= 1.0 || *chance <= 0.0);
  stage.won = closed && chance && *chance >= 1.0;
  stage.lost = closed && !stage.won;
  if (text(*metadata, "ticketState") == "CLOSED") {  // a ticket that is closed is solved, also where `isClosed` says it
    stage.won = true;
    stage.lost = false;
  }
  return stage;
}

template <class T>
using Ordered = std::vector<std::tuple<std::int64_t, std::string, T>>;  // displayOrder, id

template <class T>
[[nodiscard]] std::vector<T> in_order(Ordered<T> rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  std::vector<T> sorted;
  sorted.reserve(rows.size());
  for (auto& row : rows) sorted.push_back(std::move(std::get<2>(row)));
  return sorted;
}

[[nodiscard]] Pipeline read_pipeline(const json::object& row) {
  Pipeline pipeline{std::string(text(row, "id")), std::string(text(row, "label")), {}};
  Ordered<Stage> stages;
  if (const json::array* const rows = array_at(row, "stages"))
    for (const json::value& stage : *rows)
      if (stage.is_object()) {
        const json::object& object = stage.get_object();
        stages.emplace_back(integer(object, "displayOrder").value_or(0), std::string(text(object, "id")),
                            read_stage(object));
      }
  pipeline.stages = in_order(std::move(stages));
  return pipeline;
}

}  // namespace

Task<Account> read_account(Session& session) {
  Call call{.op = Op::account, .target = session.path(Op::account)};
  const auto answer = co_await session.call(std::move(call));
  if (!answer) co_return answer.error();
  const auto document = parse(*answer);
  if (!document) co_return document.error();
  const json::object& body = root(*document);
  Account account;
  account.portal = id(body, "portalId");
  if (account.portal.empty()) co_return unreadable("it names no account", false);
  const auto type = text(body, "accountType");
  account.sandbox = type != "STANDARD" && !type.empty();
  account.zone = std::string(text(body, "timeZone"));
  account.currency = std::string(text(body, "companyCurrency"));
  session.zone_offset(std::chrono::milliseconds{integer(body, "utcOffsetMilliseconds").value_or(0)});
  co_return account;
}

Task<People> read_people(Session& session) {
  People people;
  for (const bool archived : {false, true}) {
    for (std::string after;;) {
      std::string target = fmt::format("{}?limit=100&archived={}", session.path(Op::owners), archived);
      if (!after.empty()) target += "&after=" + net::percent_encode(after);
      Call call{.op = Op::owners, .target = std::move(target)};
      const auto answer = co_await session.call(std::move(call));
      if (!answer) co_return answer.error();
      const auto document = parse(*answer);
      if (!document) co_return document.error();
      const json::array* const results = array_at(root(*document), "results");
      if (results == nullptr) co_return unreadable("no list of owners", false);
      for (const json::value& value : *results) {
        if (!value.is_object()) co_return unreadable("an owner is no object", false);
        const json::object& row = value.get_object();
        Person person = read_owner(row, archived);
        if (person.id.empty()) co_return unreadable("an owner without id", false);
        std::string user = id(row, "userId");
        if (user.empty()) user = id(row, "userIdIncludingInactive");
        // a person who left and came back has two owners: history of the user belongs to the active one
        if (!user.empty()) people.owner_of_user.try_emplace(std::move(user), person.id);
        const auto key = person.id;
        people.people.try_emplace(key, std::move(person));
      }
      const std::string next = next_page(root(*document));
      if (next.empty()) break;
      if (next == after) co_return unreadable("the list of owners does not end", false);
      after = next;
    }
  }
  co_return people;
}

Task<std::vector<Pipeline>> read_pipelines(Session& session, std::string object) {
  if (object != "deals" && object != "tickets") co_return std::vector<Pipeline>();
  Call call{.op = Op::pipelines, .target = session.path(Op::pipelines, {object})};
  const auto answer = co_await session.call(std::move(call));
  if (!answer) co_return answer.error();
  const auto document = parse(*answer);
  if (!document) co_return document.error();
  const json::array* const results = array_at(root(*document), "results");
  if (results == nullptr) co_return unreadable("no list of pipelines", false);
  Ordered<Pipeline> pipelines;
  for (const json::value& row : *results)
    if (row.is_object() && !flag(row.get_object(), "archived"))
      pipelines.emplace_back(integer(row.get_object(), "displayOrder").value_or(0),
                             std::string(text(row.get_object(), "id")), read_pipeline(row.get_object()));
  co_return in_order(std::move(pipelines));
}

Task<model::ObjectDescription> read_insistence(Session& session, model::ObjectDescription object) {
  // Neither v3 nor a dated version has an endpoint for conditional properties or create forms; property validations
  // are about the form of a value and let a blank pass, pipeline rules about the order of stages.
  object.insists.rules_untold = "HubSpot does not tell which properties a stage requires";
  object.insists.layouts_untold = "HubSpot does not tell which properties its forms for new records require";
  if (!is_custom_object(object.name)) co_return object;
  Call call{.op = Op::schema, .target = session.path(Op::schema, {object.name})};
  const auto answer = co_await session.call(std::move(call));
  if (!answer) {
    if (!is_hidden(answer.error())) co_return answer.error();
    object.insists.layouts_untold =
        "the token may not read the schemas of custom objects (crm.schemas.custom.read), which tell what a new record "
        "must have";
    co_return object;
  }
  const auto document = parse(*answer);
  if (!document) co_return document.error();
  const json::array* const required = array_at(root(*document), "requiredProperties");
  if (required == nullptr) co_return unreadable(fmt::format("the schema of {}", object.name), false);
  for (const json::value& name : *required)
    if (name.is_string())
      for (model::FieldDescription& field : object.fields)
        if (field.name == std::string_view(name.get_string())) field.required = true;
  co_return object;
}

}  // namespace coachd::hubspot
