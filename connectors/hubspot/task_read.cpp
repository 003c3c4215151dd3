#include "connectors/hubspot/task_read.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/batch.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/parallel.hpp"
#include "connectors/hubspot/prompts.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/failure.hpp"
#include "connectors/net/subject.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using connectors::FoundPrompt;

namespace {

constexpr std::size_t a_call = 100;

[[nodiscard]] std::optional<FoundPrompt> to_prompt(const json::object& record, const People& people, bool archived) {
  const json::object* const properties = object_at(record, "properties");
  if (properties == nullptr) return std::nullopt;
  FoundPrompt found;
  if (const auto key = text(*properties, key_property); !key.empty())
    found.short_key = connectors::short_key(std::string(key));
  else if (auto short_key = net::short_key_of(text(*properties, "hs_task_subject")))
    found.short_key = std::move(*short_key);
  else
    return std::nullopt;  // somebody else's
  found.crm_id = id(record, "id");
  found.person = model::PersonId(std::string(text(*properties, "hubspot_owner_id")));
  found.completed = text(*properties, "hs_task_status") == "COMPLETED";
  found.deleted = archived || flag(record, "archived");
  auto modified = instant(*properties, "hs_lastmodifieddate");
  if (!modified) modified = instant(record, "updatedAt");
  found.modified = modified.value_or(model::Instant{});
  if (const auto at = instant(record, "archivedAt"); at && *at > found.modified) found.modified = *at;
  // who deleted it is not told, and whoever wrote last need not be the one
  if (!found.deleted) found.modified_by = people.owner(text(*properties, "hs_updated_by_user_id"));
  return found;
}

Task<std::vector<FoundPrompt>> read_part(Session& session, PeoplePtr people, BatchRead read) {
  const bool archived = read.archived;
  const auto records = co_await batch_read(session, std::move(read));
  if (!records) co_return records.error();
  std::vector<FoundPrompt> prompts;
  for (const json::object* const record : records->rows)
    if (auto prompt = to_prompt(*record, *people, archived)) prompts.push_back(std::move(*prompt));
  co_return prompts;
}

/// A record's own page of links: where the next begins.
struct Asked {
  std::string id, after;
};

/// HubSpot's own types towards the primary company: of a contact, a deal, a ticket.
[[nodiscard]] bool is_primary(const json::object& target) {
  const json::array* const types = array_at(target, "associationTypes");
  if (types == nullptr) return false;
  return std::any_of(types->begin(), types->end(), [](const json::value& type) {
    if (!type.is_object() || text(type.get_object(), "category") != "HUBSPOT_DEFINED") return false;
    const auto number = integer(type.get_object(), "typeId");
    return number == 1 || number == 5 || number == 26;
  });
}

[[nodiscard]] Call links_call(const Session& session, const std::string& from, const std::string& to,
                              const std::vector<Asked>& asked) {
  json::array inputs;
  for (const Asked& one : asked) {
    json::object input{{"id", one.id}};
    if (!one.after.empty()) input["after"] = one.after;
    inputs.push_back(std::move(input));
  }
  return {.op = Op::associations_read,
          .target = session.path(Op::associations_read, {from, to}),
          .body = json::serialize(json::object{{"inputs", std::move(inputs)}})};
}

}  // namespace

Task<std::vector<FoundPrompt>> read_tasks(Session& session, Catalog& catalog, TaskRead read) {
  std::vector<FoundPrompt> prompts;
  if (read.ids.empty()) co_return prompts;
  const auto info = co_await catalog.object(tasks);
  if (!info) co_return info.error();
  const auto people = co_await catalog.people();
  if (!people) co_return people.error();
  BatchRead part{.object = tasks,
                 .ids = {},
                 .properties = {},
                 .with_history = {},
                 .archived = read.archived,
                 .id_property = read.by_key ? key_property : ""};
  for (const char* const property : {"hs_task_subject", "hs_task_status", "hubspot_owner_id", "hs_lastmodifieddate",
                                     "hs_updated_by_user_id", key_property})
    if ((*info)->has(property)) part.properties.emplace_back(property);
  std::vector<Task<std::vector<FoundPrompt>>> parts;
  for (std::size_t first = 0; first < read.ids.size(); first += a_call) {
    part.ids.assign(read.ids.begin() + static_cast<std::ptrdiff_t>(first),
                    read.ids.begin() + static_cast<std::ptrdiff_t>(std::min(first + a_call, read.ids.size())));
    parts.push_back(read_part(session, *people, part));
  }
  auto results = co_await all(session.executor(), std::move(parts), session.options().parallel);
  for (auto& result : results) {
    if (!result) co_return result.error();
    for (FoundPrompt& prompt : *result) prompts.push_back(std::move(prompt));
  }
  co_return prompts;
}

Task<Links> read_links(Session& session, std::string from, std::string to, std::vector<std::string> ids) {
  Links links;
  std::vector<Asked> waiting;
  for (std::string& id : ids) waiting.push_back({std::move(id), ""});
  while (!waiting.empty()) {
    const std::size_t count = std::min(a_call, waiting.size());
    const std::vector<Asked> asked(waiting.end() - static_cast<std::ptrdiff_t>(count), waiting.end());
    waiting.resize(waiting.size() - count);
    const auto answer = co_await session.call(links_call(session, from, to, asked));
    if (!answer) {
      if (net::has_code(answer.error(), "OBJECT_NOT_FOUND")) continue;
      co_return answer.error();
    }
    const auto records = read_results(*answer);  // a record without links is an error "not found"
    if (!records) co_return records.error();
    for (const json::object* const row : records->rows) {
      const json::object* const source = object_at(*row, "from");
      const json::array* const targets = array_at(*row, "to");
      if (source == nullptr || targets == nullptr) co_return unreadable("a link without ends", false);
      const std::string source_id = id(*source, "id");
      for (const json::value& target : *targets)
        if (target.is_object())
          if (auto target_id = id(target.get_object(), "toObjectId"); !target_id.empty())
            links[source_id].push_back({std::move(target_id), is_primary(target.get_object())});
      if (std::string after = next_page(*row); !after.empty()) waiting.push_back({source_id, std::move(after)});
    }
  }
  co_return links;
}

}  // namespace coachd::hubspot
