#include "daemon/cli/commands.hpp"

#include <array>
#include <span>
#include "daemon/cli/cli.hpp"

namespace coachd::cli {

std::span<const Command> commands() {
  static constexpr std::array table{
      Command{"run", "The daemon: reads, decides, and brings prompts to the CRM", run},
      Command{"init", "A commented configuration and the rule packs, to start from", init},
      Command{"check", "Every mistake in rules, configuration and maps, with its place", check},
      Command{"test", "Rules against the cases of *.test.yaml files: what they must find, and what not", test},
      Command{"audit", "One pass over an export: what the rules find, and how every column is used", audit},
      Command{"status", "How each connection stands, and what cannot be told", status},
      Command{"findings", "What the rules find at present", findings},
      Command{"prompts", "What was or will be asked of whom, and what it waits for", prompts},
      Command{"explain", "Every test of every rule on one record, and the fate of its prompts", explain},
      Command{"timing", "When the answers that cards ask for are really given, and from which stage to ask", timing},
      Command{"retire",
              "Fields that nobody uses any more: the evidence, the owner's consent, and each step that can be undone",
              retire},
      Command{"doctor", "What is wrong with the installation, and what to do about it", doctor},
      Command{"backup", "A copy of the state, while the daemon runs", backup},
      Command{"restore", "A backup in the place of the state, while no daemon runs", restore},
      Command{"schema", "The JSON Schema of rule files or of coachd.yaml, for editors", schema},
      Command{"version", "The version of this program", version},
  };
  return table;
}

}  // namespace coachd::cli
