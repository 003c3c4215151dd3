#include "connectors/file/csv.hpp"

#include <gmock/gmock.h>

#include "tests/unit/connectors/file/export_text.hpp"

namespace coachd::file {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Csv, ReadsQuotesLineBreaksAndEmptyFields) {
  const TempFile f("a,b,c\n1,\"x, y\",\n\"say \"\"hi\"\"\",\"two\nlines\",\" z \"\r\n,,\n");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("1|x, y|~", "say \"hi\"|two\nlines| z ", "~|~|~"));
  EXPECT_THAT(r.lines, ElementsAre(2U, 3U, 5U));
  EXPECT_THAT(r.bad_rows, IsEmpty());
}

TEST(Csv, ReadsTheSameWhateverTheBlocks) {
  std::string text = "id,text\n";
  for (int i = 0; i < 50; ++i)
    text += std::to_string(i) + ",\"line\n" + std::string(static_cast<std::size_t>(i), 'x') + ", \"\"q\"\"\"\r\n";
  text += "bad\nlast,\"no break\"";
  const TempFile f(text);
  const RowTexts whole = read_all(f.path());
  ASSERT_EQ(whole.rows.size(), 51U);
  EXPECT_EQ(whole.lines.back(), 103U);
  for (std::size_t n = 1; n < 130; ++n) {
    const RowTexts pieces = read_all(f.path(), n);
    EXPECT_EQ(pieces.rows, whole.rows) << n;
    EXPECT_EQ(pieces.lines, whole.lines) << n;
    EXPECT_EQ(pieces.bad_rows, whole.bad_rows) << n;
  }
}

TEST(Csv, CountsBadRowsAndReadsTheRest) {
  const TempFile f("a,b\n1,2\n1,2,3\n1\n4,x\"y\n5,\"x\"y\n6,7\n");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("1|2", "6|7"));
  EXPECT_THAT(r.bad_rows, ElementsAre("3: 3 columns instead of 2", "4: 1 columns instead of 2", "5: broken quotes",
                                      "6: broken quotes"));
}

TEST(Csv, AQuoteThatNeverClosesCostsItsLineOnly) {
  const TempFile f("a,b\n1,2\n3,\"open\n4,5\n6,7\n");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("1|2", "4|5", "6|7"));
  EXPECT_THAT(r.bad_rows, ElementsAre("3: broken quotes"));
}

TEST(Csv, AnOpenQuoteIsGivenUpAfterTheLongestRow) {
  std::string text = "a,b\n1,\"open\n";
  while (text.size() < csv::longest_row + 100'000) text += "2,abcdefghijklmnopqrstuvwxyz\n";
  const TempFile f(text);
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.bad_rows, ElementsAre("2: broken quotes"));
  EXPECT_EQ(r.rows.size(), static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 2);
}

TEST(Csv, KnowsItsDelimiter) {
  const TempFile semicolon("name;amount\nx, y;1,5\nz;2,5\n");
  EXPECT_EQ(look_at(semicolon.path()).delimiter, ';');
  EXPECT_THAT(read_all(semicolon.path()).rows, ElementsAre("x, y|1,5", "z|2,5"));
  const TempFile tab("name\tamount\nx;y,z\t1\n");
  EXPECT_EQ(look_at(tab.path()).delimiter, '\t');
  const TempFile hinted("sep=;\nname;amount\nx;1\n");
  EXPECT_THAT(read_all(hinted.path()).rows, ElementsAre("x|1"));
  const TempFile single("name\nx\ny\n");
  EXPECT_THAT(read_all(single.path()).rows, ElementsAre("x", "y"));
}

TEST(Csv, NamesColumnsThatRepeatOrLackAName) {
  const TempFile f("a,b,a,\n1,2,3,\n");
  EXPECT_THAT(look_at(f.path()).columns, ElementsAre("a", "b", "a (2)", ""));
}

TEST(Csv, SaysWhatIsNoTable) {
  const TempFile empty("");
  EXPECT_THROW((void)look_at(empty.path()), std::runtime_error);
  const TempFile blank("\n\n\n");
  EXPECT_THROW((void)look_at(blank.path()), std::runtime_error);
  const TempFile old_mac("a,b\r1,2\r");
  EXPECT_THROW((void)look_at(old_mac.path()), std::runtime_error);
  const TempFile array("[{\"a\":1}]", ".json");
  EXPECT_THROW((void)look_at(array.path()), std::runtime_error);
  EXPECT_THROW((void)look_at("/nowhere/at/all.csv"), std::system_error);
}

}  // namespace
}  // namespace coachd::file
