#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/admin_door.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/peers.hpp"
#include "daemon/http/refusals.hpp"

namespace coachd::http {
namespace {

using std::chrono::seconds;
const Peers::Time start{seconds(1000)};

TEST(Peers, HoldEachPeerToItsConnections) {
  Peers peers({.connections = 2});
  EXPECT_TRUE(peers.enter("a", start));
  EXPECT_TRUE(peers.enter("a", start));
  EXPECT_FALSE(peers.enter("a", start));
  EXPECT_TRUE(peers.enter("b", start));
  EXPECT_TRUE(peers.enter("a", start, true)) << "a proxy on this machine brings many";
  peers.leave("a");
  peers.leave("a");
  EXPECT_TRUE(peers.enter("a", start));
}

TEST(Peers, RefusedRequestsMuteAPeerForAWhileAndNobodyElse) {
  Peers peers({.refusals_per_second = 1, .refusals_at_once = 3});
  ASSERT_TRUE(peers.enter("a", start));
  ASSERT_TRUE(peers.enter("b", start));
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(peers.muted("a", start)) << i;
    peers.refused("a", start);
  }
  EXPECT_TRUE(peers.muted("a", start));
  EXPECT_FALSE(peers.muted("b", start));
  EXPECT_FALSE(peers.muted("a", start + seconds(1)));
  peers.refused("a", start + seconds(1));
  EXPECT_TRUE(peers.muted("a", start + seconds(1)));
  EXPECT_FALSE(peers.muted("nobody", start));
}

TEST(Peers, AreRememberedOnlyWhileThereIsAReasonAndNeverWithoutBound) {
  Peers peers({.refusals_per_second = 1, .refusals_at_once = 3, .remembered = 4});
  for (const auto* p : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(peers.enter(p, start));
    if (*p != 'a') peers.leave(p);
  }
  peers.refused("b", start);
  ASSERT_TRUE(peers.enter("e", start));
  EXPECT_EQ(peers.size(), 3U);  // a has a connection, b an emptied bucket
  for (int i = 0; i < 100; ++i) {
    const auto name = std::to_string(i);
    ASSERT_TRUE(peers.enter(name, start));
    for (int n = 0; n < 3; ++n) peers.refused(name, start);
    peers.leave(name);
  }
  EXPECT_LE(peers.size(), 6U);
}

TEST(Refusals, AreCountedEachAndToldSeldom) {
  std::vector<std::string> told;
  Refusals refusals([&](std::string_view reason, int status, std::uint64_t times) {
    told.push_back(std::string(reason) + " " + std::to_string(status) + " x" + std::to_string(times));
  });
  for (int i = 0; i < 5; ++i) refusals.add("wrong signature", 401, start + seconds(i));
  refusals.add("not HTTP", 400, start);
  refusals.add("wrong signature", 401, start + seconds(60));
  EXPECT_THAT(told, testing::ElementsAre("wrong signature 401 x1", "not HTTP 400 x1", "wrong signature 401 x5"));
  EXPECT_EQ(refusals.rows().at("wrong signature").count, 6U);
}

TEST(Message, IsRenderedAsHttp) {
  std::string out;
  render(out, {.status = 405, .headers = {{"Allow", "POST"}}}, true, true, "D");
  EXPECT_EQ(out, "HTTP/1.1 405 Method Not Allowed\r\nDate: D\r\nContent-Length: 0\r\nAllow: POST\r\n\r\n");
  out.clear();
  render(out, {.status = 200, .body = "{}", .content_type = "application/json"}, false, false, "D");
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 2\r\nContent-Type: application/json\r\n"
            "Connection: close\r\n\r\n");
}

TEST(Metrics, StandInTheTablesOrderWithTheirHelpOnce) {
  Metrics m;
  m.add(Metric::prompts, 2, {{"connection", "acme"}, {"state", "sent"}});
  m.add(Metric::store_full, 0);
  m.add(Metric::prompts, 1.5, {{"connection", "a\"\\\nb"}, {"state", "held"}});
  EXPECT_EQ(m.text(),
            "# HELP coachd_store_full 1 while the disk has no room and intake is refused.\n"
            "# TYPE coachd_store_full gauge\n"
            "coachd_store_full 0\n"
            "# HELP coachd_prompts Prompts by state.\n"
            "# TYPE coachd_prompts gauge\n"
            "coachd_prompts{connection=\"acme\",state=\"sent\"} 2\n"
            "coachd_prompts{connection=\"a\\\"\\\\\\nb\",state=\"held\"} 1.5\n");
}

class AdminDoorTest : public testing::Test {
 protected:
  struct Asked final : Exchange {
    explicit Asked(std::vector<Response>& a) : answers(a) {}
    void respond(Response r) override { answers.push_back(std::move(r)); }
    std::vector<Response>& answers;
  };
  std::vector<Response> answers;
  std::vector<std::pair<std::string, bool>> loops{{"evaluation", true}, {"store", true}};
  std::vector<std::string> waiting;
  std::map<std::string, std::string, std::less<>> headers{{"host", "127.0.0.1:8787"}};
  bool loopback = true;

