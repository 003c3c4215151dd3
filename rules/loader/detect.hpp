// `detect: NAME` and `with:` of a rule, read against the detectors' own tables of parameters. One thread.
#pragma once

#include <optional>

#include "rules/engine/compiled.hpp"
#include "rules/loader/file_builder.hpp"

namespace coachd::rules {

/// Nothing after an error (reported) or where a field is switched off here. `with` may be missing.
[[nodiscard]] std::optional<DetectRule> read_detect(yaml::Node detect, yaml::Node with, FileBuilder& b);

}  // namespace coachd::rules
