// How the allocator of a long-running coachd keeps memory. Once, before any thread.
#pragma once

namespace coachd::app {

/// Lets glibc keep some freed memory for the next page or group of a thread, instead of giving it back to the kernel
/// and asking for it again at each: that was a tenth of what the public door took. Elsewhere it does nothing.
void keep_memory_at_hand() noexcept;

}  // namespace coachd::app
