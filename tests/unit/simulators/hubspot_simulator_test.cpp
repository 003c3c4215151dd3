#include "tests/simulators/hubspot_simulator.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/hs_hooks.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/salesforce_simulator.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;

hubspot_options small() {
  hubspot_options o;
  o.records = 200;
  o.clock = clock_setting{*parse_instant(test_start), 0};
  return o;
}

TEST(HubspotSimulator, HoldsTheCompanyAndTheTruthOfTheOtherCrmInItsOwnWords) {
  hubspot_simulator h{small()};
  salesforce_simulator s{small()};
  ASSERT_EQ(h.truth().size(), s.truth().size());
  std::map<std::string, std::string> names;
  for (std::size_t i = 0; i < h.truth().size(); ++i) {
    const auto& a = h.truth()[i];
    const auto& b = s.truth()[i];
    EXPECT_EQ(a.fault, b.fault);
    EXPECT_EQ(a.since, b.since);
    EXPECT_EQ(a.look_alike, b.look_alike);
    if (!b.field.empty()) names[b.field] = a.field;
    EXPECT_EQ(h.field(a.record, "dealname"), s.field(b.record, "Name"));
    EXPECT_EQ(h.field(a.record, "hubspot_owner_id"), a.owner);
    if (b.field == "NextStep" || b.field == "Champion__c") {
      const auto held = s.field(b.record, b.field);
      EXPECT_EQ(h.field(a.record, a.field), held);
    }
  }
  EXPECT_EQ(names["NextStep"], "hs_next_step");
  EXPECT_EQ(names["Champion__c"], "champion");
  std::set<std::string> ids;
  for (const auto& p : h.people().people) ids.insert(p.id);
  for (const auto& p : h.people().people) EXPECT_TRUE(p.manager.empty() || ids.contains(p.manager));
  EXPECT_EQ(ids.size() + 1, s.people().people.size());  // the integration is no owner
}

TEST(HubspotSimulator, PeopleActInThePortalsWords) {
  hubspot_simulator h{small()};
  const auto& fault = h.truth().front();
  h.clock().advance(60s);
  EXPECT_FALSE(h.act_update(fault.owner, fault.record, {{"amount", 1234.5}, {"hs_next_step", std::string{"Call"}}}));
  EXPECT_EQ(h.field(fault.record, "amount"), "1234.5");
  EXPECT_EQ(h.field(fault.record, "hs_lastmodifieddate"), "2026-03-02T08:01:00.000Z");
  const auto wrong = h.act_update(fault.owner, fault.record, {{"dealstage", std::string{"won"}}});
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->code, "INVALID_OPTION");
  EXPECT_EQ(wrong->fields, std::vector<std::string>{"dealstage"});
  const auto task =
      h.act_create(fault.owner, "tasks", {{"hs_timestamp", std::string{"2026-03-04"}}, {"associated", fault.record}});
  ASSERT_TRUE(task);
  EXPECT_FALSE(h.act_complete(fault.owner, *task));
  EXPECT_EQ(h.field(*task, "hs_task_status"), "COMPLETED");
  EXPECT_EQ(h.field(*task, "hs_object_source"), "CRM_UI");
  const auto& other = h.people().people[0].id;
  EXPECT_FALSE(h.act_reassign(fault.owner, *task, other));
  EXPECT_EQ(h.field(*task, "hubspot_owner_id"), other);
  EXPECT_FALSE(h.act_delete(fault.owner, *task));
  EXPECT_TRUE(h.archived(*task));
  EXPECT_TRUE(h.act_update("1", fault.record, {}));
  EXPECT_TRUE(h.ledger_rows().empty());
}

// A door that answers what it is told and keeps what came.
class door {
 public:
  door() {
    port_ = server_.listen("127.0.0.1:0", [this](const http_request& r) {
      const std::lock_guard lock{mutex_};
      got_.push_back(r);
      http_reply reply;
      reply.status = refuse_-- > 0 ? 503 : 200;
      return reply;
    });
    server_.start();
  }
  void refuse(int times) { refuse_ = times; }
  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/v1/hooks/acme", port_); }
  [[nodiscard]] std::vector<http_request> wait(std::size_t n) {
    for (int i = 0; i < 500; ++i) {
      {
        const std::lock_guard lock{mutex_};
        if (got_.size() >= n) return got_;
      }
      std::this_thread::sleep_for(10ms);
    }
    return {};
  }

