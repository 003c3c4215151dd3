#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>

#include "daemon/app/state_copy.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"

namespace coachd::cli {

Action restore(CLI::App& app) {
  struct Options {
    std::string config = default_config;
    std::string file;
  };
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "What `coachd backup` wrote")->required();
  app.add_option("--config", options->config, "coachd.yaml")->capture_default_str();
  return [options](Io& io) {
    const auto settings = load_settings(options->config, io, false);
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto restored = app::restore_state(settings, options->file, now);
    io.out << settings.state << ": restored, " << thousands(restored.facts.bytes) << " bytes, checked\n";
    if (!restored.kept.empty()) io.out << "what was there is kept as " << restored.kept.string() << "\n";
    io.out << "At its next start coachd lists its prompts in the CRM, takes over those that it finds, and reads what\n"
              "changed since the backup before it decides or sends anything.\n";
    return exit_good;
  };
}

}  // namespace coachd::cli
