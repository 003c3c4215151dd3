#include <CLI/CLI.hpp>
#include <fstream>
#include <ios>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/app/testing/testing.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/test_report.hpp"

namespace coachd::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string junit;
  bool all = false;
};

void write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + path);
}

}  // namespace

Action test(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("PATH", options->paths, "Rule tests: files, and folders with every *.test.yaml below them")
      ->required();
  app.add_option("--junit", options->junit, "Write the results to this file too, as JUnit's XML");
  app.add_flag("--all", options->all, "Name the cases that pass, too");
  return [options](Io& io) {
    const auto report = app::test_rules(options->paths);
    io.out << test_text(report, options->all, io.out_colour());
    if (!options->junit.empty()) write(options->junit, junit(report));
    if (report.broken() > 0) return exit_wrong;
    return report.failed() > 0 ? exit_findings : exit_good;
  };
}

}  // namespace coachd::cli
