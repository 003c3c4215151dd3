#include "daemon/http/hook_door.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::http {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

// A store that holds what it was given until the test answers.
class HeldStore final : public store::Store {
 public:
  void apply(store::UnitOfWork unit, std::function<void(store::Applied)> done) override {
    units.push_back(std::move(unit));
    waiting.push_back(std::move(done));
  }
  void answer(std::size_t which, store::Applied a) { std::exchange(waiting.at(which), nullptr)(a); }
  std::unique_ptr<store::Reader> open_reader() override { return nullptr; }
  store::Dictionary& dictionary() override { std::abort(); }
  [[nodiscard]] std::int64_t epoch() const override { return 7; }
  [[nodiscard]] std::size_t queued_bytes() const override { return bytes; }
  [[nodiscard]] std::chrono::nanoseconds still() const override { return {}; }
  [[nodiscard]] bool full() const noexcept override { return false; }
  [[nodiscard]] store::Pace pace() const override { return {}; }
  void stop() override {}

  std::vector<store::UnitOfWork> units;
  std::vector<std::function<void(store::Applied)>> waiting;
  std::size_t bytes = 0;
};

// Takes what bears a number as its body; the number is its key and its time.
class NumberHooks final : public connectors::Hooks {
 public:
  connectors::HookVerdict check(const connectors::HookRequest& r, model::Instant) const override {
    connectors::HookVerdict v;
    seen_url = r.url;
    if (r.header("x-signature") != "right") {
      v.status = 401;
      v.reason = "wrong signature";
      return v;
    }
    v.key = std::stoull(std::string(r.body));
    v.at = model::Instant(milliseconds(v.key));
    v.events = 2;
    return v;
  }
  connectors::Result<std::vector<connectors::Hint>> split(std::string_view) const override {
    return std::vector<connectors::Hint>{};
  }
  mutable std::string seen_url;
};

class Asked final : public Exchange {
 public:
  explicit Asked(std::vector<Response>& answers) : answers_(answers) {}
  void respond(Response r) override { answers_.push_back(std::move(r)); }

 private:
  std::vector<Response>& answers_;
};

class HookDoorTest : public testing::Test {
 protected:
  boost::asio::io_context io{1};
  HeldStore store;
  std::vector<std::string> told;
  Refusals refusals{[this](std::string_view reason, int status, std::uint64_t times) {
    told.push_back(std::string(reason) + " " + std::to_string(status) + " x" + std::to_string(times));
  }};
  std::shared_ptr<NumberHooks> hooks = std::make_shared<NumberHooks>();
  std::vector<std::string> stored;
  std::vector<Response> answers;
  std::optional<HookDoor> door;  // last: what waits is answered when it goes

  void open(milliseconds commit = milliseconds(3000)) {
    HookDoorOptions o;
    o.public_url = "https://hooks.example";
    o.commit = commit;
    o.now = [] { return model::Instant(std::chrono::seconds(1000)); };
    o.stored = [this](const std::string& c) { stored.push_back(c); };
    door.emplace(io.get_executor(), store, refusals, Routes{{"acme", hooks}, {"other", hooks}}, o);
  }
  void post(const std::string& body, const std::string& target = "/v1/hooks/acme", const std::string& method = "POST",
            const std::string& signature = "right") {
    Request r;
    r.method = method;
    r.target = target;
    r.body = body;
    r.header = [&](std::string_view name) { return name == "x-signature" ? std::string_view(signature) : ""; };
    door->handle(r, Answer(std::make_shared<Asked>(answers)));
  }
  void turn() {
    io.restart();
    io.poll();
  }
  [[nodiscard]] std::vector<int> statuses() const {
    std::vector<int> out;
    for (const auto& a : answers) out.push_back(a.status);
    return out;
  }
};

