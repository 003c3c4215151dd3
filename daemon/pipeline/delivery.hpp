// The fifth and sixth stage: from the person's own list through budget, windows and quiet hours to a durable intent,
// and from the intent through the outbox to the CRM, exactly once. The call itself is made elsewhere (network thread);
// what it answered comes back as a value. After a doubt the CRM is asked before anything is sent again.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// Prompts whose `next_at` has come: each is sent on its way (intent and outbox row) or held, with the reason.
void release_prompts(const Context& context, const store::Snapshot& snapshot, std::vector<store::PromptRow> waiting,
                     model::Instant now, store::UnitOfWork& unit);

/// Calls to make now. The outbox rows are marked as sent in `unit`, which must be durable before the call is made.
struct Batch {
  std::string connection;
  std::vector<connectors::PromptWrite> writes;
  [[nodiscard]] bool empty() const noexcept { return writes.empty(); }
};
[[nodiscard]] Batch take_batch(const Context& context, const store::Snapshot& snapshot, model::Instant now,
                               store::UnitOfWork& unit);

/// What became of a batch: one outcome per write, or one error for all of them.
using BatchResult = connectors::Result<std::vector<connectors::WriteOutcome>>;
/// Records of a batch that is out, by id; true: evaluated meanwhile, so that it must be looked at again.
using RecordsOut = std::map<std::string, bool, std::less<>>;
void settle_batch(const Context& context, const store::Snapshot& snapshot, const Batch& batch,
                  const BatchResult& result, const RecordsOut& out, model::Instant now, store::UnitOfWork& unit);

/// Prompts whose answer was lost long enough ago: to be looked up in the CRM.
[[nodiscard]] std::vector<connectors::PromptItem> doubtful(const Context& context, const store::Snapshot& snapshot,
                                                           model::Instant now);
/// What the look-up found of them: adopted, or free to be sent again.
void settle_doubts(const Context& context, const store::Snapshot& snapshot,
                   const std::vector<connectors::PromptItem>& asked,
                   const connectors::Result<std::vector<connectors::FoundPrompt>>& found, model::Instant now,
                   store::UnitOfWork& unit);

/// After a start: calls that were out when the program ended are in doubt.
void doubt_unanswered(const Context& context, const store::Snapshot& snapshot, model::Instant now,
                      store::UnitOfWork& unit);

}  // namespace coachd::pipeline
