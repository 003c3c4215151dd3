#include "daemon/store/sqlite/migrations.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::sqlite {
namespace {

void require_ours(Connection& c) {
  const auto id = c.pragma("PRAGMA application_id");
  const bool fresh =
      id == 0 && c.pragma("PRAGMA user_version") == 0 && c.pragma("SELECT count(*) FROM sqlite_master") == 0;
  if (id != application_id && !fresh)
    throw OpenError("the state file " + c.db().getFilename() +
                    " was not written by coachd: choose another state folder");
}

void require_not_newer(Connection& c) {
  const auto found = c.pragma("PRAGMA user_version");
  if (found > newest_schema())
    throw OpenError("the state file " + c.db().getFilename() + " was written by a newer coachd (schema " +
                    std::to_string(found) + ", this program knows up to " + std::to_string(newest_schema()) +
                    "): install that version again, or restore a backup made before the upgrade");
}

}  // namespace

std::int64_t newest_schema() noexcept {
  return static_cast<std::int64_t>(schema_steps().size());
}

void migrate(Connection& c) {
  require_ours(c);
  require_not_newer(c);
  for (auto step = c.pragma("PRAGMA user_version"); step < newest_schema(); ++step) {
    SQLite::Transaction whole(c.db(), SQLite::TransactionBehavior::IMMEDIATE);
    c.run(schema_steps()[static_cast<std::size_t>(step)]);
    c.run(("PRAGMA application_id=" + std::to_string(application_id)).c_str());
    c.run(("PRAGMA user_version=" + std::to_string(step + 1)).c_str());
    whole.commit();
  }
}

void require_newest(Connection& c) {
  require_ours(c);
  require_not_newer(c);
  if (const auto found = c.pragma("PRAGMA user_version"); found < newest_schema())
    throw OpenError("the state file " + c.db().getFilename() + " is of an older coachd (schema " +
                    std::to_string(found) + " of " + std::to_string(newest_schema()) +
                    "): start the daemon once, it brings the file up to date");
}

}  // namespace coachd::store::sqlite