TEST_F(HookDoorTest, AnswersOnlyAfterTheCommit) {
  open();
  post("5");
  turn();
  ASSERT_EQ(store.units.size(), 1U);
  EXPECT_TRUE(answers.empty());
  const auto& u = store.units[0];
  EXPECT_EQ(u.urgency, store::UnitOfWork::Urgency::intake);
  EXPECT_EQ(u.epoch, 7);
  ASSERT_EQ(u.journal.size(), 1U);
  EXPECT_EQ(u.journal[0].kind, store::JournalEntry::Kind::hint);
  EXPECT_EQ(u.journal[0].connection, "acme");
  EXPECT_EQ(u.journal[0].object, "");
  EXPECT_EQ(u.journal[0].record, "");
  EXPECT_EQ(u.journal[0].body, "5");
  EXPECT_EQ(u.journal[0].key, 5U);
  EXPECT_EQ(u.journal[0].key_time, model::Instant(milliseconds(5)));
  EXPECT_EQ(u.journal[0].received, model::Instant(std::chrono::seconds(1000)));
  EXPECT_EQ(hooks->seen_url, "https://hooks.example/v1/hooks/acme");
  EXPECT_FALSE(door->resting());

  store.answer(0, store::Applied::done);
  EXPECT_TRUE(answers.empty());  // on the store's thread nothing is answered
  turn();
  EXPECT_THAT(statuses(), ElementsAre(200));
  EXPECT_THAT(stored, ElementsAre("acme"));
  EXPECT_TRUE(door->resting());
  EXPECT_EQ(door->counters().deliveries, 1U);
  EXPECT_EQ(door->counters().events, 2U);
}

TEST_F(HookDoorTest, WhatCameInOneTurnIsOneUnitWithARowEach) {
  open();
  post("1");
  post("2", "/v1/hooks/other?a=b");
  post("3");
  turn();
  ASSERT_EQ(store.units.size(), 1U);
  EXPECT_EQ(store.units[0].journal.size(), 3U);
  EXPECT_EQ(store.units[0].journal[1].connection, "other");
  store.answer(0, store::Applied::done);
  turn();
  EXPECT_THAT(statuses(), ElementsAre(200, 200, 200));
  EXPECT_THAT(stored, ElementsAre("acme", "other"));
  EXPECT_EQ(door->counters().commits, 1U);
}

TEST_F(HookDoorTest, WhileTheStoreIsBusyDeliveriesGoTogether) {
  open();
  for (const auto* body : {"1", "2", "3", "4"}) {
    post(body);
    turn();
  }
  ASSERT_EQ(store.units.size(), 1U);
  store.answer(0, store::Applied::done);
  ASSERT_EQ(store.units.size(), 2U);  // on the store's thread, before this one turns
  EXPECT_EQ(store.units[1].journal.size(), 3U);
  store.answer(1, store::Applied::done);
  turn();
  EXPECT_THAT(statuses(), ElementsAre(200, 200, 200, 200));
}

TEST_F(HookDoorTest, WhenAllWaitForOneCommitHalfOfThemGoFirst) {
  open();
  post("1");
  turn();
  for (int i = 2; i <= 32; ++i) post(std::to_string(i));
  turn();
  store.answer(0, store::Applied::done);
  ASSERT_EQ(store.units.size(), 2U);
  EXPECT_EQ(store.units[1].journal.size(), 16U);
  turn();
  EXPECT_EQ(answers.size(), 1U);
  post("33");
  store.answer(1, store::Applied::done);
  ASSERT_EQ(store.units.size(), 3U);
  EXPECT_EQ(store.units[2].journal.size(), 16U);
  EXPECT_EQ(store.units[2].journal.front().body, "18");
  turn();
  EXPECT_EQ(answers.size(), 17U);
  store.answer(2, store::Applied::done);
  turn();
  EXPECT_EQ(statuses(), std::vector<int>(33, 200));
  EXPECT_EQ(door->counters().events, 66U);
  EXPECT_TRUE(door->resting());
}

