#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "daemon/cli/commands.hpp"

namespace coachd::cli {
namespace {

struct Options {
  std::string file;
};

}  // namespace

Action audit(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--file", options->file, "The export: CSV or JSONL")->required();
  return [options](Io& io) {
    io.err << options->file << '\n';
    return exit_good;
  };
}

}  // namespace coachd::cli
