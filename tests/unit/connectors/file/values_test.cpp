#include "connectors/file/values.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/known.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/rows.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::file {
namespace {

using model::FieldType;
using model::Value;
using Trouble = Reading::Trouble;

Cell text(std::string_view t) {
  return {t.empty() ? Cell::Kind::null : Cell::Kind::text, false, t};
}

Reading plain() {
  return {Origin::unknown, {}, {}, Dates()};
}

FieldType type_of(const std::vector<std::string>& values, const Reading& reading = plain(), bool checkbox = false) {
  ColumnShape shape;
  for (const auto& v : values) shape.see(text(v), reading, checkbox);
  return shape.type();
}

TEST(Values, BlankIsNullWhiteSpaceAndTheWordsOfTheExport) {
  const Reading r(Origin::salesforce, blank_words(Origin::salesforce), {}, Dates());
  EXPECT_TRUE(r.blank({}));
  EXPECT_TRUE(r.blank(text(" \t")));
  EXPECT_TRUE(r.blank(text("000000000000000AAA")));
  EXPECT_FALSE(r.blank(text("0060000000000000AA")));
  EXPECT_FALSE(plain().blank(text("000000000000000AAA")));
  EXPECT_FALSE(r.blank(text("None")));
}

TEST(Values, NumbersAsTheMapWritesThem) {
  EXPECT_EQ(plain().number("1054.5"), 1054.5);
  EXPECT_EQ(plain().number("-3"), -3);
  EXPECT_FALSE(plain().number("1,054"));
  EXPECT_FALSE(plain().number("12 deals"));
  EXPECT_FALSE(plain().number("nan"));
  const Reading german(Origin::unknown, {}, {',', '.'}, Dates());
  EXPECT_EQ(german.number("1.054.000,25"), 1054000.25);
  EXPECT_EQ(german.number("1054,5"), 1054.5);
  EXPECT_FALSE(german.number("1.05"));  // no group of three
  EXPECT_FALSE(german.number("1.0540"));
  EXPECT_FALSE(german.number("1,054,000"));  // another spelling: not guessed
}

TEST(Values, AColumnIsWhatNearlyAllItsValuesAre) {
  std::vector<std::string> minutes(99, "234");
  minutes.emplace_back("unknown");
  EXPECT_EQ(type_of(minutes), FieldType::number);
  minutes.emplace_back("unknown");
  EXPECT_EQ(type_of(minutes), FieldType::unknown);
  EXPECT_EQ(type_of({"2017-03-01", "2018-08-22 00:00:00"}), FieldType::date);
  EXPECT_EQ(type_of({"2017-03-01", "2018-08-22 10:00:00"}), FieldType::datetime);
  EXPECT_EQ(type_of({"3/1/2017", "3/2/2017"}), FieldType::date);  // though which day cannot be told
  EXPECT_EQ(type_of({"$1,054", "12 %"}), FieldType::number);
  EXPECT_EQ(type_of({"a@b.example", "c.d@e.example"}), FieldType::email);
  EXPECT_EQ(type_of({"+49 30 123456", "(555) 123-4567"}), FieldType::phone);
  EXPECT_EQ(type_of({"true", "FALSE"}), FieldType::boolean);
  EXPECT_EQ(type_of({"No", "No"}), FieldType::unknown);
  EXPECT_EQ(type_of({}), FieldType::unknown);
}

TEST(Values, CheckboxesOfASalesforceExportAreZeroAndOne) {
  EXPECT_TRUE(is_checkbox(Origin::salesforce, "IsWon"));
  EXPECT_TRUE(is_checkbox(Origin::salesforce, "HasOptedOutOfEmail"));
  EXPECT_FALSE(is_checkbox(Origin::salesforce, "Issue"));
  EXPECT_FALSE(is_checkbox(Origin::unknown, "IsWon"));
  EXPECT_EQ(type_of({"0", "1"}, plain(), true), FieldType::boolean);
  EXPECT_EQ(type_of({"0", "1"}, plain(), false), FieldType::number);
  Trouble t{};
  EXPECT_EQ(plain().value(text("1"), FieldType::boolean, t), Value::boolean(true));
}

TEST(Values, ACellReadAndLookedAtAtOnceIsTheSameAsOneAfterTheOther) {
  const auto number = [](std::string_view t) { return Cell{Cell::Kind::number, false, t}; };
  const std::vector<Cell> cells{{},
                                text(" "),
                                text("ana@example.com"),
                                text("ana@example.com "),
                                text("Renewal"),
                                text("two words"),
                                text("true"),
                                text("unknown"),
                                text("2026-01-15"),
                                text(" 2026-01-15"),
                                text("2026-02-30"),
                                text("000000000000000AAA"),
                                text("12.5"),
                                text("+49 30 123456"),
                                {Cell::Kind::boolean, true, "true"},
                                number("0"),
                                number("1"),
                                number("-0.5"),
                                number("129500.25"),
                                number("0.1"),
                                number("123456789012345"),
                                number("12345678901234567"),
                                number("0.3000000000000000444"),
                                number("1e3")};
  for (const Origin origin : {Origin::unknown, Origin::salesforce})
    for (const bool formats : {false, true}) {
      const Reading r(origin, blank_words(origin), {},
                      Dates(formats ? std::vector<std::string>{"%d.%m.%Y"} : std::vector<std::string>{}));
      for (const FieldType type : {FieldType::unknown, FieldType::text, FieldType::number, FieldType::date,
                                   FieldType::datetime, FieldType::boolean, FieldType::email})
        for (const bool checkbox : {false, true})
          for (const Cell& c : cells) {
            ColumnShape at_once;
            ColumnShape apart;
            Trouble trouble_at_once{};
            Trouble trouble_apart{};
            EXPECT_EQ(r.value(c, type, checkbox, at_once, trouble_at_once), r.value(c, type, trouble_apart)) << c.text;
            if (!r.blank(c)) apart.see(c, r, checkbox);
            EXPECT_EQ(trouble_at_once, trouble_apart) << c.text;
            EXPECT_EQ(at_once, apart) << c.text;
          }
    }
  for (const Cell& c : cells)
    if (c.kind == Cell::Kind::number) {
      Trouble t{};
      EXPECT_EQ(plain().value(c, FieldType::number, t),
                Value::number(std::strtod(std::string(c.text).c_str(), nullptr)))
          << c.text;
    }
}

TEST(Values, WhatCannotBeReadStaysTextAndSaysWhy) {
  Trouble t{};
  EXPECT_EQ(plain().value(text("TBD"), FieldType::number, t), Value::text("TBD"));
  EXPECT_EQ(t, Trouble::no_number);
  EXPECT_EQ(plain().value(text("3/1/2017"), FieldType::date, t), Value::text("3/1/2017"));
  EXPECT_EQ(t, Trouble::ambiguous_date);
  EXPECT_EQ(plain().value(text("2017-02-30"), FieldType::date, t), Value::text("2017-02-30"));
  EXPECT_EQ(t, Trouble::impossible_date);
  EXPECT_EQ(plain().value(text(" 2017-02-28 "), FieldType::date, t), Value::day(*model::parse_day("2017-02-28")));
  EXPECT_EQ(t, Trouble::none);
  EXPECT_EQ(plain().value(text("00012"), FieldType::reference, t), Value::text("00012"));
}

TEST(Known, TellsExportsByTheirHeaders) {
  EXPECT_EQ(origin_of({"Id", "IsDeleted", "Name", "SystemModstamp"}), Origin::salesforce);
  EXPECT_EQ(origin_of({"Record ID", "Deal Name", "Deal Stage"}), Origin::hubspot);
  EXPECT_EQ(origin_of({"Prospect ID", "City"}), Origin::unknown);
  const auto names = known_names("opportunity", {"Record ID", "Deal Name", "Deal Stage", "Deal owner", "Close Date"});
  EXPECT_EQ(names.at("stage"), "Deal Stage");
  EXPECT_EQ(names.at("owner"), "Deal owner");
  EXPECT_EQ(names.at("id"), "Record ID");
  EXPECT_FALSE(names.contains("amount"));
}

}  // namespace
}  // namespace coachd::file
