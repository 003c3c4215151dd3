// A test on a date that turns with the calendar: it holds since the later of its last change and the turn.
#pragma once

#include "rules/conditions/days.hpp"
#include "rules/conditions/field_leaf.hpp"

namespace coachd::rules {

class DateLeaf : public FieldLeaf {
 public:
  using FieldLeaf::FieldLeaf;
  [[nodiscard]] std::string missing(const View& v) const override {
    return v.value(slot_).is_unread() ? FieldLeaf::missing(v) : "`" + label_ + "` holds something that is no date";
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth now_is) const override {
    (void)now_is;
    auto out = value_since(v, slot_, [&](const model::Value& value) {
      return same_content(value, v.value(slot_), v.world().calendar.zone());
    });
    if (const auto turned = turned_at(v); turned && (!out || *turned > *out)) out = turned;
    return out;
  }

 protected:
  // The last instant, now or before, at which time alone turned the answer into the present one.
  [[nodiscard]] virtual std::optional<model::Instant> turned_at(const View& v) const = 0;
  [[nodiscard]] std::optional<model::Day> day(const View& v) const {
    return as_day(v.value(slot_), v.world().calendar.zone());
  }
};

/// False where the field holds no dates (reported).
[[nodiscard]] bool holds_dates(const Field& f, std::string_view word, const model::Place& key, Builder& b);

}  // namespace coachd::rules
