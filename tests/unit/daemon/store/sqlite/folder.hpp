// A state folder that goes with the test, and options that suit it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::sqlite {

class StateFolder {
 public:
  StateFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "coachd-state-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~StateFolder() {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
  }
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] Options options() const {
    Options o;
    o.folder = path_;
    o.reserve_bytes = std::int64_t{1024} * 1024;
    o.look_for_room_every = std::chrono::milliseconds(20);
    return o;
  }
  [[nodiscard]] UnitOfWork entry(const Store& store, std::uint64_t key, std::size_t bytes,
                                 UnitOfWork::Urgency urgency = UnitOfWork::Urgency::intake) const {
    UnitOfWork u;
    u.urgency = urgency;
    u.epoch = store.epoch();
    JournalEntry e;
    e.connection = "sf";
    e.record = std::to_string(key);
    e.key = key;
    e.body.assign(bytes, 'x');
    u.journal = {e};
    return u;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace coachd::store::sqlite
