// The life of retired fields beside the hall: which steps were done is one dated document per connection (`kept`), the
// question to a field's owner is a prompt without a record that goes the way of every other (budget, windows, outbox,
// doubt), and what its person does to it is the answer. What may follow what: coaching/retirement.hpp. Everything here
// runs on the evaluation thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/coaching/retirement.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

/// PromptRow::object of a question about a field; its `record` is the field (`opportunity.legacy_score`). No object of
/// a CRM can be called so.
inline constexpr std::string_view field_question = "a field";

/// By `object.field`, canonical.
using Retirements = std::map<std::string, coaching::Retirement>;
/// Of a connection; empty where nothing was ever begun. Throws std::runtime_error where the document cannot be read.
[[nodiscard]] Retirements read_retirements(const store::Snapshot& snapshot, const std::string& connection);
[[nodiscard]] std::string to_json(const Retirements& fields);
[[nodiscard]] Retirements retirements_from_json(std::string_view text);

/// A step that somebody asks for. What the machine needs of the rules and the CRM is filled in here.
struct RetireRequest {
  std::string connection, object, field;
  std::string what;         ///< propose, agree, announce, export, hide, archive, keep, undo
  std::string by, because;  ///< who asks, and why
  std::string owner;        ///< agree: whose word it is
  bool candidate = false;   ///< propose: the evidence speaks for it
  std::string why_not;      ///< propose: where it does not
  std::string evidence;     ///< propose: in one sentence, for the owner
  std::string review_on;    ///< keep
  std::string digest;       ///< export, hide, archive: of the values as they are
  std::string file;         ///< export
  std::int64_t values = 0;  ///< export
  bool by_package = false;  ///< hide, archive: no API can
};

/// The CRM's own names of a field, and what shall be.
struct FieldChange {
  coaching::FieldCall call = coaching::FieldCall::look;
  std::string crm_object, crm_field;
};

struct RetireOutcome {
  std::string refused;  ///< why nothing was done; then nothing else holds
  std::optional<coaching::Retirement> field;
  std::string note;  ///< what the one who asked should know beside it
  std::optional<FieldChange> change;
};

/// Adds the step to `unit`. `may_not_call`: why the CRM cannot be written to now; empty: it can.
[[nodiscard]] RetireOutcome retire_step(const Context& context, const store::Snapshot& snapshot,
                                        const RetireRequest& request, const std::string& may_not_call,
                                        model::Instant now, store::UnitOfWork& unit);
/// What became of the call that a step asked for.
[[nodiscard]] RetireOutcome retire_called(const Context& context, const store::Snapshot& snapshot,
                                          const RetireRequest& request, const coaching::Called& called,
                                          model::Instant now, store::UnitOfWork& unit);

/// A question that its person, or somebody else, answered or took away in the CRM. `by`: who, as far as it is told.
struct QuestionEnded {
  std::string prompt;  ///< key
  model::PromptState state = model::PromptState::done;
  std::string by;
};
void answer_questions(const Context& context, const store::Snapshot& snapshot, const std::vector<QuestionEnded>& ended,
                      model::Instant now, store::UnitOfWork& unit);

}  // namespace coachd::pipeline
