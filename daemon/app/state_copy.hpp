// Backup and restore of the state that a configuration names, for the commands: app knows which engine keeps it.
// Blocking; one thread.
#pragma once

#include <filesystem>

#include "daemon/settings/settings.hpp"
#include "daemon/store/sqlite/backup.hpp"  // IWYU pragma: export (what the calls answer)
#include "rules/model/time.hpp"

namespace coachd::app {

/// Copies the state while the daemon runs. Throws std::runtime_error with a sentence for the admin.
store::sqlite::BackupFacts backup_state(const settings::Settings& settings, const std::filesystem::path& file,
                                        bool replace, const store::sqlite::BackupProgress& progress);

/// Puts a backup in the place of the state, while no daemon runs and as the user that owns the folder (the daemon could
/// not write a file of another). Throws std::runtime_error with a sentence for the admin.
store::sqlite::Restored restore_state(const settings::Settings& settings, const std::filesystem::path& file,
                                      model::Instant now);

}  // namespace coachd::app
