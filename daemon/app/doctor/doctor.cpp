#include "daemon/app/doctor/doctor.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <string>
#include <utility>

#include "daemon/app/check/check.hpp"
#include "daemon/app/files/sources.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/calendar/tz.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t shown_errors = 3;  // `coachd check` shows them all, with their lines

std::string counted(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

void examine_files(const std::string& config, Findings& out) {
  const auto report = check({config});
  const auto errors = report.count(model::Severity::error);
  const auto warnings = report.count(model::Severity::warning);
  std::size_t shown = 0;
  for (const auto& d : report.diagnostics) {
    if (d.severity != model::Severity::error || ++shown > shown_errors) continue;
    out.failure("configuration", d.place.file + ":" + std::to_string(d.place.line) + ": " + d.message,
                "mend it; `coachd check " + config + "` shows the line");
  }
  if (errors > shown_errors)
    out.failure("configuration", counted(errors - shown_errors, "more error"), "`coachd check " + config + "`");
  if (warnings > 0)
    out.warning("configuration", counted(warnings, "warning") + " in the files",
                "`coachd check " + config + "` shows them");
  if (errors == 0)
    out.ok("configuration", counted(report.files, "file") + " and " + counted(report.rules, "rule") + " can be used");
}

void examine_zones(Findings& out) {
  try {
    if (calendar::is_zone("Europe/Berlin") && calendar::is_zone("America/New_York"))
      return out.ok("zones", "the database of time zones is there");
  } catch (const std::exception&) {  // said below
  }
  out.failure("zones", "there is no database of time zones", "install the package tzdata");
}

}  // namespace

std::size_t Findings::count(Finding::Level level) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [&](const Finding& f) { return f.level == level; }));
}

Findings examine(const std::string& config, model::Instant now) {
  Findings out;
  examine_zones(out);  // reading the files asks for zones
  if (out.count(Finding::Level::failure) > 0) return out;
  std::string text;
  try {
    text = read_file(config);
  } catch (const std::exception& e) {
    out.failure("configuration", e.what(), "name it with --config, or write one with `coachd init DIR`");
    return out;
  }
  examine_files(config, out);
  const auto loaded = settings::load(config, std::move(text));
  if (!loaded.settings) return out;  // its errors stand above
  examine_secrets(*loaded.settings, out);
  const bool runs = examine_state(*loaded.settings, out);
  examine_doors(*loaded.settings, runs, out);
  examine_connections(*loaded.settings, now, out);
  return out;
}

}  // namespace coachd::app
