// Several calls at the same time, answers in the order asked: a few workers take one task after the other. Inner header
// of hubspot/. Thread rule: the network thread.
#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"

namespace coachd::hubspot {

template <class T>
struct Flight {
  Flight(const boost::asio::any_io_executor& executor, std::vector<connectors::Task<T>> all)
      : tasks(std::move(all)), results(tasks.size()), landed(executor, boost::asio::steady_timer::time_point::max()) {}
  std::vector<connectors::Task<T>> tasks;
  std::vector<std::optional<connectors::Result<T>>> results;
  std::size_t next = 0, workers = 0;
  std::exception_ptr thrown;
  boost::asio::steady_timer landed;  // rings when the last worker has ended
};

template <class T>
boost::asio::awaitable<void> work_off(std::shared_ptr<Flight<T>> flight) {
  while (flight->next < flight->tasks.size()) {
    const std::size_t mine = flight->next++;
    flight->results[mine] = co_await std::move(flight->tasks[mine]);
  }
}

/// Sets several workers to it; `landed` waits for them. The tasks go on though nobody waits.
template <class T>
std::shared_ptr<Flight<T>> start(const boost::asio::any_io_executor& executor, std::vector<connectors::Task<T>> tasks,
                                 std::size_t at_once) {
  auto flight = std::make_shared<Flight<T>>(executor, std::move(tasks));
  flight->workers = std::min(std::max<std::size_t>(1, at_once), flight->tasks.size());
  for (std::size_t i = flight->workers; i > 0; --i)
    boost::asio::co_spawn(executor, work_off(flight), [flight](std::exception_ptr error) {
      if (error) flight->thrown = std::move(error);
      if (--flight->workers == 0) flight->landed.cancel();
    });
  return flight;
}

template <class T>
boost::asio::awaitable<std::vector<connectors::Result<T>>> landed(std::shared_ptr<Flight<T>> flight) {
  while (flight->workers > 0) co_await flight->landed.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (flight->thrown) std::rethrow_exception(flight->thrown);
  std::vector<connectors::Result<T>> results;
  for (auto& result : flight->results)
    if (result) results.push_back(std::move(*result));
  co_return results;
}

/// One result per task, in order. What a task throws is thrown here, once the others have ended.
template <class T>
boost::asio::awaitable<std::vector<connectors::Result<T>>> all(boost::asio::any_io_executor executor,
                                                               std::vector<connectors::Task<T>> tasks,
                                                               std::size_t at_once) {
  if (tasks.size() == 1) {
    std::vector<connectors::Result<T>> results;
    results.push_back(co_await std::move(tasks.front()));
    co_return results;
  }
  co_return co_await landed(start(executor, std::move(tasks), at_once));
}

}  // namespace coachd::hubspot
