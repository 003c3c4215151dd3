#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/json_text.hpp"

#ifndef COACHD_VERSION
#error "COACHD_VERSION comes from project(VERSION) through daemon/cli/CMakeLists.txt"
#endif

namespace coachd::cli {

Action version(CLI::App& app) {
  auto format = std::make_shared<std::string>("text");
  app.add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  return [format](Io& io) {
    if (*format == "json") {
      std::string out = "{";
      append_pair(out, "version", std::string_view(COACHD_VERSION));
      io.out << out << "}\n";
    } else {
      io.out << "coachd " COACHD_VERSION "\n";
    }
    return exit_good;
  };
}

}  // namespace coachd::cli
