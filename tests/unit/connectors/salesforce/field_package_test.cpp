#include "connectors/salesforce/field_package.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "rules/model/description.hpp"

namespace coachd::salesforce {
namespace {

using testing::HasSubstr;

FieldPackageWish wish() {
  FieldPackageWish w;
  w.object = "Opportunity";
  w.field.name = "Legacy_Score__c";
  w.field.label = "Legacy <Score> & \"more\"";
  w.field.type = model::FieldType::picklist;
  w.field.custom = true;
  w.field.options = {{"A&B", "A & B", true}, {"old", "Old", false}};
  w.profiles = {"Sales User", "Standard"};
  return w;
}

std::string text_of(const FieldPackage& p, const std::string& path) {
  const auto it = std::find_if(p.files.begin(), p.files.end(), [&](const auto& f) { return f.path == path; });
  return it == p.files.end() ? std::string() : it->text;
}

pugi::xml_document parsed(const FieldPackage& p, const std::string& path) {
  pugi::xml_document document;
  const auto text = text_of(p, path);
  const auto result = document.load_string(text.c_str());
  EXPECT_TRUE(result) << path << ": " << result.description() << "\n" << text;
  EXPECT_TRUE(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")) << text;
  EXPECT_STREQ(document.document_element().attribute("xmlns").value(), "http://soap.sforce.com/2006/04/metadata");
  return document;
}

std::vector<std::string> paths(const FieldPackage& p) {
  std::vector<std::string> out;
  for (const auto& f : p.files) out.push_back(f.path);
  return out;
}

TEST(FieldPackage, HidesFromTheProfilesThatAreNamedAndUndoesIt) {
  const auto p = hide_package(wish());
  ASSERT_EQ(p.problem, "");
  EXPECT_EQ(paths(p), (std::vector<std::string>{"hide/package.xml", "hide/profiles/Sales User.profile",
                                                "hide/profiles/Standard.profile", "undo/package.xml",
                                                "undo/profiles/Sales User.profile", "undo/profiles/Standard.profile",
                                                "README.txt"}));
  const auto manifest = parsed(p, "hide/package.xml");
  const auto root = manifest.child("Package");
  EXPECT_STREQ(root.child("version").text().get(), "66.0");
  EXPECT_STREQ(root.child("types").child("name").text().get(), "Profile");
  EXPECT_STREQ(root.child("types").child("members").text().get(), "Sales User");
  for (const auto& [folder, visible] : {std::pair{"hide", "false"}, {"undo", "true"}}) {
    const auto profile = parsed(p, std::string(folder) + "/profiles/Standard.profile");
    const auto permissions = profile.child("Profile").child("fieldPermissions");
    EXPECT_STREQ(permissions.child("field").text().get(), "Opportunity.Legacy_Score__c");
    EXPECT_STREQ(permissions.child("readable").text().get(), visible);
    EXPECT_STREQ(permissions.child("editable").text().get(), visible);
  }
  EXPECT_THAT(text_of(p, "README.txt"), HasSubstr("permission sets that grant the field"));
}

TEST(FieldPackage, WithoutProfilesItSaysWhereTheyAreFound) {
  auto w = wish();
  w.profiles.clear();
  EXPECT_THAT(hide_package(w).problem, HasSubstr("--profile"));
  w.profiles = {"../../etc"};
  EXPECT_THAT(hide_package(w).problem, HasSubstr("no profile's name"));
}

TEST(FieldPackage, ArchivesByADestructiveChangeAndMakesTheFieldAnew) {
  const auto p = archive_package(wish());
  ASSERT_EQ(p.problem, "");
  EXPECT_EQ(paths(p), (std::vector<std::string>{"archive/package.xml", "archive/destructiveChanges.xml",
                                                "undo/package.xml", "undo/objects/Opportunity.object", "README.txt"}));
  const auto empty = parsed(p, "archive/package.xml");
  EXPECT_STREQ(empty.child("Package").child("version").text().get(), "66.0");
  EXPECT_FALSE(empty.child("Package").child("types"));
  const auto gone = parsed(p, "archive/destructiveChanges.xml");
  EXPECT_STREQ(gone.child("Package").child("types").child("members").text().get(), "Opportunity.Legacy_Score__c");
  EXPECT_STREQ(gone.child("Package").child("types").child("name").text().get(), "CustomField");
  const auto anew = parsed(p, "undo/objects/Opportunity.object");
  const auto field = anew.child("CustomObject").child("fields");
  EXPECT_STREQ(field.child("fullName").text().get(), "Legacy_Score__c");
  EXPECT_STREQ(field.child("label").text().get(), "Legacy <Score> & \"more\"");
  EXPECT_STREQ(field.child("type").text().get(), "Picklist");
  const auto value = field.child("valueSet").child("valueSetDefinition").child("value");
  EXPECT_STREQ(value.child("fullName").text().get(), "A&B");
  EXPECT_FALSE(value.child("isActive"));
  EXPECT_STREQ(value.next_sibling("value").child("isActive").text().get(), "false");
}

TEST(FieldPackage, EveryTypeThatADescriptionTellsEnoughOf) {
  for (const auto type : {model::FieldType::text, model::FieldType::long_text, model::FieldType::multi_picklist,
                          model::FieldType::boolean, model::FieldType::number, model::FieldType::currency,
                          model::FieldType::percent, model::FieldType::date, model::FieldType::datetime,
                          model::FieldType::phone, model::FieldType::email, model::FieldType::url}) {
    auto w = wish();
    w.field.type = type;
    const auto p = archive_package(w);
    const auto anew = parsed(p, "undo/objects/Opportunity.object");
    EXPECT_STRNE(anew.child("CustomObject").child("fields").child("type").text().get(), "") << static_cast<int>(type);
  }
  auto w = wish();
  w.field.type = model::FieldType::reference;
  const auto p = archive_package(w);
  EXPECT_EQ(text_of(p, "undo/package.xml"), "");
  EXPECT_THAT(text_of(p, "README.txt"), HasSubstr("There is no undo/"));
}

TEST(FieldPackage, SalesforcesOwnFieldsStay) {
  auto w = wish();
  w.field.custom = false;
  w.field.name = "NextStep";
  EXPECT_THAT(archive_package(w).problem, HasSubstr("Salesforce's own field"));
  EXPECT_THAT(hide_package(w).problem, HasSubstr("Salesforce's own field"));
  EXPECT_TRUE(archive_package(w).files.empty());
  w.field.name = "x/../y__c";
  w.field.custom = true;
  EXPECT_THAT(archive_package(w).problem, HasSubstr("no field"));
}

}  // namespace
}  // namespace coachd::salesforce
