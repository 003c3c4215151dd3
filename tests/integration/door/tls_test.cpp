// The public door with a certificate of its own, and a client that verifies it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "connectors/net/http.hpp"
#include "daemon/http/server.hpp"
#include "tests/integration/door/door_fixture.hpp"
#include "tests/simulators/self_signed.hpp"

namespace coachd::door {
namespace {

using std::chrono::milliseconds;

std::string content(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

class TlsDoor : public testing::Test {
 protected:
  void open(http::Limits limits = {}) { door_.emplace(limits, tls()); }
  [[nodiscard]] http::Tls tls() const { return {certificate_.certificate(), content(certificate_.key())}; }

  /// A client that trusts the door's certificate, or nobody but the system's own.
  [[nodiscard]] std::unique_ptr<net::Client> client(bool trusting = true) {
    net::ClientOptions options;
    if (trusting) options.ca_file = certificate_.certificate();
    return net::make_client(io_.get_executor(), std::move(options));
  }
  net::Result<net::Response> send(net::Client& client, const std::string& body) {
    const std::string timestamp = "1700000000000";
    net::Request r;
    r.method = "POST";
    r.url = "https://127.0.0.1:" + std::to_string(door_->port()) + target;
    r.headers = {{"Content-Type", "application/json"},
                 {"X-HubSpot-Request-Timestamp", timestamp},
                 {"X-HubSpot-Signature-v3", signature(body, timestamp)}};
    r.body = body;
    auto answer = boost::asio::co_spawn(io_, client.send(std::move(r)), boost::asio::use_future);
    io_.restart();
    while (answer.wait_for(milliseconds(0)) != std::future_status::ready) io_.run_one_for(milliseconds(50));
    return answer.get();
  }

  sim::self_signed certificate_{"127.0.0.1"};
  std::optional<Door> door_;
  boost::asio::io_context io_{1};
};

TEST_F(TlsDoor, DeliveriesAreTakenOneAfterAnotherOnOneConnection) {
  open();
  const auto one = client();
  for (int i = 0; i < 3; ++i) {
    const auto answer = send(*one, events(i));
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 200);
  }
  EXPECT_EQ(door_->rows(), 3);
  EXPECT_EQ(door_->connections(), 1U);
}

TEST_F(TlsDoor, ALargeDeliveryComesWhole) {
  open();
  const auto one = client();
  const auto answer = send(*one, events(0, 100));
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(door_->rows(), 1);
}

TEST_F(TlsDoor, AClientThatDoesNotTrustItSendsNothing) {
  open();
  const auto one = client(false);
  const auto answer = send(*one, events(0));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, net::errc::certificate);
  EXPECT_EQ(door_->rows(), 0);
}

TEST_F(TlsDoor, PlainHttpIsToldAndEnded) {
  open();
  Peer peer(door_->port());
  peer.send(delivery(events(0)));
  EXPECT_EQ(peer.status(), 0);
  EXPECT_THAT(door_->told(), testing::Contains("no TLS 0"));
  EXPECT_EQ(door_->rows(), 0);
}

TEST_F(TlsDoor, AHandshakeThatNeverEndsIsGivenUp) {
  http::Limits limits;
  limits.request = milliseconds(100);
  open(limits);
  Peer peer(door_->port());
  peer.send("\x16\x03\x01");
  EXPECT_TRUE(peer.ended());
  EXPECT_THAT(door_->told(), testing::Contains("no TLS 0"));
}

TEST_F(TlsDoor, AKeyOfAnotherCertificateIsRefusedInOneSentence) {
  const sim::self_signed other("127.0.0.2");
  http::Tls wrong{certificate_.certificate(), content(other.key())};
  try {
    const Door door({}, wrong);
    FAIL() << "it opened";
  } catch (const std::runtime_error& e) {
    EXPECT_EQ(std::string(e.what()), "the key of the certificate " + certificate_.certificate() + " cannot be used");
  }
}

}  // namespace
}  // namespace coachd::door
