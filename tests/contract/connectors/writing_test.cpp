#include <cstddef>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "rules/model/error.hpp"
#include "tests/contract/connectors/world.hpp"

namespace coachd::contract {
namespace {

using connectors::PromptWrite;
using model::Failure;

TEST_F(SalesforceContract, ABatchAnswersItemByItemInOrder) {
  connect();
  const auto all = opportunity_ids();
  std::vector<PromptWrite> batch;
  batch.reserve(5);
  for (std::size_t i = 0; i < 5; ++i) batch.push_back(create(all[i], "000000000" + std::to_string(i)));
  batch[1].item.record = model::RecordId("006000000000000AAA");
  batch[2].item.person = model::PersonId("");
  for (const auto& person : crm.people().people)
    if (!person.active) batch[3].item.person = model::PersonId(person.id);
  const auto before = connector->calls();
  const auto done = run(connector->write(batch));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(connector->calls() - before, 2u) << "a sign-in and one call";
  EXPECT_TRUE((*done)[0].crm_id);
  for (const std::size_t i : {1u, 2u, 3u}) {
    ASSERT_TRUE((*done)[i].error) << i;
    EXPECT_EQ((*done)[i].error->failure, Failure::permanent) << i;
    EXPECT_FALSE((*done)[i].error->may_have_happened);
  }
  EXPECT_TRUE((*done)[4].crm_id);
  EXPECT_EQ(written("POST"), 2u);
}

TEST_F(SalesforceContract, ALockedRowIsTriedAgainLater) {
  connect();
  crm.set_fault("row-lock", {.share = 1, .count = 1, .value = {}});
  const auto write = create(opportunity_ids()[0], "0123456789");
  auto done = run(connector->write({write}));
  ASSERT_TRUE(done) << done.error().what;
  ASSERT_TRUE((*done)[0].error);
  EXPECT_EQ((*done)[0].error->failure, Failure::transient);
  EXPECT_FALSE((*done)[0].error->may_have_happened);
  EXPECT_NE((*done)[0].error->what.find("UNABLE_TO_LOCK_ROW"), std::string::npos);
  done = run(connector->write({write}));
  EXPECT_TRUE((*done)[0].crm_id);
}

}  // namespace
}  // namespace coachd::contract
