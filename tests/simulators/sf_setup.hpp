// What an admin has set up beside objects and fields: validation rules, as the Tooling API tells them, and page
// layouts, as describe tells them. Written from the vendor's documents; rules are told and not enforced, as if they had
// been switched on a moment ago. Fixed for every company; pure but for the table that it holds.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tests/simulators/http_server.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {

struct validation_rule {
  std::string_view name, object;
  bool active;
  std::string_view formula, error_field, message;
};

// Among them: Procurement_required asks from the first stage on, before anybody can know; Risk_required asks from
// Qualification on; Procurement_by_matrix looks up another object; Champion_at_creation is switched off;
// Champion_from_proposal and Loss_reason_when_lost ask in time.
[[nodiscard]] std::span<const validation_rule> validation_rules();

class sf_setup {
 public:
  explicit sf_setup(org& company);
  // GET /tooling/query: ValidationRule, and what the ordinary query knows of definitions. Metadata and FullName of one
  // row at a time, as the vendor has it.
  [[nodiscard]] http_reply query(std::string_view soql, std::string_view version, instant now) const;
  // GET /sobjects/X/describe/layouts[/recordTypeId]
  [[nodiscard]] http_reply layouts(const object_def& object, std::string_view record_type,
                                   std::string_view version) const;
  // Switches a rule on or off, or gives it another formula, as an admin does. False: there is no such rule.
  bool change(std::string_view rule, std::optional<bool> active, std::optional<std::string> formula, instant at);

 private:
  struct record_type;
  [[nodiscard]] std::string mapping(const object_def& object, const record_type& type, std::string_view version) const;

  org& company_;
  object_def def_;
  std::unique_ptr<table> rules_;
};

}  // namespace coachd::sim
