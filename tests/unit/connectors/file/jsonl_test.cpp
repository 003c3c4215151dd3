#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/rows.hpp"
#include "tests/unit/connectors/file/export_text.hpp"

namespace coachd::file {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::StartsWith;

TEST(Jsonl, ReadsEveryKindOfValue) {
  const TempFile f(R"({"a":"x\n\"y\"","b":1.50,"c":true,"d":null,"e":{"k":[1, 2]}}
{"a":"","b":-3e2,"c":false,"d":"é","e":[]}
)",
                   ".jsonl");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(look_at(f.path()).columns, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(r.rows, ElementsAre("x\n\"y\"|#1.50|!true|~|{\"k\":[1, 2]}", "|#-3e2|!false|\xC3\xA9|[]"));
}

TEST(Jsonl, KeysMayChangeOrderBeMissingOrComeLater) {
  const TempFile f("{\"a\":1,\"b\":2}\n{\"b\":3,\"a\":4}\n{\"b\":5}\n{\"\\u0061\":6,\"new\":7}\n", ".jsonl");
  EXPECT_THAT(read_all(f.path()).rows, ElementsAre("#1|#2|~", "#4|#3|~", "~|#5|~", "#6|~|#7"));
}

TEST(Jsonl, AKeyThatDiffersAnywhereIsAnotherKey) {
  for (std::size_t size = 1; size < 70; ++size) {
    const std::string key(size, 'k');
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = key;
      other[i] = 'x';
      text.append("{\"").append(key).append("\":1}\n{\"").append(other).append("\":2}\n");
    }
    const TempFile f(text, ".jsonl");
    const Layout layout = look_at(f.path());
    ASSERT_EQ(layout.columns.size(), size + 1);
    RowReader reader(layout, {key});
    RowCollector rows;
    Blocks blocks(layout);
    Block block;
    while (blocks.next(block)) reader.read(block, rows);
    ASSERT_EQ(rows.rows.size(), 2 * size);
    for (std::size_t i = 0; i < rows.rows.size(); ++i) EXPECT_EQ(rows.rows[i], i % 2 == 0 ? "#1" : "~") << size << i;
  }
}

TEST(Jsonl, CountsBadRowsAndReadsTheRest) {
  const TempFile f("{\"a\":1}\n{\"a\":}\n\n[1]\n{\"a\":\"x\n{\"a\":2} {}\n{\"a\":\"\xFF\"}\n{\"a\":3}\r\n{\"a\":4",
                   ".jsonl");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("#1", "#3"));
  EXPECT_THAT(r.lines, ElementsAre(1U, 8U));
  ASSERT_EQ(r.bad_rows.size(), 6U);
  const auto starts = [](const char* s) { return testing::StartsWith(s); };
  EXPECT_THAT(r.bad_rows,
              ElementsAre(starts("2: "), "4: no JSON object", "5: a quote that never closes",
                          "6: something after the JSON object", "7: bytes that are no characters", starts("9: ")));
}

TEST(Jsonl, ReadsTheSameWhateverTheBlocks) {
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += "{\"id\":" + std::to_string(i) + ",\"t\":\"" + std::string(static_cast<std::size_t>(i * 3), 'y') + "\"}\n";
  text += "broken\n{\"id\":99,\"t\":null}";
  const TempFile f(text, ".jsonl");
  const RowTexts whole = read_all(f.path());
  ASSERT_EQ(whole.rows.size(), 41U);
  for (std::size_t n = 1; n < 200; n += 3) {
    const RowTexts pieces = read_all(f.path(), n);
    EXPECT_EQ(pieces.rows, whole.rows) << n;
    EXPECT_EQ(pieces.lines, whole.lines) << n;
    EXPECT_EQ(pieces.bad_rows, whole.bad_rows) << n;
  }
}

TEST(Jsonl, WantedColumnsOnly) {
  const TempFile f("{\"a\":1,\"b\":2,\"c\":3}\n{\"c\":4}\n", ".jsonl");
  const Layout layout = look_at(f.path());
  RowReader reader(layout, {"c", "missing", "a"});
  RowCollector rows;
  Blocks blocks(layout);
  Block block;
  while (blocks.next(block)) reader.read(block, rows);
  EXPECT_THAT(rows.rows, ElementsAre("#3|~|#1", "#4|~|~"));
}

TEST(Jsonl, ReadsTheSameHoweverItIsSpaced) {
  const TempFile f(
      "{\"a\":1,\"b\":\"x\"}\n"
      "{ \"a\" : 2 , \"b\" : \"y\" } \r\n"
      "\n"
      "\t{\"a\": 3, \"b\": \"z\"}\n"
      "{}\n"
      "{ }",
      ".jsonl");
  const RowTexts r = read_all(f.path());
  EXPECT_THAT(r.rows, ElementsAre("#1|x", "#2|y", "#3|z", "~|~", "~|~"));
  EXPECT_THAT(r.lines, ElementsAre(1U, 2U, 4U, 5U, 6U));
  EXPECT_THAT(r.bad_rows, IsEmpty());
}

TEST(Jsonl, WhatIsNearlyARowIsBad) {
  const std::string good = "{\"a\":1,\"b\":\"x\"}\n";
  for (const std::string line : {
           "{\"a\":}",
           "{\"a\":1,}",
           "{\"a\":1 \"b\":2}",
           "{\"a\":01}",
           "{\"a\":1.}",
           "{\"a\":-}",
           "{\"a\":nul}",
           "{\"a\":\"x\t\"}",
           "{\"a\":\"x}",
           "{\"a\":\"x\\",
           "{\"a\":\"\\q\"}",
           "{\"a\":{\"b\":1}",
           "{\"a\":1}}",
           "{\"a\":1} {\"a\":2}",
           "{\"a\":1",
           "{\"a\"",
       }) {
    const TempFile f(good + line + "\n" + good, ".jsonl");
    const RowTexts r = read_all(f.path());
    EXPECT_THAT(r.rows, ElementsAre("#1|x", "#1|x")) << line;
    EXPECT_THAT(r.bad_rows, ElementsAre(StartsWith("2: "))) << line;
  }
}

TEST(Jsonl, TextsStandUntilTheNextBlock) {
  struct Kept : Rows {
    void row(std::uint64_t, std::span<const Cell> cells) override { texts.push_back(cells.front().text); }
    void bad(std::uint64_t, std::string) override {}
    std::vector<std::string_view> texts;
  } kept;
  // Plain, with a usual escape, with one that is parsed, and a broken one that began well.
  std::string content;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(1000 + i);
    content += "{\"a\":\"plain " + n + "\"}\n{\"a\":\"\\\"" + n + "\\\"\"}\n{\"a\":\"\\u00e9 " + n +
               "\"}\n{\"a\":\"\\n" + n + "\",\"b\":\"\\u00\"}\n";
  }
  const TempFile f(content, ".jsonl");
  const Layout layout = look_at(f.path());
  RowReader reader(layout);
  Blocks blocks(layout);
  Block block;
  ASSERT_TRUE(blocks.next(block));
  reader.read(block, kept);
  std::vector<std::string> expected;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(1000 + i);
    expected.insert(expected.end(), {"plain " + n, '"' + n + '"', "\xC3\xA9 " + n});
  }
  EXPECT_THAT(kept.texts, ElementsAreArray(expected));
}

}  // namespace
}  // namespace coachd::file
