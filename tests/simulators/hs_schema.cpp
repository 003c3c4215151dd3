#include "tests/simulators/hs_schema.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/sf_schema.hpp"

namespace coachd::sim {
namespace {

// Letters of `marks`: w writable, c calculated, h hidden, b built in, t with its changes in the history table.
struct row_of {
  std::string_view name;
  std::string_view label;
  std::string_view type;
  std::string_view field_type;
  hs_source source;
  std::string_view column;  // empty for none
  std::string_view marks;
};

using enum hs_source;

constexpr std::array audit{
    row_of{"hs_object_id", "Record ID", "number", "number", id, "", "b"},
    row_of{"hs_object_source", "Record creation source", "enumeration", "select", origin, "CreatedById", "bh"},
    row_of{"hs_object_source_label", "Record source", "enumeration", "select", origin, "CreatedById", "b"},
    row_of{"hs_object_source_id", "Record creation source ID", "string", "text", origin_id, "CreatedById", "bh"},
    row_of{"hs_object_source_user_id", "Record creation source user ID", "number", "number", user, "CreatedById", "bh"},
    row_of{"hs_created_by_user_id", "Created by user ID", "number", "number", user, "CreatedById", "b"},
    row_of{"hs_updated_by_user_id", "Updated by user ID", "number", "number", user, "LastModifiedById", "b"},
    row_of{"hubspot_owner_id", "Owner", "enumeration", "select", owner, "OwnerId", "wbt"},
};

constexpr std::array deal{
    row_of{"dealname", "Deal Name", "string", "text", text, "Name", "wb"},
    row_of{"amount", "Amount", "number", "number", number, "Amount", "wbt"},
    row_of{"closedate", "Close Date", "datetime", "date", closing, "CloseDate", "wbt"},
    row_of{"dealstage", "Deal Stage", "enumeration", "radio", stage, "StageName", "wbt"},
    row_of{"pipeline", "Pipeline", "enumeration", "select", pipeline, "RecordTypeId", "wb"},
    row_of{"dealtype", "Deal Type", "enumeration", "radio", choice, "Type", "wb"},
    row_of{"description", "Deal Description", "string", "textarea", text, "Description", "wb"},
    row_of{"hs_next_step", "Next Step", "string", "text", text, "NextStep", "wbt"},
    row_of{"hs_manual_forecast_category", "Forecast Category", "enumeration", "select", choice, "ForecastCategoryName",
           "wbt"},
    row_of{"hs_deal_stage_probability", "Deal Probability", "number", "number", probability, "StageName", "bc"},
    row_of{"hs_is_closed", "Is Deal Closed?", "bool", "calculation_equation", boolean, "IsClosed", "bc"},
    row_of{"hs_is_closed_won", "Is Closed Won", "bool", "calculation_equation", boolean, "IsWon", "bc"},
    row_of{"closed_lost_reason", "Closed Lost Reason", "string", "textarea", extra, "", "wb"},
    row_of{"createdate", "Create Date", "datetime", "date", at, "CreatedDate", "b"},
    row_of{"hs_createdate", "Object Create Date/Time", "datetime", "date", at, "CreatedDate", "bh"},
    row_of{"hs_lastmodifieddate", "Last Modified Date", "datetime", "date", at, "SystemModstamp", "b"},
    row_of{"hs_v2_date_entered_current_stage", "Date entered current stage", "datetime", "calculation_equation",
           entered, "LastStageChangeDate", "bc"},
    row_of{"notes_last_updated", "Last Activity Date", "datetime", "date", last_activity, "", "bc"},
    row_of{"notes_next_activity_date", "Next Activity Date", "datetime", "date", next_activity, "", "bc"},
    row_of{"num_notes", "Number of Sales Activities", "number", "number", note_count, "", "bc"},
    row_of{"num_associated_contacts", "Number of Associated Contacts", "number", "number", contact_count, "AccountId",
           "bc"},
    row_of{"hs_merged_object_ids", "Merged Deal IDs", "enumeration", "checkbox", extra, "", "bh"},
    row_of{"lead_source", "Lead Source", "enumeration", "select", choice, "LeadSource", "w"},
    row_of{"champion", "Champion", "string", "text", text, "Champion__c", "wt"},
    row_of{"procurement_status", "Procurement Status", "enumeration", "select", choice, "Procurement_Status__c", "wt"},
    row_of{"implementation_risk", "Implementation Risk", "string", "text", text, "Implementation_Risk__c", "wt"},
    row_of{"decision_process", "Decision Process", "string", "textarea", text, "Decision_Process__c", "wt"},
    row_of{"loss_reason", "Loss Reason", "enumeration", "select", choice, "Loss_Reason__c", "wt"},
    row_of{"legal_status", "Legal Status", "enumeration", "select", choice, "Legal_Status__c", "wt"},
};

constexpr std::array company{
    row_of{"name", "Company name", "string", "text", text, "Name", "wb"},
    row_of{"domain", "Company Domain Name", "string", "text", extra, "", "wb"},
    row_of{"type", "Type", "enumeration", "radio", choice, "Type", "wb"},
    row_of{"industry", "Industry", "enumeration", "select", choice, "Industry", "wb"},
    row_of{"city", "City", "string", "text", text, "BillingCity", "wb"},
    row_of{"country", "Country/Region", "string", "text", text, "BillingCountry", "wb"},
    row_of{"numberofemployees", "Number of Employees", "number", "number", number, "NumberOfEmployees", "wb"},
    row_of{"createdate", "Create Date", "datetime", "date", at, "CreatedDate", "b"},
    row_of{"hs_lastmodifieddate", "Last Modified Date", "datetime", "date", at, "SystemModstamp", "b"},
};

constexpr std::array contact{
    row_of{"firstname", "First Name", "string", "text", text, "FirstName", "wb"},
    row_of{"lastname", "Last Name", "string", "text", text, "LastName", "wb"},
    row_of{"email", "Email", "string", "text", text, "Email", "wb"},
    row_of{"jobtitle", "Job Title", "string", "text", text, "Title", "wb"},
    row_of{"createdate", "Create Date", "datetime", "date", at, "CreatedDate", "b"},
    row_of{"lastmodifieddate", "Last Modified Date", "datetime", "date", at, "SystemModstamp", "b"},
};

constexpr std::array task{
    row_of{"hs_task_subject", "Task Title", "string", "text", text, "Subject", "wb"},
    row_of{"hs_task_body", "Task Notes", "string", "html", text, "Description", "wb"},
    row_of{"hs_task_status", "Task Status", "enumeration", "select", choice, "Status", "wb"},
    row_of{"hs_task_priority", "Priority", "enumeration", "select", choice, "Priority", "wb"},
    row_of{"hs_task_type", "Task Type", "enumeration", "select", choice, "TaskSubtype", "wb"},
    row_of{"hs_timestamp", "Due date", "datetime", "date", due, "ActivityDate", "wb"},
    row_of{"hs_task_completion_date", "Completed at", "datetime", "date", at, "CompletedDateTime", "b"},
    row_of{"hs_task_reminders", "Task reminder", "string", "text", extra, "", "wb"},
    row_of{"hs_createdate", "Create date", "datetime", "date", at, "CreatedDate", "b"},
    row_of{"hs_lastmodifieddate", "Last modified at", "datetime", "date", at, "SystemModstamp", "b"},
};

constexpr std::array note{
    row_of{"hs_note_body", "Note body", "string", "html", text, "Body", "wb"},
    row_of{"hs_timestamp", "Activity date", "datetime", "date", due, "", "wb"},
    row_of{"hs_createdate", "Create date", "datetime", "date", at, "CreatedDate", "b"},
    row_of{"hs_lastmodifieddate", "Last modified date", "datetime", "date", at, "SystemModstamp", "b"},
};

// Read only: people hold them, nobody here plans them over the API.
constexpr std::array meeting{
    row_of{"hs_meeting_title", "Meeting name", "string", "text", text, "Subject", "b"},
    row_of{"hs_meeting_start_time", "Start time", "datetime", "date", at, "ActivityDateTime", "b"},
    row_of{"hs_timestamp", "Activity date", "datetime", "date", at, "ActivityDateTime", "b"},
    row_of{"hs_createdate", "Create date", "datetime", "date", at, "CreatedDate", "b"},
    row_of{"hs_lastmodifieddate", "Last modified date", "datetime", "date", at, "SystemModstamp", "b"},
};

struct renamed {
  std::string_view property;
  std::vector<hs_option> options;
};

// Options whose value differs from the text in the column; the others are the column's own.
std::vector<hs_option> options_of(const hs_property& p, const field_def* column) {
  static const std::vector<renamed> known{
      {"hs_manual_forecast_category",
       {{"OMIT", "Not forecasted", "Omitted"},
        {"PIPELINE", "Pipeline", "Pipeline"},
        {"BEST_CASE", "Best case", "Best Case"},
        {"COMMIT", "Commit", "Commit"},
        {"CLOSED", "Closed won", "Closed"}}},
      {"dealtype",
       {{"newbusiness", "New Business", "New Customer"},
        {"existingbusiness", "Existing Business", "Existing Customer - Renewal"}}},
      {"hs_task_status",
       {{"NOT_STARTED", "Not started", "Not Started"},
        {"IN_PROGRESS", "In progress", "In Progress"},
        {"COMPLETED", "Completed", "Completed"},
        {"WAITING", "Waiting", "Waiting on someone else"},
        {"DEFERRED", "Deferred", "Deferred"}}},
      {"hs_task_priority",
       {{"LOW", "Low", "Low"}, {"MEDIUM", "Medium", "Normal"}, {"HIGH", "High", "High"}, {"NONE", "None", ""}}},
      {"hs_task_type",
       {{"TO"
         "DO",
         "To-do", "Task"},
        {"CALL", "Call", "Call"},
        {"EMAIL", "Email", "Email"}}},
      {"type",
       {{"PROSPECT", "Prospect", "Prospect"}, {"CUSTOMER", "Customer", "Customer"}, {"PARTNER", "Partner", "Partner"}}},
  };
  if (const auto k = std::ranges::find(known, p.name, &renamed::property); k != known.end()) return k->options;
  std::vector<hs_option> own;
  if (p.source == hs_source::choice && column != nullptr) {
    for (const auto& o : column->options) own.push_back({o.value, o.value, o.value});
  }
  if (p.source == hs_source::pipeline) {
    for (const auto& line : hs_pipelines) own.push_back({std::string{line.id}, std::string{line.label}, ""});
  }
  if (p.source == hs_source::stage) {
    for (const auto& line : hs_pipelines) {
      for (const auto& s : line.stages) {
        own.push_back({std::string{s.id}, std::string{s.label} + " (" + std::string{line.label} + ")", ""});
      }
    }
  }
  return own;
}

template <std::size_t N>
void fill(hs_object_def& o, const std::array<row_of, N>& rows, const object_def* table) {
  for (const auto& r : rows) {
    hs_property p;
    p.name = r.name;
    p.label = r.label;
    p.type = r.type;
    p.field_type = r.field_type;
    p.source = r.source;
    p.column = r.column.empty() || table == nullptr ? -1 : table->column(r.column);
    const auto has = [&](char c) { return r.marks.find(c) != std::string_view::npos; };
    p.writable = has('w');
    p.calculated = has('c');
    p.hidden = has('h');
    p.built_in = has('b');
    p.tracked = has('t') && o.object == hs_object::deals;
    p.group = std::string{o.singular} + "information";
    p.options = options_of(p, p.column < 0 ? nullptr : &table->fields[static_cast<std::size_t>(p.column)]);
    o.by_name.emplace(r.name, &o.properties.emplace_back(std::move(p)));
  }
}

}  // namespace

const hs_property* hs_object_def::find(std::string_view property) const {
  const auto found = by_name.find(property);
  return found == by_name.end() ? nullptr : found->second;
}

const object_def& hs_note_table() {
  static const object_def table = [] {
    object_def o;
    o.name = "Note";
    o.label = "Note";
    o.plural = "Notes";
    o.prefix = "002";
    o.stamp = "SystemModstamp";
    const auto add = [&](std::string_view name, field_type type) {
      field_def f;
      f.name = name;
      f.label = name;
      f.type = type;
      auto lower = std::string{name};
      std::ranges::transform(lower, lower.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      o.by_lower_name.emplace(std::move(lower), static_cast<int>(o.fields.size()));
      o.fields.push_back(std::move(f));
    };
    add("Id", field_type::id);
    add("IsDeleted", field_type::boolean);
    add("Body", field_type::textarea);
    for (const auto* reference : {"OwnerId", "CreatedById", "LastModifiedById"}) add(reference, field_type::reference);
    for (const auto* stamp : {"CreatedDate", "LastModifiedDate", "SystemModstamp"}) add(stamp, field_type::datetime);
    return o;
  }();
  return table;
}

hs_schema::hs_schema(bool task_key)
    : objects_{{{hs_object::deals,
                 "deals",
                 "deal",
                 "0-3",
                 "Opportunity",
                 "hs_lastmodifieddate",
                 "createdate",
                 {"amount", "closedate", "createdate", "dealname", "dealstage", "hs_lastmodifieddate", "hs_object_id",
                  "pipeline"},
                 {},
                 {}},
                {hs_object::companies,
                 "companies",
                 "company",
                 "0-2",
                 "Account",
                 "hs_lastmodifieddate",
                 "createdate",
                 {"createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"},
                 {},
                 {}},
                {hs_object::contacts,
                 "contacts",
                 "contact",
                 "0-1",
                 "Contact",
                 "lastmodifieddate",
                 "createdate",
                 {"createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"},
                 {},
                 {}},
                {hs_object::tasks,
                 "tasks",
                 "task",
                 "0-27",
                 "Task",
                 "hs_lastmodifieddate",
                 "hs_createdate",
                 {"hs_createdate", "hs_lastmodifieddate", "hs_object_id"},
                 {},
                 {}},
                {hs_object::notes,
                 "notes",
                 "note",
                 "0-46",
                 "",
                 "hs_lastmodifieddate",
                 "hs_createdate",
                 {"hs_createdate", "hs_lastmodifieddate", "hs_object_id"},
                 {},
                 {}},
                {hs_object::meetings,
                 "meetings",
                 "meeting",
                 "0-47",
                 "Event",
                 "hs_lastmodifieddate",
                 "hs_createdate",
                 {"hs_createdate", "hs_lastmodifieddate", "hs_object_id"},
                 {},
                 {}}}} {
  const schema tables;
  const auto at_of = [this](hs_object o) -> hs_object_def& { return objects_[static_cast<std::size_t>(o)]; };
  fill(at_of(hs_object::deals), deal, tables.find("Opportunity"));
  fill(at_of(hs_object::companies), coachd::sim::company, tables.find("Account"));
  fill(at_of(hs_object::contacts), contact, tables.find("Contact"));
  fill(at_of(hs_object::tasks), task, tables.find("Task"));
  fill(at_of(hs_object::notes), note, &hs_note_table());
  fill(at_of(hs_object::meetings), meeting, tables.find("Event"));
  for (auto& o : objects_) fill(o, audit, o.table.empty() ? &hs_note_table() : tables.find(o.table));
  if (!task_key) return;
  hs_property key;
  key.name = "coachd_key";
  key.label = "coachd key";
  key.type = "string";
  key.field_type = "text";
  key.group = "taskinformation";
  key.unique = true;
  add(hs_object::tasks, std::move(key));
}

const hs_object_def* hs_schema::find(std::string_view name) const {
  for (const auto& o : objects_) {
    if (o.name == name || o.singular == name || o.type_id == name) return &o;
  }
  return nullptr;
}

const hs_property& hs_schema::add(hs_object object, hs_property property) {
  auto& o = objects_[static_cast<std::size_t>(object)];
  property.source = hs_source::extra;
  property.writable = true;
  const auto& own = o.properties.emplace_back(std::move(property));
  o.by_name.emplace(own.name, &own);
  return own;
}

void hs_schema::hide(hs_object object, std::string_view name, bool hidden) {
  auto& o = objects_[static_cast<std::size_t>(object)];
  for (auto& p : o.properties) {
    if (p.name == name && !p.archived) p.hidden = hidden;
  }
}

void hs_schema::archive(hs_object object, std::string_view name) {
  auto& o = objects_[static_cast<std::size_t>(object)];
  for (auto& p : o.properties) {
    if (p.name == name) p.archived = true;
  }
  o.by_name.erase(name);
}

bool hs_schema::restore(hs_object object, std::string_view name) {
  auto& o = objects_[static_cast<std::size_t>(object)];
  const auto found = std::ranges::find_if(o.properties, [&](const auto& p) { return p.archived && p.name == name; });
  if (found == o.properties.end()) return false;
  found->archived = false;
  o.by_name.emplace(found->name, &*found);
  return true;
}

const hs_pipeline* find_hs_pipeline(std::string_view id) {
  for (const auto& p : hs_pipelines) {
    if (p.id == id) return &p;
  }
  return nullptr;
}

std::string_view hs_stage_id(const hs_pipeline& pipeline, std::string_view label) {
  for (const auto& s : pipeline.stages) {
    if (s.label == label) return s.id;
  }
  return {};
}

std::string_view hs_stage_label(const hs_pipeline& pipeline, std::string_view id) {
  for (const auto& s : pipeline.stages) {
    if (s.id == id) return s.label;
  }
  return {};
}

std::string_view hs_probability(std::string_view stage_label) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known{{{"Prospecting", "0.1"},
                                                                                       {"Qualification", "0.2"},
                                                                                       {"Needs Analysis", "0.3"},
                                                                                       {"Value Proposition", "0.5"},
                                                                                       {"Proposal/Price Quote", "0.7"},
                                                                                       {"Negotiation/Review", "0.9"},
                                                                                       {"Closed Won", "1.0"},
                                                                                       {"Closed Lost", "0.0"}}};
  for (const auto& [label, p] : known) {
    if (label == stage_label) return p;
  }
  return "0.0";
}

}  // namespace coachd::sim
