#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "rules/loader/schema.hpp"
#include "schema_texts.hpp"

namespace coachd::cli {

Action schema(CLI::App& app) {
  auto what = std::make_shared<std::string>("rules");
  app.add_option("FILE", *what, "Of which file: rules (rule files) or config (coachd.yaml)")
      ->check(CLI::IsMember({"rules", "config"}))
      ->capture_default_str();
  return [what](Io& io) {
    if (*what == "rules")
      io.out << rules::rules_schema();
    else
      io.out << config_schema;
    return exit_good;
  };
}

}  // namespace coachd::cli
