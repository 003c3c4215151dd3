#include "daemon/app/doctor/doctor.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;
using app::Finding;

std::string_view word_of(Finding::Level level) {
  switch (level) {
    case Finding::Level::ok: return "ok";
    case Finding::Level::warning: return "warning";
    case Finding::Level::failure: break;
  }
  return "failure";
}

std::string_view colour_of(Finding::Level level) {
  switch (level) {
    case Finding::Level::ok: return "\x1b[32m";
    case Finding::Level::warning: return "\x1b[33m";
    case Finding::Level::failure: break;
  }
  return "\x1b[31m";
}

void print_text(Io& io, const app::Findings& findings) {
  for (const auto& f : findings.all()) {
    const std::string padded = std::string(word_of(f.level)) + std::string(9 - word_of(f.level).size(), ' ');
    io.out << (io.out_colour() ? std::string(colour_of(f.level)) + padded + "\x1b[0m" : padded) << f.about << ": "
           << f.what << "\n";
    if (!f.mend.empty()) io.out << "           " << f.mend << "\n";
  }
  const auto failures = findings.count(Finding::Level::failure);
  const auto warnings = findings.count(Finding::Level::warning);
  io.out << "\n"
         << failures << (failures == 1 ? " failure, " : " failures, ") << warnings
         << (warnings == 1 ? " warning\n" : " warnings\n");
}

void print_json(Io& io, const app::Findings& findings) {
  json::array checks;
  for (const auto& f : findings.all())
    checks.push_back({{"level", word_of(f.level)}, {"about", f.about}, {"what", f.what}, {"mend", f.mend}});
  io.out << json::serialize(json::object{{"checks", std::move(checks)},
                                         {"failures", findings.count(Finding::Level::failure)},
                                         {"warnings", findings.count(Finding::Level::warning)}})
         << "\n";
}

}  // namespace

Action doctor(CLI::App& app) {
  struct Options {
    std::string config = default_config;
    std::string format = "text";
  };
  auto options = std::make_shared<Options>();
  app.add_option("--config", options->config, "coachd.yaml")->capture_default_str();
  app.add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  return [options](Io& io) {
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto findings = app::examine(options->config, now);
    if (options->format == "json")
      print_json(io, findings);
    else
      print_text(io, findings);
    return findings.count(Finding::Level::failure) > 0 ? exit_findings : exit_good;
  };
}

}  // namespace coachd::cli
