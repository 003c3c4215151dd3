// `coachd test`: rules against the cases of *.test.yaml files. Reads files, writes nothing, asks
// no CRM and no clock. One call, one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "rules/engine/evaluate.hpp"
#include "rules/model/error.hpp"

namespace coachd::app {

/// One thing that is not as a case says.
struct Mismatch {
  std::string what;      ///< "findings", "prompt of next-step-is-real", "cannot be told", "prompts to ana in a week"
  std::string moment;    ///< of a later step of the case: its instant; empty: at the case's own
  model::Place place;    ///< of the case or step
  std::string expected;  ///< as a person reads it
  std::string got;
  std::vector<std::string> notes;     ///< one sentence each
  std::vector<rules::Explained> why;  ///< of each rule in question, test by test
};

struct CaseResult {
  std::string name;
  model::Place place;
  std::vector<Mismatch> mismatches;
  std::chrono::microseconds took{};
};

struct TestFileResult {
  std::string path;
  std::vector<model::Diagnostic> diagnostics;  ///< of the test and its rules; with any error no case was run
  std::vector<CaseResult> cases;
  [[nodiscard]] bool broken() const noexcept;
  [[nodiscard]] std::size_t failed() const noexcept;
};

struct TestReport {
  std::vector<TestFileResult> files;
  [[nodiscard]] std::size_t cases() const noexcept;
  [[nodiscard]] std::size_t failed() const noexcept;
  [[nodiscard]] std::size_t broken() const noexcept;  ///< files
};

/// One test with this text; `path` is where its rule files are looked for.
[[nodiscard]] TestFileResult test_text(const std::string& path, std::string text);
/// Files as they are; of folders every *.test.yaml and *.test.yml below but what begins with a dot. A path that is not
/// there, or holds no test, is a broken file.
[[nodiscard]] TestReport test_rules(const std::vector<std::string>& paths);

}  // namespace coachd::app
