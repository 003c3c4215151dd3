// Where a reading of one object stands: the opaque cursor of the seam. First every record in the order of the ids, so
// that what is stored grows at its end, then sweeps by time of change. Pure: the time is handed in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/sweep.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {

class Cursor {
 public:
  /// The beginning of a first load. `now` is the CRM's clock: what changes from here on is found by the sweeps.
  [[nodiscard]] static Cursor start(model::Instant now);
  /// Nothing where the text is no cursor of this object and version.
  [[nodiscard]] static std::optional<Cursor> parse(std::string_view text, std::string_view object);
  [[nodiscard]] std::string text(std::string_view object) const;

  // ---- first load, by id
  [[nodiscard]] bool loading() const noexcept { return began_.has_value(); }
  [[nodiscard]] const std::string& after() const noexcept { return after_; }  ///< last id read; "" = none yet
  /// A page was read; `full`: there may be more. True: another page waits, of the load or, where it took more than
  /// 30 s, of what changed meanwhile.
  [[nodiscard]] bool loaded(const std::string& last_id, bool full, model::Instant now);

  // ---- changes, by time. REQUIRES !loading()
  [[nodiscard]] net::Sweep& sweep() noexcept { return sweep_; }

 private:
  std::optional<model::Instant> began_;  // of the load under way
  std::string after_;
  net::Sweep sweep_;
};

}  // namespace coachd::salesforce
