#include "daemon/store/store.hpp"

#include <future>
#include <memory>
#include <utility>

namespace coachd::store {

Applied apply_and_wait(Store& store, UnitOfWork unit) {
  // Shared with the callback: the store's thread may still be inside set_value when the waiting thread goes on.
  auto answer = std::make_shared<std::promise<Applied>>();
  auto result = answer->get_future();
  store.apply(std::move(unit), [answer](Applied a) { answer->set_value(a); });
  return result.get();
}

}  // namespace coachd::store
