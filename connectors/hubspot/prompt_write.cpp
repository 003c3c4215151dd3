#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/prompts.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/task_read.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/failure.hpp"
#include "connectors/net/subject.hpp"
#include "connectors/prompt_batch.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using connectors::PromptItem;
using connectors::PromptWrite;
using connectors::WriteOutcome;
using model::CrmError;
using model::Failure;

namespace {

using Write = PromptWrite::Op;
using Outcomes = std::vector<WriteOutcome>;
using Items = std::vector<const PromptItem*>;

/// A task is due at an instant: in the evening of its day by the account's clock, far enough from midnight to stay on
/// that day for everybody around and through a change of summer time.
constexpr std::chrono::hours due_hour{18};

[[nodiscard]] std::string due_of(const Session& session, model::Day day) {
  const auto at = std::chrono::sys_time<std::chrono::milliseconds>(day) + due_hour - session.zone_offset();
  return std::to_string(at.time_since_epoch().count());
}

/// The body of a task is HTML: its lines are kept apart, and what a record says is never markup.
[[nodiscard]] std::string html_of(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '\n': html += "<br>"; break;
      default: html += c;
    }
  }
  return html;
}

/// No reminder is ever set. An update leaves owner, status and record alone: whoever changed them meant it.
[[nodiscard]] json::object properties_of(const Session& session, const PromptItem& item, bool create, bool keyed) {
  json::object properties;
  properties["hs_timestamp"] = due_of(session, item.due);
  properties["hs_task_subject"] = net::make_subject(item.subject, connectors::short_key(item.key), longest_subject);
  properties["hs_task_body"] = html_of(net::shortened(item.body, longest_body));
  if (!create) return properties;
  properties["hs_task_status"] = "NOT_STARTED";
  properties["hubspot_owner_id"] = item.person.get();
  if (keyed) properties[key_property] = item.key;
  return properties;
}

[[nodiscard]] json::object input_of(const Session& session, Op op, const PromptItem& item, bool keyed) {
  json::object input;
  if (op == Op::task_archive) return {{"id", item.crm_id}};
  input["objectWriteTraceId"] = op == Op::task_update ? item.crm_id : item.key;
  if (op == Op::task_update) {
    input["id"] = item.crm_id;
    input["properties"] = properties_of(session, item, false, keyed);
    return input;
  }
  input["properties"] = properties_of(session, item, true, keyed);
  if (!item.object.empty()) {
    json::array types{json::object{{"associationCategory", "HUBSPOT_DEFINED"},
                                   {"associationTypeId", link_type(item.object).value_or(0)}}};
    input["associations"] = json::array{json::object{{"to", {{"id", item.record.get()}}}, {"types", std::move(types)}}};
  }
  return input;
}

[[nodiscard]] Call call_of(const Session& session, Op op, const Items& items, bool keyed) {
  json::array inputs;
  for (const PromptItem* const item : items) inputs.push_back(input_of(session, op, *item, keyed));
  return {.op = op,
          .target = session.path(op),
          .body = json::serialize(json::object{{"inputs", std::move(inputs)}}),
          .repeatable = op != Op::task_create || keyed};
}

[[nodiscard]] const json::value* trace_of(const json::object& error) {
  const json::object* const context = object_at(error, "context");
  return context == nullptr ? nullptr : context->if_contains("objectWriteTraceId");
}

/// Whether an entry of `errors` is about this item: by its trace, else by its id.
[[nodiscard]] bool is_about(const json::object& error, const PromptItem& item) {
  const auto names = [](const json::value* list, std::string_view what) {
    if (list == nullptr || what.empty()) return false;
    if (list->is_string()) return std::string_view(list->get_string()) == what;
    return list->is_array() &&
           std::any_of(list->get_array().begin(), list->get_array().end(), [&](const json::value& one) {
             return one.is_string() && std::string_view(one.get_string()) == what;
           });
  };
  const json::value* const trace = trace_of(error);
  if (trace != nullptr) return names(trace, item.key) || names(trace, item.crm_id);
  const json::object* const context = object_at(error, "context");
  return context != nullptr &&
         (names(context->if_contains("ids"), item.crm_id) || names(context->if_contains("id"), item.crm_id));
}

/// Whether a result is this item's: by its trace, else by its id, else by the short key that ends its subject.
[[nodiscard]] bool is_result_of(const json::object& result, const PromptItem& item) {
  if (const auto trace = text(result, "objectWriteTraceId"); !trace.empty())
    return trace == item.key || trace == item.crm_id;
  if (!item.crm_id.empty()) return id(result, "id") == item.crm_id;
  const json::object* const properties = object_at(result, "properties");
  if (properties == nullptr) return false;
  if (const auto key = text(*properties, key_property); !key.empty()) return key == item.key;
  return net::short_key_of(text(*properties, "hs_task_subject")) == connectors::short_key(item.key);
}

[[nodiscard]] WriteOutcome outcome_of(const json::object& body, const PromptItem& item, Op op) {
  if (const json::array* const results = array_at(body, "results"))
    for (const json::value& result : *results)
      if (result.is_object() && is_result_of(result.get_object(), item))
        if (auto task = id(result.get_object(), "id"); !task.empty()) return {std::move(task), std::nullopt};
  if (const json::array* const errors = array_at(body, "errors"))
    for (const json::value& error : *errors)
      if (error.is_object() && is_about(error.get_object(), item))
        return {std::nullopt, read_item_error(error.get_object())};
  return {std::nullopt, unreadable("it does not tell what became of a task", op != Op::task_update)};
}

