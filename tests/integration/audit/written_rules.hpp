// Rules written where they are tested, and what one audit of a file says by them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/integration/audit/audit_run.hpp"

namespace coachd::test {

inline std::string head(const std::string& object) {
  return "version: 1\nworkflow: real\nobject: " + object + "\nowner: revops@example.com\n";
}
inline std::string rule(const std::string& id, const std::string& when) {
  return "  - {id: " + id + ", kind: fake-adoption, control: [flag], when: " + when + "}\n";
}
inline std::string detector(const std::string& id, const std::string& name, const std::string& with = "{}") {
  return "  - {id: " + id + ", kind: friction, control: [flag], detect: " + name + ", with: " + with + "}\n";
}

// One audit of a file by rules written here.
inline AuditRun judge(const fs::path& file, const std::string& rules, const std::string& map = "") {
  const TempFolder folder;
  std::vector<std::string> args{"--file", file.string(), "--rules", folder.write("rules.yaml", rules)};
  if (!map.empty()) args.insert(args.end(), {"--map", folder.write("map.yaml", map)});
  auto r = run_audit(args);
  EXPECT_LE(r.code, 1) << r.err;
  return r;
}

// Fields, pairs and persons that a detector spoke of, in its words.
inline std::vector<std::string> said(const AuditRun& r, const std::string& id) {
  std::vector<std::string> out;
  for (const auto& l : r.lines)
    if (l.at("type") == "finding" && l.at("rule").as_string() == id) out.emplace_back(l.at("why").as_string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace coachd::test
