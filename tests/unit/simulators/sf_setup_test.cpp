#include "tests/simulators/sf_setup.hpp"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/http_server.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using testing::HasSubstr;
using testing::Not;

http_reply tooling(bench_org& b, std::string_view soql) {
  return b.call("GET", "/tooling/query?q=" + url_encode(soql));
}

TEST(SfSetup, ListsValidationRulesOfAnObject) {
  bench_org b;
  const auto r =
      tooling(b,
              "SELECT Id, ValidationName, Active, EntityDefinition.QualifiedApiName FROM ValidationRule WHERE "
              "EntityDefinition.QualifiedApiName = 'Opportunity'");
  EXPECT_EQ(r.status, 200) << r.body;
  EXPECT_EQ(times(r.body, R"("ValidationName":)"), validation_rules().size());
  EXPECT_THAT(r.body, HasSubstr(R"("entityTypeName":"ValidationRule")"));
  EXPECT_THAT(r.body, HasSubstr(R"("QualifiedApiName":"Opportunity")"));
  EXPECT_THAT(tooling(b, "SELECT Id FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = 'Account'").body,
              HasSubstr(R"("size":0)"));
  EXPECT_THAT(b.query("SELECT Id FROM ValidationRule").body, HasSubstr("INVALID_TYPE"))
      << "only the Tooling API has it";
}

TEST(SfSetup, GivesMetadataOfOneRuleAQuery) {
  bench_org b;
  const auto several = tooling(b, "SELECT Id, Metadata FROM ValidationRule WHERE Active = true");
  EXPECT_EQ(several.status, 400);
  EXPECT_THAT(several.body, HasSubstr("MALFORMED_QUERY"));
  EXPECT_THAT(several.body, HasSubstr("must specify no more than one row"));
  const auto id = between(
      tooling(b, "SELECT Id FROM ValidationRule WHERE ValidationName = 'Champion_at_creation'").body, R"("Id":")");
  const auto one = tooling(b, "SELECT Id, Metadata FROM ValidationRule WHERE Id = '" + id + "'");
  EXPECT_EQ(one.status, 200) << one.body;
  EXPECT_THAT(one.body, HasSubstr(R"("Metadata":{"description":null,"errorConditionFormula":"AND(ISNEW(), )"));
  EXPECT_THAT(one.body, HasSubstr(R"("active":false})"));
  EXPECT_THAT(tooling(b, "SELECT ErrorConditionFormula FROM ValidationRule").body, HasSubstr("INVALID_FIELD"));
}

TEST(SfSetup, AnObjectWithRecordTypesTellsItsLayoutsOneByOne) {
  bench_org b;
  const auto list = b.call("GET", "/sobjects/Opportunity/describe/layouts").body;
  EXPECT_THAT(list, HasSubstr(R"({"layouts":null,"recordTypeMappings":[{)"));
  EXPECT_EQ(times(list, R"("recordTypeId":)"), 3u) << "two, and the master";
  const auto type = between(list, R"("recordTypeId":")");
  const auto one = b.call("GET", "/sobjects/Opportunity/describe/layouts/" + type).body;
  EXPECT_THAT(one, HasSubstr(R"("value":"LeadSource"}],"placeholder":false,"required":true})"));
  EXPECT_THAT(one, HasSubstr(R"("value":"NextStep"}],"placeholder":false,"required":false})"));
  EXPECT_THAT(one, Not(HasSubstr("recordTypeMappings"))) << "a layout and nothing around it";
  EXPECT_EQ(b.call("GET", "/sobjects/Opportunity/describe/layouts/012000000000999AAA").status, 404);
}

TEST(SfSetup, AnObjectWithoutRecordTypesTellsItsOneLayout) {
  bench_org b;
  const auto list = b.call("GET", "/sobjects/Account/describe/layouts").body;
  EXPECT_THAT(list, HasSubstr(R"({"layouts":[{)"));
  EXPECT_THAT(list, HasSubstr(R"("value":"Industry"}],"placeholder":false,"required":true})"));
  EXPECT_THAT(list, HasSubstr(R"("master":true)"));
}

TEST(SfSetup, WithoutTheRightTheObjectIsNotThere) {
  bench_org b;
  ASSERT_TRUE(b.faults.set("no-setup-right"));
  EXPECT_THAT(tooling(b, "SELECT Id FROM ValidationRule").body, HasSubstr("INVALID_TYPE"));
}

}  // namespace
}  // namespace coachd::sim
