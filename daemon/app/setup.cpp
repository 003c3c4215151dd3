#include <chrono>

#include "daemon/app/connecting.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/app/meetings.hpp"
#include "daemon/settings/settings.hpp"

namespace coachd::app {

ConnectionSetup setup_of(const settings::Settings& settings, const settings::Connection& connection) {
  ConnectionSetup setup;
  setup.name = connection.name;
  setup.names = default_names(connection);
  for (const auto& [object, name] : connection.map.objects) setup.names.objects[object] = name;
  for (const auto& [object, fields] : connection.map.fields)
    for (const auto& [field, name] : fields) setup.names.fields[object][field] = name;
  setup.names.milestones = connection.map.milestones;
  setup.zone = settings.calendar.zone;
  setup.holidays = settings.calendar.holidays;
  setup.fiscal_month = settings.calendar.fiscal_month;
  setup.fiscal_day = settings.calendar.fiscal_day;
  setup.meetings = settings.meeting_names();
  setup.schedule = meeting_plans(settings.meetings);
  setup.activity_sources = connection.activity_sources;
  setup.unread_captures = connection.unread_captures;
  setup.around = make_surroundings(connection);
  auto& hall = setup.hall;
  hall.trails_wait = std::chrono::minutes(30);  // a first reading of a large company takes about ten
  hall.live = connection.mode == settings::Mode::live;
  hall.live_for = connection.live_for;
  hall.own_list = settings.budget.own_list;
  hall.budget = {settings.budget.per_day, settings.budget.per_week};
  hall.hours.windows = settings.budget.windows;
  hall.hours.quiet_from = settings.budget.quiet_from;
  hall.hours.quiet_to = settings.budget.quiet_to;
  return setup;
}

}  // namespace coachd::app
