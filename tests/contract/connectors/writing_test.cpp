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

TEST_F(SalesforceContract, APromptIsCreatedFoundUpdatedAndRemoved) {
  connect();
  const auto all = opportunity_ids();
  auto write = create(all[0], "0123456789");
  auto done = run(connector->write({write}));
  ASSERT_TRUE(done) << done.error().what;
  ASSERT_EQ(done->size(), 1u);
  ASSERT_TRUE((*done)[0].crm_id) << (*done)[0].error->what << (*done)[0].error->detail;
  write.item.crm_id = *(*done)[0].crm_id;
  EXPECT_EQ(crm.field(write.item.crm_id, "Subject"), "Where is purchasing on this deal? [0123456789]");
  EXPECT_EQ(crm.field(write.item.crm_id, "OwnerId"), a_rep());
  EXPECT_EQ(crm.field(write.item.crm_id, "WhatId"), all[0]);
  EXPECT_EQ(crm.field(write.item.crm_id, "ActivityDate"), "2026-03-03");
  EXPECT_EQ(crm.field(write.item.crm_id, "Status"), "Not Started") << "the organisation's default";

  auto found = run(connector->find({write.item}));
  ASSERT_TRUE(found) << found.error().what;
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].short_key, "0123456789");
  EXPECT_EQ((*found)[0].crm_id, write.item.crm_id);
  EXPECT_EQ((*found)[0].record.get(), all[0]);
  EXPECT_EQ((*found)[0].person.get(), a_rep());
  EXPECT_FALSE((*found)[0].completed || (*found)[0].deleted);

  write.op = PromptWrite::Op::update;
  write.item.subject = "Who signs?";
  done = run(connector->write({write}));
  ASSERT_TRUE(done && (*done)[0].crm_id);
  EXPECT_EQ(crm.field(write.item.crm_id, "Subject"), "Who signs? [0123456789]");

  write.op = PromptWrite::Op::remove;
  done = run(connector->write({write}));
  ASSERT_TRUE(done && (*done)[0].crm_id);
  found = run(connector->find({write.item}));
  ASSERT_EQ(found->size(), 1u);
  EXPECT_TRUE((*found)[0].deleted);
  done = run(connector->write({write}));
  ASSERT_TRUE(done) << "what is gone already";
  EXPECT_TRUE((*done)[0].crm_id) << "counts as removed";
}

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

TEST_F(SalesforceContract, ALongSubjectKeepsItsKeyWhole) {
  connect();
  auto write = create(opportunity_ids()[0], "abcdef0123");
  write.item.subject = std::string(200, 'x') + std::string(200, 'y');
  const auto done = run(connector->write({write}));
  ASSERT_TRUE(done && (*done)[0].crm_id);
  EXPECT_TRUE(crm.field(*(*done)[0].crm_id, "Subject").ends_with("… [abcdef0123]"));
  EXPECT_EQ(run(connector->find({write.item}))->size(), 1u);
}

TEST_F(SalesforceContract, WhatPeopleDoToPromptsIsSeen) {
  connect();
  const auto all = opportunity_ids();
  std::vector<PromptWrite> batch;
  batch.reserve(4);
  for (std::size_t i = 0; i < 4; ++i) batch.push_back(create(all[i], "000000000" + std::to_string(i)));
  const auto done = run(connector->write(batch));
  ASSERT_TRUE(done) << done.error().what;
  std::string cursor;
  pass(60s);
  EXPECT_EQ(own_all(cursor).size(), 4u) << "adoption sees all";
  pass(3600s);
  own_all(cursor);  // repeats of the overlap
  EXPECT_TRUE(own_all(cursor).empty());

  std::string other;
  for (const auto& person : crm.people().people)
    if (person.job == "rep" && person.active && person.id != a_rep()) other = person.id;
  ASSERT_FALSE(crm.act_complete(a_rep(), *(*done)[0].crm_id));
  ASSERT_FALSE(crm.act_delete(a_rep(), *(*done)[1].crm_id));
  ASSERT_FALSE(crm.act_reassign(a_rep(), *(*done)[2].crm_id, other));
  // what people write themselves is nobody's prompt
  ASSERT_TRUE(crm.act_create(
      a_rep(), "Task", {{"Subject", std::string("Call [0123456789]")}, {"WhatId", all[0]}, {"OwnerId", a_rep()}}));
  pass(60s);
  const auto seen = own_all(cursor);
  ASSERT_EQ(seen.size(), 3u);
  for (const auto& prompt : seen) {
    EXPECT_EQ(prompt.modified_by.get(), a_rep());
    EXPECT_EQ(prompt.completed, prompt.short_key == "0000000000");
    EXPECT_EQ(prompt.deleted, prompt.short_key == "0000000001");
    EXPECT_EQ(prompt.person.get(), prompt.short_key == "0000000002" ? other : a_rep());
  }
}

TEST_F(SalesforceContract, ALostAnswerIsSettledByLookingForIt) {
  connect();
  const auto write = create(opportunity_ids()[0], "0123456789");
  ASSERT_TRUE(run(connector->own_prompts("", {})));  // signed in
  crm.set_fault("answer-lost", {.share = 1, .count = 1, .value = {}});
  const auto done = run(connector->write({write}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::transient);
  EXPECT_TRUE(done.error().may_have_happened);
  EXPECT_EQ(written("POST"), 1u) << "it was not sent again";
  const auto found = run(connector->find({write.item}));
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(found->size(), 1u);
}

TEST_F(SalesforceContract, ALostAnswerOfARemovalIsSimplyRepeated) {
  connect();
  auto write = create(opportunity_ids()[0], "0123456789");
  write.item.crm_id = *(*run(connector->write({write})))[0].crm_id;
  write.op = PromptWrite::Op::remove;
  crm.set_fault("answer-lost", {.share = 1, .count = 1, .value = {}});
  const auto done = run(connector->write({write}));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_TRUE((*done)[0].crm_id);
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

TEST_F(SalesforceContract, KindsMayBeMixedInABatch) {
  connect();
  const auto all = opportunity_ids();
  auto a = create(all[0], "0000000000"), b = create(all[1], "0000000001");
  const auto first = run(connector->write({a, b}));
  a.item.crm_id = *(*first)[0].crm_id;
  b.item.crm_id = *(*first)[1].crm_id;
  a.op = PromptWrite::Op::update;
  b.op = PromptWrite::Op::remove;
  auto no_id = a;
  no_id.item.crm_id = "";
  auto other_carrier = create(all[3], "0000000003");
  other_carrier.item.carrier = "chatter";
  const auto done = run(connector->write({a, create(all[2], "0000000002"), b, no_id, other_carrier}));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ((*done)[0].crm_id, a.item.crm_id);
  ASSERT_TRUE((*done)[1].crm_id);
  EXPECT_EQ((*done)[2].crm_id, b.item.crm_id);
  EXPECT_EQ((*done)[3].error->failure, Failure::permanent);
  EXPECT_EQ((*done)[4].error->failure, Failure::permanent);
}

}  // namespace
}  // namespace coachd::contract
