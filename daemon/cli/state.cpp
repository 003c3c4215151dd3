#include "daemon/cli/state.hpp"

#include <chrono>
#include <ctime>
#include <stdexcept>
#include <utility>

#include "daemon/app/files/sources.hpp"
#include "daemon/app/state_view.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {

void add_state_options(CLI::App& app, StateOptions& options) {
  app.add_option("--config", options.config, "coachd.yaml")->capture_default_str();
  app.add_option("--connection", options.connection, "Only this connection");
  app.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

settings::Settings load_settings(const std::string& path, Io& io, bool show_warnings) {
  auto loaded = settings::load(path, app::read_file(path));
  for (const auto& d : loaded.diagnostics)
    if (show_warnings || d.severity == model::Severity::error) io.err << yaml::render(d, io.err_colour());
  if (!loaded.settings) throw std::runtime_error(path + " cannot be used: see the errors above");
  return std::move(*loaded.settings);
}

app::StateView open_state(const StateOptions& options, Io& io) {
  return app::StateView(load_settings(options.config, io, false));
}

std::string local_time(model::Instant at) {
  const auto seconds =
      static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[64];
  const auto n = std::strftime(text, sizeof text, "%a %d %b %Y %H:%M", &parts);
  return {text, n};
}

int no_card(const std::string& field, Io& io) {
  io.err << (field.empty() ? "coachd: no rule file has a card that is on here\n"
                           : "coachd: no card that is on here is about `" + field + "`\n");
  return exit_wrong;
}

}  // namespace coachd::cli
