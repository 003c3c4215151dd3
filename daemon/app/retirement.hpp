// Which governed fields nobody uses any more, from the records and histories in a state folder; how far each is
// retired; and all values of one field, for its export. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/field_package.hpp"  // IWYU pragma: export (files that an admin deploys)
#include "daemon/app/state_view.hpp"
#include "daemon/coaching/retirement.hpp"  // IWYU pragma: export
#include "daemon/pipeline/retiring.hpp"    // IWYU pragma: export
#include "rules/engine/retirement.hpp"

namespace coachd::app {

struct RetirementOfField {
  std::string connection;
  std::string object;    ///< canonical
  std::string workflow;  ///< whose card it is
  rules::FieldRetirement field;
};

/// Of every card, or of the cards of one field; `connection` may be empty: of all. Goes over every record once.
[[nodiscard]] std::vector<RetirementOfField> retirement(StateView& state, const std::string& connection,
                                                        const std::string& field);
/// What the evidence says, in one sentence for the field's owner.
[[nodiscard]] std::string evidence_sentence(const RetirementOfField& r);
/// Why it is no candidate; empty: it is one.
[[nodiscard]] std::string why_no_candidate(const RetirementOfField& r);

/// A field that a card governs, or that was retired when one did.
struct FieldAt {
  std::string connection;
  std::string object, field;          ///< canonical
  std::string crm_object, crm_field;  ///< the CRM's own names
  bool card = false;                  ///< a card about it is on
};
/// By any of its names; `connection` may be empty: of all.
[[nodiscard]] std::vector<FieldAt> fields_called(StateView& state, const std::string& connection,
                                                 const std::string& field);

/// How far each field is retired, by connection.
[[nodiscard]] std::map<std::string, pipeline::Retirements> retirements(StateView& state, const std::string& connection);

/// Every value of a field, as it is stored.
struct FieldValues {
  std::int64_t values = 0;  ///< records that have one
  std::int64_t unread = 0;  ///< records that have not been read with this field yet
  std::string digest;       ///< of all (record, value)
};
/// `last_change` is "" where no history tells. Throws std::runtime_error where the field's card is off.
[[nodiscard]] FieldValues each_value(
    StateView& state, const FieldAt& field,
    const std::function<void(std::string_view record, const std::string& value, const std::string& last_change)>& see);

/// Fields of the CRM that no rule names: coachd does not read them, so nothing is known of their use.
struct UnnamedFields {
  std::string connection, object;
  std::vector<std::string> fields;  ///< the CRM's own names
};
[[nodiscard]] std::vector<UnnamedFields> unnamed_fields(StateView& state, const std::string& connection);

/// The change of a field that an admin deploys, where the connection's API cannot make it.
[[nodiscard]] salesforce::FieldPackage field_package(StateView& state, const FieldAt& field, bool archive,
                                                     std::vector<std::string> profiles);
/// Whether an admin must deploy a change of fields there.
[[nodiscard]] bool needs_package(StateView& state, const std::string& connection);

/// Asks the running daemon for a step. Throws std::runtime_error with a sentence where none runs.
[[nodiscard]] pipeline::RetireOutcome ask_for_step(StateView& state, const pipeline::RetireRequest& request);

}  // namespace coachd::app
