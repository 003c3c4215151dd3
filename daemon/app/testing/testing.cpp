#include "daemon/app/testing/testing.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/app/files/sources.hpp"
#include "daemon/app/testing/counts.hpp"
#include "daemon/app/testing/play.hpp"
#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "rules/model/error.hpp"

namespace coachd::app {
namespace {

using namespace rule_tests;

TestFileResult broken(const std::string& path, std::string message) {
  TestFileResult out;
  out.path = path;
  out.diagnostics.push_back({model::Severity::error, "no-file", std::move(message), {path, 0, 0}, {}});
  return out;
}

auto order(const model::Diagnostic& d) {
  return std::tie(d.place.file, d.place.line, d.place.column, d.severity, d.code, d.message);
}

void play(TestFile& file, const Scene& scene, TestFileResult& out) {
  Prompted all;
  for (const auto& c : file.cases) {
    const auto begin = std::chrono::steady_clock::now();
    Play one(file, scene, c);
    CaseResult result{c.name, c.place, one.run(), {}};
    result.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    out.cases.push_back(std::move(result));
    all.add(one.prompted(), c.name);
  }
  if (file.prompts.empty()) return;
  out.cases.push_back({"prompts over all cases",
                       file.prompts.front().person.place,
                       check_counts(file, scene, file.prompts, all, file.now),
                       {}});
}

}  // namespace

TestFileResult test_text(const std::string& path, std::string text) {
  TestFileResult out;
  out.path = path;
  auto file = read_test(path, std::move(text));
  if (!file.broken()) {
    const auto scene = make_scene(file);
    out.diagnostics = scene.diagnostics;
    if (scene.rules && !file.broken()) play(file, scene, out);
  }
  const auto& own = file.document->diagnostics();
  out.diagnostics.insert(out.diagnostics.end(), own.begin(), own.end());
  std::sort(out.diagnostics.begin(), out.diagnostics.end(),
            [](const auto& a, const auto& b) { return order(a) < order(b); });
  // A place that several cases run into is said once.
  out.diagnostics.erase(std::unique(out.diagnostics.begin(), out.diagnostics.end(),
                                    [](const auto& a, const auto& b) { return order(a) == order(b); }),
                        out.diagnostics.end());
  if (out.broken()) out.cases.clear();
  return out;
}

bool TestFileResult::broken() const noexcept {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& d) { return d.severity == model::Severity::error; });
}

std::size_t TestFileResult::failed() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [](const auto& c) { return !c.mismatches.empty(); }));
}

std::size_t TestReport::cases() const noexcept {
  std::size_t out = 0;
  for (const auto& f : files) out += f.cases.size();
  return out;
}

std::size_t TestReport::failed() const noexcept {
  std::size_t out = 0;
  for (const auto& f : files) out += f.failed();
  return out;
}

std::size_t TestReport::broken() const noexcept {
  return static_cast<std::size_t>(std::count_if(files.begin(), files.end(), [](const auto& f) { return f.broken(); }));
}

TestReport test_rules(const std::vector<std::string>& paths) {
  TestReport out;
  for (const auto& path : paths) {
    auto found = tests_under(path);
    if (!found.problem.empty())
      out.files.push_back(broken(path, std::move(found.problem)));
    else if (found.files.empty())
      out.files.push_back(broken(path, "there is no *.test.yaml file in this folder"));
    for (const auto& file : found.files) {
      auto text = read_text(file);
      out.files.push_back(text.text ? test_text(file, std::move(*text.text)) : broken(file, std::move(text.problem)));
    }
  }
  return out;
}

}  // namespace coachd::app
