#include "connectors/file/encoding.hpp"

#include <gmock/gmock.h>

#include "tests/unit/connectors/file/export_text.hpp"

namespace coachd::file {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

EncodingGuess::Result guess(std::string_view s) {
  EncodingGuess g;
  for (const char c : s) g.see(std::string_view(&c, 1));  // characters cut at every byte
  return g.result();
}

std::string utf16(std::string_view ascii, bool little, std::string_view mark) {
  std::string out(mark);
  for (const char c : ascii) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

TEST(Encoding, TellsUtf8FromWindows1252) {
  EXPECT_EQ(guess("plain").encoding, Encoding::utf8);
  EXPECT_FALSE(guess("M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x98\x80").suspect);
  EXPECT_EQ(guess("name\nM\xFCller\n").encoding, Encoding::windows_1252);
  EXPECT_EQ(guess("price\n\x80 12\n").encoding, Encoding::windows_1252);
  // One broken byte in a text that is UTF-8 elsewhere is a bad row, not another encoding.
  const auto mixed = guess("M\xC3\xBCller\nM\xFCller\n");
  EXPECT_EQ(mixed.encoding, Encoding::utf8);
  EXPECT_TRUE(mixed.suspect);
  const auto junk = guess("abc\n\xFF\xFE\x00\x01");
  EXPECT_EQ(junk.encoding, Encoding::utf8);
  EXPECT_TRUE(junk.suspect);
  EXPECT_TRUE(guess("cut \xC3").suspect);
}

TEST(Encoding, ReadsEveryFormToTheSameRows) {
  const std::string csv = "name,city\nMueller,Koeln\n\"a, b\",\n";
  for (const std::string& bytes : {csv, "\xEF\xBB\xBF" + csv, utf16(csv, true, "\xFF\xFE"),
                                   utf16(csv, false, "\xFE\xFF"), utf16(csv, true, ""), utf16(csv, false, "")}) {
    const TempFile f(bytes);
    for (const std::size_t n : {1UL, 7UL, 1UL << 20})
      EXPECT_THAT(read_all(f.path(), n).rows, ElementsAre("Mueller|Koeln", "a, b|~"));
    EXPECT_THAT(look_at(f.path()).columns, ElementsAre("name", "city"));
  }
}

TEST(Encoding, TurnsWindows1252IntoUtf8) {
  const TempFile f("name,price\nM\xFCller,\x80 12\n\x93quoted\x94,\xA3\n");
  EXPECT_THAT(read_all(f.path()).rows,
              ElementsAre("M\xC3\xBCller|\xE2\x82\xAC 12", "\xE2\x80\x9Cquoted\xE2\x80\x9D|\xC2\xA3"));
}

TEST(Encoding, TurnsPairsIntoOneCharacter) {
  // U+1F600 as UTF-16LE, then half a pair.
  const std::string bytes = utf16("a\n", true, "\xFF\xFE") +
                            std::string("\x3D\xD8\x00\xDE\x0A\x00\x3D\xD8\x0A\x00", 10) + utf16("ok\n", true, "");
  const TempFile f(bytes);
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("\xF0\x9F\x98\x80", "ok"));
  EXPECT_THAT(r.bad_rows, ElementsAre("3: bytes that are no characters"));
}

TEST(Encoding, InvalidBytesCostTheirRowOnly) {
  const TempFile f("a,b\nM\xC3\xBCller,1\nx\xFFy,2\nz,3\n");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("M\xC3\xBCller|1", "z|3"));
  EXPECT_THAT(r.bad_rows, ElementsAre("3: bytes that are no characters"));
}

TEST(Encoding, OneInvalidByteInAsciiIsABadRow) {
  const TempFile f("a,b\n1,2\nx\xFFy,2\nz,3\n");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("1|2", "z|3"));
  EXPECT_THAT(r.bad_rows, ElementsAre("3: bytes that are no characters"));
}

}  // namespace
}  // namespace coachd::file
