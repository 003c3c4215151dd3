// The text of the schema's steps; step n brings a file from version n-1 to n. A step that was ever released is not
// edited.
#pragma once

#include <span>

namespace coachd::store::sqlite {

[[nodiscard]] std::span<const char* const> schema_steps() noexcept;

}  // namespace coachd::store::sqlite
