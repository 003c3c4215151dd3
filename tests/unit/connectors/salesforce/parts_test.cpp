#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "connectors/net/subject.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/rows.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::salesforce {
namespace {

namespace json = boost::json;
using model::FieldType;
using model::Value;
using net::make_subject;
using net::short_key_of;
using net::shortened;

TEST(Ids, EighteenCharactersTellTheCase) {
  EXPECT_EQ(id18("00Dx0000000BV7z"), "00Dx0000000BV7zEAG");
  EXPECT_EQ(id18("00Dx0000000BV7zEAG"), "00Dx0000000BV7zEAG");
  EXPECT_EQ(id18("006000000000000"), "006000000000000AAA");
  EXPECT_EQ(id18("not an id"), "not an id");
  EXPECT_FALSE(is_id("00Dx0000000BV7'"));
  EXPECT_FALSE(is_id(""));
}

TEST(Soql, TextsCannotLeaveTheirQuotes) {
  EXPECT_EQ(quote("O'Neil"), "'O\\'Neil'");
  EXPECT_EQ(quote("a\\' OR Id != '"), "'a\\\\\\' OR Id != \\''");
  EXPECT_EQ(quote(std::string("a\nb\x01", 4)), "'a\\nb\\u0001'");
}

TEST(Soql, DatetimesGoOutWithZ) {
  EXPECT_EQ(datetime(*model::parse_instant("2026-01-02T03:04:05.000+0000")), "2026-01-02T03:04:05Z");
  EXPECT_EQ(datetime(*model::parse_instant("2026-01-02T03:04:05.120+01:00")), "2026-01-02T02:04:05.120Z");
}

TEST(Soql, NamesAreNames) {
  for (const char* name : {"Id", "Champion__c", "Account.Name", "ns__Field__c"}) EXPECT_TRUE(is_name(name)) << name;
  for (const char* name : {"", "1a", "a b", "a.b.c", ".a", "a.", "a,b", "a'", "Id FROM User--", "ä"})
    EXPECT_FALSE(is_name(name)) << name;
}

TEST(Subject, EndsWithItsKey) {
  EXPECT_EQ(make_subject("Who signs?", "0123456789", 255), "Who signs? [0123456789]");
  EXPECT_EQ(make_subject("two\nlines", "0123456789", 255), "two lines [0123456789]");
  const auto longest = make_subject(std::string(300, 'x'), "0123456789", 255);
  EXPECT_EQ(longest, std::string(241, 'x') + "… [0123456789]");
}

TEST(Subject, CountsAsSalesforceDoesAndCutsBetweenCharacters) {
  std::string smiles;
  for (int i = 0; i < 100; ++i) smiles += "😀";  // two UTF-16 units each
  EXPECT_EQ(shortened(smiles, 200), smiles);
  const auto cut = shortened(smiles, 11);
  EXPECT_EQ(cut, "😀😀😀😀😀…");
  EXPECT_EQ(shortened("äöü", 3), "äöü");
  EXPECT_EQ(shortened("äöüx", 3), "äö…");
}

TEST(Subject, FindsOnlyItsOwnKeys) {
  EXPECT_EQ(short_key_of("Who signs? [0123456789]"), "0123456789");
  EXPECT_EQ(short_key_of("[abcdef0123] "), "abcdef0123");
  for (const char* text : {"", "Who signs?", "x [012345678]", "x [01234567890]", "x [0123456789] more",
                           "x [ABCDEF0123]", "x (0123456789)", "0123456789]"})
    EXPECT_FALSE(short_key_of(text)) << text;
}

model::StoredValue read(const char* text, FieldType type) {
  const json::value document = json::parse(text);
  return value(&document, type);
}

TEST(Values, AreReadByTheFieldsType) {
  EXPECT_TRUE(value(nullptr, FieldType::text).view().is_blank());
  EXPECT_TRUE(read("null", FieldType::number).view().is_blank());
  EXPECT_EQ(read("\"2026-03-04\"", FieldType::date).view(), Value::day(*model::parse_day("2026-03-04")));
  EXPECT_EQ(read("\"2026-03-04\"", FieldType::text).view(), Value::text("2026-03-04"));
  EXPECT_EQ(read("\"2026-01-02T03:04:05.000+0000\"", FieldType::datetime).view(),
            Value::instant(*model::parse_instant("2026-01-02T03:04:05Z")));
  EXPECT_EQ(read("400", FieldType::currency).view(), Value::number(400));
  EXPECT_EQ(read("400.5", FieldType::currency).view(), Value::number(400.5));
  EXPECT_EQ(read("\"400.5\"", FieldType::currency).view(), Value::number(400.5)) << "as histories may have it";
  EXPECT_EQ(read("\"400\"", FieldType::text).view(), Value::text("400"));
  EXPECT_EQ(read("false", FieldType::boolean).view(), Value::boolean(false));
  EXPECT_TRUE(read("\" \\n\"", FieldType::text).view().is_blank());
  EXPECT_EQ(read("\"00Dx0000000BV7z\"", FieldType::reference).view(), Value::text("00Dx0000000BV7zEAG"));
  EXPECT_TRUE(read("{\"city\":null}", FieldType::unknown).view().is_unread());
}

}  // namespace
}  // namespace coachd::salesforce
