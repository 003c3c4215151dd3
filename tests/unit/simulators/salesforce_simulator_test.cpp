#include "tests/simulators/salesforce_simulator.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
namespace asio = boost::asio;

// One connection, requests in turn; bodies end by Content-Length.
class wire {
 public:
  explicit wire(const std::string& url) {
    const auto colon = url.rfind(':');
    socket_.connect(
        {asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1)))});
  }

  // Head and body as they came; less when the other side closed.
  std::string send(const std::string& method, const std::string& target, const std::string& body = "",
                   const std::string& more = "") {
    boost::system::error_code ended;
    const auto text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n{}\r\n{}", method, target,
                                  body.size(), more, body);
    asio::write(socket_, asio::buffer(text), ended);
    std::string got;
    for (;;) {
      const auto head = got.find("\r\n\r\n");
      if (head != std::string::npos) {
        const auto at = got.find("Content-Length: ");
        const auto size = at < head ? std::stoul(got.substr(at + 16)) : 0;
        if (got.size() >= head + 4 + size) return got;
      }
      char piece[4096];
      const auto n = socket_.read_some(asio::buffer(piece), ended);
      got.append(piece, n);
      if (ended) return got;
    }
  }

 private:
  asio::io_context io_;
  asio::ip::tcp::socket socket_{io_};
};

simulator_options small() {
  simulator_options o;
  o.records = 120;
  o.control = "127.0.0.1:0";
  o.clock = clock_setting{*parse_instant(test_start), 0};
  return o;
}

std::string sign_in(wire& w) {
  const auto r = w.send("POST", "/services/oauth2/token",
                        "grant_type=client_credentials&client_id=coachd-sim&client_secret=coachd-sim-secret",
                        "Content-Type: application/x-www-form-urlencoded\r\n");
  return "Authorization: Bearer " + between(r, R"("access_token":")") + "\r\n";
}

