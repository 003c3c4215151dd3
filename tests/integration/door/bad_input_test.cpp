// What strangers send to the public door: each is refused with the right status, told without a byte of what it held,
// and nothing of it is stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "daemon/http/server.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"
#include "tests/integration/door/door_fixture.hpp"

namespace coachd::door {
namespace {

using std::chrono::milliseconds;

int answer_to(Door& door, const std::string& bytes) {
  Peer peer(door.port());
  peer.send(bytes);
  return peer.status();
}

std::string without(std::string request, const std::string& header) {
  const auto at = request.find(header);
  return request.erase(at, request.find("\r\n", at) + 2 - at);
}

TEST(BadInput, IsRefusedWithTheRightStatusAndNothingIsStored) {
  Door door;
  const std::string body = R"([{"eventId":1,"portalId":62515,"propertyValue":"a customer's text"}])";
  const std::int64_t sent = 1'700'000'000'000;
  EXPECT_EQ(answer_to(door, without(delivery(body), "X-HubSpot-Signature-v3")), 401);
  EXPECT_EQ(answer_to(door, without(delivery(body), "X-HubSpot-Request-Timestamp")), 401);
  EXPECT_EQ(answer_to(door, delivery(body, sent, "", signature("[]", std::to_string(sent)))), 401);
  EXPECT_EQ(answer_to(door, delivery(body, sent - 300'001)), 401);
  EXPECT_EQ(answer_to(door, delivery(body, sent + 60'001)), 401);
  EXPECT_EQ(answer_to(door, delivery("not JSON: a customer's text")), 400);
  EXPECT_EQ(answer_to(door, delivery(events(0, 101))), 400);
  EXPECT_EQ(answer_to(door, delivery(R"([{"portalId":1}])")), 403);
  for (const std::string method : {"GET", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    Peer peer(door.port());
    peer.send(method + " /v1/hooks/acme HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(peer.status(), 405) << method;
    EXPECT_THAT(peer.head(), testing::HasSubstr("\r\nAllow: POST\r\n"));
  }
  for (const std::string path : {"/", "/v1/hooks/", "/v1/hooks/nobody", "/v1/hooks/acme/", "/metrics",
                                 "//v1/hooks/acme", "http://hooks.example/v1/hooks/acme", "/v1/hooks/%61cme"})
    EXPECT_EQ(answer_to(door, "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"), 404) << path;
  EXPECT_EQ(door.rows(), 0);
  EXPECT_THAT(door.told(), testing::Each(testing::Not(testing::HasSubstr("customer"))));
  EXPECT_THAT(door.told(),
              testing::IsSupersetOf({"no signature 401", "wrong signature 401", "signature too old 401",
                                     "signature of the future 401", "not an array of events 400", "too many events 400",
                                     "another portal 403", "wrong method 405", "no such door 404"}));
  EXPECT_EQ(answer_to(door, delivery(events(1))), 200);  // it still serves
  EXPECT_EQ(door.rows(), 1);
}

TEST(BadInput, ABodyOfTenMegabytesIsRefusedBeforeItIsRead) {
  Door door;
  Peer peer(door.port());
  peer.send("POST /v1/hooks/acme HTTP/1.1\r\nHost: a\r\nContent-Length: 10485760\r\n\r\n");
  EXPECT_EQ(peer.status(), 413);
  // A client that sends it all the same still gets to read the answer.
  Peer stubborn(door.port());
  std::string large = "POST /v1/hooks/acme HTTP/1.1\r\nHost: a\r\nContent-Length: 10485760\r\n\r\n";
  large.resize(large.size() + 10'485'760, 'x');
  EXPECT_TRUE(stubborn.send(large));
  EXPECT_EQ(stubborn.status(), 413);
  // In chunks the size is not announced.
  Peer chunked(door.port());
  chunked.send("POST /v1/hooks/acme HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  for (int i = 0; i < 17; ++i) chunked.send(chunk);
  EXPECT_EQ(chunked.status(), 413);
  EXPECT_EQ(door.rows(), 0);
}

TEST(BadInput, AHeadThatNeverEndsIsRefused) {
  Door door;
  EXPECT_EQ(answer_to(door, "POST /v1/hooks/acme HTTP/1.1\r\nX: " + std::string(20'000, 'x')), 431);
  EXPECT_EQ(answer_to(door, "POST /" + std::string(20'000, 'x')), 431);
}

TEST(BadInput, ASlowLorisIsClosedInItsTime) {
  http::Limits limits;
  limits.request = milliseconds(300);
  limits.linger = milliseconds(100);
  Door door(limits);
  const auto start = std::chrono::steady_clock::now();
  Peer peer(door.port());
  const std::string request = delivery(events(1));
  std::size_t sent = 0;
  // Each byte comes in time, the request does not.
  for (; sent < request.size() && std::chrono::steady_clock::now() - start < milliseconds(250); ++sent) {
    ASSERT_TRUE(peer.send(request.substr(sent, 1)));
    std::this_thread::sleep_for(milliseconds(20));
  }
  ASSERT_LT(sent, request.size());
  EXPECT_EQ(peer.status(), 408);
  EXPECT_TRUE(peer.ended());
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(3000));
  EXPECT_EQ(door.rows(), 0);
  EXPECT_THAT(door.told(), testing::Contains("too slow 408"));
}

TEST(BadInput, AConnectionThatSaysNothingIsClosed) {
  http::Limits limits;
  limits.idle = milliseconds(100);
  Door door(limits);
  Peer peer(door.port());
  EXPECT_TRUE(peer.ended());
  EXPECT_EQ(door.connections(), 0U);
}

http::Limits few_refusals() {
  http::Limits limits;
  limits.peer.refusals_at_once = 3;
  limits.peer.refusals_per_second = 0.001;
  return limits;
}

std::vector<int> bad_deliveries(Door& door, int count) {
  std::vector<int> statuses;
  for (int i = 0; i < count; ++i) statuses.push_back(answer_to(door, delivery("[]", 1'700'000'000'000, "", "wrong")));
  return statuses;
}

TEST(BadInput, WhoIsRefusedTooOftenIsToldSoAndWhoSignsRightlyIsServed) {
  Door door(few_refusals());
  EXPECT_THAT(bad_deliveries(door, 5), testing::ElementsAre(401, 401, 401, 429, 429));
  EXPECT_THAT(door.told(), testing::Contains("too many refused requests 429"));
  // Through a proxy the CRM comes from the same address as a stranger.
  EXPECT_EQ(answer_to(door, delivery(events(1))), 200);
  EXPECT_EQ(door.rows(), 1);
  EXPECT_THAT(bad_deliveries(door, 1), testing::ElementsAre(429));
}

TEST(BadInput, WhereATokenCouldBeGuessedNothingIsHeardFromThemForAWhile) {
  auto limits = few_refusals();
  limits.deaf_to_muted = true;
  Door door(limits);
  EXPECT_THAT(bad_deliveries(door, 4), testing::ElementsAre(401, 401, 401, 429));
  EXPECT_EQ(answer_to(door, delivery(events(1))), 429);
  EXPECT_EQ(door.rows(), 0);
}

// Begins a request and sees that the door has begun to read it.
void begin_request(Peer& peer) {
  const auto request = delivery(events(500), 1'700'000'000'000, "Expect: 100-continue\r\n");
  peer.send(request.substr(0, request.find("\r\n\r\n") + 4));
  EXPECT_EQ(peer.status(), 100);
}

TEST(BadInput, ConnectionsAreLimitedInAllAndWhoAsksNothingMakesRoom) {
  http::Limits limits;
  limits.connections = 2;
  Door door(limits);
  Peer idle(door.port());
  idle.send(delivery(events(1)));
  EXPECT_EQ(idle.status(), 200);
  Peer busy(door.port());
  begin_request(busy);
  Peer third(door.port());
  third.send(delivery(events(2)));
  EXPECT_EQ(third.status(), 200);
  EXPECT_TRUE(idle.ended());
  begin_request(third);
  Peer fourth(door.port());
  EXPECT_TRUE(fourth.ended());
  EXPECT_THAT(door.told(), testing::Contains("too many connections 0"));
}

TEST(BadInput, WhatIsNotWholeYetIsLimitedInAll) {
  http::Limits limits;
  limits.buffered = std::size_t{40} << 10;
  Door door(limits);
  Peer peer(door.port());
  peer.send("POST /v1/hooks/acme HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + std::string(90'000, 'x'));
  EXPECT_EQ(peer.status(), 503);
  EXPECT_THAT(door.told(), testing::Contains("too much at once 503"));
  EXPECT_EQ(answer_to(door, delivery(events(1))), 200);
}

TEST(BadInput, ConnectionsAreLimitedForEachPeer) {
  http::Limits limits;
  limits.peer.local_connections = 2;
  Door door(limits);
  auto first = std::make_unique<Peer>(door.port());
  first->send(delivery(events(1)));
  EXPECT_EQ(first->status(), 200);
  Peer second(door.port());
  second.send(delivery(events(2)));
  EXPECT_EQ(second.status(), 200);
  Peer third(door.port());
  EXPECT_TRUE(third.ended());
  first.reset();
  while (door.connections() > 1) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_EQ(answer_to(door, delivery(events(3))), 200);
}

TEST(BadInput, GarbageOfAnyKindEndsInAnAnswerOrAClose) {
  http::Limits limits;
  limits.request = milliseconds(100);
  limits.linger = milliseconds(20);
  limits.peer.refusals_at_once = 1e9;
  Door door(limits);
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed)
  const std::string good = delivery(events(1));
  for (int i = 0; i < 60; ++i) {
    std::string bytes = good;
    if (i % 2 == 0) {
      bytes.assign(1 + random() % 3000, '\0');
      for (auto& c : bytes) c = static_cast<char>(random());
    } else {  // in the head: what is signed is not what comes, or it is no HTTP
      for (int n = 0; n < 5; ++n) bytes[random() % bytes.find("\r\n\r\n")] = static_cast<char>(random());
      bytes[0] = 'Q';
    }
    Peer peer(door.port());
    peer.send(bytes);
    const int status = peer.status();
    EXPECT_TRUE(status == 0 || (status >= 400 && status < 500)) << status;
  }
  for (const std::string smuggled :
       {"POST /v1/hooks/acme HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/hooks/acme HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n[1,2]",
        "POST /v1/hooks/acme HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST /v1/hooks/acme HTTP/3.7\r\n\r\n",
        "POST /v1/hooks/acme HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "\x16\x03\x01\x02"})
    EXPECT_NE(answer_to(door, smuggled), 200) << smuggled;
  EXPECT_EQ(door.rows(), 0);
  EXPECT_EQ(answer_to(door, delivery(events(1))), 200);
}

TEST(Door, ServesRequestsOfAConnectionInTurnAlsoWhenTheyComeAtOnce) {
  Door door;
  Peer peer(door.port());
  std::string many;
  for (int i = 0; i < 50; ++i) many += delivery(events(i * 100, 1 + i % 3));
  many += "GET /v1/hooks/acme HTTP/1.1\r\nHost: a\r\n\r\n";
  many += delivery(events(1'000'000));
  EXPECT_TRUE(peer.send(many));
  for (int i = 0; i < 50; ++i) ASSERT_EQ(peer.status(), 200) << i;
  EXPECT_EQ(peer.status(), 405);
  EXPECT_EQ(peer.status(), 200);
  EXPECT_EQ(door.rows(), 51);
}

// A clock that was an hour fast and is set right: the program's own time waits for it, a signature's age does not.
TEST(Door, TheAgeOfASignatureGoesByTheMachinesClock) {
  Door door({}, {}, std::chrono::hours(1));
  EXPECT_EQ(answer_to(door, delivery(events(1))), 200);
  const auto reader = door.store().open_reader();
  EXPECT_EQ(reader->snapshot()->journal_after("acme", 1).at(0).received, now + std::chrono::hours(1));
}

TEST(Door, AnswersARepeatedBodyAndStoresItOnce) {
  Door door;
  EXPECT_EQ(answer_to(door, delivery(events(1))), 200);
  EXPECT_EQ(answer_to(door, delivery(events(1), 1'700'000'001'000)), 200);
  EXPECT_EQ(door.rows(), 1);
  const auto reader = door.store().open_reader();
  const auto row = reader->snapshot()->journal_after("acme", 1).at(0);
  EXPECT_EQ(row.kind, store::JournalEntry::Kind::hint);
  EXPECT_EQ(row.body, events(1));
  EXPECT_EQ(row.key_time, model::Instant(milliseconds(1'699'999'999'000)));
}

TEST(Door, TakesBodiesInChunksAndThoseThatAreAskedFor) {
  Door door;
  const auto body = events(1, 100);
  auto request = delivery(body);
  Peer chunked(door.port());
  auto head = without(request.substr(0, request.find("\r\n\r\n") + 4), "Content-Length");
  head.insert(head.size() - 2, "Transfer-Encoding: chunked\r\n");
  std::array<char, 16> length{};
  std::snprintf(length.data(), length.size(), "%zx", body.size() - 10);
  chunked.send(head + "a\r\n" + body.substr(0, 10) + "\r\n" + length.data() + "\r\n" + body.substr(10) +
               "\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.status(), 200);

  Peer asks(door.port());
  request = delivery(events(500), 1'700'000'000'000, "Expect: 100-continue\r\n");
  const auto end = request.find("\r\n\r\n") + 4;
  asks.send(request.substr(0, end));
  EXPECT_EQ(asks.status(), 100);
  asks.send(request.substr(end));
  EXPECT_EQ(asks.status(), 200);
  EXPECT_EQ(door.rows(), 2);
}

TEST(Door, Answers503WhileTheDiskIsFullAndTakesThemAgainAfterwards) {
  Door door;
  EXPECT_EQ(answer_to(door, delivery(events(1))), 200);
  door.store().limit_pages(1);
  int status = 200;
  int n = 2;
  for (; n < 500 && status == 200; ++n) status = answer_to(door, delivery(events(n * 1000, 100)));
  EXPECT_EQ(status, 503);
  const auto rows = door.rows();
  EXPECT_EQ(rows, n - 2);
  door.store().limit_pages(0);
  for (int i = 0; i < 200 && status != 200; ++i) {
    std::this_thread::sleep_for(milliseconds(20));
    status = answer_to(door, delivery(events((n - 1) * 1000, 100)));
  }
  EXPECT_EQ(status, 200);
  EXPECT_EQ(door.rows(), rows + 1);
}

}  // namespace
}  // namespace coachd::door
