// Takes journal keys away that are older than seven days. There is no index by age, which every new key would pay for:
// each group looks at a few keys in the table's own order, in turn, so that the table never grows beyond two weeks of
// them. The writer's thread only.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

class OldKeys {
 public:
  /// After `added` keys came in, the newest received at `now`. Inside the group's transaction.
  void take_away(Connection& c, std::int64_t added, Instant now);

 private:
  std::string connection_;  // the key that was looked at last
  std::int64_t time_ = 0, key_ = 0;
};

}  // namespace coachd::store::sqlite
