// The fourth stage: a record's open findings become at most one prompt per person, with a line for each finding. It
// begins in the person's own list; a prompt that nobody needs any more is dropped or withdrawn. Every decision leaves a
// reason.
#pragma once

#include <string>
#include <vector>

#include "daemon/pipeline/evaluation.hpp"

namespace coachd::pipeline {

/// The key of a prompt is computed, never drawn: hash(connection, record, person, carrier, episode).
[[nodiscard]] std::string prompt_key(const std::string& connection, const std::string& object,
                                     const std::string& record, const std::string& person, const std::string& carrier,
                                     std::int32_t episode);

/// Adds to `unit` what the evaluation of one record changes about its prompts.
void prompt_record(const Context& context, const store::Snapshot& snapshot, const store::DueRow& due,
                   const Evaluated& evaluated, model::Instant now, store::UnitOfWork& unit);

/// Subject (without short key) and body of a prompt, from the record as it is now. Lines whose finding is gone are left
/// out.
struct PromptText {
  std::string subject;
  std::string body;
};
[[nodiscard]] PromptText render_prompt(const Context& context, const rules::ObjectPlan& plan,
                                       const Evaluated& evaluated, const store::PromptRow& prompt, model::Instant now);

}  // namespace coachd::pipeline