  Response get(const std::string& target, const std::string& token = "", const std::string& method = "GET") {
    const AdminDoor door({[this] { return loops; },
                          [this] { return waiting; },
                          [](const auto& done) {
                            Metrics m;
                            m.add(Metric::build_info, 1, {{"version", "0.1.0"}});
                            done(std::move(m));
                          },
                          {},
                          {}},
                         token);
    Request r;
    r.method = method;
    r.target = target;
    r.from_loopback = loopback;
    r.header = [this](std::string_view name) {
      const auto found = headers.find(name);
      return found == headers.end() ? std::string_view{} : std::string_view(found->second);
    };
    answers.clear();
    door.handle(r, Answer(std::make_shared<Asked>(answers)));
    return answers.at(0);
  }
};

TEST_F(AdminDoorTest, HealthNamesTheLoopThatStands) {
  EXPECT_EQ(get("/healthz").status, 200);
  loops[1].second = false;
  const auto r = get("/healthz?x");
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.body, "{\"healthy\":false,\"loops\":{\"evaluation\":true,\"store\":false}}\n");
}

TEST_F(AdminDoorTest, ReadinessListsWhatIsMissing) {
  EXPECT_EQ(get("/readyz").body, "{\"ready\":true,\"waiting\":[]}\n");
  waiting = {"first description of acme"};
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/readyz").body, "{\"ready\":false,\"waiting\":[\"first description of acme\"]}\n");
}

TEST_F(AdminDoorTest, ServesMetricsAndNothingElse) {
  EXPECT_EQ(get("/metrics").content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(get("/metrics").body, testing::HasSubstr("coachd_build_info{version=\"0.1.0\"} 1\n"));
  EXPECT_EQ(get("/v1/status").status, 404);
  EXPECT_EQ(get("/").status, 404);
  EXPECT_EQ(get("/metrics", "", "POST").status, 405);
}

// The key is what counts: neither being on this machine nor the token lets anybody act.
TEST_F(AdminDoorTest, ActsOnlyForWhoHasTheKey) {
  std::vector<std::string> asked;
  const auto post = [&](const std::string& key, const std::string& path = "/v1/retire",
                        const std::string& drawn = "k1") {
    AdminProbes probes;
    probes.key = drawn;
    probes.retire = [&](std::string_view body, const auto& done) {
      asked.emplace_back(body);
      done(200, "{}");
    };
    const AdminDoor door(probes, "token");
    Request r;
    r.method = "POST";
    r.target = path;
    r.body = "{\"what\":\"undo\"}";
    r.from_loopback = true;
    r.header = [&](std::string_view name) {
      return name == "x-coachd-key"    ? std::string_view(key)
             : name == "authorization" ? std::string_view("Bearer token")
                                       : std::string_view{};
    };
    answers.clear();
    door.handle(r, Answer(std::make_shared<Asked>(answers)));
    return answers.at(0).status;
  };
  EXPECT_EQ(post(""), 403);
  EXPECT_EQ(post("k2"), 403);
  EXPECT_EQ(post("", "/v1/retire", ""), 403) << "no key was drawn: nobody has it";
  EXPECT_EQ(post("k1", "/v1/other"), 405);
  EXPECT_TRUE(asked.empty());
  EXPECT_EQ(post("k1"), 200);
  EXPECT_EQ(asked, (std::vector<std::string>{"{\"what\":\"undo\"}"}));
}

TEST_F(AdminDoorTest, WithoutATokenOnlyThisMachineByItsOwnName) {
  for (const auto* host : {"127.0.0.1:8787", "localhost", "[::1]:8787"}) {
    headers["host"] = host;
    EXPECT_EQ(get("/healthz").status, 200) << host;
  }
  for (const auto* host : {"", "evil.example", "127.0.0.1.evil.example"}) {
    headers["host"] = host;
    EXPECT_EQ(get("/healthz").status, 403) << host;
  }
  headers["host"] = "localhost";
  loopback = false;
  EXPECT_EQ(get("/healthz").status, 403);
}

TEST_F(AdminDoorTest, WithATokenEveryRequestBearsIt) {
  EXPECT_EQ(get("/healthz", "secret").status, 401);
  for (const auto* wrong : {"Bearer secre", "Bearer secret ", "secret", "Basic secret", "Bearer "}) {
    headers["authorization"] = wrong;
    EXPECT_EQ(get("/metrics", "secret").status, 401) << wrong;
  }
  headers["authorization"] = "Bearer secret";
  loopback = false;
  headers["host"] = "coachd.example";
  EXPECT_EQ(get("/metrics", "secret").status, 200);
}

}  // namespace
}  // namespace coachd::http
