#include "daemon/cli/text_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "daemon/cli/json_text.hpp"
#include "daemon/cli/progress.hpp"

namespace coachd::cli {
namespace {

TEST(Table, AlignsByCharactersNotBytes) {
  Table t({{"name", Table::left}, {"n", Table::right}, {"", Table::left}});
  t.row({"M\xC3\xBCller", "1,000", ""});
  t.row({"A", "7", "note"});
  std::ostringstream out;
  t.print(out);
  EXPECT_EQ(out.str(), "name        n\nM\xC3\xBCller  1,000\nA           7  note\n");
}

TEST(Text, NumbersAndShares) {
  EXPECT_EQ(thousands(0), "0");
  EXPECT_EQ(thousands(999), "999");
  EXPECT_EQ(thousands(1000), "1,000");
  EXPECT_EQ(thousands(1234567), "1,234,567");
  EXPECT_EQ(share(0, 10), "-");
  EXPECT_EQ(share(10, 10), "100 %");
  EXPECT_EQ(share(1, 10'000), "<0.1 %");
  EXPECT_EQ(share(9'999, 10'000), ">99.9 %");
  EXPECT_EQ(share(4146, 9240), "44.9 %");
}

TEST(Text, CutsAtCharactersAndTamesControls) {
  EXPECT_EQ(cut("\xC3\xA4\xC3\xB6\xC3\xBC", 3), "\xC3\xA4\xC3\xB6\xC3\xBC");
  EXPECT_EQ(cut("\xC3\xA4\xC3\xB6\xC3\xBC", 2), "\xC3\xA4\xC3\xB6\xE2\x80\xA6");
  EXPECT_EQ(cut("a\n\033[31mb", 20), "a  [31mb");  // an export must not steer the terminal
}

TEST(Json, EscapesWhatMustBe) {
  std::string s;
  append_json(s, std::string_view("a\"b\\c\n\t\x01\x1f\xC3\xBC"));
  EXPECT_EQ(s, "\"a\\\"b\\\\c\\n\\t\\u0001\\u001f\xC3\xBC\"");
  std::string o = "{";
  append_pair(o, "a", std::string_view("x"));
  append_pair(o, "n", std::uint64_t{18446744073709551615U});
  append_pair(o, "t", true);
  append_null(o, "z");
  EXPECT_EQ(o, "{\"a\":\"x\",\"n\":18446744073709551615,\"t\":true,\"z\":null");
}

TEST(Progress, ABarOnATerminalAndLinesElsewhere) {
  using namespace std::chrono_literals;
  const auto start = Progress::Clock::now();
  std::ostringstream terminal;
  {
    Progress p(terminal, true, "reading", 200);
    p.at(1, start);  // too early: short work shows nothing
    EXPECT_EQ(terminal.str(), "");
    p.at(100, start + 5s);
    EXPECT_NE(terminal.str().find("reading [===============               ] 50 %"), std::string::npos);
  }
  EXPECT_TRUE(terminal.str().ends_with("\r\033[K"));  // the bar leaves nothing behind
  std::ostringstream plain;
  {
    Progress p(plain, false, "reading", 200);
    p.at(50, start + 5s);
    p.at(100, start + 11s);
    p.at(120, start + 12s);
  }
  EXPECT_EQ(plain.str(), "reading: 50 %\n");
}

}  // namespace
}  // namespace coachd::cli
