// What a CRM tells about itself: objects, fields, options, stages, people. Filled by connectors (or by an export's
// map), read by the rule loader, placeholders and the hall. Plain values, immutable once handed over.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/ids.hpp"
#include "rules/model/requirement.hpp"
#include "rules/model/time.hpp"

namespace coachd::model {

enum class FieldType : std::uint8_t {
  unknown,  ///< no description (exports): judged by its values
  text,
  long_text,
  picklist,
  multi_picklist,
  boolean,
  number,
  currency,
  percent,
  date,
  datetime,
  reference,
  phone,
  email,
  url,
  id,
};

struct Option {
  std::string value;  ///< as stored
  std::string label;  ///< as shown
  bool active = true;
};

struct FieldDescription {
  std::string name;  ///< the CRM's own name
  std::string label;
  FieldType type = FieldType::unknown;
  bool custom = false;
  bool required = false;   ///< the CRM refuses a save without it
  bool updateable = true;  ///< by the user coachd signs in as
  bool history_tracked = false;
  std::vector<Option> options;
  std::vector<Requirement> required_where;  ///< beside `required`: layouts first, then rules by name
};

enum class ForecastCategory : std::uint8_t { unknown, omitted, pipeline, best_case, most_likely, commit, closed };

/// One stage of one pipeline. Order is the position in `Pipeline::stages`, as the CRM sorts them.
struct Stage {
  std::string name;   ///< as stored on records
  std::string label;  ///< as shown
  bool won = false;
  bool lost = false;  ///< closed and not won
  bool active = true;
  ForecastCategory forecast = ForecastCategory::unknown;
  [[nodiscard]] bool open() const noexcept { return !won && !lost; }
};

/// A HubSpot pipeline or a Salesforce sales process. An org without either has one, named "".
struct Pipeline {
  std::string name;  ///< as stored on records (record type id, pipeline id); "" = the only one, or any
  std::string label;
  std::vector<Stage> stages;
};

struct ObjectDescription {
  std::string name;  ///< the CRM's own name
  std::string label;
  std::vector<FieldDescription> fields;
  std::vector<Pipeline> pipelines;  ///< empty: an object without stages
  Insistence insists;
  [[nodiscard]] const FieldDescription* find(std::string_view field_name) const noexcept;
};

/// "validation rule X requires it from Qualification on in Renewal, where the record is new"; of one that was not read:
/// "validation rule X was not read: it uses VLOOKUP".
[[nodiscard]] std::string words(const Requirement& r, const std::vector<Pipeline>& pipelines);

/// A person of the company, as the CRM (and later the people file) tells.
struct Person {
  PersonId id;
  std::string name;
  std::string email;
  PersonId manager;  ///< empty: unknown
  std::string job;   ///< rep, manager, ...; empty: unknown
  std::string team;
  std::string zone;      ///< IANA; empty: the connection's
  std::string language;  ///< `en`, `de`; empty: en
  bool active = true;
  bool human = true;  ///< false: queue, integration user, bot, portal user
  friend bool operator==(const Person&, const Person&) = default;
};

struct Description {
  std::string organisation;  ///< the CRM's org or portal id
  std::string organisation_name;
  bool sandbox = false;
  std::string zone;  ///< IANA, of the company
  int fiscal_year_start_month = 1;
  std::string currency;
  PersonId signed_in;  ///< the user that coachd signs in as: what it writes is never anybody's work
  std::map<std::string, ObjectDescription> objects;  ///< by the CRM's own name
  std::map<PersonId, Person> people;
};

}  // namespace coachd::model
