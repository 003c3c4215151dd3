#include "daemon/store/sqlite/old_keys.hpp"

#include <cstdint>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/journal_key.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr std::chrono::days keys_are_kept{7};
constexpr std::chrono::days clocks_differ{1};   // between a CRM and this machine, at most
constexpr std::int64_t looked_at_for_each = 2;  // of seven days' keys as many again are there at most
constexpr std::int64_t looked_at_always = 8;

}  // namespace

void OldKeys::take_away(Connection& c, std::int64_t added, Instant now) {
  const Instant before = now - keys_are_kept;
  const auto at_most = added * looked_at_for_each + looked_at_always;
  std::vector<std::int64_t> old;
  std::int64_t seen = 0;
  {
    Query q(c, "SELECT place,received FROM journal_key WHERE place>? AND place<? ORDER BY place LIMIT ?", last_,
            first_key_place(before + clocks_differ), at_most);
    for (; q.next(); ++seen) {
      last_ = q.integer(0);
      if (q.instant(1) < before) old.push_back(last_);
    }
  }
  for (const auto place : old) Query(c, "DELETE FROM journal_key WHERE place=?", place).run();
  if (seen < at_most) last_ = -1;  // that was the end: the next look begins at the start
}

}  // namespace coachd::store::sqlite
