#include "tests/simulators/faults.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace coachd::sim {

fault_switch::fault_switch(std::uint64_t seed, std::span<const std::string_view> known)
    : known_{known}, random_{seed} {}

std::span<const std::string_view> fault_switch::names() {
  static constexpr std::array<std::string_view, 20> known{
      "401",         "401-fatal",  "expired-session", "login-refused",  "429",         "429-retry-after", "daily-limit",
      "500-once",    "502",        "slow-body",       "cut-connection", "row-lock",    "partial-batch",   "answer-lost",
      "late-commit", "clock-skew", "duplicate-rows",  "short-page",     "bad-locator", "no-setup-right"};
  return known;
}

std::span<const std::string_view> fault_switch::hubspot_names() {
  static constexpr std::array<std::string_view, 24> known{"401",
                                                          "401-fatal",
                                                          "expired-session",
                                                          "403-scopes",
                                                          "429",
                                                          "429-retry-after",
                                                          "daily-limit",
                                                          "500-once",
                                                          "502",
                                                          "slow-body",
                                                          "cut-connection",
                                                          "row-lock",
                                                          "partial-batch",
                                                          "answer-lost",
                                                          "late-commit",
                                                          "clock-skew",
                                                          "duplicate-rows",
                                                          "hook-double",
                                                          "hook-shuffle",
                                                          "hook-late",
                                                          "hook-bad-signature",
                                                          "hook-old",
                                                          "hook-future",
                                                          "hook-drop"};
  return known;
}

bool fault_switch::set(std::string_view name, fault_setting setting) {
  if (std::ranges::find(known_, name) == known_.end()) return false;
  if (name == "500-once" && setting.count < 0) setting.count = 1;
  const auto key = setting.only.empty() ? std::string{name} : std::string{name} + '@' + setting.only;
  const std::lock_guard lock{mutex_};
  if (setting.share <= 0 || setting.count == 0) {
    on_.erase(key);
  } else {
    on_.insert_or_assign(key, std::move(setting));
  }
  return true;
}

bool fault_switch::set(std::string_view text) {
  const auto equal = text.find('=');
  fault_setting setting;
  if (equal != std::string_view::npos) {
    auto number = text.substr(equal + 1);
    const bool length = number.ends_with('s');
    if (length) number.remove_suffix(1);
    double n = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), n);
    if (error != std::errc{} || end != number.data() + number.size()) return false;
    if (length) {
      setting.value = n;
    } else {
      if (n < 0 || n > 1) return false;
      setting.share = n;
    }
  }
  return set(text.substr(0, equal), setting);
}

void fault_switch::clear() {
  const std::lock_guard lock{mutex_};
  on_.clear();
}

fault_switch::entries::const_iterator fault_switch::aimed(std::string_view name, std::string_view call) const {
  for (auto e = on_.lower_bound(name); e != on_.end() && e->first.starts_with(name); ++e) {
    const bool same = e->first.size() == name.size() || e->first[name.size()] == '@';
    if (same && call.find(e->second.only) != std::string_view::npos) return e;
  }
  return on_.end();
}

bool fault_switch::strikes(std::string_view name, std::string_view call) {
  const std::lock_guard lock{mutex_};
  const auto known = aimed(name, call);
  if (known == on_.end()) return false;
  const double share = known->second.share;
  if (share < 1 && std::uniform_real_distribution<double>{0, 1}(random_) >= share) return false;
  ++struck_[known->first];
  auto& left = on_.find(known->first)->second.count;
  if (left > 0 && --left == 0) on_.erase(known);
  return true;
}

std::map<std::string, std::int64_t, std::less<>> fault_switch::struck() const {
  const std::lock_guard lock{mutex_};
  return struck_;
}

double fault_switch::seconds(std::string_view name, double otherwise, std::string_view call) const {
  const std::lock_guard lock{mutex_};
  const auto known = aimed(name, call);
  return known == on_.end() ? otherwise : known->second.value.value_or(otherwise);
}

std::map<std::string, fault_setting, std::less<>> fault_switch::settings() const {
  const std::lock_guard lock{mutex_};
  return on_;
}

}  // namespace coachd::sim
