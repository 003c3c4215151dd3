// Where a reading by (stamp, Id) stands: the opaque cursor of the seam. A sweep runs from the mark minus the overlap up
// to an upper bound near the CRM's own time, page by page; when it ends, its bound is the new mark. The overlap is
// subtracted in the query only and never becomes progress. Pure: the time is handed in.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rules/model/time.hpp"

namespace coachd::net {

class Sweep {
 public:
  /// "" is the beginning. Nothing where the text is no cursor of this `name` (object or list) and version.
  [[nodiscard]] static std::optional<Sweep> parse(std::string_view cursor, std::string_view name);
  [[nodiscard]] std::string text(std::string_view name) const;
  /// As if everything up to `mark` had been read to the end (by a listing that began then).
  [[nodiscard]] static Sweep from(model::Instant mark);

  /// Starts a sweep where none is under way. `now` is the CRM's clock.
  void begin(model::Instant now, std::chrono::seconds overlap, std::chrono::seconds lag);
  /// A page was read; `last_*` of its last row, nothing where it had none. `full`: there may be more rows below the
  /// bound. True: another page waits. A sweep that ends more than 30 s behind the CRM's time `now` goes on once up to
  /// there, but marks only its first bound: what lies below was passed then, and late commits may follow for as long as
  /// the overlap.
  [[nodiscard]] bool advance(std::optional<model::Instant> last_stamp, const std::string& last_id, bool full,
                             model::Instant now, std::chrono::seconds lag);

  /// Of the next page. REQUIRES begin().
  [[nodiscard]] model::Instant upper() const noexcept { return upper_.value_or(model::Instant{}); }
  [[nodiscard]] const std::optional<model::Instant>& at() const noexcept { return at_; }  ///< nothing: no lower bound
  [[nodiscard]] const std::string& id() const noexcept { return id_; }  ///< "": from `at` itself on, else after this id

  [[nodiscard]] bool first() const noexcept { return !mark_; }  ///< nothing was ever read to the end
  [[nodiscard]] bool under_way() const noexcept { return upper_.has_value(); }

 private:
  std::optional<model::Instant> mark_;    // everything up to here that was visible then has been read
  std::optional<model::Instant> upper_;   // of the sweep under way
  std::optional<model::Instant> at_;      // its position; nothing: from the very beginning
  std::string id_;                        // last id read at `at_`; "": from `at_` itself on
  std::optional<model::Instant> ground_;  // its first bound, where it was stretched: only this becomes the mark
};

}  // namespace coachd::net
