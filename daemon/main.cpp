// Arguments -> command line -> exit code. Everything else is below.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "daemon/cli/cli.hpp"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const char* no_colour = std::getenv("NO_COLOR");
  coachd::cli::Io io{std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1,
                     no_colour != nullptr && *no_colour != '\0'};
  const int code = coachd::cli::run(std::vector<std::string>(argv + 1, argv + argc), io);
  std::cout.flush();
  // A full disk or a closed pipe must not look like success.
  return std::cout.good() ? code : coachd::cli::exit_wrong;
}
