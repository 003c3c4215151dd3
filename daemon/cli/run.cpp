#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "daemon/app/app.hpp"
#include "daemon/app/clock.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {

Action run(CLI::App& app) {
  struct Options {
    std::string config = default_config;
    std::string clock;
  };
  auto options = std::make_shared<Options>();
  app.add_option("--config", options->config, "coachd.yaml")->capture_default_str();
  app.add_option("--clock", options->clock,
                 "START[xRATE]: a test clock; refused unless every connection is on this machine");
  return [options](Io& io) {
    app::RunOptions run;
    run.settings = load_settings(options->config, io, true);
    if (!options->clock.empty()) {
      run.clock = app::parse_clock(options->clock);
      if (!run.clock) {
        io.err << "coachd: --clock is START[xRATE], such as 2026-05-04T07:00:00Zx2000; this is " << options->clock
               << "\n";
        return exit_wrong;
      }
    }
    const auto error = app::run(std::move(run));
    if (!error) return exit_good;
    for (const auto& d : error->diagnostics) io.err << yaml::render(d, io.err_colour());
    io.err << "coachd: " << error->message << "\n";
    return exit_wrong;
  };
}

}  // namespace coachd::cli
