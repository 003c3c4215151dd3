// What a CRM says about itself survives being stored.
#include "daemon/app/description_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::app {
namespace {

model::Description described() {
  model::Description d;
  d.organisation = "00D000000000001EAA";
  auto& o = d.objects["Opportunity"];
  o.name = "Opportunity";
  model::FieldDescription f;
  f.name = "Risk__c";
  model::Requirement layout;
  layout.by = model::Requirement::By::layout;
  layout.name = "Renewal";
  layout.pipeline = "012000000000002AAA";
  model::Requirement rule;
  rule.name = "Risk_required";
  rule.stages = {"Qualification", "Proposal"};
  rule.where = "Amount is above 5";
  rule.of_record = true;
  model::Requirement unread;
  unread.name = "Risk_by_list";
  unread.unread = "it looks something up on other records (VLOOKUP)";
  f.required_where = {layout, rule, unread};
  o.fields.push_back(f);
  o.insists.rules = {{"Risk_required", true, "00ff", ""}, {"Sleeping", false, "", ""}};
  o.insists.layouts = {"New business", "Renewal"};
  o.insists.rules_untold = "one reason";
  o.insists.layouts_untold = "another";
  return d;
}

TEST(DescriptionJson, WhatIsRequiredComesBackAsItWas) {
  const auto written = described();
  const auto back = description_from_json(to_json(written));
  ASSERT_TRUE(back);
  const auto& o = back->objects.at("Opportunity");
  EXPECT_EQ(o.insists, written.objects.at("Opportunity").insists);
  EXPECT_EQ(o.fields.at(0).required_where, written.objects.at("Opportunity").fields.at(0).required_where);
  EXPECT_EQ(to_json(*back), to_json(written));
}

TEST(DescriptionJson, ADayOnWhichNobodyLookedSaysSo) {
  std::string old = to_json(described());
  const auto cut = [&](const std::string& from, const std::string& to) {
    const auto at = old.find(from);
    ASSERT_NE(at, std::string::npos);
    old.erase(at, old.find(to, at) - at);
  };
  cut(",\"required_where\":", "}],\"pipelines\"");
  cut(",\"insists\":", "}},\"people\"");
  const auto back = description_from_json(old);
  ASSERT_TRUE(back) << old;
  const auto& o = back->objects.at("Opportunity");
  EXPECT_TRUE(o.fields.at(0).required_where.empty());
  EXPECT_FALSE(o.insists.rules_untold.empty());
  EXPECT_FALSE(o.insists.layouts_untold.empty());
}

}  // namespace
}  // namespace coachd::app
