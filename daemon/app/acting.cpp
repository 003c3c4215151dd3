#include "daemon/app/acting.hpp"

#include <openssl/rand.h>
#include <sys/stat.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "connectors/net/http.hpp"
#include "daemon/app/files/whole_file.hpp"
#include "daemon/settings/settings.hpp"

namespace coachd::app {
namespace {

std::string file_in(const std::string& folder) {
  return folder + "/coachd.door";
}

std::string draw_key() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the system gives no random numbers: the admin door cannot take commands");
  constexpr const char* digits = "0123456789abcdef";
  std::string key;
  for (const auto b : bytes) {
    key += digits[b >> 4];
    key += digits[b & 15];
  }
  return key;
}

}  // namespace

ActingKey::ActingKey(const std::string& state_folder) : file_(file_in(state_folder)), key_(draw_key()) {}

ActingKey::~ActingKey() {
  std::remove(file_.c_str());
}

void ActingKey::publish(std::uint16_t admin_port) const {
  WholeFile file(file_, true);
  file.write(std::to_string(admin_port) + " " + key_ + "\n");
  file.finish();
}

std::string ask_daemon(const settings::Settings& settings, const std::string& path, const std::string& body) {
  const auto name = file_in(settings.state);
  std::uint16_t port = 0;
  std::string key;
  if (std::ifstream in(name); !(in >> port >> key)) {
    struct stat s{};
    const bool there = ::stat(name.c_str(), &s) == 0;
    throw std::runtime_error(there ? name + " cannot be read: run this as the user of the daemon (sudo -u coachd ...)"
                                   : "no daemon runs on " + settings.state +
                                         ": this changes what it keeps, so start it first (`coachd run`)");
  }
  boost::asio::io_context io;
  const auto client = net::make_client(io.get_executor(), {});
  std::optional<net::Result<net::Response>> answer;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io,
                        client->send({.method = "POST",
                                      .url = "http://127.0.0.1:" + std::to_string(port) + path,
                                      .headers = {{"Content-Type", "application/json"}, {"X-Coachd-Key", key}},
                                      .body = body}),
                        [&](std::exception_ptr e, net::Result<net::Response> r) {
                          thrown = std::move(e);
                          answer = std::move(r);
                        });
  // Not to the end of its work: a kept-alive connection would be waited for.
  while (!answer && io.run_one() > 0) {
  }
  if (thrown) std::rethrow_exception(thrown);
  if (!*answer)
    throw std::runtime_error("the daemon does not answer at its admin door (" + answer->error().what +
                             "): is it running? See `systemctl status coachd`");
  if ((*answer)->status != 200)
    throw std::runtime_error("the daemon refused at its admin door (HTTP " + std::to_string((*answer)->status) +
                             "): was it started anew meanwhile? Try again");
  return (*answer)->body;
}

}  // namespace coachd::app
