// The objects and properties of the simulated HubSpot portal, and where each value lies in the company's tables: the
// one translation between both vocabularies. Properties may be added while it runs; addresses stay.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coachd::sim {

struct object_def;

enum class hs_object : std::uint8_t { deals, companies, contacts, tasks, notes, meetings };
inline constexpr std::array all_hs_objects{hs_object::deals, hs_object::companies, hs_object::contacts,
                                           hs_object::tasks, hs_object::notes,     hs_object::meetings};

// How a property's value comes from the record's row.
enum class hs_source : std::uint8_t {
  text,           // a column's own text
  number,         // a column's number
  boolean,        // a column's truth
  at,             // a column's instant
  closing,        // a column's day, at noon
  stage,          // the stage's id in the record's pipeline
  pipeline,       // the record type's
  owner,          // a user's owner id; none for who is no owner
  user,           // a user's id; none for an integration
  choice,         // a column's text under another name, by the options' `held`
  probability,    // of the stage
  due,            // the exact instant as sent, else the column's day
  id,             // the record's id
  entered,        // when the present stage was entered
  last_activity,  // of tasks, notes and meetings
  next_activity,  // the next open task's
  note_count,     // tasks, notes and meetings
  contact_count,  // associated contacts
  origin,         // INTEGRATION or CRM_UI
  origin_id,      // the app's id or userId:N
  extra           // no column: kept beside the row as text
};

struct hs_option {
  std::string value;
  std::string label;
  std::string held;  // the text in the column
};

struct hs_property {
  std::string name;
  std::string label;
  std::string type;        // string, number, date, datetime, enumeration, bool
  std::string field_type;  // text, textarea, number, date, select, radio, booleancheckbox, calculation_equation
  hs_source source = hs_source::text;
  int column = -1;  // of the object's table; -1 for none
  bool writable = false;
  bool calculated = false;
  bool hidden = false;
  bool archived = false;  // known to nobody but the list of archived properties
  bool built_in = false;
  bool tracked = false;  // the table of history has its changes
  bool unique = false;
  std::string group;
  std::string description;
  std::vector<hs_option> options;
};

struct hs_object_def {
  hs_object object{};
  std::string_view name;      // deals
  std::string_view singular;  // deal
  std::string_view type_id;   // 0-3
  std::string_view table;     // of the company; empty for notes, which have one of their own
  std::string_view modified;
  std::string_view created;
  std::vector<std::string_view> defaults;  // the properties given when none is named
  std::deque<hs_property> properties;
  std::unordered_map<std::string_view, const hs_property*> by_name;
  [[nodiscard]] const hs_property* find(std::string_view property) const;  // null when unknown
};

class hs_schema {
 public:
  explicit hs_schema(bool task_key);
  [[nodiscard]] const hs_object_def& get(hs_object object) const { return objects_[static_cast<std::size_t>(object)]; }
  // By plural, singular or type id; null when there is none.
  [[nodiscard]] const hs_object_def* find(std::string_view name) const;
  // A custom property, kept beside the rows. The name must be new.
  const hs_property& add(hs_object object, hs_property property);
  // What an admin does to a property that is there.
  void hide(hs_object object, std::string_view name, bool hidden);
  void archive(hs_object object, std::string_view name);
  // In the settings; the API cannot. False: no archived property has that name.
  bool restore(hs_object object, std::string_view name);

 private:
  std::array<hs_object_def, all_hs_objects.size()> objects_;
};

// The table of notes, which the company itself does not have.
[[nodiscard]] const object_def& hs_note_table();

// The pipelines. Each stage stands for one of the company's stages, by its label.
struct hs_stage {
  std::string_view id;
  std::string_view label;
};
struct hs_pipeline {
  std::string_view id;
  std::string_view label;
  std::array<hs_stage, 8> stages;
};
inline constexpr std::array<hs_pipeline, 2> hs_pipelines{{{"default",
                                                           "Sales Pipeline",
                                                           {{{"appointmentscheduled", "Prospecting"},
                                                             {"qualifiedtobuy", "Qualification"},
                                                             {"presentationscheduled", "Needs Analysis"},
                                                             {"decisionmakerboughtin", "Value Proposition"},
                                                             {"contractsent", "Proposal/Price Quote"},
                                                             {"1270880343", "Negotiation/Review"},
                                                             {"closedwon", "Closed Won"},
                                                             {"closedlost", "Closed Lost"}}}},
                                                          {"784110279",
                                                           "Renewal",
                                                           {{{"1145903211", "Prospecting"},
                                                             {"1145903212", "Qualification"},
                                                             {"1145903213", "Needs Analysis"},
                                                             {"1145903214", "Value Proposition"},
                                                             {"1145903215", "Proposal/Price Quote"},
                                                             {"1145903216", "Negotiation/Review"},
                                                             {"1145903217", "Closed Won"},
                                                             {"1145903218", "Closed Lost"}}}}}};

[[nodiscard]] const hs_pipeline* find_hs_pipeline(std::string_view id);
// The id of a stage by its label; empty when the pipeline has none of that name.
[[nodiscard]] std::string_view hs_stage_id(const hs_pipeline& pipeline, std::string_view label);
// The label of a stage by its id; empty when the pipeline has no such stage.
[[nodiscard]] std::string_view hs_stage_label(const hs_pipeline& pipeline, std::string_view id);
// "0.5", "1.0", as the metadata of a stage has it.
[[nodiscard]] std::string_view hs_probability(std::string_view stage_label);

}  // namespace coachd::sim
