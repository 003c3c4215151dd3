// How a writer's WAL reaches the file. SQLite hands it over frame by frame, head and page apart: two calls into the
// system for each page of a commit. Here they are gathered and written as one, when SQLite asks for the sync or reads
// them back; and the file grows by steps, because a sync that must also note a new length costs the disk twice.
// Nobody else may read a frame before its sync, so nothing changes for readers and checkpoints. Thread rule: SQLite's.
#pragma once

namespace coachd::store::sqlite {

/// The name of a VFS that is SQLite's default one but for this. It exists from the first call on, for good.
[[nodiscard]] const char* gathered_wal_vfs();

}  // namespace coachd::store::sqlite
