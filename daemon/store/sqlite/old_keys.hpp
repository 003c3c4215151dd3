// Takes journal keys away that are older than seven days. There is no index by age, which every new key would pay for:
// each group looks at a few keys in the table's own order, in turn, and only at those whose own time is as old, for
// what is newer was not received before it happened. So the table never grows beyond two weeks of keys. The writer's
// thread only.
#pragma once

#include <cstdint>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

class OldKeys {
 public:
  /// After `added` keys came in, the newest received at `now`. Inside the group's transaction.
  void take_away(Connection& c, std::int64_t added, Instant now);

 private:
  std::int64_t last_ = -1;  // the place that was looked at last
};

}  // namespace coachd::store::sqlite
