// What every cursor of a reading has in common as text: JSON with its version and the object that it is of. Pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coachd::net {

/// The fields of a cursor; nothing where the text is none, or one of another version or object.
[[nodiscard]] std::optional<boost::json::object> cursor_fields(std::string_view text, std::int64_t version,
                                                               std::string_view object);

}  // namespace coachd::net
