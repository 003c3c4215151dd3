// The client against a server of a few lines that answers with exactly the bytes a test hands it, on one thread.
#include <gtest/gtest.h>
#include <zconf.h>
#include <zlib.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/net/http.hpp"

namespace coachd::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

struct Reply {
  std::string bytes;
  bool close = false;
  std::chrono::milliseconds delay{0};
};

class ScriptServer {
 public:
  using Script = std::function<Reply(const std::string& head)>;
  ScriptServer(asio::io_context& io, Script script)
      : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), script_(std::move(script)) {
    asio::co_spawn(io, accept(), ignore);
  }
  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
  }
  int connections = 0;
  std::vector<std::string> requests;

 private:
  static void ignore(const std::exception_ptr&) {}  // the acceptor is closed at the end of a test
  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
      ++connections;
      asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), ignore);
    }
  }
  asio::awaitable<void> serve(tcp::socket socket) {
    std::string buffer;
    for (;;) {
      const auto [ec, head] = co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer), "\r\n\r\n",
                                                              asio::as_tuple(asio::use_awaitable));
      if (ec) co_return;
      std::string request = buffer.substr(0, head);
      buffer.erase(0, head);
      if (const auto at = request.find("Content-Length: "); at != std::string::npos) {
        const auto length = std::stoul(request.substr(at + 16));
        if (buffer.size() < length)
          co_await asio::async_read(socket, asio::dynamic_buffer(buffer),
                                    asio::transfer_exactly(length - buffer.size()), asio::use_awaitable);
        request += buffer.substr(0, length);
        buffer.erase(0, length);
      }
      requests.push_back(request);
      const Reply reply = script_(request);
      if (reply.delay > 0ms)
        co_await asio::steady_timer(socket.get_executor(), reply.delay).async_wait(asio::use_awaitable);
      co_await asio::async_write(socket, asio::buffer(reply.bytes), asio::use_awaitable);
      if (reply.close) co_return;
    }
  }
  tcp::acceptor acceptor_;
  Script script_;
};

class ClientTest : public testing::Test {
 protected:
  asio::io_context io;

