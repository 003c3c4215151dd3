// The records of the simulated HubSpot portal: the company's rows under HubSpot's ids and property names, values as
// text, histories newest first. Reading only; not thread safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/simulators/hs_people.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/sf_org.hpp"

namespace coachd::sim {

inline constexpr std::size_t hs_history_depth = 20;
inline constexpr std::uint64_t hs_portal_id = 148'330'291;
inline constexpr std::uint64_t hs_app_id = 28'851'147;

// A row as it is, or as the search index still has it.
struct hs_record {
  hs_object object{};
  row_number n{};
  const row* cells = nullptr;
};

struct hs_wanted {
  std::vector<const hs_property*> properties;
  std::vector<const hs_property*> with_history;
};

class hs_records {
 public:
  hs_records(org& company, std::string_view integration_user, bool task_key, bool omit_nulls);

  [[nodiscard]] hs_schema& schema() { return schema_; }
  [[nodiscard]] const hs_schema& schema() const { return schema_; }
  [[nodiscard]] const hs_people& people() const { return people_; }
  [[nodiscard]] org& company() const { return org_; }
  [[nodiscard]] table& rows(hs_object object) const { return *tables_[static_cast<std::size_t>(object)].rows; }
  // The object that a table holds; none for the others.
  [[nodiscard]] std::optional<hs_object> object_of(const table& t) const;

  [[nodiscard]] static std::uint64_t id_of(hs_object object, row_number n);
  [[nodiscard]] std::optional<row_number> find(hs_object object, std::string_view id) const;  // archived ones too
  // By a property with unique values; none when no record has it.
  [[nodiscard]] std::optional<row_number> find_unique(const hs_property& property, const std::string& text) const;
  [[nodiscard]] hs_record at(hs_object object, row_number n) const { return {object, n, &rows(object).at(n)}; }
  [[nodiscard]] bool archived(const hs_record& r) const;
  [[nodiscard]] instant modified(const hs_record& r) const;
  [[nodiscard]] instant created(const hs_record& r) const;
  [[nodiscard]] const hs_pipeline& pipeline_of(const row& deal) const;
  [[nodiscard]] const std::string* record_type(std::string_view pipeline) const;  // null for no such pipeline

  // Appends the value as text, without quotes; false for none.
  bool append_text(std::string& out, const hs_record& r, const hs_property& p) const;
  // {"id":..,"properties":{..},..}
  void write(std::string& out, const hs_record& r, const hs_wanted& wanted) const;

  // Values that have no column. An empty text clears.
  void set_extra(hs_object object, row_number n, const hs_property& p, std::string_view text);
  [[nodiscard]] const std::string* extra(hs_object object, row_number n, const hs_property& p) const;

  // Unique values of an archived record may be given to another.
  void free_keys(hs_object object, row_number n);

  // Every task and note of a deal, archived ones left out.
  [[nodiscard]] std::vector<std::pair<hs_object, row_number>> activities(row_number deal) const;
  // Links of tasks and notes beyond the one in the row.
  using link = std::pair<hs_object, row_number>;
  std::map<link, std::set<link>> links;
  std::map<link, row_number> merged;  // records that live on in another

 private:
  struct place {
    table* rows = nullptr;
    int deleted = -1, stamp = -1, created = -1, created_by = -1;
  };
  struct author {
    const std::string* user = nullptr;
    instant at;
    bool imported = false;
  };
  bool append_cell(std::string& out, const hs_property& p, const value& v, const row& cells) const;
  bool append_activity(std::string& out, const hs_record& r, hs_source what) const;
  void write_value(std::string& out, const hs_record& r, const hs_property& p) const;
  void write_history(std::string& out, const hs_record& r, const hs_property& p,
                     const std::vector<row_number>& changes) const;
  void write_entry(std::string& out, const hs_property& p, const value& v, const hs_record& r, const author& by) const;
  [[nodiscard]] std::uint64_t key(hs_object object, row_number n) const {
    return (static_cast<std::uint64_t>(object) << 32U) | n;
  }

  org& org_;
  hs_schema schema_;
  hs_people people_;
  table notes_;
  bool omit_nulls_;
  std::array<place, all_hs_objects.size()> tables_;
  const std::string* renewal_;
  const std::string* new_business_;
  table& history_;
  int of_, by_, when_, field_, type_, before_, after_;
  const std::string* entity_id_;
  std::unordered_map<const hs_property*, const std::string*> tracked_as_;
  std::unordered_map<std::uint64_t, std::vector<std::pair<const hs_property*, std::string>>> extras_;
  std::unordered_map<const hs_property*, std::unordered_map<std::string, row_number>> unique_;
};

// "2026-03-01T10:00:00.000Z"
void append_hs_instant(std::string& out, instant at);

}  // namespace coachd::sim
