// Switchable faults by name: each strikes a share of the chances it gets, at most `count` times, seeded. Safe from
// every thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace coachd::sim {

struct fault_setting {
  double share = 1;             // of the chances, 0 to 1
  std::int64_t count = -1;      // strikes left; -1 for no end
  std::optional<double> value;  // seconds, where the fault has a length
  std::string only{};           // strikes only calls ("GET /path?query", decoded) that hold this text; empty: any
};

class fault_switch {
 public:
  // The names that the Salesforce simulator knows, and those of the HubSpot simulator.
  [[nodiscard]] static std::span<const std::string_view> names();
  [[nodiscard]] static std::span<const std::string_view> hubspot_names();
  explicit fault_switch(std::uint64_t seed, std::span<const std::string_view> known = names());

  // False for an unknown name. A share of 0 switches off. "500-once" without a count strikes once. The same fault may
  // be aimed at several kinds of call: those with another `only` stand beside each other as NAME@ONLY.
  bool set(std::string_view name, fault_setting setting);
  // NAME, NAME=SHARE or NAME=SHAREs (a length in seconds).
  bool set(std::string_view text);
  void clear();
  // Draws: true when the fault strikes now. `call` is the method, a blank and the decoded target.
  [[nodiscard]] bool strikes(std::string_view name, std::string_view call = {});
  // How often each has struck since the start, also those that are off by now.
  [[nodiscard]] std::map<std::string, std::int64_t, std::less<>> struck() const;
  [[nodiscard]] double seconds(std::string_view name, double otherwise, std::string_view call = {}) const;
  [[nodiscard]] std::map<std::string, fault_setting, std::less<>> settings() const;

 private:
  using entries = std::map<std::string, fault_setting, std::less<>>;
  // The first entry of that name which is aimed at the call; the caller holds the lock.
  [[nodiscard]] entries::const_iterator aimed(std::string_view name, std::string_view call) const;

  std::span<const std::string_view> known_;
  mutable std::mutex mutex_;
  entries on_;
  std::map<std::string, std::int64_t, std::less<>> struck_;
  std::mt19937_64 random_;
};

}  // namespace coachd::sim
