#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "schema_texts.hpp"

namespace coachd::cli {

Action schema(CLI::App& app) {
  auto what = std::make_shared<std::string>("rules");
  app.add_option("FILE", *what, "Of which file: rules (rule files) or config (coachd.yaml)")
      ->check(CLI::IsMember({"rules", "config"}))
      ->capture_default_str();
  return [what](Io& io) {
    io.out << (*what == "rules" ? rules_schema : config_schema);
    return exit_good;
  };
}

}  // namespace coachd::cli
