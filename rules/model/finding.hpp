// What the rules say about a record, and the states of what coachd makes of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::model {

/// Four outcomes everywhere: "cannot tell" prompts nobody and is a right answer; a broken rule never counts as passed.
enum class Outcome : std::uint8_t { ok, finding, cannot_tell, broken };

enum class RuleKind : std::uint8_t { timing, stale, fake_adoption, acceptance, duplicate, friction, workaround, win };

/// The answer of one rule about one record. `since` comes from data: the instant from which the rule holds.
struct Verdict {
  std::uint32_t rule = 0;  ///< index into the rule set
  Outcome outcome = Outcome::ok;
  std::string id;  ///< findings only: the finding's full id (`timing.missing:champion`); empty: the rule's own
  std::optional<Instant> since;
  std::string missing;  ///< cannot tell: what is missing, one of few fixed texts (counted, not stored per record)
};

/// Every state that a prompt can be in. Names are stable: they stand in the store and in JSON.
enum class PromptState : std::uint8_t {
  own_list,  ///< in the person's own list for its day; nothing sent
  held,    ///< waiting for its turn: `reason` says for what (budget, window, quiet hours, sweep, brake, pause, observe)
  intent,  ///< durable decision to create it in the CRM; the call may or may not have been made
  sending,      ///< the call is out
  doubtful,     ///< the answer was lost: the CRM is asked before anything is sent again
  live,         ///< in the CRM
  updating,     ///< its lines changed; the CRM's copy is older
  withdrawing,  ///< to be deleted in the CRM
  withdrawn,    ///< deleted by coachd: every finding ended and nobody had touched it
  done,         ///< a person completed it
  dismissed,    ///< a person deleted it: never resent for those findings
  replied,      ///< a person answered it
  snoozed,      ///< asked to come back later
  expired,      ///< removed before it turned overdue
  ignored,      ///< closed in a heap, or never touched until it ended
  moved,        ///< its record was merged: it went to the survivor
  dropped,      ///< never sent: its findings ended before its turn
  blocked,      ///< the CRM refuses it for good: `reason` says why
};

[[nodiscard]] std::string_view to_string(Outcome o);
[[nodiscard]] std::string_view to_string(RuleKind k);
[[nodiscard]] std::string_view to_string(PromptState s);
[[nodiscard]] std::optional<RuleKind> parse_rule_kind(std::string_view s);
[[nodiscard]] std::optional<PromptState> parse_prompt_state(std::string_view s);
/// True while coachd owns something in the CRM, or may own something.
[[nodiscard]] bool in_crm(PromptState s);
/// True when nothing more can happen to it.
[[nodiscard]] bool ended(PromptState s);

}  // namespace coachd::model
