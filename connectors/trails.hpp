// What a CRM writes down beside its records: who signed in, who took an export out, who changed its set-up, which files
// people attached. Plain values; where a connection cannot show one of these it says why, and never that nothing
// happened.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::connectors {

enum class Trail : std::uint8_t { logins, exports, setup, files };
inline constexpr std::array every_trail{Trail::logins, Trail::exports, Trail::setup, Trail::files};

/// A name that stands in the store: it never changes.
[[nodiscard]] constexpr std::string_view to_string(Trail trail) noexcept {
  switch (trail) {
    case Trail::logins: return "logins";
    case Trail::exports: return "exports";
    case Trail::setup: return "setup";
    case Trail::files: return "files";
  }
  return "";
}

/// Somebody did something. From where (addresses, places, devices) is never read.
struct Trace {
  model::PersonId person;
  model::Instant at{};
  // Of the set-up: what was changed, by the CRM's own names.
  std::string object{};
  std::string field{};
  // Of a file: what it was attached to, and its name.
  model::RecordId record{};
  std::string name{};
};

struct TrailRequest {
  Trail trail = Trail::logins;
  model::Instant since{};            ///< of a first reading: nothing older is wanted
  std::vector<std::string> objects;  ///< whose set-up is asked for, by the CRM's own names
  std::string cursor;                ///< "": a first reading; else what followed the last page
};

/// Rows in any order; repeats are normal. `next` continues after them: while `more`, it is good for this reading only,
/// then for as long as the CRM keeps its trail.
struct TrailPage {
  std::vector<Trace> rows;
  std::string next;
  bool more = false;
  /// Last page of a first reading: everything from here on has been handed out. Nothing there: nothing is known to be
  /// complete yet.
  std::optional<model::Instant> known_since;
  /// Not empty: the trail cannot be read here, and why, as one of few fixed sentences; the rest is empty then.
  std::string why_not;
};

/// A page that says why there is none.
[[nodiscard]] inline TrailPage no_trail(std::string why) {
  TrailPage page;
  page.why_not = std::move(why);
  return page;
}

}  // namespace coachd::connectors
