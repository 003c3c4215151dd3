// What the tests of one object share: where its special fields lie, and what is a placeholder in which field.
// Made by the loader, immutable afterwards; shared between threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {

/// What stands in a field: `not_known` is a card's honest blank (`not_known_yet`), neither real nor a placeholder.
enum class TextState : std::uint8_t { blank, placeholder, real, not_known, unread, not_computed = 0xff };

/// One field judged by one list of placeholders; evaluations compute it once per record.
struct StateRule {
  Slot slot = no_slot;
  std::shared_ptr<const text::Placeholders> placeholders;
  std::vector<std::string> not_known_yet;

  [[nodiscard]] TextState of(const model::Value& v) const {
    if (v.is_blank()) return TextState::blank;
    return v.is_unread() ? TextState::unread : of_content(v);
  }

 private:
  [[nodiscard]] TextState of_content(const model::Value& v) const;
};
using StateId = std::uint16_t;

struct Frame {
  std::string object;
  Slot owner = no_slot, stage = no_slot, pipeline = no_slot, name = no_slot, created = no_slot, currency = no_slot;
  Slot stage_changed = no_slot;  ///< the CRM's own "last stage change", read where a test needs it and there is one
  /// The CRM's own "is closed" and "is won", read where stages are not known when the rules are loaded (exports).
  Slot closed = no_slot, won = no_slot;
  std::string company_currency;  ///< "" where unknown
  std::vector<StateRule> states;
};

}  // namespace coachd::rules
