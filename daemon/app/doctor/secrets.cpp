#include <sys/stat.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/doctor/doctor.hpp"
#include "daemon/settings/settings.hpp"

namespace coachd::app {
namespace {

using settings::Secret;

std::vector<std::pair<std::string, Secret>> named(const settings::Settings& s) {
  std::vector<std::pair<std::string, Secret>> out;
  for (const auto& [name, c] : s.connections) {
    out.emplace_back("client_secret of " + name, c.auth.client_secret);
    out.emplace_back("private_key of " + name, c.auth.private_key);
    out.emplace_back("token of " + name, c.auth.token);
    out.emplace_back("certificate_key of " + name, c.api.certificate_key);
    out.emplace_back("webhook secret of " + name, c.webhook_secret);
  }
  out.emplace_back("token of the admin door", s.listen.admin_token);
  out.emplace_back("TLS key of the webhook door", s.listen.tls_key);
  std::erase_if(out, [](const auto& entry) { return !entry.second; });
  return out;
}

void rights_of(const std::string& what, const std::string& file, Findings& out) {
  struct stat s{};
  if (::stat(file.c_str(), &s) != 0) return;  // that it cannot be read was said
  if ((s.st_mode & S_IROTH) != 0)
    out.failure("secrets", what + ": everybody on this machine can read " + file, "chmod 0640 " + file);
  else if ((s.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    out.warning("secrets", what + ": others can write " + file, "chmod go-w " + file);
}

}  // namespace

void examine_secrets(const settings::Settings& settings, Findings& out) {
  for (const auto& [what, secret] : named(settings)) {
    if (secret.from == Secret::From::credential && std::getenv("CREDENTIALS_DIRECTORY") == nullptr) {
      out.warning("secrets", what + ": the credential " + secret.name + " is given to the service alone",
                  "while it runs: sudo env CREDENTIALS_DIRECTORY=/run/credentials/coachd.service coachd doctor");
      continue;
    }
    const auto resolved = settings::resolve_secret(secret, what);
    if (!resolved.value)
      out.failure("secrets", resolved.problem, "docs/operations.md, Secrets, shows three ways");
    else
      out.ok("secrets", what + " is there");
    if (secret.from == Secret::From::file) rights_of(what, secret.name, out);
  }
}

}  // namespace coachd::app
