// A self-signed certificate for a simulator, or a door, that is served over TLS: two PEM files in a folder that goes
// with it.
#pragma once

#include <filesystem>
#include <string>

namespace coachd::sim {

class self_signed {
 public:
  /// For an IP address; a negative validity: expired.
  explicit self_signed(const std::string& address, long valid_for_seconds = 3600);
  ~self_signed();
  self_signed(const self_signed&) = delete;
  self_signed& operator=(const self_signed&) = delete;
  [[nodiscard]] std::string certificate() const { return folder_ / "cert.pem"; }
  [[nodiscard]] std::string key() const { return folder_ / "key.pem"; }

 private:
  std::filesystem::path folder_;
};

}  // namespace coachd::sim
