// Prompts as tasks: creating, updating and removing them in small batches, and finding coachd's own again.
// Inner header of salesforce/.
#pragma once

#include <string>
#include <vector>

#include "connectors/salesforce/session.hpp"

namespace coachd::salesforce {

inline constexpr std::size_t longest_subject = 255;
inline constexpr std::size_t longest_body = 32'000;
inline constexpr std::size_t items_per_call = 25;

/// As Connector::write. A batch of one kind that fails as a whole is the result's error; of several kinds, the items of
/// the call that failed carry it.
[[nodiscard]] Task<std::vector<connectors::WriteOutcome>> write_prompts(Session& session,
                                                                        std::vector<connectors::PromptWrite> batch);
[[nodiscard]] Task<connectors::FoundPage> read_own_prompts(Session& session, std::string cursor);
[[nodiscard]] Task<std::vector<connectors::FoundPrompt>> find_prompts(Session& session,
                                                                      std::vector<connectors::PromptItem> items);

}  // namespace coachd::salesforce
