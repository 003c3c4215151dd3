// People of the company as HubSpot numbers them: an owner id, a user id, neither for the integration. Reads the
// company's users; not thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/simulators/sf_org.hpp"

namespace coachd::sim {

class hs_people {
 public:
  hs_people(org& company, std::string_view integration_user);

  // 0 for no user and for the integration.
  [[nodiscard]] std::uint64_t owner_id(const std::string* user) const;
  [[nodiscard]] std::uint64_t user_id(const std::string* user) const;
  [[nodiscard]] bool integration(const std::string* user) const { return user == robot_; }
  // Who owns what has no owner: the integration.
  [[nodiscard]] const std::string* nobody() const { return robot_; }
  // The company's Id of an owner or of a user by HubSpot's number; null when there is none.
  [[nodiscard]] const std::string* by_owner_id(std::string_view id) const;
  [[nodiscard]] const std::string* by_user_id(std::string_view id) const;
  [[nodiscard]] bool active(const std::string* user) const;
  // {"id":..,"email":..,...}: archived owners have no name and no userId.
  void write_owner(std::string& out, row_number user) const;
  [[nodiscard]] static std::uint64_t owner_id(row_number user) { return 41'629'700U + std::uint64_t{user} * 13U; }
  [[nodiscard]] static std::uint64_t user_id(row_number user) { return 9'586'500U + std::uint64_t{user} * 7U; }

 private:
  [[nodiscard]] std::optional<row_number> row_of(const std::string* user) const;
  [[nodiscard]] const std::string* numbered(std::string_view id, std::uint64_t first, std::uint64_t step) const;

  table& users_;
  const std::string* robot_;
  std::unordered_map<const std::string*, row_number> rows_;
};

}  // namespace coachd::sim
