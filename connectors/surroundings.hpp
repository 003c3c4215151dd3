// What stands around a record in one CRM: which objects tell what people did, what a row of them means, and which of an
// object's columns name the records that its own belong to. Immutable; may be asked from every thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::connectors {

/// An object whose records tell what people did.
struct ActivitySource {
  std::string name;                  ///< as `activity_sources:` has it: `task`
  std::string object;                ///< the CRM's own name
  std::vector<std::string> columns;  ///< what `deed` is asked with, in this order
  /// The source whose rows say on which contacts and accounts these were, where its own do not; empty: its own do.
  std::string shown_by{};
  std::string text{};  ///< column with what a person wrote into it; empty: none, or not one's own words
  bool notes = false;  ///< its records are notes and comments: whoever writes one spoke of the record
};

/// Who stands around a record, so that what people do with them counts for it.
enum class Kin : std::uint8_t { contacts, account };

/// Where the contacts of a record, or its account, are named.
struct KinWay {
  std::string object;  ///< whose rows name them, by the CRM's own name; empty: the record itself
  std::string record;  ///< column of these rows that names the record
  std::string column;  ///< that names them, with `;` between several; empty: the row is one of them
};

/// What one of those records tells. Texts point into the values that it was asked with.
struct Deed {
  enum class Kind : std::uint8_t { call, meeting, email, note, task };
  /// scheduled: planned until its time, done from then on.
  enum class State : std::uint8_t { done, planned, scheduled };
  Kind kind = Kind::task;
  State state = State::done;
  model::Value at;       ///< an instant or a day
  std::string_view by;   ///< person id; empty: whoever made the record
  bool outside = false;  ///< done by somebody outside the company
  // Of a task, as far as the CRM tells.
  model::Value due;
  model::Value completed;
  std::string_view subject;
};

class Surroundings {
 public:
  virtual ~Surroundings() = default;
  [[nodiscard]] virtual std::span<const ActivitySource> sources() const = 0;
  /// Nothing for what is no activity: bulk mail, drafts, what has no time. Whether its author is a person is the
  /// caller's to know.
  [[nodiscard]] virtual std::optional<Deed> deed(const ActivitySource& source,
                                                 std::span<const model::Value> values) const = 0;
  /// One of coachd's own prompts, whoever completed it since.
  [[nodiscard]] virtual bool own(const ActivitySource& source, std::span<const model::Value> values) const = 0;
  /// Columns of `child` that hold the ids of records of `parent` (the CRM's own name) to which a record belongs, with
  /// `;` between several; empty where the two have nothing to do with each other.
  [[nodiscard]] virtual std::vector<std::string> parents(const model::ObjectDescription& child,
                                                         std::string_view parent) const = 0;

  /// The one of `parents` that names the record one step up; empty where there is none.
  [[nodiscard]] virtual std::string parent(const model::ObjectDescription& child, std::string_view parent) const = 0;
  /// Nothing where records of that object (the CRM's own name) have none of the kind.
  [[nodiscard]] virtual std::optional<KinWay> kin(std::string_view object, Kin kin) const = 0;
  /// Column of an activity source's object that names the contacts or the account that a row was with; empty where none
  /// does.
  [[nodiscard]] virtual std::string kin_column(const model::ObjectDescription& activity, Kin kin) const = 0;

  [[nodiscard]] const ActivitySource* source(std::string_view name) const noexcept {
    for (const ActivitySource& s : sources())
      if (s.name == name) return &s;
    return nullptr;
  }
};

}  // namespace coachd::connectors
