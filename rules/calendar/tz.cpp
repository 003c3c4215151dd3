#include "rules/calendar/tz.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::calendar {
namespace {

// A database without UTC is no database: told apart from a wrong name.
void require_database() {
  try {
    static_cast<void>(date::locate_zone("UTC"));
  } catch (const std::exception&) {
    throw std::runtime_error("this machine has no time zone database: install the package tzdata");
  }
}

const date::time_zone* locate(std::string_view iana) {
  require_database();
  try {
    return iana.empty() ? nullptr : date::locate_zone(std::string(iana));
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace

bool is_zone(std::string_view iana) {
  return locate(iana) != nullptr;
}

Zone load_zone(std::string_view iana) {
  const auto* zone = locate(iana);
  if (zone == nullptr)
    throw std::runtime_error("unknown time zone `" + std::string(iana) + "`: a name like Europe/Berlin is expected");
  Zone out;
  out.name = std::string(iana);
  const date::sys_seconds end{date::sys_days{date::year{2101} / 1 / 1}};  // the list ends before: see the header
  for (date::sys_seconds at{}; at < end;) {
    const auto info = zone->get_info(at);
    if (out.changes.empty() || out.changes.back().offset != info.offset)
      out.changes.push_back({model::Instant(at), info.offset});
    at = info.end;
  }
  if (out.changes.size() == 1 && out.changes.front().offset == std::chrono::seconds(0)) out.changes.clear();
  return out;
}

}  // namespace coachd::calendar
