// What the daemon expects of every CRM's connector, on the same company: reading, writing and trouble.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/value.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/simulators/sf_org.hpp"

namespace coachd::contract {
namespace {

using connectors::PromptWrite;
using model::Failure;
using model::RecordId;
using model::Value;

INSTANTIATE_TEST_SUITE_P(Crm, EveryCrm, testing::Values(Kind::salesforce, Kind::hubspot, Kind::hubspot_keyed),
                         [](const auto& given) {
                           return given.param == Kind::salesforce ? "Salesforce"
                                  : given.param == Kind::hubspot  ? "HubSpot"
                                                                  : "HubSpotWithKey";
                         });

connectors::ReadRequest names(const Words& words) {
  return {words.object, {words.name}, ""};
}

TEST_P(EveryCrm, APromptIsCreatedFoundUpdatedAndRemoved) {
  connect();
  const auto all = opportunity_ids();
  auto write = create(all[0], "0123456789");
  auto done = run(connector->write({write}));
  ASSERT_TRUE(done) << done.error().what;
  ASSERT_EQ(done->size(), 1u);
  ASSERT_TRUE((*done)[0].crm_id) << (*done)[0].error->what << (*done)[0].error->detail;
  write.item.crm_id = *(*done)[0].crm_id;
  EXPECT_EQ(field(write.item.crm_id, words.subject), "Where is purchasing on this deal? [0123456789]");
  EXPECT_EQ(field(write.item.crm_id, words.task_owner), a_rep());
  const bool salesforce = kind == Kind::salesforce;
  EXPECT_EQ(field(write.item.crm_id, salesforce ? "ActivityDate" : "hs_timestamp").substr(0, 10), "2026-03-03");
  EXPECT_EQ(field(write.item.crm_id, salesforce ? "Status" : "hs_task_status"),
            salesforce ? "Not Started" : "NOT_STARTED");

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
  EXPECT_EQ(field(write.item.crm_id, words.subject), "Who signs? [0123456789]");

  write.op = PromptWrite::Op::remove;
  done = run(connector->write({write}));
  ASSERT_TRUE(done && (*done)[0].crm_id);
  found = run(connector->find({write.item}));
  ASSERT_TRUE(found) << found.error().what;
  for (const auto& prompt : *found) EXPECT_TRUE(prompt.deleted);  // or it is not there at all
  done = run(connector->write({write}));
  ASSERT_TRUE(done) << "what is gone already";
  EXPECT_TRUE((*done)[0].crm_id) << "counts as removed";
}

// A question about a field: no record, and where a lost answer could not be settled, none at all.
TEST_P(EveryCrm, APromptAboutNoRecordIsFoundAgainOrRefused) {
  connect();
  auto write = create("", "0123456789");
  write.item.object.clear();
  if (kind == Kind::hubspot) {
    const auto refused = run(connector->write({write}));
    const auto& error = refused ? (*refused)[0].error : std::optional(refused.error());
    ASSERT_TRUE(error);
    EXPECT_EQ(error->failure, Failure::permanent);
    EXPECT_NE(error->what.find("coachd_key"), std::string::npos) << error->what;
    EXPECT_EQ(written("POST"), 0u);
    return;
  }
  ASSERT_TRUE(run(connector->own_prompts("", {})));  // signed in
  crm.set_fault("answer-lost", {.share = 1, .count = 1, .value = {}});
  auto done = run(connector->write({write}));
  if (kind == Kind::salesforce) {
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().may_have_happened);
  }
  const auto found = run(connector->find({write.item}));
  ASSERT_TRUE(found) << found.error().what;
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].short_key, "0123456789");
  EXPECT_EQ((*found)[0].record.get(), "");
  ASSERT_FALSE(crm.act_complete(a_rep(), (*found)[0].crm_id));
  pass(60s);
  std::string cursor;
  const auto own = own_all(cursor);
  ASSERT_EQ(own.size(), 1u);
  EXPECT_TRUE(own[0].completed);
  EXPECT_EQ(own[0].modified_by.get(), a_rep());
  write.op = PromptWrite::Op::remove;
  write.item.crm_id = (*found)[0].crm_id;
  done = run(connector->write({write}));
  ASSERT_TRUE(done && (*done)[0].crm_id);
}

TEST_P(EveryCrm, ALongSubjectKeepsItsKeyWhole) {
  connect();
  auto write = create(opportunity_ids()[0], "abcdef0123");
  write.item.subject = std::string(200, 'x') + std::string(200, 'y');
  const auto done = run(connector->write({write}));
  ASSERT_TRUE(done && (*done)[0].crm_id);
  EXPECT_TRUE(field(*(*done)[0].crm_id, words.subject).ends_with("… [abcdef0123]"));
  EXPECT_EQ(run(connector->find({write.item}))->size(), 1u);
}

