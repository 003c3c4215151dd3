#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "init_texts.hpp"

namespace coachd::cli {
namespace {

namespace fs = std::filesystem;

// Never over a file that is there, also not over one that came into being this moment.
void write_new(const fs::path& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) throw std::runtime_error(path.string() + " cannot be created: " + std::strerror(errno));
  int problem = 0;
  while (!text.empty() && problem == 0) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0)
      problem = errno;
    else
      text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::close(fd) != 0 && problem == 0) problem = errno;
  if (problem == 0) return;
  std::error_code ec;
  fs::remove(path, ec);
  throw std::runtime_error(path.string() + " cannot be written: " + std::strerror(problem));
}

int write_all(const fs::path& folder, Io& io) {
  std::error_code ec;
  bool any = false;
  for (const auto& [name, text] : init_files) {
    if (!fs::exists(fs::symlink_status(folder / name, ec))) continue;
    io.err << "coachd init: " << (folder / name).string() << " exists already\n";
    any = true;
  }
  if (any) {
    io.err << "coachd init: nothing was written; choose another folder\n";
    return exit_wrong;
  }
  for (const auto& [name, text] : init_files) {
    const auto path = folder / name;
    fs::create_directories(path.parent_path(), ec);
    if (ec) throw std::runtime_error(path.parent_path().string() + " cannot be created: " + ec.message());
    write_new(path, text);
    io.out << path.string() << "\n";
  }
  const auto config = (folder / "coachd.yaml").string();
  io.out << "\nNext: change in " << config << " what is yours, then\n"
         << "  coachd check " << folder.string() << "\n"
         << "  coachd doctor --config " << config << "\n"
         << "  coachd run --config " << config << "     it observes: nothing is written to any CRM\n";
  return exit_good;
}

}  // namespace

Action init(CLI::App& app) {
  auto folder = std::make_shared<std::string>();
  app.add_option("DIR", *folder, "The folder; made where it is absent")->required();
  return [folder](Io& io) { return write_all(*folder, io); };
}

}  // namespace coachd::cli
