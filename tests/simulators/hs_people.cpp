#include "tests/simulators/hs_people.hpp"

#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "tests/simulators/instants.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {

hs_people::hs_people(org& company, std::string_view integration_user)
    : users_{company.get("User")}, robot_{company.texts().keep(integration_user)} {
  for (row_number n = 0; n < users_.size(); ++n) rows_.emplace(users_.cell(n, 0).text_ref(), n);
}

std::optional<row_number> hs_people::row_of(const std::string* user) const {
  const auto found = rows_.find(user);
  if (found == rows_.end() || user == robot_) return std::nullopt;
  return found->second;
}

std::uint64_t hs_people::owner_id(const std::string* user) const {
  const auto n = row_of(user);
  return n ? owner_id(*n) : 0;
}

std::uint64_t hs_people::user_id(const std::string* user) const {
  const auto n = row_of(user);
  return n ? user_id(*n) : 0;
}

const std::string* hs_people::numbered(std::string_view id, std::uint64_t first, std::uint64_t step) const {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size() || number < first || (number - first) % step != 0)
    return nullptr;
  const auto n = (number - first) / step;
  if (n >= users_.size()) return nullptr;
  const auto* user = users_.cell(static_cast<row_number>(n), 0).text_ref();
  return user == robot_ ? nullptr : user;
}

const std::string* hs_people::by_owner_id(std::string_view id) const {
  return numbered(id, owner_id(row_number{0}), 13);
}

const std::string* hs_people::by_user_id(std::string_view id) const {
  return numbered(id, user_id(row_number{0}), 7);
}

bool hs_people::active(const std::string* user) const {
  const auto n = row_of(user);
  return n && users_.cell(*n, users_.column("IsActive")).boolean();
}

void hs_people::write_owner(std::string& out, row_number n) const {
  const auto text = [&](std::string_view field) { return users_.cell(n, users_.column(field)).text(); };
  const bool is_active = users_.cell(n, users_.column("IsActive")).boolean();
  fmt::format_to(std::back_inserter(out), R"({{"id":"{}","email":)", owner_id(n));
  write_json_text(out, text("Email"));
  out += R"(,"type":"PERSON","firstName":)";
  write_json_text(out, is_active ? text("FirstName") : "");
  out += R"(,"lastName":)";
  write_json_text(out, is_active ? text("LastName") : "");
  fmt::format_to(std::back_inserter(out), R"(,"userId":{},"userIdIncludingInactive":{})",
                 is_active ? fmt::to_string(user_id(n)) : "null", user_id(n));
  const auto since = iso_instant(users_.cell(n, users_.column("CreatedDate")).at());
  fmt::format_to(std::back_inserter(out), R"(,"createdAt":"{0}","updatedAt":"{0}","archived":{1})", since, !is_active);
  if (const auto team = text("Department"); is_active && team.starts_with("Sales")) {
    fmt::format_to(std::back_inserter(out), R"(,"teams":[{{"id":"{}","name":)", 5'380'000 + team.size());
    write_json_text(out, team);
    out += R"(,"primary":true}])";
  }
  out += '}';
}

}  // namespace coachd::sim
