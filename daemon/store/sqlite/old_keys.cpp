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
constexpr std::int64_t looked_at_for_each = 2;  // of seven days' keys as many again are there at most
constexpr std::int64_t looked_at_always = 8;

struct Key {
  std::string connection;
  std::int64_t time = 0, key = 0;
};

Key key_of(const Query& q) {
  return {q.text(0), q.integer(1), q.integer(2)};
}

}  // namespace

void OldKeys::take_away(Connection& c, std::int64_t added, Instant now) {
  const auto at_most = added * looked_at_for_each + looked_at_always;
  const auto before = (now - keys_are_kept).time_since_epoch().count();
  std::vector<Key> old;
  Key last;
  std::int64_t seen = 0;
  {
    Query q(c,
            "SELECT connection,key_time,key,received FROM journal_key WHERE (connection,key_time,key)>(?,?,?) "
            "ORDER BY connection,key_time,key LIMIT ?",
            connection_, time_, key_, at_most);
    while (q.next()) {
      if (q.integer(3) < before) old.push_back(key_of(q));
      if (++seen == at_most) last = key_of(q);  // else that was the end, and the next look begins at the start
    }
  }
  for (const auto& k : old)
    Query(c, "DELETE FROM journal_key WHERE connection=? AND key_time=? AND key=?", k.connection, k.time, k.key).run();
  connection_ = std::move(last.connection);
  time_ = last.time;
  key_ = last.key;
}

}  // namespace coachd::store::sqlite
