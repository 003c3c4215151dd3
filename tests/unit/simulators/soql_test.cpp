#include "tests/simulators/soql.hpp"

#include <gtest/gtest.h>

namespace coachd::sim::soql {
namespace {

query good(std::string_view text) {
  auto q = parse(text);
  EXPECT_TRUE(q) << text << ": " << (q ? "" : q.error().message);
  return q ? *q : query{};
}

void bad(std::string_view text) {
  const auto q = parse(text);
  ASSERT_FALSE(q) << text;
  EXPECT_EQ(q.error().code, "MALFORMED_QUERY") << text;
}

TEST(Soql, ReadsTheIncrementalQuery) {
  const auto q = good(
      "SELECT Id, Name FROM Opportunity WHERE ((SystemModstamp = 2026-01-02T03:04:05Z AND Id > '006000000000001AAA') "
      "OR "
      "SystemModstamp > 2026-01-02T03:04:05Z) AND SystemModstamp <= 2026-01-03T00:00:00Z ORDER BY SystemModstamp ASC, "
      "Id ASC LIMIT 500");
  EXPECT_EQ(q.fields, (std::vector<std::string>{"Id", "Name"}));
  EXPECT_EQ(q.object, "Opportunity");
  EXPECT_EQ(q.limit, 500U);
  ASSERT_EQ(q.orders.size(), 2U);
  EXPECT_EQ(q.orders[1].field, "Id");
  ASSERT_TRUE(q.where);
  EXPECT_EQ(q.where->kind, condition::type::all);
  ASSERT_EQ(q.where->parts.size(), 2U);
  const auto& either = q.where->parts[0];
  EXPECT_EQ(either.kind, condition::type::any);
  EXPECT_EQ(either.parts[0].kind, condition::type::all);
  EXPECT_EQ(either.parts[1].op, comparison::gt);
  EXPECT_EQ(either.parts[1].values[0].type, literal_type::datetime);
}

TEST(Soql, ReadsListsNotAndCount) {
  const auto q = good(
      "select count() from Task where not (Status = 'Completed') and WhatId not in ('a','b') and IsClosed = false");
  EXPECT_TRUE(q.count);
  ASSERT_EQ(q.where->parts.size(), 3U);
  EXPECT_EQ(q.where->parts[0].kind, condition::type::negated);
  EXPECT_EQ(q.where->parts[1].op, comparison::not_in);
  EXPECT_EQ(q.where->parts[1].values.size(), 2U);
  EXPECT_EQ(q.where->parts[2].values[0].type, literal_type::boolean);
}

TEST(Soql, TellsLiteralsApart) {
  const auto values = good(
                          "SELECT Id FROM X WHERE A IN (1.5, -2, null, true, 2026-01-02, 2026-01-02T00:00:00+02:00, "
                          "'x', TODAY, LAST_N_DAYS:30)")
                          .where->values;
  const std::vector<literal_type> wanted{literal_type::number,  literal_type::number, literal_type::null,
                                         literal_type::boolean, literal_type::date,   literal_type::datetime,
                                         literal_type::text,    literal_type::word,   literal_type::word};
  ASSERT_EQ(values.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(values[i].type, wanted[i]) << i;
  EXPECT_EQ(values[5].at, *parse_instant("2026-01-01T22:00:00Z"));
}

TEST(Soql, UnescapesTexts) {
  EXPECT_EQ(good(R"(SELECT Id FROM X WHERE A = 'O\'Neil \\ \n\u00e4 100\%')").where->values[0].text,
            "O'Neil \\ \n\xC3\xA4 100%");
  // In LIKE the backslash of \% stays: there it means the character.
  EXPECT_EQ(good(R"(SELECT Id FROM X WHERE A LIKE '%100\%')").where->values[0].text, R"(%100\%)");
}

TEST(Soql, RefusesWhatTheVendorRefuses) {
  bad("");
  bad("SELECT FROM X");
  bad("SELECT Id FROM X WHERE");
  bad("SELECT Id FROM X WHERE A = 'open");
  bad(R"(SELECT Id FROM X WHERE A = 'a\q')");
  bad("SELECT Id FROM X WHERE A = 1 AND B = 2 OR C = 3");  // brackets are needed
  bad("SELECT Id FROM X WHERE A IN ()");
  bad("SELECT Id FROM X LIMIT many");
  bad("SELECT Id FROM X WHERE A = somebody");
  bad("SELECT Id FROM X; DELETE");
  bad("SELECT Id FROM X WHERE A = '" + std::string(4001, 'a') + "'");
  bad("SELECT Id FROM X WHERE " + std::string(300, '(') + "A = 1" + std::string(300, ')'));
}

}  // namespace
}  // namespace coachd::sim::soql
