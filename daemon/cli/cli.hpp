// The command line: arguments -> one command -> exit code. Each command is one file with one function that adds its
// options to a CLI::App and returns what to do once they are parsed; commands.cpp lists them all. Single-threaded.
#pragma once

#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace coachd::cli {

inline constexpr int exit_good = 0;
inline constexpr int exit_findings = 1;  ///< findings or failures
inline constexpr int exit_wrong = 2;     ///< wrong use or broken configuration

/// Where a command writes: its result to `out`, messages and progress to `err`. Tests hand in string streams.
struct Io {
  std::ostream& out;
  std::ostream& err;
  bool out_terminal = false;
  bool err_terminal = false;
  bool no_colour = false;  ///< NO_COLOR is set

  [[nodiscard]] bool out_colour() const noexcept { return out_terminal && !no_colour; }
  [[nodiscard]] bool err_colour() const noexcept { return err_terminal && !no_colour; }
};

/// Runs after parsing; answers the exit code. What it throws becomes one line on `err` and exit 2.
using Action = std::function<int(Io&)>;

struct Command {
  std::string_view name;
  std::string_view help;  ///< one line
  Action (*add)(
      CLI::App& app);  ///< adds options (bound to state that the returned action shares) and answers the action
};

/// Every command, in the order of `coachd help` (commands.cpp).
[[nodiscard]] std::span<const Command> commands();

/// `args` without the program's name. Answers the exit code; throws nothing that derives from std::exception.
[[nodiscard]] int run(const std::vector<std::string>& args, Io& io);

}  // namespace coachd::cli
