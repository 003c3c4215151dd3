#include "daemon/app/memory.hpp"

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

namespace coachd::app {

void keep_memory_at_hand() noexcept {
#ifdef __GLIBC__
  constexpr int mib = 1024 * 1024;
  ::mallopt(M_TOP_PAD, mib);
  ::mallopt(M_TRIM_THRESHOLD, 8 * mib);
  ::mallopt(M_MMAP_THRESHOLD, 4 * mib);  // a page of records stays below it
#endif
}

}  // namespace coachd::app
