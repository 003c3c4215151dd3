#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rules/detectors/desk.hpp"

namespace coachd::rules::desk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Row account(const std::string& id, const std::string& name, const std::string& website = "",
            const std::string& phone = "", const std::string& city = "", const std::string& parent = "") {
  return {.id = id,
          .values = {{"name", name},
                     {"website", website},
                     {"phone", phone},
                     {"city", city},
                     {"parent", parent},
                     {"owner", "ana"}}};
}

TEST(Duplicates, FindsOneCompanyWrittenTwice) {
  Desk d("account", "duplicates");
  d.see(account("A1", "Müller Maschinenbau GmbH", "mueller.de"));
  d.see(account("A2", "Mueller Maschinenbau", "https://www.mueller.de/kontakt"));
  d.see(account("B1", "Acme Tools", "", "+49 30 1234567"));
  d.see(account("B2", "Amce Tools Inc.", "", "030 1234567"));
  d.see(account("C1", "Solo", "", ""));
  d.see(account("C2", "SOLO Ltd", "", ""));
  EXPECT_THAT(d.keys(), ElementsAre("A1|A2", "B1|B2", "C1|C2"));
  EXPECT_EQ(d.last.findings[0].why, "they have the same name and the same web address");
  EXPECT_EQ(d.last.findings[1].why, "their names are nearly the same and the same telephone number");
}

TEST(Duplicates, LooksAlikesStaySilent) {
  Desk d("account", "duplicates");
  d.see(account("A1", "Smith", "smith.com"));
  d.see(account("A2", "Smith", "smith-bakery.com"));  // two companies of one name
  d.see(account("B1", "Acme North", "acme.com", "", "Leeds"));
  d.see(account("B2", "Acme North", "acme.com", "", "York"));  // two sites
  d.see(account("C1", "Beta", "beta.com"));
  d.see(account("C2", "Beta", "beta.com", "", "", "C1"));  // a part and its parent
  d.see(account("D1", "Shop 12", "", "030 1234567"));
  d.see(account("D2", "Shop 13", "", "030 1234567"));  // one switchboard
  d.see(account("E1", "Gamma Law", "office@gmail.com"));
  d.see(account("E2", "Delta Trade", "sales@gmail.com"));  // everybody's domain
  d.see(account("F1", "tbd", "f.com"));
  d.see(account("F2", "tbd", "f.com"));  // no name at all
  EXPECT_THAT(d.keys(), IsEmpty());
  ASSERT_EQ(d.last.untold.size(), 1u);
  EXPECT_EQ(d.last.untold[0].why, "no real name");
  EXPECT_EQ(d.last.untold[0].count, 2u);
}

TEST(Duplicates, ManyOfOneNameAreNoProof) {
  Desk d("account", "duplicates");
  for (const char* id : {"1", "2", "3", "4"}) d.see(account(id, "City Bakery"));
  EXPECT_THAT(d.keys(), IsEmpty());
}

TEST(Duplicates, AGroupIsToldAgainstItsOldest) {
  Desk d("account", "duplicates");
  auto third = account("A3", "Acme", "acme.com");
  third.created = "2020-01-01T00:00:00Z";
  d.see(account("A1", "Acme", "acme.com"));
  d.see(account("A2", "Acme Inc", "acme.com"));
  d.see(third);
  EXPECT_THAT(d.keys(), ElementsAre("A3|A1", "A3|A2"));
}

TEST(Duplicates, OnlyTheYoungOnesWhereAsked) {
  Desk d("account", "duplicates", "{created_within: 30d}");
  d.see(account("A1", "Acme", "acme.com"));
  auto young = account("A2", "Acme", "acme.com");
  young.created = "2026-04-20T00:00:00Z";
  d.see(young);
  d.see(account("B1", "Beta", "beta.com"));
  d.see(account("B2", "Beta", "beta.com"));
  EXPECT_THAT(d.keys(), ElementsAre("A1|A2"));
}

TEST(Duplicates, WithoutSignsOnlyEqualNamesAreTold) {
  Binding columns;
  columns.columns = {"id", "name", "owner"};
  Desk d("account", "duplicates", "", "", columns);
  d.see({.id = "1", .values = {{"name", "Acme"}}});
  d.see({.id = "2", .values = {{"name", "Acme Ltd"}}});
  EXPECT_THAT(d.keys(), ElementsAre("1|2"));
  EXPECT_THAT(d.last.untold[0].why, HasSubstr("only equal names"));
}

}  // namespace
}  // namespace coachd::rules::desk
