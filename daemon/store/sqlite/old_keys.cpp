#include "daemon/store/sqlite/old_keys.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr std::chrono::days keys_are_kept{7};
constexpr std::chrono::days clocks_differ{1};   // between a CRM and this machine, at most
constexpr std::int64_t looked_at_for_each = 2;  // of seven days' keys as many again are there at most
constexpr std::int64_t looked_at_always = 8;

}  // namespace

void OldKeys::take_away(Connection& c, std::int64_t added, Instant now) {
  const Instant before = now - keys_are_kept;
  for (auto left = added * looked_at_for_each + looked_at_always; left > 0;) {
    std::vector<std::pair<std::int64_t, std::int64_t>> old;
    {
      Query q(c,
              "SELECT key_time,key,received FROM journal_key WHERE connection=? AND (key_time,key)>(?,?) AND "
              "key_time<? ORDER BY key_time,key LIMIT ?",
              connection_, time_, key_, before + clocks_differ, left);
      while (q.next()) {
        time_ = q.integer(0);
        key_ = q.integer(1);
        if (q.instant(2) < before) old.emplace_back(time_, key_);
        --left;
      }
    }
    for (const auto& [time, key] : old)
      Query(c, "DELETE FROM journal_key WHERE connection=? AND key_time=? AND key=?", connection_, time, key).run();
    if (left <= 0) return;
    // The next connection; after the last one, the next group begins again.
    const auto next = row_of(
        c, [](const Query& q) { return q.text(0); }, "SELECT connection FROM journal_key WHERE connection>? LIMIT 1",
        connection_);
    connection_ = next.value_or("");
    time_ = key_ = least;
    if (!next) return;
  }
}

}  // namespace coachd::store::sqlite
