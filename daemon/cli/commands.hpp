// One function per command, each in the .cpp of its name. A new command is one file, one line here and one in
// commands.cpp.
#pragma once

#include "daemon/cli/cli.hpp"

namespace coachd::cli {

[[nodiscard]] Action run(CLI::App& app);
[[nodiscard]] Action init(CLI::App& app);
[[nodiscard]] Action audit(CLI::App& app);
[[nodiscard]] Action check(CLI::App& app);
[[nodiscard]] Action test(CLI::App& app);
[[nodiscard]] Action status(CLI::App& app);
[[nodiscard]] Action findings(CLI::App& app);
[[nodiscard]] Action prompts(CLI::App& app);
[[nodiscard]] Action explain(CLI::App& app);
[[nodiscard]] Action timing(CLI::App& app);
[[nodiscard]] Action retire(CLI::App& app);
[[nodiscard]] Action doctor(CLI::App& app);
[[nodiscard]] Action backup(CLI::App& app);
[[nodiscard]] Action restore(CLI::App& app);
[[nodiscard]] Action schema(CLI::App& app);
[[nodiscard]] Action version(CLI::App& app);

}  // namespace coachd::cli
