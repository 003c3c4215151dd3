// What the lint says of rule files: `code line` per warning.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/lint/lint.hpp"

namespace coachd::lint {

inline const std::string head =
    "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\ninspected_in: review\n"
    "reviewed_by: {rep: [a@example.com], manager: [b@example.com]}\n";

/// The messages of one code, each behind its line (counted after `head`).
inline std::vector<std::string> said(const std::string& code, const std::vector<rules::Source>& sources) {
  std::vector<std::string> out;
  for (const auto& d : lint(sources))
    if (d.code == code) out.push_back(std::to_string(static_cast<int>(d.place.line) - 6) + ": " + d.message);
  return out;
}
inline std::vector<std::string> said(const std::string& code, const std::string& text) {
  return said(code, std::vector<rules::Source>{{"a.yaml", head + text}});
}

}  // namespace coachd::lint
