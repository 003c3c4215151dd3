// What `coachd test` says: for people, and for the machines that collect results (JUnit's XML).
#pragma once

#include <string>

#include "daemon/app/testing/testing.hpp"

namespace coachd::cli {

/// Mistakes in files, then each failing case with what it expected, what it got and why, and a summary last.
/// `all`: cases that pass have their line, too.
[[nodiscard]] std::string test_text(const app::TestReport& report, bool all, bool colour);
/// One suite a file, one test case a case; a file with mistakes is a test case in error.
[[nodiscard]] std::string junit(const app::TestReport& report);

}  // namespace coachd::cli