/// The unique key is taken: this very prompt was created before, or is being created.
[[nodiscard]] bool is_taken(const CrmError& error) {
  return net::has_code(error, "CONFLICT");  // also CONFLICTING_UNIQUE_VALUE
}

Task<Outcomes> send(Session& session, Op op, Items items, bool keyed) {
  const auto answer = co_await session.call(call_of(session, op, items, keyed));
  if (!answer) co_return answer.error();
  Outcomes outcomes;
  if (op == Op::task_archive) {  // 204, also for what is gone already
    for (const PromptItem* const item : items) outcomes.push_back({item->crm_id, std::nullopt});
    co_return outcomes;
  }
  const auto document = parse(*answer, op != Op::task_update);
  if (!document) co_return document.error();
  for (const PromptItem* const item : items) outcomes.push_back(outcome_of(root(*document), *item, op));
  co_return outcomes;
}

/// A refusal of the whole batch says nothing of its single items: each is sent by itself, so that one bad item does not
/// hold up the others.
[[nodiscard]] bool is_refusal_of_items(const CrmError& error) {
  return error.failure == Failure::permanent && !error.may_have_happened;
}

Task<Outcomes> send_part(Session& session, Op op, Items items, bool keyed) {
  auto whole = co_await send(session, op, items, keyed);
  if (whole || items.size() == 1 || !is_refusal_of_items(whole.error())) co_return whole;
  Outcomes outcomes;
  for (const PromptItem* const item : items) {
    const auto one = co_await send(session, op, Items(1, item), keyed);
    outcomes.push_back(one ? one->front() : WriteOutcome{std::nullopt, one.error()});
  }
  co_return outcomes;
}

/// What stands there already under its key is that prompt: it is looked up, and in doubt until it is found.
Task<Outcomes> settle_taken(Session& session, Catalog& catalog, const Items& items, Outcomes outcomes) {
  TaskRead taken{.ids = {}, .archived = false, .by_key = true};
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto& error = outcomes[i].error;
    if (!error || !is_taken(*error)) continue;
    error->may_have_happened = true;
    taken.ids.push_back(items[i]->key);
  }
  const auto found = co_await read_tasks(session, catalog, std::move(taken));
  if (!found) co_return outcomes;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!outcomes[i].error || !is_taken(*outcomes[i].error)) continue;
    const auto it = std::find_if(found->begin(), found->end(), [&](const connectors::FoundPrompt& prompt) {
      return prompt.short_key == connectors::short_key(items[i]->key);
    });
    if (it != found->end()) outcomes[i] = {it->crm_id, std::nullopt};
  }
  co_return outcomes;
}

Task<Outcomes> write_part(Session& session, Catalog& catalog, Write write, Items items, bool keyed) {
  if (write == Write::remove) co_return co_await send_part(session, Op::task_archive, items, keyed);
  if (write == Write::update) co_return co_await send_part(session, Op::task_update, items, keyed);
  auto part = co_await send_part(session, Op::task_create, items, keyed);
  if (!keyed) co_return part;
  if (!part && items.size() == 1 && is_taken(part.error())) part = Outcomes{{std::nullopt, part.error()}};
  if (!part) co_return part;
  co_return co_await settle_taken(session, catalog, items, std::move(*part));
}

/// What can be told to fail without a call.
[[nodiscard]] std::optional<CrmError> refuse(const PromptWrite& write, bool keyed) {
  if (auto error = connectors::refuse_task(write, "HubSpot", is_id, is_id)) return error;
  if (write.op != Write::create) return std::nullopt;
  if (write.item.object.empty()) {
    if (keyed) return std::nullopt;
    // Its record is by what a task is found again whose answer was lost.
    return CrmError{
        Failure::permanent,
        fmt::format("a task about no record could not be found again: tasks need the unique property {}", key_property),
        "", 0, false};
  }
  if (!link_type(write.item.object))
    return CrmError{Failure::permanent,
                    fmt::format("tasks cannot be linked with {}, in this version", write.item.object), "", 0, false};
  return std::nullopt;
}

}  // namespace

bool has_key(const ObjectInfo& task) {
  return task.unique.contains(key_property);
}

std::optional<int> link_type(std::string_view object) {
  static constexpr std::array<std::pair<std::string_view, int>, 5> types{
      {{"deals", 216}, {"companies", 192}, {"contacts", 204}, {"tickets", 230}, {"leads", 647}}};
  for (const auto& [name, type] : types)
    if (name == object) return type;
  return std::nullopt;
}

Task<Outcomes> write_prompts(Session& session, Catalog& catalog, std::vector<PromptWrite> batch) {
  const auto info = co_await catalog.object(tasks);  // also: it is the right account
  if (!info) co_return info.error();
  co_return co_await connectors::write_batch(
      {.writes = std::move(batch),
       .items_per_call = items_per_call,
       .refuse = [keyed = has_key(**info)](const PromptWrite& write) { return refuse(write, keyed); },
       .send = [&session, &catalog, keyed = has_key(**info)](
                   Write write, Items items) { return write_part(session, catalog, write, std::move(items), keyed); }});
}

}  // namespace coachd::hubspot
