#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

#include "daemon/app/state_copy.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"

namespace coachd::cli {

Action backup(CLI::App& app) {
  struct Options {
    std::string config = default_config;
    std::string file;
    bool force = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "Where the copy of the state goes; it holds CRM data")->required();
  app.add_option("--config", options->config, "coachd.yaml")->capture_default_str();
  app.add_flag("--force", options->force, "Replace FILE where it exists");
  return [options](Io& io) {
    const auto settings = load_settings(options->config, io, false);
    Turns progress(io.err, io.err_terminal);
    const auto facts =
        app::backup_state(settings, options->file, options->force, [&](std::int64_t done, std::int64_t all) {
          progress.at("copying the state", static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(all));
        });
    progress.end();
    io.out << options->file << ": " << thousands(facts.bytes) << " bytes, checked\n";
    return exit_good;
  };
}

}  // namespace coachd::cli
