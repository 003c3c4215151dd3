#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "daemon/settings/settings.hpp"

namespace coachd::settings {
namespace {

constexpr std::size_t longest = 65536;

ResolvedSecret missing(std::string_view what, std::string why) {
  return {std::nullopt, std::string(what) + ": " + std::move(why)};
}

// Secrets end with the line end that editors and `echo` leave.
ResolvedSecret checked(std::string value, std::string_view what, const std::string& where) {
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  if (value.empty()) return missing(what, where + " is empty");
  return {std::move(value), {}};
}

ResolvedSecret from_file(const std::filesystem::path& path, std::string_view what, const std::string& where) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return missing(what, where + " is a folder");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return missing(what, where + " cannot be read: " + std::strerror(errno != 0 ? errno : EIO));
  std::string value(longest + 1, '\0');
  in.read(value.data(), static_cast<std::streamsize>(value.size()));
  value.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return missing(what, where + " cannot be read");
  if (value.size() > longest) return missing(what, where + " is larger than 64 KiB");
  return checked(std::move(value), what, where);
}

}  // namespace

ResolvedSecret resolve_secret(const Secret& secret, std::string_view what) {
  switch (secret.from) {
    case Secret::From::nowhere: break;
    case Secret::From::env: {
      const char* value = std::getenv(secret.name.c_str());
      if (value == nullptr) return missing(what, "the environment variable " + secret.name + " is not set");
      return checked(value, what, "the environment variable " + secret.name);
    }
    case Secret::From::file: return from_file(secret.name, what, "the file " + secret.name);
    case Secret::From::credential: {
      const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
      if (secret.name.empty() || secret.name.find('/') != std::string::npos || secret.name.starts_with('.'))
        return missing(what, "`" + secret.name + "` is no name of a credential");
      if (folder == nullptr)
        return missing(
            what,
            "there are no credentials ($CREDENTIALS_DIRECTORY is not set): run as a service with LoadCredential=" +
                secret.name + ":PATH, or use {file: PATH}");
      return from_file(std::filesystem::path(folder) / secret.name, what, "the credential " + secret.name);
    }
  }
  return missing(what, "no secret is configured");
}

}  // namespace coachd::settings
