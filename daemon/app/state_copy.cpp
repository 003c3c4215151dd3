#include "daemon/app/state_copy.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "daemon/settings/settings.hpp"
#include "daemon/store/sqlite/backup.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

std::string name_of(uid_t uid) {
  const auto* entry = ::getpwuid(uid);
  return entry != nullptr ? entry->pw_name : "#" + std::to_string(uid);
}

}  // namespace

store::sqlite::BackupFacts backup_state(const settings::Settings& settings, const std::filesystem::path& file,
                                        bool replace, const store::sqlite::BackupProgress& progress) {
  return store::sqlite::backup(settings.state, file, replace, progress);
}

store::sqlite::Restored restore_state(const settings::Settings& settings, const std::filesystem::path& file,
                                      model::Instant now) {
  struct stat s{};
  if (::stat(settings.state.c_str(), &s) == 0 && s.st_uid != ::geteuid())
    throw std::runtime_error("the state folder " + settings.state + " belongs to " + name_of(s.st_uid) +
                             ": run this as that user (sudo -u " + name_of(s.st_uid) + " coachd restore ...)");
  return store::sqlite::restore(settings.state, file, now);
}

}  // namespace coachd::app
