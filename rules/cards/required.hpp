// Whether the CRM asks for a card's field before its answer can be known: the stages
// in which it is required against the stages in which `knowable_from` holds, pipeline by pipeline. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::rules {

struct RequiredAt {
  std::string words;  ///< "validation rule X requires it from Qualification on"
  /// Unknown also where it is required only if the record's other data are so: then some records may be asked early.
  Truth too_early = Truth::no;
  std::string early_in;       ///< too early: the first stage in which it is; "" = before there is a stage
  std::string knowable_from;  ///< the stage from which it can be known, in the same pipeline; "" = no stage tells
};

/// `always`: the CRM refuses every save without it. Those that were not read are left out. `stages` may be null.
[[nodiscard]] std::vector<RequiredAt> required_at(const Card& card, bool always,
                                                  const std::vector<model::Requirement>& where, const Frame& frame,
                                                  std::size_t slots, const StageTable* stages);

}  // namespace coachd::rules
