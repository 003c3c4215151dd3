// A copy of the state while the daemon writes, and a copy that takes the state's place while none does. Blocking; for
// commands, not for the daemon's threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "rules/model/time.hpp"

namespace coachd::store::sqlite {

/// What a file of state is.
struct BackupFacts {
  std::uintmax_t bytes = 0;
  std::int64_t schema = 0;
};

/// Called now and then while pages are copied.
using BackupProgress = std::function<void(std::int64_t pages_done, std::int64_t pages)>;

/// Copies the state of one moment into `target`: first beside it under another name, checked and on disk, then renamed.
/// The daemon may run: its writer is never held up, for the copy reads one snapshot of the WAL. Mode 0600. Throws
/// OpenError with a sentence for the admin: no state there, no room, `target` exists and `replace` is false, or what
/// was copied does not pass SQLite's integrity check.
BackupFacts backup(const std::filesystem::path& folder, const std::filesystem::path& target, bool replace,
                   const BackupProgress& progress);

/// Whether `file` is a whole state of a schema that this program knows. Reads all of it. Throws OpenError.
[[nodiscard]] BackupFacts verify(const std::filesystem::path& file);

struct Restored {
  BackupFacts facts;
  std::filesystem::path kept;  ///< where the state that was there stands now; empty: there was none
};

/// Puts the verified `file` in the place of the state in `folder`; what was there is kept in the folder
/// `state.before-restore-TIME` inside it. Holds the folder's lock meanwhile. A crash at any point leaves either the old
/// state or the new one, whole. Throws OpenError: a daemon runs there, `file` is no whole state, no room.
Restored restore(const std::filesystem::path& folder, const std::filesystem::path& file, model::Instant now);

}  // namespace coachd::store::sqlite
