#include "daemon/cli/cli.hpp"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "daemon/cli/help/topics.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {
namespace {

struct Built {
  std::unique_ptr<CLI::App> app;
  std::vector<Action> actions;  // parallel to commands()
  std::vector<CLI::App*> subs;
  CLI::App* help = nullptr;
  std::string help_name;
  std::string overview;  // taken before parsing: afterwards CLI11 answers for the command that was parsed
};

void build(Built& b) {
  b.app = std::make_unique<CLI::App>("coachd reads a CRM beside which it runs, and coaches inside it.", "coachd");
  b.app->require_subcommand(0, 1);
  for (const Command& c : commands()) {
    CLI::App* sub = b.app->add_subcommand(std::string(c.name), std::string(c.help));
    b.subs.push_back(sub);
    b.actions.push_back(c.add(*sub));
  }
  b.help = b.app->add_subcommand(
      "help", "Tell how a command is used, what a detector does, what the code of a diagnostic means");
  b.help->add_option("NAME", b.help_name,
                     "A command, a detector, or a code such as no-decision; `codes` and `detectors` list these");
  b.overview = b.app->help();
}

int tell(const Built& b, Io& io) {
  if (b.help_name.empty()) {
    io.out << b.overview;
    return exit_good;
  }
  for (std::size_t i = 0; i < b.subs.size(); ++i)
    if (commands()[i].name == b.help_name) {
      io.out << b.subs[i]->help("coachd");
      return exit_good;
    }
  if (const auto* topic = help::find(b.help_name)) {
    io.out << help::page(*topic);
    return exit_good;
  }
  if (const auto* kind = rules::find_detector(b.help_name)) {
    io.out << rules::help_text(*kind);
    return exit_good;
  }
  if (b.help_name == "detectors") {
    for (const auto* kind : rules::detectors()) io.out << kind->name << '\n';
    return exit_good;
  }
  auto names = help::codes();
  if (b.help_name == "codes") {
    for (const auto& code : names) io.out << code << '\n';
    return exit_good;
  }
  for (const Command& c : commands()) names.emplace_back(c.name);
  for (const auto* kind : rules::detectors()) names.emplace_back(kind->name);
  io.err << "coachd: there is no command, detector or code `" << b.help_name << '`';
  if (const auto near = yaml::nearest(b.help_name, names)) io.err << ": did you mean `" << *near << "`?";
  io.err << " (`coachd help` lists the commands, `coachd help codes` and `coachd help detectors` the rest)\n";
  return exit_wrong;
}

}  // namespace

int run(const std::vector<std::string>& args, Io& io) {
  Built b;
  build(b);
  try {
    // CLI11 takes a vector in reverse order.
    b.app->parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::CallForHelp&) {
    for (CLI::App* sub : b.subs)
      if (sub->parsed()) {
        io.out << sub->help("coachd");
        return exit_good;
      }
    io.out << b.app->help();
    return exit_good;
  } catch (const CLI::ParseError& e) {
    io.err << "coachd: " << e.what() << "\nRun `coachd help` for the commands and their options.\n";
    return exit_wrong;
  }
  if (b.help->parsed()) return tell(b, io);
  for (std::size_t i = 0; i < b.subs.size(); ++i) {
    if (!b.subs[i]->parsed()) continue;
    try {
      return b.actions[i](io);
    } catch (const std::exception& e) {
      io.out.flush();
      io.err << "coachd " << commands()[i].name << ": " << e.what() << '\n';
      return exit_wrong;
    }
  }
  io.err << b.app->help();
  return exit_wrong;
}

}  // namespace coachd::cli
