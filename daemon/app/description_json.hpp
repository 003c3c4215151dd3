// A CRM's description as text, kept dated in the store: the daemon starts with the last one when the CRM does not
// answer, and `explain` sees the organisation as the daemon does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/model/description.hpp"

namespace coachd::app {

[[nodiscard]] std::string to_json(const model::Description& description);
/// Nothing where the text is not what to_json writes.
[[nodiscard]] std::optional<model::Description> description_from_json(std::string_view text);

}  // namespace coachd::app