 private:
  std::mutex mutex_;
  std::vector<http_request> got_;
  std::atomic<int> refuse_ = 0;
  http_server server_;
  std::uint16_t port_ = 0;
};

TEST(HubspotSimulator, SendsSignedWebhooksAndAgainWhenRefused) {
  door d;
  d.refuse(1);
  auto o = small();
  o.webhooks = d.url();
  o.webhook_uri = "https://coach.example.com/v1/hooks/acme";
  hubspot_simulator h{o};
  h.start();
  const auto& fault = h.truth().front();
  ASSERT_FALSE(h.act_update(fault.owner, fault.record, {{"hs_next_step", std::string{"Call"}}}));
  const auto got = d.wait(2);
  ASSERT_EQ(got.size(), 2U);
  for (const auto& r : got) {
    EXPECT_EQ(r.method, "POST");
    EXPECT_EQ(r.target, "/v1/hooks/acme");
    EXPECT_EQ(r.header("x-hubspot-signature-v3"),
              signature_v3("coachd-sim-hook", "POST", o.webhook_uri, r.body, r.header("x-hubspot-request-timestamp")));
  }
  EXPECT_THAT(got[0].body, testing::HasSubstr(R"("attemptNumber":0)"));
  EXPECT_THAT(got[1].body, testing::HasSubstr(R"("attemptNumber":1)"));
  for (int i = 0; i < 500 && h.hooks().find(R"("accepted":1)") == std::string::npos; ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_THAT(h.hooks(), testing::HasSubstr(R"("accepted":1,"refused":1,"retried":1)"));
  h.stop();
}

TEST(HubspotSimulator, PeopleReactToTasksOfTheApi) {
  auto o = small();
  o.react = {1, 0};
  hubspot_simulator h{o};
  std::string record;
  for (const auto& t : h.truth()) {
    if (!t.look_alike && t.fault == "placeholder" && t.field == "hs_next_step") record = t.record;
  }
  if (record.empty()) {
    for (const auto& t : h.truth()) {
      if (!t.look_alike && t.fault == "commit-without-next-step") record = t.record;
    }
  }
  ASSERT_FALSE(record.empty());
  const auto before = h.field(record, "hs_next_step");
  h.with_org([&](org& crm) {
    const auto n = (std::stoull(record) - hs_records::id_of(hs_object::deals, 0)) / 17;
    const auto& deals = crm.opportunities();
    const auto row = static_cast<row_number>(n);
    const auto& made = crm.get("User");
    for (row_number u = 0; u < made.size(); ++u) {
      if (made.cell(u, made.column("LastName")).text() != "Integration") continue;
      ASSERT_TRUE(crm.create("Task",
                             {{"Subject", std::string{"Prompt"}},
                              {"WhatId", deals.cell(row, 0).text()},
                              {"OwnerId", deals.cell(row, crm.columns().owner).text()}},
                             made.cell(u, 0).text(), h.clock().now()));
    }
  });
  for (int i = 0; i < 48 * 4; ++i) {
    h.clock().advance(15min);
    h.react();
  }
  EXPECT_EQ(h.reactions().mended, 1U);
  EXPECT_NE(h.field(record, "hs_next_step"), before);
  EXPECT_EQ(h.open_prompts(), 1U);
}

TEST(HubspotSimulator, KnowsItsFaultsOnly) {
  auto o = small();
  o.faults = {"bad-locator"};
  EXPECT_THROW(hubspot_simulator{o}, std::runtime_error);
  o.faults = {"hook-double=0.5", "late-commit=120s"};
  EXPECT_NO_THROW(hubspot_simulator{o});
}

}  // namespace
}  // namespace coachd::sim
