// Ids of what changed in a window, by search. The index lags, repeats and forgets; it is asked by value from the last
// one seen on, never by offset: so there is no wall of 10,000 rows, and what leaves the window while it is read shifts
// nothing. Where one instant holds more than a page, its rows are asked for by id. Inner header of hubspot/.
#pragma once

#include <string>
#include <vector>

#include "connectors/hubspot/session.hpp"
#include "connectors/net/sweep.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

struct Filter {
  std::string property, op, value;  ///< value "" where the operator takes none
};
struct SearchIn {
  std::string object;
  std::string modified;         ///< property of the time of change
  std::vector<Filter> filters;  ///< besides the window
  std::string shown;            ///< one more property, as the index has it; empty: none
};
struct Hit {
  std::string id;
  model::Instant modified;
  std::string shown;
};
struct Found {
  std::vector<Hit> hits;
  bool full = false;  ///< there may be more
};

/// The page of the index at which the sweep stands. REQUIRES sweep.begin().
[[nodiscard]] Task<Found> search_page(Session& session, SearchIn in, const net::Sweep& sweep);
/// Moves the sweep behind that page; as Sweep::advance.
[[nodiscard]] bool step(net::Sweep& sweep, const Found& found, model::Instant now, std::chrono::seconds lag);

}  // namespace coachd::hubspot
