// Dates of an export: formats tried in order, and what is ambiguous or impossible said as that, never swapped.
// Immutable, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::file {

struct ReadDate {
  enum class Kind : std::uint8_t {
    none,  ///< does not look like a date
    day,
    instant,
    ambiguous,   ///< two formats read it as two days; or numbers with slashes and no format says which is which
    impossible,  ///< looks like a date that no format can read, or names a day that does not exist
  };
  Kind kind = Kind::none;
  bool midnight = false;  ///< instant: exactly 00:00:00 and without a zone: may mean a day
  model::Day day{};       ///< day, and the day as written of an instant
  model::Instant instant{};
};

class Dates {
 public:
  /// strptime letters: %Y %y %m %d %e %H %I %M %S %p %b %B %%; leading zeros may be missing. ISO 8601 is always read,
  /// after them.
  explicit Dates(std::vector<std::string> formats = {}, calendar::Zone zone = {});
  [[nodiscard]] ReadDate read(std::string_view text) const;
  [[nodiscard]] bool only_iso() const noexcept { return formats_.empty(); }
  /// What is wrong with a format, or nothing.
  [[nodiscard]] static std::string check(std::string_view format);

 private:
  std::vector<std::string> formats_;
  calendar::Zone zone_;
};

}  // namespace coachd::file
