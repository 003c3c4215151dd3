// The objects and fields that the simulated Salesforce org has, written by hand: what describe tells, what SOQL may
// name, what may be written, what field history tracks. Immutable after construction.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coachd::sim {

enum class field_type {
  id,
  reference,
  string,
  textarea,
  picklist,
  boolean,
  number,
  currency,
  percent,
  integer,
  date,
  datetime,
  email,
  phone,
  any,
  json  // written as it stands: metadata of the Tooling API
};

// The type's name as describe and errors have it: "string", "double", "anyType" ...
[[nodiscard]] std::string_view name_of(field_type type);

struct picklist_option {
  std::string value;
  bool active = true;
};

struct field_def {
  std::string name;
  std::string label;
  field_type type = field_type::string;
  int length = 0;
  bool nillable = true;
  bool createable = false;
  bool updateable = false;
  bool defaulted = false;
  bool filterable = true;
  bool tracked = false;
  bool restricted = false;   // a restricted picklist refuses other values
  std::string refers_to;     // object of a reference; several, comma separated, when polymorphic
  std::string relationship;  // Owner for OwnerId; empty when it cannot be walked
  std::vector<picklist_option> options;
  [[nodiscard]] bool custom() const { return name.ends_with("__c"); }
};

struct object_def {
  std::string name;
  std::string label;
  std::string plural;
  std::string prefix;
  std::string stamp;  // the column that incremental reads go by; empty for none
  std::vector<field_def> fields;
  std::vector<std::string> indexed;  // reference columns with an index of their own
  // Column numbers by name, without case as SOQL has it; -1 when unknown.
  [[nodiscard]] int column(std::string_view field) const;
  std::unordered_map<std::string, int> by_lower_name;
};

class schema {
 public:
  schema();
  [[nodiscard]] const object_def* find(std::string_view object) const;  // without case; null when unknown
  [[nodiscard]] const std::deque<object_def>& objects() const { return objects_; }

 private:
  std::deque<object_def> objects_;
};

}  // namespace coachd::sim
