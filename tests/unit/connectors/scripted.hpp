// An HTTP client that answers what a test wrote down, in that order, and a loop that runs a connector's call to its
// end.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"

namespace coachd::testing_net {

inline std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Exchange {
  std::string expect;  // a part of `METHOD url`, decoded
  int status = 200;
  std::string body;
  std::vector<net::Header> headers = {};  // besides those of every answer
};

/// What does not fit the script fails the test.
class ScriptedClient final : public net::Client {
 public:
  std::deque<Exchange> script;
  std::vector<net::Header> always{{"Date", "Mon, 02 Mar 2026 08:00:00 GMT"}, {"Content-Type", "application/json"}};
  std::vector<std::string> seen, bodies;
  std::vector<net::Request> requests;

  boost::asio::awaitable<net::Result<net::Response>> send(net::Request request) override {
    seen.push_back(request.method + " " + decoded(request.url));
    bodies.push_back(request.body);
    requests.push_back(request);
    EXPECT_FALSE(script.empty()) << "nothing more was expected: " << seen.back() << ' ' << request.body;
    if (script.empty()) co_return net::Error{net::errc::refused, "the script has ended", false};
    Exchange next = std::move(script.front());
    script.pop_front();
    EXPECT_NE(seen.back().find(next.expect), std::string::npos) << seen.back() << "\n instead of " << next.expect;
    net::Response answer;
    answer.status = next.status;
    answer.body = std::move(next.body);
    answer.headers = std::move(next.headers);
    answer.headers.insert(answer.headers.end(), always.begin(), always.end());
    co_return answer;
  }
};

template <class T>
connectors::Result<T> run(boost::asio::io_context& io, connectors::Task<T> task) {
  std::optional<connectors::Result<T>> result;
  boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& e, connectors::Result<T> r) {
    EXPECT_FALSE(e);
    result = std::move(r);
  });
  io.restart();
  io.run();
  return *result;
}

}  // namespace coachd::testing_net
