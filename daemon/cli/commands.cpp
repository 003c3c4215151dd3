#include "daemon/cli/commands.hpp"

#include <array>

namespace coachd::cli {

std::span<const Command> commands() {
  static constexpr std::array table{
      Command{"audit", "One pass over an export: what the rules find, and how every column is used", audit},
  };
  return table;
}

}  // namespace coachd::cli
