#include "tests/contract/store/engines.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::contract {

std::vector<EngineUnderTest> engines() {
  return {{"sqlite", [](const std::filesystem::path& folder) -> std::unique_ptr<Store> {
             sqlite::Options options;
             options.folder = folder;
             options.reserve_bytes = 64 * 1024;
             options.checkpoint_every = std::chrono::milliseconds(5);  // so that checkpoints fall into the tests
             return sqlite::open(std::move(options));
           }}};
}

}  // namespace coachd::store::contract
