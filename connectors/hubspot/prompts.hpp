// Prompts as tasks: creating, updating and removing them in batches, and finding coachd's own again. Where tasks have
// the unique property `coachd_key` they are created under it, so that nothing can come to exist twice; else a lost
// answer is settled by looking. Inner header of hubspot/. Thread rule: the network thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/changes.hpp"
#include "connectors/hubspot/session.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

inline constexpr std::size_t longest_subject = 255;
inline constexpr std::size_t longest_body = 32'000;
inline constexpr std::size_t items_per_call = 25;
inline constexpr const char* tasks = "tasks";
inline constexpr const char* key_property = "coachd_key";

/// Whether tasks of this account have the unique property by which prompts are named.
[[nodiscard]] bool has_key(const ObjectInfo& task);
/// HUBSPOT_DEFINED type of the link from a task to a record of that object; nothing for an object that tasks of coachd
/// do not belong to.
[[nodiscard]] std::optional<int> link_type(std::string_view object);

/// As Connector::write. A batch that fails as a whole in one call is the result's error; of several calls, the items of
/// the call that failed carry it.
[[nodiscard]] Task<std::vector<connectors::WriteOutcome>> write_prompts(Session& session, Catalog& catalog,
                                                                        std::vector<connectors::PromptWrite> batch);

/// What `own_prompts` keeps between calls; all of it may be lost.
struct OwnTasks {
  std::unordered_map<std::string, std::string> keys;  ///< short keys by task id: of what is gone without a trace
  model::Instant asked{};                             ///< when those believed to be there were last asked for
  Seen seen;
};
/// By search over tasks with the key, else over those that an app wrote (the subject then tells which are coachd's).
[[nodiscard]] Task<connectors::FoundPage> read_own_prompts(Session& session, Catalog& catalog, OwnTasks& own,
                                                           std::string cursor, connectors::KnownPrompts known);
/// By the key where tasks have it, else through the tasks of the records: never by search.
[[nodiscard]] Task<std::vector<connectors::FoundPrompt>> find_prompts(Session& session, Catalog& catalog,
                                                                      std::vector<connectors::PromptItem> items);

}  // namespace coachd::hubspot
