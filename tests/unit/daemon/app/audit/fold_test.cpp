#include "daemon/app/audit/fold.hpp"

#include <gmock/gmock.h>

namespace coachd::app {
namespace {

using file::Cell;
using testing::ElementsAre;

struct Collector : file::Rows {
  void row(std::uint64_t line, std::span<const Cell> cells) override {
    std::string s = std::to_string(line) + ":";
    for (const Cell& c : cells) s += " " + (c.kind == Cell::Kind::null ? std::string("~") : std::string(c.text));
    rows.push_back(s);
  }
  void bad(std::uint64_t, std::string) override {}
  std::vector<std::string> rows;
};

KeptRow row(std::uint64_t line, const std::vector<std::string>& texts) {
  std::vector<Cell> cells;
  for (const auto& t : texts) cells.push_back({t.empty() ? Cell::Kind::null : Cell::Kind::text, false, t});
  return {line, cells};
}

TEST(Folder, FirstFilledValueCountsAndDisagreementsAreCounted) {
  const std::vector<std::vector<std::string>> lines{{"1", "a", ""}, {"2", "x", "y"}, {"1", "b", "c"},
                                                    {"3", "", ""},  {"1", "a", "c"}, {"3", "", "z"}};
  const file::Reading reading(file::Origin::unknown, {}, {}, file::Dates());
  KeyCounts counts;
  for (const auto& l : lines) {
    const KeptRow r = row(0, l);
    const std::vector<Cell> key{r.cell(0)};
    counts.add(key_of(key, {0}));
  }
  EXPECT_TRUE(counts.repeated());
  EXPECT_EQ(counts.records(), 3U);
  Folder folder(counts, {0}, reading);
  Collector out;
  for (std::size_t i = 0; i < lines.size(); ++i) folder.add(row(i + 2, lines[i]), out);
  // A record comes out with its last line, at the line of its first.
  EXPECT_THAT(out.rows, ElementsAre("3: 2 x y", "2: 1 a c", "5: 3 ~ z"));
  EXPECT_THAT(folder.disagreeing(), ElementsAre(testing::Pair(1U, 1U)));
}

}  // namespace
}  // namespace coachd::app
