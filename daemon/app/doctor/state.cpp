#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include "daemon/app/doctor/doctor.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t mib = std::uintmax_t{1024} * 1024;
constexpr std::uintmax_t least_room = 64 * mib;   // the reserve, and as much for the WAL
constexpr std::uintmax_t good_room = 1024 * mib;  // the WAL may grow to 256 MiB, and a first load wants its room

std::string in_mib(std::uintmax_t bytes) {
  return std::to_string(bytes / mib) + " MiB";
}

void room_on(const fs::path& folder, Findings& out) {
  std::error_code ec;
  const auto space = fs::space(folder, ec);
  if (ec) return out.warning("state", "the free space of " + folder.string() + " is not known", "");
  const auto text = in_mib(space.available) + " are free on the disk of " + folder.string();
  if (space.available < least_room)
    out.failure("state", text + ": reading stops for want of room", "make room: at least 1 GiB");
  else if (space.available < good_room)
    out.warning("state", text, "make room: at least 1 GiB");
  else
    out.ok("state", text);
}

void new_folder(const fs::path& folder, Findings& out) {
  auto above = fs::absolute(folder).parent_path();
  std::error_code ec;
  while (above.has_relative_path() && !fs::exists(above, ec)) above = above.parent_path();
  if (::access(above.c_str(), W_OK | X_OK) != 0)
    return out.failure("state", folder.string() + " does not exist and cannot be made: " + std::strerror(errno),
                       "make it and give it to the user that runs coachd, mode 0700");
  out.ok("state", folder.string() + " does not exist yet: the daemon makes it");
  room_on(above, out);
}

void rights_on(const fs::path& folder, Findings& out) {
  struct stat s{};
  if (::stat(folder.c_str(), &s) == 0 && (s.st_mode & (S_IROTH | S_IXOTH)) != 0)
    out.warning("state", "others can look into " + folder.string() + ", which holds CRM data",
                "chmod 0700 " + folder.string());
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    return out.failure("state", folder.string() + " cannot be written: " + std::strerror(errno),
                       "run as the user that owns it (sudo -u coachd), or give it to that user");
  out.ok("state", folder.string() + " can be written");
}

void contents_of(const fs::path& folder, Findings& out) {
  std::error_code ec;
  if (!fs::exists(folder / "coachd.db", ec)) return out.ok("state", "empty: the daemon has not run there yet");
  try {
    static_cast<void>(store::sqlite::open_to_read(folder));
    out.ok("state", "the state file has the schema of this program");
  } catch (const store::sqlite::OpenError& e) {
    out.failure("state", e.what(), "");
  }
  const auto reserve = fs::file_size(folder / "reserve", ec);
  if (ec || reserve == 0)
    out.warning("state", "the reserve for a full disk is not held", "it was given up on a full disk: make room");
  else
    out.ok("state", in_mib(reserve) + " are held in reserve for a full disk");
}

}  // namespace

bool examine_state(const settings::Settings& settings, Findings& out) {
  const fs::path folder = settings.state;
  std::error_code ec;
  if (!fs::exists(folder, ec)) {
    new_folder(folder, out);
    return false;
  }
  rights_on(folder, out);
  room_on(folder, out);
  contents_of(folder, out);
  const auto holder = store::sqlite::holder_of(folder);
  out.ok("state", holder ? *holder + " uses it" : "no coachd runs on it");
  return holder.has_value();
}

}  // namespace coachd::app
