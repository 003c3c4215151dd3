#include "daemon/store/sqlite/old_keys.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr std::chrono::days keys_are_kept{7};
constexpr std::int64_t looked_at_for_each = 4;  // of seven days' keys a third more are there at most
constexpr std::int64_t looked_at_always = 8;

struct Key {
  std::string connection;
  std::int64_t time, key, received;
};

}  // namespace

void OldKeys::take_away(Connection& c, std::int64_t added, Instant now) {
  const auto at_most = added * looked_at_for_each + looked_at_always;
  const auto seen = rows_of(
      c, [](Query& q) { return Key{q.text(0), q.integer(1), q.integer(2), q.integer(3)}; },
      "SELECT connection,key_time,key,received FROM journal_key WHERE (connection,key_time,key)>(?,?,?) "
      "ORDER BY connection,key_time,key LIMIT ?",
      connection_, time_, key_, at_most);
  const auto before = (now - keys_are_kept).time_since_epoch().count();
  for (const auto& k : seen)
    if (k.received < before)
      Query(c, "DELETE FROM journal_key WHERE connection=? AND key_time=? AND key=?", k.connection, k.time, k.key)
          .run();
  const bool end = static_cast<std::int64_t>(seen.size()) < at_most;
  connection_ = end ? std::string() : seen.back().connection;
  time_ = end ? 0 : seen.back().time;
  key_ = end ? 0 : seen.back().key;
}

}  // namespace coachd::store::sqlite
