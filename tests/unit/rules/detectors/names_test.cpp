#include "rules/detectors/names.hpp"

#include <gtest/gtest.h>

namespace coachd::rules {
namespace {

TEST(Names, TwoWritingsOfOneCompanyAreEqual) {
  EXPECT_EQ(company_name("Müller Maschinenbau GmbH & Co. KG"), "mueller maschinenbau");
  EXPECT_EQ(company_name("  MUELLER   maschinenbau"), "mueller maschinenbau");
  EXPECT_EQ(company_name("The Acme Corporation, Inc."), "acme");
  EXPECT_EQ(company_name("Télécom S.A."), "telecom");
  EXPECT_EQ(company_name("Acme – North"), "acme north");
  EXPECT_EQ(company_name("The Group"), "the group") << "nothing else is left";
  EXPECT_EQ(company_name("株式会社"), "株式会社");
  EXPECT_EQ(company_name(""), "");
}

TEST(Names, DomainsAreFoundInAddresses) {
  EXPECT_EQ(company_domain("https://www.Acme.com/en?x=1"), "acme.com");
  EXPECT_EQ(company_domain("info@ACME.com"), "acme.com");
  EXPECT_EQ(company_domain("acme.com:8080"), "acme.com");
  EXPECT_EQ(company_domain("somebody@gmail.com"), "") << "everybody may have one";
  EXPECT_EQ(company_domain("n/a"), "");
  EXPECT_EQ(company_domain("-"), "");
}

TEST(Names, NumbersAreEqualHoweverTheyAreWritten) {
  EXPECT_EQ(phone_digits("+49 (30) 1234-567"), phone_digits("0049 30 1234567"));
  EXPECT_EQ(phone_digits("030 1234567"), phone_digits("+49 30 1234567"));
  EXPECT_EQ(phone_digits("030 1234567 x12"), phone_digits("0301234567"));
  EXPECT_EQ(phone_digits("0000000000"), "");
  EXPECT_EQ(phone_digits("12"), "");
}

TEST(Names, LikenessCountsLetters) {
  EXPECT_EQ(likeness("acme", "acme"), 1);
  EXPECT_GT(likeness("mueller maschinenbau", "muller maschinenbau"), 0.9);
  EXPECT_GT(likeness("acme tools", "amce tools"), 0.85);
  EXPECT_LT(likeness("acme north", "acme south"), 0.85);
  EXPECT_EQ(likeness("shop 12", "shop 13"), 0);
  EXPECT_LT(likeness("acme", "acme berlin west"), 0.5);
}

}  // namespace
}  // namespace coachd::rules
