// How a command acts on a running daemon: the daemon is the only writer of its state, so the command asks it at its
// admin door. Who may: whoever can read `coachd.door` in the state folder, which names the door and a key that is drawn
// anew at each start. Neither a web page that is open on this machine nor another user of it can. Blocks; one thread.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/settings/settings.hpp"

namespace coachd::app {

/// The daemon's side: the key is there for commands to find while it lives.
class ActingKey {
 public:
  /// Draws the key. Throws std::runtime_error where the system has no randomness.
  explicit ActingKey(const std::string& state_folder);
  /// Takes the file away.
  ~ActingKey();
  ActingKey(const ActingKey&) = delete;
  ActingKey& operator=(const ActingKey&) = delete;

  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  /// Throws std::runtime_error where the file cannot be written.
  void publish(std::uint16_t admin_port) const;

 private:
  std::string file_;
  std::string key_;
};

/// Posts JSON to the daemon that runs on this state and answers what it says. Throws std::runtime_error with a sentence
/// for the admin: no daemon runs, it cannot be reached, or it refused.
[[nodiscard]] std::string ask_daemon(const settings::Settings& settings, const std::string& path,
                                     const std::string& body);

}  // namespace coachd::app
