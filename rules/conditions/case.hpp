// What an evaluation sees of one record (the case) and of others (the facts). Both are read in one snapshot of the
// store, or built by the audit from a file. Plain values: texts are views into the buffer that made the case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

/// Index of a field among those that the rules of one object name (see ObjectPlan::slots).
using Slot = std::uint16_t;
inline constexpr Slot no_slot = 0xffff;

/// What made a change, where the CRM says so. Salesforce does not: flows run as the person.
enum class Origin : std::uint8_t { unknown, person, automation, import, integration };

/// One change of one field, oldest first in FieldPast.
struct FieldChange {
  model::Instant at{};
  std::string_view author;  ///< person id; empty: unknown
  model::HistorySource source = model::HistorySource::vendor;
  Origin origin = Origin::unknown;
  model::Value from;
  model::Value to;
};

struct FieldPast {
  /// Another record that holds the field: one step up.
  struct Holder {
    std::optional<model::Instant> created, modified;
  };
  std::vector<FieldChange> changes;           ///< ascending by `at`
  std::optional<model::Instant> known_since;  ///< history is complete from here on; nothing: no history is known
  std::optional<Holder> holder;               ///< nothing: the record itself
};

/// Something that a person did on a record or around it, or plans to. Never what coachd, an automation or bulk mail
/// made: hosts leave that out.
struct Activity {
  enum class Kind : std::uint8_t { call, meeting, email, note, task };
  enum class On : std::uint8_t { record, contacts, account };
  model::Instant at{};  ///< when it was done; of a plan, when it is to be
  std::string_view by;  ///< person id; empty: unknown
  Kind kind = Kind::call;
  On on = On::record;
  bool done = true;  ///< false: planned
};
struct Activities {
  std::vector<Activity> items;                ///< ascending by `at`
  std::optional<model::Instant> known_since;  ///< complete from here on; nothing: no source that can be read
  bool contacts = true;  ///< false: what was done with its contacts is not known whole; what is known is among them
  bool account = true;   ///< the same of its account
};

/// A person spoke of the record: ticked "talked about" in a packet, or wrote a note or comment on it.
struct Review {
  model::Instant at{};
  std::string_view by;
};

/// What a person wrote on the record: a note, what was said in a call or a meeting.
struct Note {
  model::Instant at{};
  std::string_view by;
  std::string_view text;
};

struct Related;

struct Case {
  std::string_view connection;
  std::string_view object;  ///< canonical
  std::string_view id;
  std::vector<model::Value> values;  ///< by slot
  std::vector<FieldPast> past;       ///< by slot; may be empty altogether (no history: audit of a plain export)
  std::optional<model::Instant> created;
  std::string_view created_by;
  std::optional<model::Instant> modified;  ///< last modification of anything on the record; nothing: unknown
  Activities activities;                   ///< filled where ObjectPlan::needs_activities
  std::vector<Review> reviews;             ///< ascending; filled where ObjectPlan::needs_reviews
  std::optional<model::Instant> reviews_known_since;
  std::vector<Note> notes;       ///< ascending; filled where ObjectPlan::needs_notes
  std::vector<Related> related;  ///< parallel to ObjectPlan::related; empty: none is known

  [[nodiscard]] const model::Value& value(Slot s) const noexcept { return values[s]; }
  [[nodiscard]] const FieldPast* history(Slot s) const noexcept { return s < past.size() ? &past[s] : nullptr; }
};

/// The child or associated records of one object; each has values by the slots of that object's own plan.
struct Related {
  bool known = false;  ///< false: cannot be told (not read, or no right to read)
  std::vector<Case> records;
};

/// Values about other records, one per fact that the object's rules name (index as in ObjectPlan::facts).
struct FactValue {
  bool known = false;  ///< false: cannot be told (not yet built)
  double sum = 0;      ///< owner_mean: over the owner's open records that have a value, this one included
  std::int64_t count =
      0;  ///< owner_mean: how many those are; same_text: the owner's open records with that text, this one included
};
using Facts = std::vector<FactValue>;

}  // namespace coachd::rules
