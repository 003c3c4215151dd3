#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/changes.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/hubspot/prompts.hpp"
#include "connectors/hubspot/search.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/task_read.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/subject.hpp"
#include "connectors/net/sweep.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

using connectors::FoundPage;
using connectors::FoundPrompt;
using connectors::PromptItem;
using model::CrmError;
using model::Failure;

namespace {

constexpr const char* cursor_name = "own tasks";

/// Which tasks a search can be narrowed to.
[[nodiscard]] std::vector<Filter> own_filter(const ObjectInfo& task) {
  if (has_key(task)) return {{key_property, "HAS_PROPERTY", ""}};
  if (task.has("hs_object_source")) return {{"hs_object_source", "EQ", "INTEGRATION"}};
  return {};
}

/// Fills in the record of each: the first link in the order of objects.
Task<bool> add_records(Session& session, Catalog& catalog, std::vector<FoundPrompt>& prompts) {
  static constexpr std::array<const char*, 5> order{"deals", "companies", "contacts", "tickets", "leads"};
  const auto known = catalog.known_objects();
  for (const char* const object : order) {
    if (!known.empty() && std::find(known.begin(), known.end(), object) == known.end()) continue;
    std::vector<std::string> open;
    for (const FoundPrompt& prompt : prompts)
      if (prompt.record.empty()) open.push_back(prompt.crm_id);
    if (open.empty()) break;
    const auto links = co_await read_links(session, tasks, object, std::move(open));
    if (!links) co_return links.error();
    for (FoundPrompt& prompt : prompts)
      if (const auto found = links->find(prompt.crm_id); prompt.record.empty() && found != links->end())
        prompt.record = model::RecordId(found->second.front().id);
  }
  co_return true;
}

void append(std::vector<FoundPrompt>& into, std::vector<FoundPrompt>&& more) {
  for (FoundPrompt& prompt : more) into.push_back(std::move(prompt));
}

/// What became of `known`: as they are where they are there, deleted where they are not. No index is asked.
Task<std::vector<FoundPrompt>> state_of(Session& session, Catalog& catalog, OwnTasks& own,
                                        std::vector<std::string> known) {
  std::set<std::string> missing;
  for (const std::string& id : known)
    if (is_id(id)) missing.insert(id);
  auto there = co_await read_tasks(session, catalog, {.ids = {missing.begin(), missing.end()}});
  if (!there) co_return there.error();
  for (const FoundPrompt& prompt : *there) {
    own.keys[prompt.crm_id] = prompt.short_key;
    missing.erase(prompt.crm_id);
  }
  auto gone = co_await read_tasks(session, catalog, {.ids = {missing.begin(), missing.end()}, .archived = true});
  if (!gone) co_return gone.error();
  for (const FoundPrompt& prompt : *gone) missing.erase(prompt.crm_id);
  for (const std::string& id : missing) {  // not even in the recycle bin
    const auto key = own.keys.find(id);
    if (key == own.keys.end()) continue;
    FoundPrompt prompt;
    prompt.short_key = key->second;
    prompt.crm_id = id;
    prompt.deleted = true;
    prompt.modified = session.server_now();
    gone->push_back(std::move(prompt));
  }
  append(*there, std::move(*gone));
  co_return there;
}

Task<std::vector<FoundPrompt>> find_by_key(Session& session, Catalog& catalog, const std::vector<PromptItem>& items) {
  TaskRead read{.ids = {}, .archived = false, .by_key = true};
  std::map<std::string, const PromptItem*> by_short_key;
  for (const PromptItem& item : items) {
    read.ids.push_back(item.key);
    by_short_key[connectors::short_key(item.key)] = &item;
  }
  auto found = co_await read_tasks(session, catalog, std::move(read));
  if (!found) co_return found.error();
  for (FoundPrompt& prompt : *found)
    if (const auto item = by_short_key.find(prompt.short_key); item != by_short_key.end())
      prompt.record = item->second->record;
  co_return found;
}

Task<std::vector<FoundPrompt>> find_by_record(Session& session, Catalog& catalog, std::string object,
                                              std::vector<const PromptItem*> items) {
  std::set<std::string> keys, records, linked;
  for (const PromptItem* const item : items) {
    keys.insert(connectors::short_key(item->key));
    if (is_id(item->record.get())) records.insert(item->record.get());
  }
  const auto links = co_await read_links(session, object, tasks, {records.begin(), records.end()});
  if (!links) co_return links.error();
  std::map<std::string, std::string> record_of;
  for (const auto& [record, own] : *links)
    for (const Link& link : own)
      if (is_id(link.id) && linked.insert(link.id).second) record_of[link.id] = record;
  auto found = co_await read_tasks(session, catalog, {.ids = {linked.begin(), linked.end()}});
  if (!found) co_return found.error();
  std::erase_if(*found, [&](const FoundPrompt& prompt) { return !keys.contains(prompt.short_key); });
  for (FoundPrompt& prompt : *found) prompt.record = model::RecordId(record_of[prompt.crm_id]);
  co_return found;
}

}  // namespace

