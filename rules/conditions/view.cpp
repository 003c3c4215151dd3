#include "rules/conditions/view.hpp"
#include <cstddef>
#include <optional>
#include <string>

#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {

using model::Value;

TextState StateRule::of_content(const Value& v) const {
  if (v.kind() == Value::Kind::text) {
    const auto t = v.as_text();
    if (t.empty()) return TextState::blank;
    if (placeholders && t.size() > placeholders->longest() && not_known_yet.empty() && text::is_trimmed(t))
      return TextState::real;
    // An ASCII letter in front is text; anything else may be white space that only Unicode knows.
    if (const auto c = static_cast<unsigned char>(t.front()); (c <= ' ' || c >= 0x7f) && text::trim(t).empty())
      return TextState::blank;
    for (const auto& word : not_known_yet)
      if (text::same(t, word)) return TextState::not_known;
  }
  return placeholders && placeholders->matches(v) ? TextState::placeholder : TextState::real;
}

const StageTable* View::stages() const {
  if (!table_known_) {
    table_ = world_.stages_of(frame_.object);
    table_known_ = true;
  }
  return table_;
}

View::Stage View::find_stage(const Value& stage) const {
  Stage s;
  const auto* table = stages();
  if (frame_.stage == no_slot || table == nullptr || table->empty()) {
    s.kind = Stage::Kind::no_stages;
    return s;
  }
  if (stage.kind() != Value::Kind::text) {
    s.kind = stage.is_unread() ? Stage::Kind::unread : Stage::Kind::blank;
    return s;
  }
  const Value pipeline = frame_.pipeline == no_slot ? Value::blank() : value(frame_.pipeline);
  const auto found =
      table->find(pipeline.kind() == Value::Kind::text ? pipeline.as_text() : std::string_view{}, stage.as_text());
  if (!found) {
    s.kind = Stage::Kind::not_found;
    return s;
  }
  s.kind = Stage::Kind::found;
  s.at = *found;
  s.pipeline = static_cast<std::size_t>(found->pipeline - table->pipelines().data());
  s.fingerprint = table->fingerprint();
  return s;
}

namespace {

// A checkbox as the two CRMs and their exports write it.
std::optional<bool> as_yes_no(const Value& v) {
  switch (v.kind()) {
    case Value::Kind::boolean: return v.as_boolean();
    case Value::Kind::number: return v.as_number() != 0;
    case Value::Kind::text: {
      const auto t = v.as_text();
      if (t == "1" || text::same(t, "true")) return true;
      if (t == "0" || text::same(t, "false")) return false;
      return std::nullopt;
    }
    default: return std::nullopt;
  }
}

}  // namespace

View::Standing View::own_standing() const {
  if (frame_.stage == no_slot && frame_.closed == no_slot) return Standing::open;  // an object without stages
  const auto closed = as_yes_no(value(frame_.closed));
  if (!closed) return Standing::unknown;
  if (!*closed) return Standing::open;
  const auto won = as_yes_no(value(frame_.won));
  return !won ? Standing::unknown : *won ? Standing::won : Standing::lost;
}

std::optional<model::Instant> View::created() const {
  if (case_.created) return case_.created;
  if (frame_.created == no_slot) return std::nullopt;
  return as_instant(value(frame_.created), world_.calendar.zone());
}

std::string stage_missing(const View::Stage& s) {
  using Kind = View::Stage::Kind;
  switch (s.kind) {
    case Kind::no_stages: return "the stages of this object are not known";
    case Kind::unread: return "the stage has not been read yet";
    case Kind::blank: return "the record has no stage";
    case Kind::not_found: return "the record's stage is not among the known stages of its pipeline";
    case Kind::not_computed:
    case Kind::found: break;
  }
  return "no such stage in this pipeline";
}

}  // namespace coachd::rules
