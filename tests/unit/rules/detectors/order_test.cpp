// What a detector says does not depend on the order of the records.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/rules/detectors/company.hpp"

namespace coachd::rules::desk {
namespace {

std::string all(const Detection& d) {
  std::string out;
  for (const auto& f : d.findings) {
    out += f.key + '|' + f.person + '|' + f.why + '|' + (f.since ? iso(*f.since) : "");
    for (const auto& r : f.records) out += '|' + r;
    out += '\n';
  }
  for (const auto& u : d.untold) out += '?' + u.why + ' ' + std::to_string(u.count) + '\n';
  return out;
}

// Opportunities and accounts with something for each of them.
std::vector<Row> rows() {
  std::vector<Row> out;
  for (int p = 0; p < 8; ++p)
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      r.values["account"] = std::to_string(p * 40 + j);
      if (p == 0 && j % 2 == 0) r.values["champion"] = "tbd";
      if (p == 1 && j < 12) r.values["next_step"] = "Waiting for the board's answer", r.values["stage"] = "Proposal";
      if (p == 2 && j < 20)
        r.values["name"] = "Acme Works " + std::string(1, static_cast<char>('a' + j / 4)) + (j % 4 == 3 ? " copy" : "");
      if (p == 3 && j % 7 == 0)
        r.changes = {{"source", at(r.created) + std::chrono::days(3), "u3", "Webinar", "Outbound"},
                     {"source", at(r.created) + std::chrono::days(9), "mark", "Outbound", "Webinar"}};
      if (p == 4 && j < 12) r.values["close_date"] = "2026-06-17", r.values["stage"] = "Proposal";
      r.values["converted"] = date(at(r.created));
      r.values["choice"] = j % 3 == 0 ? "Price too high" : j % 3 == 1 ? "Price to high" : "Budget";
      out.push_back(std::move(r));
    }
  return out;
}

TEST(Order, OfTheRecordsDoesNotShow) {
  const std::vector<std::pair<std::string, std::string>> kinds{{"duplicates", ""},
                                                               {"shadow-records", ""},
                                                               {"pasted-text", ""},
                                                               {"source-disputed", ""},
                                                               {"constant-dates", ""},
                                                               {"placeholder-share", "{fields: [champion]}"},
                                                               {"friction", "{signs: [labels], choices: [choice]}"}};
  for (const auto& [name, with] : kinds) {
    std::vector<Row> records = rows();
    std::string first;
    for (int turn = 0; turn < 4; ++turn) {
      Desk d("opportunity", name, with);
      staff(d);
      for (const Row& r : records) d.see(r);
      const std::string said = all(d.conclude());
      if (turn == 0)
        first = said;
      else
        EXPECT_EQ(said, first) << name;
      // Another order each time, and always the same ones.
      std::sort(records.begin(), records.end(), [&](const Row& a, const Row& b) {
        const auto key = [&](const Row& r) { return std::hash<std::string>{}(r.id + std::to_string(turn)); };
        return key(a) < key(b);
      });
    }
    EXPECT_NE(first, "") << name;
    EXPECT_NE(first[0], '?') << name << ": " << first;
  }
}

}  // namespace
}  // namespace coachd::rules::desk