  static Reply ok(const std::string& body, const std::string& more = "") {
    return {"HTTP/1.1 200 OK\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
  }
  Result<Response> send(Client& client, Request request) {
    std::optional<Result<Response>> result;
    std::exception_ptr thrown;
    asio::co_spawn(io, client.send(std::move(request)), [&](std::exception_ptr e, Result<Response> r) {
      thrown = std::move(e);
      result = std::move(r);
    });
    io.restart();
    while (!result && io.run_one() > 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    return *result;
  }
};

TEST_F(ClientTest, SendsAndReadsAndKeepsTheConnection) {
  ScriptServer server(io, [](const std::string&) { return ok("hello", "X-Thing: 1\r\n"); });
  const auto client = make_client(io.get_executor(), {});
  for (int i = 0; i < 3; ++i) {
    const auto answer =
        send(*client,
             {.method = "POST", .url = server.url("/a?b=c"), .headers = {{"Authorization", "Bearer x"}}, .body = "{}"});
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->header("x-thing"), "1");
  }
  EXPECT_EQ(server.connections, 1);
  ASSERT_EQ(server.requests.size(), 3u);
  EXPECT_TRUE(server.requests[0].starts_with("POST /a?b=c HTTP/1.1\r\n"));
  EXPECT_NE(server.requests[0].find("Authorization: Bearer x\r\n"), std::string::npos);
  EXPECT_NE(server.requests[0].find("Accept-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_TRUE(server.requests[0].ends_with("\r\n\r\n{}"));
}

TEST_F(ClientTest, OpensAnotherConnectionWhenTheServerClosedTheIdleOne) {
  ScriptServer server(io, [](const std::string&) { return Reply{ok("x").bytes, true}; });
  const auto client = make_client(io.get_executor(), {});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(send(*client, {.method = "POST", .url = server.url()}));
    while (io.poll() > 0) {
    }
  }
  EXPECT_EQ(server.connections, 3);
}

TEST_F(ClientTest, ACutAnswerOfAWriteMayHaveHappened) {
  ScriptServer server(
      io, [](const std::string&) { return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", true}; });
  const auto client = make_client(io.get_executor(), {});
  const auto answer = send(*client, {.method = "POST", .url = server.url(), .body = "{}"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::cut);
  EXPECT_TRUE(answer.error().may_have_happened);
  EXPECT_EQ(server.requests.size(), 1u) << "it is not sent again";
}

TEST_F(ClientTest, AnAnswerThatNeverComesTimesOut) {
  ScriptServer server(io, [](const std::string&) { return Reply{"", false, 10s}; });
  ClientOptions options;
  options.deadlines.answer = 30ms;
  const auto client = make_client(io.get_executor(), options);
  const auto answer = send(*client, {.url = server.url()});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::timed_out);
  EXPECT_TRUE(answer.error().may_have_happened);
  EXPECT_NE(answer.error().what.find("did not answer in time"), std::string::npos);
}

TEST_F(ClientTest, ASlowBodyTimesOut) {
  ScriptServer server(io,
                      [](const std::string&) { return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow"}; });
  ClientOptions options;
  options.deadlines.body = 30ms;
  const auto client = make_client(io.get_executor(), options);
  const auto answer = send(*client, {.url = server.url()});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::timed_out);
}

TEST_F(ClientTest, NobodyListensIsRefusedAndHasNotHappened) {
  std::string url;
  {
    asio::io_context other;
    ScriptServer gone(other, [](const std::string&) { return ok(""); });
    url = gone.url();
  }
  const auto client = make_client(io.get_executor(), {});
  const auto answer = send(*client, {.method = "POST", .url = url, .body = "{}"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::refused);
  EXPECT_FALSE(answer.error().may_have_happened);
}

TEST_F(ClientTest, ANameWithoutAddressSaysSo) {
  ClientOptions options;
  options.deadlines.resolve = 3s;
  const auto client = make_client(io.get_executor(), options);
  const auto answer = send(*client, {.url = "https://no-such-host.invalid/"});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().code == errc::not_resolved || answer.error().code == errc::timed_out);
  EXPECT_NE(answer.error().what.find("no-such-host.invalid"), std::string::npos);
  EXPECT_FALSE(answer.error().may_have_happened);
}

TEST_F(ClientTest, PlainTextLeavesTheMachineNever) {
  const auto client = make_client(io.get_executor(), {});
  EXPECT_EQ(send(*client, {.url = "http://acme.my.salesforce.com/"}).error().code, errc::plain_http);
  EXPECT_EQ(send(*client, {.url = "acme"}).error().code, errc::bad_url);
}

TEST_F(ClientTest, ATlsRequestToAPlainServerIsNotDowngraded) {
  ScriptServer server(io, [](const std::string&) { return ok("x"); });
  ClientOptions options;
  options.deadlines.handshake = 200ms;
  const auto client = make_client(io.get_executor(), options);
  const auto answer = send(*client, {.url = "https" + server.url().substr(4)});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().code == errc::tls || answer.error().code == errc::timed_out) << answer.error().what;
  EXPECT_TRUE(server.requests.empty());
}

TEST_F(ClientTest, CapsBodyAndHead) {
  ScriptServer server(io, [](const std::string& head) {
    return head.find("GET /head") == 0 ? ok("x", "X-Long: " + std::string(3000, 'y') + "\r\n")
                                       : ok(std::string(2000, 'x'));
  });
  ClientOptions options;
  options.max_body = 1000;
  options.max_head = 1000;
  const auto client = make_client(io.get_executor(), options);
  EXPECT_EQ(send(*client, {.url = server.url()}).error().code, errc::too_large);
  EXPECT_EQ(send(*client, {.url = server.url("/head")}).error().code, errc::too_large);
}

TEST_F(ClientTest, UnpacksGzip) {
  std::string in(5000, 'a'), out(6000, '\0');
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  ScriptServer server(io, [&](const std::string& head) {
    return ok(head.find("GET /short") == 0 ? out.substr(0, out.size() - 3) : out, "Content-Encoding: gzip\r\n");
  });
  const auto client = make_client(io.get_executor(), {});
  const auto answer = send(*client, {.url = server.url()});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, in);
  EXPECT_EQ(send(*client, {.url = server.url("/short")}).error().code, errc::corrupt);
}

TEST_F(ClientTest, WhatIsNoHttpIsCorrupt) {
  ScriptServer server(io, [](const std::string&) { return Reply{"220 mail.example ESMTP\r\n\r\n", true}; });
  const auto client = make_client(io.get_executor(), {});
  EXPECT_EQ(send(*client, {.url = server.url()}).error().code, errc::corrupt);
}

TEST_F(ClientTest, NoMoreConnectionsThanAllowed) {
  ScriptServer server(io, [](const std::string&) { return Reply{ok("x").bytes, false, 5ms}; });
  ClientOptions options;
  options.per_host = 2;
  const auto client = make_client(io.get_executor(), options);
  int done = 0;
  for (int i = 0; i < 12; ++i)
    asio::co_spawn(io, client->send({.url = server.url()}),
                   [&](const std::exception_ptr& e, const Result<Response>& r) {
                     EXPECT_TRUE(!e && r.has_value());
                     ++done;
                   });
  while (done < 12) io.run_one();
  EXPECT_EQ(server.connections, 2);
  EXPECT_EQ(server.requests.size(), 12u);
}

TEST_F(ClientTest, AllBusyIsSaidInTime) {
  ScriptServer server(io, [](const std::string&) { return Reply{"", false, 10s}; });
  ClientOptions options;
  options.per_host = 1;
  options.deadlines.slot = 20ms;
  const auto client = make_client(io.get_executor(), options);
  asio::co_spawn(io, client->send({.url = server.url()}), [](const std::exception_ptr&, const Result<Response>&) {});
  const auto answer = send(*client, {.url = server.url()});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::busy);
  EXPECT_FALSE(answer.error().may_have_happened);
}

}  // namespace
}  // namespace coachd::net
