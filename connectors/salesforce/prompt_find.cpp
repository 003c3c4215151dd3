#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/subject.hpp"
#include "connectors/net/sweep.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/prompts.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using connectors::FoundPage;
using connectors::FoundPrompt;
using model::CrmError;
using model::Failure;

namespace {

constexpr std::string_view cursor_name = "own tasks";
constexpr std::string_view task_columns =
    "Id, Subject, IsClosed, IsDeleted, OwnerId, WhatId, CreatedById, LastModifiedById, LastModifiedDate, "
    "SystemModstamp";

/// Nothing for a task whose subject does not end with a short key: somebody else's, though of the same user.
[[nodiscard]] std::optional<FoundPrompt> to_prompt(const json::object& row) {
  auto key = net::short_key_of(text(row, "Subject"));
  if (!key) return std::nullopt;
  FoundPrompt found;
  found.short_key = std::move(*key);
  found.crm_id = id(row, "Id");
  found.record = model::RecordId(id(row, "WhatId"));
  found.person = model::PersonId(id(row, "OwnerId"));
  found.completed = flag(row, "IsClosed");
  found.deleted = flag(row, "IsDeleted");
  found.modified = instant(row, "LastModifiedDate").value_or(model::Instant{});
  found.modified_by = model::PersonId(id(row, "LastModifiedById"));
  return found;
}

}  // namespace

Task<FoundPage> read_own_prompts(Session& session, std::string cursor) {
  auto sweep = net::Sweep::parse(cursor, cursor_name);
  if (!sweep)
    co_return CrmError{
        Failure::permanent,
        "the stored position in coachd's own tasks is not understood: read them again from the beginning", "", 0,
        false};
  const auto signed_in = co_await session.ready();
  if (!signed_in) co_return signed_in.error();
  const Options& options = session.options();
  sweep->begin(session.server_now(), options.overlap, options.lag);
  const auto rows = co_await query(
      session,
      fmt::format("SELECT {} FROM Task WHERE CreatedById = {} AND {} ORDER BY SystemModstamp ASC, Id ASC LIMIT {}",
                  task_columns, quote(session.user()), condition(*sweep, "SystemModstamp"), options.page));
  if (!rows) co_return rows.error();
  FoundPage page;
  std::optional<model::Instant> last;
  std::string last_id;
  for (const json::object* const row : rows->rows) {
    last = instant(*row, "SystemModstamp");
    last_id = id(*row, "Id");
    if (!last || last_id.empty()) co_return unreadable("a task without id or stamp", false);
    if (auto found = to_prompt(*row)) page.rows.push_back(std::move(*found));
  }
  page.more =
      sweep->advance(last, last_id, !rows->done || rows->rows.size() >= options.page, rows->server_time, options.lag);
  page.next = sweep->text(cursor_name);
  co_return page;
}

Task<std::vector<FoundPrompt>> find_prompts(Session& session, std::vector<connectors::PromptItem> items) {
  std::set<std::string> keys, records;
  bool without_record = false;
  for (const connectors::PromptItem& item : items) {
    keys.insert(connectors::short_key(item.key));
    without_record = without_record || item.record.empty();
    if (is_id(item.record.get())) records.insert(id18(item.record.get()));
  }
  const std::vector<std::string> all(records.begin(), records.end());
  const auto signed_in = co_await session.ready();
  if (!signed_in) co_return signed_in.error();

  std::vector<FoundPrompt> found;
  constexpr std::size_t step = 200;
  std::vector<std::string> about;
  for (std::size_t first = 0; first < all.size(); first += step) {
    const std::span<const std::string> part(all.data() + first, std::min(step, all.size() - first));
    about.push_back(fmt::format("WhatId IN ({})", quote_list(part)));
  }
  if (without_record) about.emplace_back("WhatId = null");  // few: questions about fields
  for (const std::string& which : about) {
    Listing listing{.object = "Task",
                    .columns = {std::string(task_columns)},
                    .optional = {},
                    .where = fmt::format("CreatedById = {} AND {}", quote(session.user()), which)};
    const auto read = co_await list(session, std::move(listing), [&](const json::object& row) {
      auto prompt = to_prompt(row);
      if (prompt && keys.contains(prompt->short_key)) found.push_back(std::move(*prompt));
    });
    if (!read) co_return read.error();
  }
  co_return found;
}

}  // namespace coachd::salesforce
