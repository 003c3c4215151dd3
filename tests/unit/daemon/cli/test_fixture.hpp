// A folder with rules and tests of them, and `coachd test` over it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/cli/cli.hpp"

namespace coachd::cli {

inline constexpr const char* example_rules = R"(version: 1
workflow: update
object: opportunity
owner: revops@acme.example
rules:
  - {id: no-step, kind: stale, for: {open: true}, when: {field: next_step, real: false}, control: [prompt]}
  - {id: no-change, kind: stale, for: {open: true}, when: {field: next_step, unchanged_for: 30d}, control: [flag]}
  - {id: since-meeting, kind: stale, for: {open: true}, when: {field: close_date, older_than: 5d}, control: [flag]}
  - {id: same, kind: fake-adoption, when: {field: next_step, same_on_other_open_record_of_owner: true}, control: [flag]}
  - {id: large, kind: fake-adoption, when: {field: amount, times_owner_mean: {above: 2, at_least: 3}}, control: [flag]}
)";

inline constexpr const char* head = R"(rules: rules.yaml
now: 2026-05-04T09:00:00Z
stages: [Open, {name: Won, won: true}, {name: Lost, lost: true}]
people: {ana: {job: rep}, bob: {job: rep}}
cases:
)";

class TestCommand : public testing::Test {
 protected:
  TestCommand() {
    std::string name = (std::filesystem::temp_directory_path() / "coachd-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    write("rules.yaml", example_rules);
  }
  ~TestCommand() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  int run(std::vector<std::string> args) {
    out_.str({});
    err_.str({});
    Io io{out_, err_};
    args.insert(args.begin(), "test");
    return cli::run(args, io);
  }
  // One file of these cases.
  int test(const std::string& cases) { return run({write("a.test.yaml", head + cases)}); }

  std::filesystem::path folder_;
  std::ostringstream out_, err_;
};

}  // namespace coachd::cli
