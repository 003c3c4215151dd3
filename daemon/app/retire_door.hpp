// `POST /v1/retire`: one step in a field's retirement, asked for by a command. The step is decided and made durable on
// the evaluation thread; where the CRM is to be changed, the call is made on the network thread and what became of it
// made durable too, and only then is there an answer. Thread rule: `handle` on the network thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/app/inbox.hpp"
#include "daemon/app/link.hpp"
#include "daemon/pipeline/retiring.hpp"

namespace coachd::app {

/// The request and the answer as they travel between command and daemon.
[[nodiscard]] std::string to_json(const pipeline::RetireRequest& request);
[[nodiscard]] std::string to_json(const pipeline::RetireOutcome& outcome);
/// Throws std::runtime_error where it is no such answer.
[[nodiscard]] pipeline::RetireOutcome retire_outcome_from_json(std::string_view text);

class RetireDoor {
 public:
  using FindLink = std::function<Link*(const std::string& connection)>;
  using Done = std::function<void(int status, std::string body)>;
  /// Lets a call to a CRM run; what it throws ends the daemon.
  using Spawn = std::function<void(const boost::asio::any_io_executor&, boost::asio::awaitable<void>)>;

  RetireDoor(boost::asio::any_io_executor network, Inbox& inbox, FindLink find_link, Spawn spawn)
      : network_(std::move(network)), inbox_(inbox), find_link_(std::move(find_link)), spawn_(std::move(spawn)) {}

  /// `done` is called once on the network thread, or not at all where the daemon ends before.
  void handle(std::string_view body, Done done);

 private:
  void make_change(pipeline::RetireRequest request, pipeline::RetireOutcome outcome, Done done);

  boost::asio::any_io_executor network_;
  Inbox& inbox_;
  FindLink find_link_;
  Spawn spawn_;
};

}  // namespace coachd::app