Task<FoundPage> read_own_prompts(Session& session, Catalog& catalog, OwnTasks& own, std::string cursor,
                                 connectors::KnownPrompts known) {
  auto sweep = net::Sweep::parse(cursor, cursor_name);
  if (!sweep)
    co_return CrmError{
        Failure::permanent,
        "the stored position in coachd's own tasks is not understood: read them again from the beginning", "", 0,
        false};
  const auto info = co_await catalog.object(tasks);
  if (!info) co_return info.error();
  const Options& options = session.options();
  const model::Instant now = session.server_now();
  std::vector<FoundPrompt> state;
  const bool look = known && (now >= own.asked + options.known_every || now < own.asked);
  if (auto ids = look ? known() : std::vector<std::string>(); !ids.empty()) {
    auto asked = co_await state_of(session, catalog, own, std::move(ids));
    if (!asked) co_return asked.error();
    state = std::move(*asked);
    own.asked = now;
  }

  sweep->begin(now, options.overlap, options.lag);
  const auto found =
      co_await search_page(session, {tasks, (*info)->modified, own_filter(**info), "hs_task_subject"}, *sweep);
  if (!found) co_return found.error();
  auto versions = own.seen.take(cursor_name, cursor);
  std::erase_if(state, [&](const FoundPrompt& p) { return !p.deleted && Seen::holds(versions, p.crm_id, p.modified); });
  for (const FoundPrompt& prompt : state)
    if (!prompt.deleted) versions.emplace(prompt.crm_id, prompt.modified);
  std::set<std::string> ids;
  const bool keyed = has_key(**info);
  for (const Hit& hit : found->hits)  // other apps write tasks, too: by the thousand, a dialer
    if ((keyed || net::short_key_of(hit.shown)) && !Seen::holds(versions, hit.id, hit.modified)) ids.insert(hit.id);
  auto tasks_now = co_await read_tasks(session, catalog, {.ids = {ids.begin(), ids.end()}});
  if (!tasks_now) co_return tasks_now.error();
  if (const auto added = co_await add_records(session, catalog, *tasks_now); !added) co_return added.error();
  for (const FoundPrompt& prompt : *tasks_now) own.keys[prompt.crm_id] = prompt.short_key;
  for (const Hit& hit : found->hits)
    if (ids.contains(hit.id)) versions.emplace(hit.id, hit.modified);
  FoundPage page;
  page.rows = std::move(state);
  append(page.rows, std::move(*tasks_now));
  page.more = step(*sweep, *found, session.server_now(), options.lag);
  page.next = sweep->text(cursor_name);
  own.seen.keep(cursor_name, page.next, std::move(versions),
                model::Instant(session.server_now()) - 2 * options.overlap - std::chrono::hours{1});
  co_return page;
}

Task<std::vector<FoundPrompt>> find_prompts(Session& session, Catalog& catalog, std::vector<PromptItem> items) {
  const auto info = co_await catalog.object(tasks);
  if (!info) co_return info.error();
  std::vector<FoundPrompt> found;
  if (has_key(**info)) {
    auto by_key = co_await find_by_key(session, catalog, items);
    if (!by_key) co_return by_key.error();
    found = std::move(*by_key);
  }
  const auto is_found = [&](const PromptItem& item) {
    return std::any_of(found.begin(), found.end(),
                       [&](const FoundPrompt& prompt) { return prompt.short_key == connectors::short_key(item.key); });
  };
  std::map<std::string, std::vector<const PromptItem*>> by_object;
  for (const PromptItem& item : items)
    if (link_type(item.object) && !is_found(item)) by_object[item.object].push_back(&item);
  for (const auto& [object, of_it] : by_object) {
    auto linked = co_await find_by_record(session, catalog, object, of_it);
    if (!linked) co_return linked.error();
    append(found, std::move(*linked));
  }
  co_return found;
}

}  // namespace coachd::hubspot