TEST(SalesforceSimulator, ServesOverOneConnectionAndKeepsTheLedger) {
  const auto file = testing::TempDir() + "sim_ledger.jsonl";
  auto o = small();
  o.ledger_file = file;
  salesforce_simulator s{o};
  s.start();
  wire w{s.base_url()};
  const auto token = sign_in(w);
  const auto r = w.send("GET", "/services/data/v63.0/query?q=SELECT+COUNT()+FROM+Opportunity", "", token);
  EXPECT_THAT(r, HasSubstr("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(r, HasSubstr("Date: Mon, 02 Mar 2026 08:00:00 GMT"));
  EXPECT_THAT(r, HasSubstr(R"({"totalSize":120,"done":true,"records":[]})"));
  EXPECT_THAT(w.send("POST", "/services/data/v63.0/sobjects/Task", R"({"Subject":"over the wire"})", token),
              HasSubstr("201 Created"));
  // Flushed as written: the file has it while the simulator still runs.
  std::stringstream lines;
  lines << std::ifstream{file}.rdbuf();
  EXPECT_THAT(lines.str(), HasSubstr("over the wire"));
  EXPECT_EQ(s.ledger_rows().size(), 1U);
  s.stop();
  std::remove(file.c_str());
}

TEST(SalesforceSimulator, CutsAndLosesAnswersOnTheWire) {
  salesforce_simulator s{small()};
  s.start();
  const auto token = [&] {
    wire w{s.base_url()};
    return sign_in(w);
  }();
  ASSERT_TRUE(s.set_fault("cut-connection", {1, 1, {}}));
  const auto cut = wire{s.base_url()}.send("GET", "/services/data/v63.0/query?q=SELECT+Id,Name+FROM+User", "", token);
  const auto head = cut.find("\r\n\r\n");
  ASSERT_NE(head, std::string::npos);
  EXPECT_LT(cut.size() - head - 4, std::stoul(cut.substr(cut.find("Content-Length: ") + 16)));
  ASSERT_TRUE(s.set_fault("answer-lost", {1, 1, {}}));
  EXPECT_EQ(wire{s.base_url()}.send("POST", "/services/data/v63.0/sobjects/Task", R"({"Subject":"lost"})", token), "");
  ASSERT_EQ(s.ledger_rows().size(), 1U);
  EXPECT_FALSE(s.ledger_rows()[0].answered);
}

TEST(SalesforceSimulator, PeopleActAndTheClockMoves) {
  salesforce_simulator s{small()};
  s.start();
  const auto& fault = s.truth().front();
  s.clock().advance(60s);
  EXPECT_FALSE(s.act_update(fault.owner, fault.record, {{"Description", std::string{"seen"}}}));
  EXPECT_EQ(s.field(fault.record, "SystemModstamp"), "2026-03-02T08:01:00.000+0000");
  EXPECT_TRUE(s.act_update(fault.owner, fault.record, {{"IsClosed", true}}));  // nobody writes derived fields
  EXPECT_FALSE(s.act_update(fault.owner, fault.record, {{"Description", std::string{"later"}}}, 30s));
  EXPECT_EQ(s.field(fault.record, "Description"), "seen");
  s.clock().advance(31s);
  EXPECT_EQ(s.field(fault.record, "Description"), "later");
  const auto task = s.act_create(fault.owner, "Task", {{"Subject", std::string{"own"}}, {"WhatId", fault.record}});
  ASSERT_TRUE(task);
  EXPECT_FALSE(s.act_complete(fault.owner, *task));
  EXPECT_EQ(s.field(*task, "IsClosed"), "true");
  EXPECT_FALSE(s.act_reassign(fault.owner, *task, s.people().people[0].id));
  EXPECT_EQ(s.field(*task, "OwnerId"), s.people().people[0].id);
  EXPECT_FALSE(s.act_delete(fault.owner, *task));
  EXPECT_EQ(s.field(*task, "IsDeleted"), "true");
  EXPECT_TRUE(s.ledger_rows().empty());  // people are not the API
  s.stop();
}

TEST(SalesforceSimulator, TheControlPortActsAndTells) {
  salesforce_simulator s{small()};
  s.start();
  wire control{s.control_url()};
  const auto& fault = s.truth().front();
  EXPECT_THAT(control.send("GET", "/truth"), HasSubstr(to_json(fault)));
  EXPECT_THAT(control.send("POST", "/clock", R"({"advance":3600})"), HasSubstr(R"("now":"2026-03-02T09:00:00Z")"));
  EXPECT_THAT(control.send("POST", "/act",
                           fmt::format(R"({{"person":"{}","record":"{}","set":{{"Description":"by control"}}}})",
                                       fault.owner, fault.record)),
              HasSubstr("200 OK"));
  EXPECT_EQ(s.field(fault.record, "Description"), "by control");
  EXPECT_THAT(control.send("POST", "/act", R"({"person":"x"})"), HasSubstr("400"));
  EXPECT_THAT(control.send("POST", "/fault", R"({"name":"429","share":1,"count":1})"), HasSubstr("200 OK"));
  EXPECT_THAT(control.send("GET", "/fault"), HasSubstr(R"("429")"));
  EXPECT_THAT(control.send("POST", "/fault", R"({"name":"earthquake"})"), HasSubstr("400"));
  wire w{s.base_url()};
  const auto token = sign_in(w);
  EXPECT_THAT(w.send("GET", "/services/data/v63.0/limits", "", token), HasSubstr("HTTP/1.1 429"));
  EXPECT_THAT(w.send("POST", "/services/data/v63.0/sobjects/Task", R"({"Subject":"a"})", token), HasSubstr("201"));
  EXPECT_THAT(control.send("GET", "/stats"), HasSubstr(R"("open_prompts":1)"));
  EXPECT_EQ(times(control.send("GET", "/ledger"), R"("method":"POST")"), 1U);
  EXPECT_THAT(control.send("GET", "/nothing"), HasSubstr("404"));
}

TEST(SalesforceSimulator, ClockSkewShiftsWhatTheServerSays) {
  salesforce_simulator s{small()};
  ASSERT_TRUE(s.set_fault("clock-skew", {1, -1, 600.0}));
  EXPECT_EQ(iso_instant(s.clock().now()), "2026-03-02T08:10:00Z");
  ASSERT_TRUE(s.set_fault("clock-skew", {0, -1, {}}));
  EXPECT_EQ(iso_instant(s.clock().now()), "2026-03-02T08:00:00Z");
}

TEST(SalesforceSimulator, WrongOptionsAreSaid) {
  auto o = small();
  o.faults = {"earthquake"};
  EXPECT_THROW(salesforce_simulator{o}, std::runtime_error);
  o = small();
  o.company = "huge";
  EXPECT_THROW(salesforce_simulator{o}, std::runtime_error);
  o = small();
  o.ledger_file = "/nowhere/at/all.jsonl";
  EXPECT_THROW(salesforce_simulator{o}, std::runtime_error);
  salesforce_simulator first{small()};
  first.start();
  o = small();
  o.listen = first.base_url().substr(7);
  salesforce_simulator second{o};
  EXPECT_THROW(second.start(), std::exception);
}

TEST(SimClock, ReadsStartAndRate) {
  const auto c = parse_clock("2026-03-02T08:00:00Zx600");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->start, *parse_instant(test_start));
  EXPECT_EQ(c->rate, 600);
  EXPECT_EQ(parse_clock("2026-03-02T08:00:00Z")->rate, 1);
  EXPECT_FALSE(parse_clock("2026-03-02T08:00:00Zx"));
  EXPECT_FALSE(parse_clock("2026-03-02x5"));
  EXPECT_FALSE(parse_clock("2026-02-30T08:00:00Z"));
}

TEST(Instants, SpeakTheVendorsForms) {
  const auto at = *parse_instant("2026-01-02T03:04:05.678+01:00");
  EXPECT_EQ(rest_instant(at), "2026-01-02T02:04:05.000+0000");
  EXPECT_EQ(http_date(at), "Fri, 02 Jan 2026 02:04:05 GMT");
  EXPECT_EQ(parse_instant(rest_instant(at)), at);
  for (const auto* wrong : {"", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z", "2026-01-02T24:04:05Z",
                            "2026-01-02 03:04:05Z", "2026-01-02T03:04:05.Z"}) {
    EXPECT_FALSE(parse_instant(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace coachd::sim
