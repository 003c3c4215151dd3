// The life of a field that nobody uses: candidate -> proposed -> announced -> hidden ->
// archived, or kept with a reason and a review date; every step can be undone. A pure machine: (field, event, now) ->
// (field, what to do) or a refusal that says what is missing. It hides and archives nothing that its owner did not
// agree to or whose values were not exported. Who keeps it, asks the owner and calls the CRM: pipeline/retiring.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::coaching {

/// Time that must pass between two steps, so that whoever needs the field after all can say so. `retire: {grace: D}` of
/// the field's card sets both.
struct GracePeriods {
  model::Span announced{model::Span::Unit::days, 30};  ///< from the announcement until it may be hidden
  model::Span hidden{model::Span::Unit::days, 30};     ///< from hiding it until it may be archived
};

/// Where a field stands. `none`: nothing was begun, whatever the evidence says. Names are stable: they stand in the
/// store and in JSON.
enum class RetireState : std::uint8_t { none, proposed, announced, hidden, archived, kept };
[[nodiscard]] std::string_view to_string(RetireState s);
[[nodiscard]] std::optional<RetireState> parse_retire_state(std::string_view s);

/// What undo goes back to.
struct RetireStanding {
  RetireState state = RetireState::none;
  model::Instant since{};
  std::optional<model::Instant> not_before;  ///< announced: may be hidden from here on; hidden: archived
  bool by_package = false;  ///< hidden, archived: the change was written for an admin to deploy, not made by coachd
  std::string because;      ///< kept: why
  std::optional<model::Day> review_on;  ///< kept: when to ask again
  friend bool operator==(const RetireStanding&, const RetireStanding&) = default;
};

struct RetireConsent {
  std::string by;  ///< e-mail
  model::Instant at{};
  bool in_crm = false;   ///< they completed the prompt; else their word, written down by somebody
  std::string recorded;  ///< by whom, where not in_crm
  std::string because;
  friend bool operator==(const RetireConsent&, const RetireConsent&) = default;
};

/// All values of the field in one file.
struct RetireExport {
  std::string file;
  std::int64_t values = 0;
  std::string digest;  ///< of every (record, value): tells whether anything was set since
  model::Instant at{};
  friend bool operator==(const RetireExport&, const RetireExport&) = default;
};

/// A call to the CRM about the field itself. Each may be repeated: it says what shall be, not what to change.
enum class FieldCall : std::uint8_t { hide, show, archive, look };
[[nodiscard]] std::string_view to_string(FieldCall c);
[[nodiscard]] std::optional<FieldCall> parse_field_call(std::string_view s);

/// Who did what when and why; the last is the newest.
struct RetireStep {
  std::string what;
  model::Instant at{};
  std::string by, because;
  friend bool operator==(const RetireStep&, const RetireStep&) = default;
};

struct Retirement {
  std::string object, field;          ///< as rules name them
  std::string crm_object, crm_field;  ///< as the CRM does: the card may be gone when a step is undone
  std::string label;
  std::string owner;   ///< e-mail of who was asked
  std::string person;  ///< their id in the CRM; "" where they have no seat
  std::string prompt;  ///< key of the question in the CRM; "" none is out
  std::int32_t asked = 0;
  RetireStanding now;
  std::vector<RetireStanding> before;  ///< the last is what the next undo goes back to
  std::optional<RetireConsent> consent;
  std::optional<model::Instant> declined;  ///< the owner dismissed the question: they are not asked again
  std::optional<RetireExport> exported;
  std::optional<FieldCall> calling;  ///< durable before the call; stays until an answer is known
  std::vector<RetireStep> steps;
  friend bool operator==(const Retirement&, const Retirement&) = default;
};

// ---- events
struct RetireWho {
  std::string by, because;
};
struct Propose {
  RetireWho who;
  bool candidate = false;
  std::string why_not;        ///< where it is no candidate
  std::string owner, person;  ///< of the definition; `person` "" where the CRM has no active person of that e-mail
};
struct Agree {  ///< on their word
  RetireWho who;
  std::string owner;
};
struct OwnerAnswered {  ///< in the CRM
  enum class How : std::uint8_t { agreed, declined, not_counted };
  How how = How::agreed;
  std::string by;       ///< who did it, as the CRM tells
  std::string because;  ///< not_counted: why
};
struct Announce {
  RetireWho who;
};
struct Exported {
  RetireWho who;
  RetireExport file;
};
struct Hide {
  RetireWho who;
  std::string digest;       ///< of the values as they are now
  bool by_package = false;  ///< no API can: an admin deploys the change
};
struct Archive {
  RetireWho who;
  std::string digest;
  bool by_package = false;
};
struct Called {  ///< what became of the call
  bool done = false;
  bool in_doubt = false;  ///< the answer was lost: the same step again settles it
  std::string problem;
};
struct Keep {
  RetireWho who;
  model::Day review_on{};
};
struct Undo {
  RetireWho who;
};
using RetireEvent = std::variant<Propose, Agree, OwnerAnswered, Announce, Exported, Hide, Archive, Called, Keep, Undo>;

struct RetireDecision {
  Retirement field;                ///< as it was where `refused` says anything
  std::string refused;             ///< what is missing and what to do about it
  bool ask = false;                ///< bring the question to the owner
  bool withdraw_question = false;  ///< the question, where it is out, is needed no more
  std::optional<FieldCall> call;   ///< to be made once the new state is durable
};

/// `house`: the company's calendar, by which grace periods and review dates are counted.
[[nodiscard]] RetireDecision decide(const Retirement& field, const RetireEvent& event, const GracePeriods& grace,
                                    const calendar::Calendar& house, model::Instant now);

}  // namespace coachd::coaching
