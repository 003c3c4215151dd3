#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/subject.hpp"
#include "connectors/prompt_batch.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/prompts.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/session.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using connectors::PromptItem;
using connectors::PromptWrite;
using connectors::WriteOutcome;
using model::CrmError;

namespace {

using Op = PromptWrite::Op;

/// Status and Priority are left to the organisation's defaults; no reminder is ever set. An update leaves owner and
/// record alone: whoever reassigned the task meant it.
[[nodiscard]] json::object to_task(const PromptItem& item, bool create) {
  json::object task;
  task["attributes"] = {{"type", "Task"}};
  if (create) {
    task["OwnerId"] = item.person.get();
    if (!item.record.empty()) task["WhatId"] = item.record.get();
  } else {
    task["id"] = id18(item.crm_id);
  }
  task["Subject"] = net::make_subject(item.subject, connectors::short_key(item.key), longest_subject);
  task["Description"] = net::shortened(item.body, longest_body);
  task["ActivityDate"] = model::to_string(item.due);
  return task;
}

[[nodiscard]] Call to_call(const Session& session, Op op, std::span<const PromptItem* const> items) {
  Call call{.target = session.path("/composite/sobjects")};
  if (op == Op::remove) {
    call.method = "DELETE";
    call.target += "?ids=";
    for (const PromptItem* const item : items)
      call.target += (call.target.ends_with('=') ? "" : ",") + id18(item->crm_id);
    call.target += "&allOrNone=false";
    return call;
  }
  json::array records;
  for (const PromptItem* const item : items) records.push_back(to_task(*item, op == Op::create));
  call.method = op == Op::create ? "POST" : "PATCH";
  call.repeatable = op != Op::create;
  call.body = json::serialize(json::object{{"allOrNone", false}, {"records", std::move(records)}});
  return call;
}

/// What a person or Salesforce has deleted already needs no removal.
[[nodiscard]] bool gone_already(const CrmError& error) {
  return has_code(error, "ENTITY_IS_DELETED") || has_code(error, "NOT_FOUND") ||
         has_code(error, "INVALID_CROSS_REFERENCE_KEY");
}

[[nodiscard]] WriteOutcome to_outcome(const json::object& result, Op op, const PromptItem& item) {
  WriteOutcome outcome;
  if (flag(result, "success")) {
    outcome.crm_id = id(result, "id");
    if (op != Op::create) outcome.crm_id = id18(item.crm_id);
    if (!is_id(*outcome.crm_id)) {
      outcome.crm_id.reset();
      outcome.error = unreadable("a task without an id", true);
    }
    return outcome;
  }
  const json::value* const errors = at(result, "errors");
  outcome.error = read_item_errors(errors != nullptr && errors->is_array() ? errors->get_array() : json::array());
  if (op == Op::remove && gone_already(*outcome.error)) outcome = {id18(item.crm_id), std::nullopt};
  return outcome;
}

Task<std::vector<WriteOutcome>> write_part(Session& session, Op op, std::vector<const PromptItem*> items) {
  const auto answer = co_await session.call(to_call(session, op, items));
  if (!answer) co_return answer.error();
  boost::system::error_code failed;
  const json::value document = json::parse(answer->body, failed);
  const bool lost = op == Op::create;  // what was created and cannot be read must be looked for
  if (failed || !document.is_array() || document.get_array().size() != items.size())
    co_return unreadable("not one result per task", lost);
  std::vector<WriteOutcome> outcomes;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json::value& result = document.get_array()[i];
    if (!result.is_object()) co_return unreadable("a result is no object", lost);
    outcomes.push_back(to_outcome(result.get_object(), op, *items[i]));
  }
  co_return outcomes;
}

/// What can be told to fail without a call.
[[nodiscard]] std::optional<CrmError> refuse(const PromptWrite& write) {
  return connectors::refuse_task(write, "Salesforce", is_id,
                                 [](std::string_view id) { return is_id(id) && id.starts_with("00T"); });
}

}  // namespace

Task<std::vector<WriteOutcome>> write_prompts(Session& session, std::vector<PromptWrite> batch) {
  return connectors::write_batch({.writes = std::move(batch),
                                  .items_per_call = items_per_call,
                                  .refuse = refuse,
                                  .send = [&session](Op op, std::vector<const PromptItem*> items) {
                                    return write_part(session, op, std::move(items));
                                  }});
}

}  // namespace coachd::salesforce