TEST_P(EveryCrm, WhatPeopleDoToPromptsIsSeen) {
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

  const std::string other = another_rep(a_rep());
  ASSERT_FALSE(crm.act_complete(a_rep(), *(*done)[0].crm_id));
  ASSERT_FALSE(crm.act_delete(a_rep(), *(*done)[1].crm_id));
  ASSERT_FALSE(crm.act_reassign(a_rep(), *(*done)[2].crm_id, other));
  // what people write themselves is nobody's prompt
  sim::field_values call{
      {words.subject, std::string("Call [0123456789]")}, {words.task_record, all[0]}, {words.task_owner, a_rep()}};
  if (kind != Kind::salesforce) call.emplace_back("hs_timestamp", std::string("2026-03-03T10:00:00Z"));
  ASSERT_TRUE(crm.act_create(a_rep(), words.task, call));
  pass(60s);
  std::vector<std::string> known;
  for (const auto& outcome : *done) known.push_back(*outcome.crm_id);
  const auto seen = own_all(cursor, known);
  ASSERT_EQ(seen.size(), 3u);
  for (const auto& prompt : seen) {
    if (!prompt.deleted || kind == Kind::salesforce) {
      EXPECT_EQ(prompt.modified_by.get(), a_rep());
    }
    EXPECT_EQ(prompt.completed, prompt.short_key == "0000000000");
    EXPECT_EQ(prompt.deleted, prompt.short_key == "0000000001");
    EXPECT_EQ(prompt.person.get(), prompt.short_key == "0000000002" ? other : a_rep());
  }
}

TEST_P(EveryCrm, ALostAnswerIsSettledByLookingForIt) {
  connect();
  const auto write = create(opportunity_ids()[0], "0123456789");
  ASSERT_TRUE(run(connector->own_prompts("", {})));  // signed in
  crm.set_fault("answer-lost", {.share = 1, .count = 1, .value = {}});
  const auto done = run(connector->write({write}));
  if (kind == Kind::hubspot_keyed) {
    ASSERT_TRUE(done) << "what is named by its key may be sent again";
    EXPECT_TRUE((*done)[0].crm_id);
  } else {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().failure, Failure::transient);
    EXPECT_TRUE(done.error().may_have_happened);
    EXPECT_EQ(written("POST"), 1u) << "it was not sent again";
  }
  const auto found = run(connector->find({write.item}));
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(found->size(), 1u);
}

TEST_P(EveryCrm, ALostAnswerOfARemovalIsSimplyRepeated) {
  connect();
  auto write = create(opportunity_ids()[0], "0123456789");
  write.item.crm_id = *(*run(connector->write({write})))[0].crm_id;
  write.op = PromptWrite::Op::remove;
  crm.set_fault("answer-lost", {.share = 1, .count = 1, .value = {}});
  const auto done = run(connector->write({write}));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_TRUE((*done)[0].crm_id);
}

TEST_P(EveryCrm, KindsMayBeMixedInABatch) {
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

TEST_P(EveryCrm, ALongPauseIsHandedToTheCaller) {
  connect();
  crm.set_fault("429-retry-after", {.share = 1, .count = 1, .value = 90.0});
  auto page = run(connector->read(names(words)));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::throttled);
  EXPECT_EQ(page.error().retry_after_us, 90'000'000);
  const auto before = connector->calls();
  page = run(connector->read(names(words)));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::throttled);
  EXPECT_EQ(connector->calls(), before) << "nothing is sent meanwhile";
}

TEST_P(EveryCrm, ServerErrorsAndCutConnectionsAreRiddenOut) {
  for (const char* fault : {"502", "500-once", "cut-connection"}) {
    connect();
    crm.set_fault(fault, {.share = 1, .count = 2, .value = {}});
    const auto page = run(connector->read(names(words)));
    EXPECT_TRUE(page) << fault << ": " << page.error().what;
    crm.faults().clear();
  }
}

TEST_P(EveryCrm, AServerThatStaysDownIsTransientAndItsPageIsNotQuoted) {
  connect();
  crm.set_fault("502", {});
  const auto page = run(connector->read(names(words)));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::transient);
  EXPECT_EQ(page.error().what, kind == Kind::salesforce ? "Salesforce could not answer (HTTP 502)"
                                                        : "HubSpot could not answer (HTTP 502)");
  EXPECT_EQ(page.error().what.find('<'), std::string::npos);
}

TEST_P(EveryCrm, AWriteThatMeetsAServerErrorIsInDoubt) {
  connect();
  ASSERT_TRUE(run(connector->own_prompts("", {})));
  crm.set_fault("502", {});
  const auto done = run(connector->write({create(opportunity_ids()[0], "0123456789")}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::transient);
  EXPECT_TRUE(done.error().may_have_happened);
}

TEST_P(EveryCrm, ACutConnectionAfterAWriteIsInDoubt) {
  connect();
  ASSERT_TRUE(run(connector->own_prompts("", {})));
  crm.set_fault("cut-connection", {.share = 1, .count = 1, .value = {}});
  const auto write = create(opportunity_ids()[0], "0123456789");
  const auto done = run(connector->write({write}));
  if (kind == Kind::hubspot_keyed) {
    EXPECT_TRUE(done && (*done)[0].crm_id);
    EXPECT_EQ(run(connector->find({write.item}))->size(), 1u);
  } else {
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().may_have_happened);
    EXPECT_EQ(run(connector->find({write.item}))->size(), written("POST"));
  }
}

TEST_P(EveryCrm, ASlowAnswerTimesOut) {
  Wish wish;
  wish.network.deadlines.body = 50ms;
  wish.network.deadlines.answer = 50ms;
  connect(wish);
  ASSERT_TRUE(run(connector->read(names(words))));
  crm.set_fault("slow-body", {.share = 1, .count = -1, .value = 1.0});
  const auto page = run(connector->read(names(words)));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::transient);
  EXPECT_NE(page.error().what.find("in time"), std::string::npos) << page.error().what;
}

}  // namespace
}  // namespace coachd::contract