TEST_F(HookDoorTest, WhatCannotBeStoredIsAskedForAgain) {
  open();
  for (const auto a : {store::Applied::no_space, store::Applied::failed, store::Applied::conflict}) {
    answers.clear();
    post("1");
    turn();
    store.answer(store.waiting.size() - 1, a);
    turn();
    EXPECT_THAT(statuses(), ElementsAre(503));
    EXPECT_THAT(answers[0].headers, testing::Contains(testing::Pair("Retry-After", "10")));
  }
  EXPECT_TRUE(stored.empty());
  EXPECT_EQ(door->counters().unavailable, 3U);
  EXPECT_THAT(told, ElementsAre("no room left 503 x1", "the store refused 503 x1"));
}

TEST_F(HookDoorTest, WithoutACommitInTimeTheAnswerIs503AndIsGivenOnce) {
  open(milliseconds(20));
  post("1");
  turn();
  io.restart();
  io.run_for(milliseconds(200));
  EXPECT_THAT(statuses(), ElementsAre(503));
  store.answer(0, store::Applied::done);
  turn();
  EXPECT_THAT(statuses(), ElementsAre(503));
  EXPECT_EQ(door->counters().deliveries, 0U);
  EXPECT_THAT(stored, ElementsAre("acme"));  // it is durable all the same: the hall may know
  EXPECT_THAT(told, ElementsAre("no commit in time 503 x1"));
}

TEST_F(HookDoorTest, WhatWaitsBehindAStuckStoreIsGivenUpToo) {
  open(milliseconds(20));
  for (const auto* body : {"1", "2", "3"}) {
    post(body);
    turn();
  }
  ASSERT_EQ(store.units.size(), 1U);
  io.restart();
  io.run_for(milliseconds(200));
  EXPECT_THAT(statuses(), ElementsAre(503, 503, 503));
  store.answer(0, store::Applied::done);
  turn();
  EXPECT_EQ(store.units.size(), 1U);  // the others come again
}

TEST_F(HookDoorTest, AFullQueueAnswersAtOnce) {
  open();
  store.bytes = (std::size_t{8} << 20) + 1;
  post("1");
  EXPECT_THAT(statuses(), ElementsAre(503));
  turn();
  EXPECT_TRUE(store.units.empty());
}

TEST_F(HookDoorTest, OtherDoorsMethodsAndSignaturesAreRefusedAndNothingIsStored) {
  open();
  post("1", "/v1/hooks/nobody");
  post("1", "/v1/hooks/");
  post("1", "/");
  post("1", "/v1/hooks/acme/x");
  post("1", "/v1/hooks/acme", "GET");
  post("1", "/v1/hooks/acme", "POST", "wrong");
  EXPECT_THAT(statuses(), ElementsAre(404, 404, 404, 404, 405, 401));
  EXPECT_THAT(answers[4].headers, ElementsAre(testing::Pair("Allow", "POST")));
  turn();
  EXPECT_TRUE(store.units.empty());
  EXPECT_THAT(told, ElementsAre("no such door 404 x1", "wrong method 405 x1", "wrong signature 401 x1"));
  EXPECT_EQ(refusals.rows().at("no such door").count, 4U);
}

TEST_F(HookDoorTest, WhatWaitsWhenItEndsIsAskedForAgain) {
  open();
  post("1");
  turn();
  post("2");
  door.reset();
  EXPECT_THAT(statuses(), ElementsAre(503, 503));
  store.answer(0, store::Applied::done);
  turn();
  EXPECT_THAT(statuses(), ElementsAre(503, 503));
}

TEST_F(HookDoorTest, RoutesCanChange) {
  open();
  door->set_routes({{"new", hooks}});
  post("1");
  post("1", "/v1/hooks/new");
  EXPECT_THAT(statuses(), ElementsAre(404));
  turn();
  EXPECT_EQ(store.units.size(), 1U);
}

}  // namespace
}  // namespace coachd::http
