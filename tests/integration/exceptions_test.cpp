// Exceptions for records that the daemon has not, told from its state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/app/check/check.hpp"
#include "daemon/app/exceptions.hpp"
#include "rules/loader/loader.hpp"
#include "tests/integration/hall_company.hpp"

namespace coachd::pipeline {
namespace {

constexpr const char* rules_with_exceptions = R"(
version: 1
workflow: quiet
object: opportunity
owner: revops@example.com
exceptions: [{record: d1}, {record: d7}]
rules:
  - id: silent
    kind: stale
    when: {open: true}
    control: [flag]
    exceptions: [{record: 006000000000001, because: short}, {record: 00600000000OO01, because: a typo}, {record: d2}]
)";

std::vector<std::string> said_of(const Company& company, const std::string& text = rules_with_exceptions) {
  app::CheckedRules set;
  set.connection = "acme";
  set.sources = {{"quiet.yaml", text}};
  set.loaded = rules::load(set.sources, {});
  std::vector<std::string> out;
  if (!set.loaded.rules) return {"the rules have errors"};
  for (const auto& d : app::unmatched_exceptions(set, *company.store->open_reader()->snapshot())) {
    EXPECT_EQ(d.code, "exception-unmatched");
    out.push_back(d.message.substr(0, d.message.find(" matches")));
  }
  return out;
}

TEST(Exceptions, ForARecordThatIsNotThereAreSaidOnceAllWereRead) {
  Company company;
  company.deal("d1");
  company.deal("006000000000001AAA");
  company.deal("d2");
  company.read("opportunity", "d2", {}, "ana", true);  // and is gone again
  company.settle();
  EXPECT_THAT(said_of(company), testing::IsEmpty()) << "others may still come";
  company.loaded();
  EXPECT_THAT(said_of(company), testing::ElementsAre("the exception for `d7`", "the exception for `00600000000OO01`",
                                                     "the exception for `d2`"));
}

TEST(Exceptions, OfAnObjectThatIsNewNothingIsSaidBeforeItIsRead) {
  Company company;
  company.deal("d1");
  company.loaded();
  std::string text = rules_with_exceptions;
  text.replace(text.find("object: opportunity"), 19, "object: account");
  EXPECT_THAT(said_of(company, text), testing::IsEmpty());
}

}  // namespace
}  // namespace coachd::pipeline
