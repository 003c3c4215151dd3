#include "daemon/pipeline/codec.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

#include "rules/conditions/day_facts.hpp"

namespace coachd::pipeline {
namespace {

using model::Value;

TEST(Codec, ValuesComeBackAsTheyWere) {
  const NumberedValues values{{1, Value::text("Grüße\n\0x")},
                              {300, Value::number(-0.5)},
                              {70000, Value::boolean(true)},
                              {70001, Value::day(*model::parse_day("1969-12-31"))},
                              {70002, Value::instant(*model::parse_instant("2026-05-04T09:00:00.5Z"))}};
  const auto blob = encode_values(values);
  EXPECT_EQ(decode_values(blob), values);
}

TEST(Codec, BlankAndUnreadTakeNoRoom) {
  EXPECT_TRUE(encode_values({{1, Value::blank()}, {2, Value::unread()}}).empty());
}

TEST(Codec, ChangeAndHistoryComeBack) {
  JournalChange c;
  c.version = *model::parse_instant("2026-05-04T09:00:00Z");
  c.created = *model::parse_instant("2025-01-01T00:00:00Z");
  c.created_by = "005A";
  c.merged_into = "006B";
  c.deleted = true;
  c.read_set = 9;
  c.values = "bytes";
  const auto back = decode_change(encode(c));
  EXPECT_EQ(back.version, c.version);
  EXPECT_EQ(back.created, c.created);
  EXPECT_EQ(back.created_by, "005A");
  EXPECT_EQ(back.merged_into, "006B");
  EXPECT_TRUE(back.deleted);
  EXPECT_EQ(back.read_set, 9u);
  EXPECT_EQ(back.values, "bytes");

  std::vector<JournalHistoryRow> rows(2);
  rows[1].field = 4;
  rows[1].vendor_id = "017x";
  rows[1].from = model::StoredValue::text("a");
  rows[1].to = model::StoredValue(Value::number(3));
  const auto again = decode_history(encode(rows));
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[1].vendor_id, "017x");
  EXPECT_EQ(again[1].from, rows[1].from);
  EXPECT_EQ(again[1].to, rows[1].to);
}

TEST(Codec, FactsOfADayComeBackAndThoseOfAnotherVersionDoNot) {
  rules::DayFacts facts;
  facts.facts_day = model::parse_day("2026-05-04");
  facts.stage_ages["opportunity"][{"New business", "Qualification"}] =
      rules::StayLengths(std::vector<std::chrono::seconds>(250, std::chrono::hours(30)));
  facts.stage_ages["opportunity"][{"", "Proposal/Price\tQuote"}] =
      rules::StayLengths(std::vector{std::chrono::seconds(7)});
  facts.stage_ages["renewal"];
  facts.activity_coverage = facts.activity_coverage.counted({.won = 40, .silent = 14}, *facts.facts_day);
  ASSERT_TRUE(facts.activity_coverage.poor);
  const auto body = encode(facts);
  EXPECT_EQ(decode_day_facts(body), facts);
  EXPECT_EQ(decode_day_facts(encode(rules::DayFacts{})), rules::DayFacts{});
  auto newer = body;
  newer[0] = 99;
  EXPECT_EQ(decode_day_facts(newer), std::nullopt);
}

TEST(Codec, WhatADetectorFoundComesBack) {
  const Detail detail{"7 of 9",
                      "li@example.com",
                      "NextStep",
                      {"006A", "006B"},
                      {{"share", model::StoredValue(Value::number(0.5))}, {"of", model::StoredValue::text("Ana")}}};
  const auto back = decode_detail(encode(detail));
  EXPECT_EQ(back.why, detail.why);
  EXPECT_EQ(back.to, detail.to);
  EXPECT_EQ(back.field, detail.field);
  EXPECT_EQ(back.records, detail.records);
  EXPECT_EQ(back.facts, detail.facts);
  EXPECT_FALSE(encode(Detail{}).empty()) << "an empty detail is that of a test on a record";
}

TEST(Codec, WhatIsCutShortIsNeverReadPastItsEnd) {
  JournalChange c;
  c.created_by = "somebody";
  c.values = encode_values({{1, Value::text("hello")}});
  const auto whole = encode(c);
  for (std::size_t n = 0; n < whole.size(); ++n)
    EXPECT_THROW((void)decode_change(whole.substr(0, n)), std::runtime_error) << n;
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {  // damaged bytes: an error or another value, never undefined behaviour
    auto bad = c.values;
    for (auto& b : bad)
      if (random() % 4 == 0) b = static_cast<char>(random());
    try {
      (void)decode_values(bad);
    } catch (const std::runtime_error&) {
    }
  }
}

TEST(Codec, HashesAreTheSameForEver) {  // they stand in the store: a change of the function is a migration
  EXPECT_EQ(stable_key("acme\x1fopportunity"), "0e0155f41dc76dedab7bf8d6bbd164e3");
  EXPECT_NE(stable_hash("ab", 1), stable_hash("ab", 2));
}

}  // namespace
}  // namespace coachd::pipeline
