// The organisation, its people, its stages and record types, as a Description. Inner header of salesforce/.
#pragma once

#include <string>
#include <vector>

#include "connectors/salesforce/catalog.hpp"

namespace coachd::salesforce {

[[nodiscard]] Task<bool> read_organisation(Session& session, model::Description& into);
/// Everybody, also who has left. Human: a standard user who is neither coachd's own, nor an integration licence, nor
/// listed as a bot.
[[nodiscard]] Task<bool> read_people(Session& session, model::Description& into);
/// The stages of opportunities, in the organisation's order, inactive ones too; one pipeline per record type where
/// there are several, else one named "".
[[nodiscard]] Task<bool> read_pipelines(Session& session, ObjectPtr info, model::ObjectDescription& into);
/// Marks the fields whose history Salesforce keeps. An organisation that does not tell leaves them all unmarked.
[[nodiscard]] Task<bool> read_tracking(Session& session, model::ObjectDescription& into);

}  // namespace coachd::salesforce
