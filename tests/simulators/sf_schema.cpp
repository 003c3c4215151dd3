#include "tests/simulators/sf_schema.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::sim {
namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

using enum field_type;

// Letters of `marks`: r required, c createable, u updateable, d defaulted on create, t tracked, x not filterable,
// p restricted picklist.
field_def field(std::string name, std::string label, field_type type, int length, std::string_view marks) {
  field_def f;
  f.name = std::move(name);
  f.label = std::move(label);
  f.type = type;
  f.length = length;
  const auto has = [&](char c) { return marks.find(c) != std::string_view::npos; };
  f.nillable = !has('r');
  f.createable = has('c');
  f.updateable = has('u');
  f.defaulted = has('d');
  f.tracked = has('t');
  f.filterable = !has('x');
  f.restricted = has('p');
  return f;
}

field_def choice(std::string name, std::string label, std::string_view marks, std::vector<std::string> values) {
  auto f = field(std::move(name), std::move(label), field_type::picklist, 255, marks);
  for (auto& v : values) f.options.push_back({std::move(v), true});
  for (auto& o : f.options) o.active = o.value != "Id. Decision Makers" && o.value != "Perception Analysis";
  return f;
}

field_def lookup(std::string name, std::string label, std::string_view marks, std::string refers_to,
                 std::string relationship) {
  auto f = field(std::move(name), std::move(label), reference, 18, marks);
  f.refers_to = std::move(refers_to);
  f.relationship = std::move(relationship);
  return f;
}

void add_audit(object_def& o) {
  o.fields.push_back(field("CreatedDate", "Created Date", datetime, 0, "rd"));
  o.fields.push_back(lookup("CreatedById", "Created By ID", "rd", "User", "CreatedBy"));
  o.fields.push_back(field("LastModifiedDate", "Last Modified Date", datetime, 0, "rd"));
  o.fields.push_back(lookup("LastModifiedById", "Last Modified By ID", "rd", "User", "LastModifiedBy"));
  o.fields.push_back(field("SystemModstamp", "System Modstamp", datetime, 0, "rd"));
}

object_def object(std::string name, std::string label, std::string plural, std::string prefix) {
  object_def o;
  o.name = std::move(name);
  o.label = std::move(label);
  o.plural = std::move(plural);
  o.prefix = std::move(prefix);
  o.stamp = "SystemModstamp";
  o.fields.push_back(field("Id", o.label + " ID", id, 18, "rd"));
  return o;
}

std::vector<std::string> stage_names() {
  return {"Prospecting",         "Qualification",       "Needs Analysis",       "Value Proposition",
          "Id. Decision Makers", "Perception Analysis", "Proposal/Price Quote", "Negotiation/Review",
          "Closed Won",          "Closed Lost"};
}

object_def opportunity() {
  auto o = object("Opportunity", "Opportunity", "Opportunities", "006");
  auto& f = o.fields;
  f.push_back(field("IsDeleted", "Deleted", boolean, 0, "rd"));
  f.push_back(lookup("AccountId", "Account ID", "cu", "Account", "Account"));
  f.push_back(lookup("RecordTypeId", "Record Type ID", "cud", "RecordType", "RecordType"));
  f.push_back(field("Name", "Name", string, 120, "rcu"));
  f.push_back(field("Description", "Description", textarea, 32000, "cux"));
  f.push_back(choice("StageName", "Stage", "rcut", stage_names()));
  f.push_back(field("Amount", "Amount", currency, 0, "cut"));
  f.push_back(field("Probability", "Probability (%)", percent, 0, "cud"));
  f.push_back(field("CloseDate", "Close Date", date, 0, "rcut"));
  f.push_back(choice("Type", "Opportunity Type", "cu",
                     {"New Customer", "Existing Customer - Upgrade", "Existing Customer - Renewal", "Other"}));
  f.push_back(field("NextStep", "Next Step", string, 255, "cut"));
  f.push_back(choice("LeadSource", "Lead Source", "cu",
                     {"Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Trade Show", "Other"}));
  f.push_back(field("IsClosed", "Closed", boolean, 0, "rd"));
  f.push_back(field("IsWon", "Won", boolean, 0, "rd"));
  f.push_back(choice("ForecastCategory", "Forecast Category", "r",
                     {"Omitted", "Pipeline", "BestCase", "MostLikely", "Forecast", "Closed"}));
  f.push_back(choice("ForecastCategoryName", "Forecast Category", "cudt",
                     {"Omitted", "Pipeline", "Best Case", "Commit", "Closed"}));
  f.push_back(lookup("OwnerId", "Owner ID", "rcudt", "User", "Owner"));
  add_audit(o);
  f.push_back(field("LastActivityDate", "Last Activity", date, 0, ""));
  f.push_back(field("LastStageChangeDate", "Last Stage Change Date", datetime, 0, ""));
  f.push_back(field("PushCount", "Push Count", integer, 8, "d"));
  f.push_back(field("HasOpenActivity", "Has Open Activity", boolean, 0, "rd"));
  f.push_back(choice("Procurement_Status__c", "Procurement Status", "cut",
                     {"None", "Not started", "Vendor form sent", "In review", "Approved", "Not required"}));
  f.push_back(field("Implementation_Risk__c", "Implementation Risk", string, 255, "cut"));
  f.push_back(field("Champion__c", "Champion", string, 120, "cut"));
  f.push_back(choice("Loss_Reason__c", "Loss Reason", "cut",
                     {"Price", "Lost to competitor", "No decision", "No budget", "Missing feature", "Timing"}));
  f.push_back(field("Decision_Process__c", "Decision Process", textarea, 255, "cut"));
  f.push_back(
      choice("Legal_Status__c", "Legal Status", "cut", {"None", "Not started", "Draft sent", "Redlines", "Signed"}));
  o.indexed = {"AccountId", "OwnerId"};
  return o;
}

object_def opportunity_history() {
  auto o = object("OpportunityFieldHistory", "Opportunity Field History", "Opportunity Field History", "017");
  o.stamp = "CreatedDate";
  auto& f = o.fields;
  f.push_back(field("IsDeleted", "Deleted", boolean, 0, "rd"));
  f.push_back(lookup("OpportunityId", "Opportunity ID", "r", "Opportunity", "Opportunity"));
  f.push_back(lookup("CreatedById", "Created By ID", "rd", "User", "CreatedBy"));
  f.push_back(field("CreatedDate", "Created Date", datetime, 0, "rd"));
  f.push_back(field("Field", "Changed Field", field_type::picklist, 255, "r"));
  f.push_back(field("DataType", "Datatype", field_type::picklist, 40, ""));
  f.push_back(field("OldValue", "Old Value", any, 255, "x"));
  f.push_back(field("NewValue", "New Value", any, 255, "x"));
  o.indexed = {"OpportunityId"};
  return o;
}

object_def task() {
  auto o = object("Task", "Task", "Tasks", "00T");
  auto& f = o.fields;
  f.push_back(lookup("WhoId", "Name ID", "cu", "Contact,Lead", ""));
  f.push_back(lookup("WhatId", "Related To ID", "cu", "Account,Opportunity", ""));
  f.push_back(field("Subject", "Subject", string, 255, "cu"));
  f.push_back(field("ActivityDate", "Due Date Only", date, 0, "cu"));
  f.push_back(choice("Status", "Status", "rcud",
                     {"Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"}));
  f.push_back(choice("Priority", "Priority", "rcud", {"High", "Normal", "Low"}));
  f.push_back(lookup("OwnerId", "Assigned To ID", "rcud", "User,Group", "Owner"));
  f.push_back(field("Description", "Description", textarea, 32000, "cux"));
  f.push_back(field("IsDeleted", "Deleted", boolean, 0, "rd"));
  f.push_back(lookup("AccountId", "Account ID", "", "Account", "Account"));
  f.push_back(field("IsClosed", "Closed", boolean, 0, "rd"));
  add_audit(o);
  f.push_back(field("CompletedDateTime", "Completed Date/Time", datetime, 0, ""));
  f.push_back(field("IsReminderSet", "Reminder Set", boolean, 0, "rcud"));
  f.push_back(field("ReminderDateTime", "Reminder Date/Time", datetime, 0, "cu"));
  f.push_back(choice("Type", "Type", "cu", {"Call", "Email", "Meeting", "Other"}));
  f.push_back(choice("TaskSubtype", "Task Subtype", "cdp", {"Task", "Email", "ListEmail", "Cadence", "Call"}));
  o.indexed = {"WhatId", "OwnerId", "CreatedById"};
  return o;
}

object_def event() {
  auto o = object("Event", "Event", "Events", "00U");
  auto& f = o.fields;
  f.push_back(lookup("WhoId", "Name ID", "cu", "Contact,Lead", ""));
  f.push_back(lookup("WhatId", "Related To ID", "cu", "Account,Opportunity", ""));
  f.push_back(field("Subject", "Subject", string, 255, "cu"));
  f.push_back(field("ActivityDate", "Due Date Only", date, 0, "cu"));
  f.push_back(field("ActivityDateTime", "Due Date Time", datetime, 0, ""));
  f.push_back(field("StartDateTime", "Start Date Time", datetime, 0, "cu"));
  f.push_back(field("IsAllDayEvent", "All-Day Event", boolean, 0, "rcud"));
  f.push_back(field("DurationInMinutes", "Duration", integer, 8, "cu"));
  f.push_back(lookup("OwnerId", "Assigned To ID", "rcud", "User", "Owner"));
  f.push_back(field("IsDeleted", "Deleted", boolean, 0, "rd"));
  f.push_back(lookup("AccountId", "Account ID", "", "Account", "Account"));
  add_audit(o);
  o.indexed = {"WhatId"};
  return o;
}

object_def contact_role() {
  auto o = object("OpportunityContactRole", "Opportunity Contact Role", "Opportunity Contact Role", "00K");
  auto& f = o.fields;
  f.push_back(lookup("OpportunityId", "Opportunity ID", "rc", "Opportunity", "Opportunity"));
  f.push_back(lookup("ContactId", "Contact ID", "rcu", "Contact", "Contact"));
  f.push_back(choice("Role", "Role", "cu",
                     {"Business User", "Champion", "Decision Maker", "Economic Buyer", "Evaluator", "Other"}));
  f.push_back(field("IsPrimary", "Primary", boolean, 0, "rcud"));
  f.push_back(field("IsDeleted", "Deleted", boolean, 0, "rd"));
  add_audit(o);
  o.indexed = {"OpportunityId"};
  return o;
}

object_def user() {
  auto o = object("User", "User", "Users", "005");
  auto& f = o.fields;
  f.push_back(field("Username", "Username", string, 80, "r"));
  f.push_back(field("FirstName", "First Name", string, 40, ""));
  f.push_back(field("LastName", "Last Name", string, 80, "r"));
  f.push_back(field("Name", "Full Name", string, 121, "r"));
  f.push_back(field("Email", "Email", email, 128, "r"));
  f.push_back(field("IsActive", "Active", boolean, 0, "rd"));
  f.push_back(field("UserType", "User Type", field_type::picklist, 40, ""));
  f.push_back(lookup("ManagerId", "Manager ID", "", "User", "Manager"));
  f.push_back(lookup("ProfileId", "Profile ID", "r", "Profile", "Profile"));
  f.push_back(field("Department", "Department", string, 80, ""));
  f.push_back(field("Title", "Title", string, 80, ""));
  f.push_back(field("TimeZoneSidKey", "Time Zone", field_type::picklist, 40, "r"));
  f.push_back(field("LocaleSidKey", "Locale", field_type::picklist, 40, "r"));
  f.push_back(field("LanguageLocaleKey", "Language", field_type::picklist, 40, "r"));
  add_audit(o);
  o.indexed = {"ManagerId"};
  return o;
}

object_def account() {
  auto o = object("Account", "Account", "Accounts", "001");
  auto& f = o.fields;
  f.push_back(field("IsDeleted", "Deleted", boolean, 0, "rd"));
  f.push_back(field("Name", "Account Name", string, 255, "rcu"));
  f.push_back(choice("Type", "Account Type", "cu", {"Prospect", "Customer", "Partner"}));
  f.push_back(choice("Industry", "Industry", "cu",
                     {"Manufacturing", "Healthcare", "Retail", "Banking", "Energy", "Logistics", "Education"}));
  f.push_back(field("BillingCity", "Billing City", string, 40, "cu"));
  f.push_back(field("BillingCountry", "Billing Country", string, 80, "cu"));
  f.push_back(field("NumberOfEmployees", "Employees", integer, 8, "cu"));
  f.push_back(lookup("OwnerId", "Owner ID", "rcud", "User", "Owner"));
  add_audit(o);
  f.push_back(field("LastActivityDate", "Last Activity", date, 0, ""));
  return o;
}

object_def contact() {
  auto o = object("Contact", "Contact", "Contacts", "003");
  auto& f = o.fields;
  f.push_back(field("IsDeleted", "Deleted", boolean, 0, "rd"));
  f.push_back(lookup("AccountId", "Account ID", "cu", "Account", "Account"));
  f.push_back(field("FirstName", "First Name", string, 40, "cu"));
  f.push_back(field("LastName", "Last Name", string, 80, "rcu"));
  f.push_back(field("Name", "Full Name", string, 121, "r"));
  f.push_back(field("Title", "Title", string, 128, "cu"));
  f.push_back(field("Email", "Email", email, 80, "cu"));
  f.push_back(lookup("OwnerId", "Owner ID", "rcud", "User", "Owner"));
  add_audit(o);
  o.indexed = {"AccountId"};
  return o;
}

object_def stage() {
  auto o = object("OpportunityStage", "Opportunity Stage", "Opportunity Stage", "01J");
  auto& f = o.fields;
  f.push_back(field("MasterLabel", "Master Label", string, 255, ""));
  f.push_back(field("ApiName", "API Name", string, 255, ""));
  f.push_back(field("IsActive", "Is Active", boolean, 0, "rd"));
  f.push_back(field("SortOrder", "Order", integer, 8, ""));
  f.push_back(field("IsClosed", "Closed", boolean, 0, "rd"));
  f.push_back(field("IsWon", "Won", boolean, 0, "rd"));
  f.push_back(field("ForecastCategory", "Forecast Category", field_type::picklist, 40, "r"));
  f.push_back(field("ForecastCategoryName", "Forecast Category Name", field_type::picklist, 255, ""));
  f.push_back(field("DefaultProbability", "Probability (%)", percent, 0, ""));
  f.push_back(field("Description", "Description", string, 255, ""));
  add_audit(o);
  return o;
}

object_def record_type() {
  auto o = object("RecordType", "Record Type", "Record Types", "012");
  auto& f = o.fields;
  f.push_back(field("Name", "Name", string, 80, "r"));
  f.push_back(field("DeveloperName", "Record Type Name", string, 80, "r"));
  f.push_back(field("Description", "Description", string, 255, ""));
  f.push_back(field("BusinessProcessId", "Business Process ID", reference, 18, ""));
  f.push_back(field("SobjectType", "SObject Type Name", field_type::picklist, 40, "r"));
  f.push_back(field("IsActive", "Active", boolean, 0, "rd"));
  add_audit(o);
  return o;
}

object_def organization() {
  auto o = object("Organization", "Organization", "Organizations", "00D");
  auto& f = o.fields;
  f.push_back(field("Name", "Name", string, 80, "r"));
  f.push_back(field("IsSandbox", "Is Sandbox", boolean, 0, "rd"));
  f.push_back(field("InstanceName", "Instance Name", string, 5, ""));
  f.push_back(field("OrganizationType", "Edition", field_type::picklist, 40, ""));
  f.push_back(field("FiscalYearStartMonth", "Fiscal Year Starts In", integer, 8, ""));
  f.push_back(field("UsesStartDateAsFiscalYearName", "Fiscal Year Name by Start", boolean, 0, "rd"));
  f.push_back(field("DefaultCurrencyIsoCode", "Currency ISO Code", field_type::picklist, 3, ""));
  f.push_back(field("TimeZoneSidKey", "Time Zone", field_type::picklist, 40, "r"));
  f.push_back(field("DefaultLocaleSidKey", "Locale", field_type::picklist, 40, "r"));
  f.push_back(field("LanguageLocaleKey", "Language", field_type::picklist, 40, "r"));
  add_audit(o);
  return o;
}

// Of the metadata objects only what tells about tracking.
object_def entity_definition() {
  auto o = object("EntityDefinition", "Object Definition", "Object Definitions", "4ie");
  o.stamp.clear();
  o.fields.push_back(field("DurableId", "Durable ID", string, 255, ""));
  o.fields.push_back(field("QualifiedApiName", "Qualified API Name", string, 255, ""));
  o.fields.push_back(field("Label", "Label", string, 255, ""));
  return o;
}

object_def field_definition() {
  auto o = object("FieldDefinition", "Field Definition", "Field Definitions", "00N");
  o.stamp.clear();
  auto& f = o.fields;
  f.push_back(field("DurableId", "Durable ID", string, 255, ""));
  f.push_back(field("QualifiedApiName", "Qualified API Name", string, 255, ""));
  f.push_back(field("Label", "Label", string, 255, ""));
  f.push_back(field("DataType", "Data Type", string, 255, ""));
  f.push_back(lookup("EntityDefinitionId", "Object Definition ID", "", "EntityDefinition", "EntityDefinition"));
  f.push_back(field("IsFieldHistoryTracked", "Field History Tracked", boolean, 0, ""));
  return o;
}

object_def profile() {
  auto o = object("Profile", "Profile", "Profile", "00e");
  o.fields.push_back(field("Name", "Name", string, 255, "r"));
  o.fields.push_back(lookup("UserLicenseId", "User License ID", "", "UserLicense", "UserLicense"));
  add_audit(o);
  return o;
}

object_def user_license() {
  auto o = object("UserLicense", "User License", "User Licenses", "100");
  o.fields.push_back(field("Name", "Name", string, 255, "r"));
  o.fields.push_back(field("MasterLabel", "Master Label", string, 255, "r"));
  add_audit(o);
  return o;
}

object_def task_status() {
  auto o = object("TaskStatus", "Task Status Value", "Task Status Value", "01T");
  auto& f = o.fields;
  f.push_back(field("MasterLabel", "Master Label", string, 255, ""));
  f.push_back(field("ApiName", "API Name", string, 255, ""));
  f.push_back(field("SortOrder", "Sort Order", integer, 8, ""));
  f.push_back(field("IsDefault", "Is Default", boolean, 0, "rd"));
  f.push_back(field("IsClosed", "Is Closed", boolean, 0, "rd"));
  add_audit(o);
  return o;
}

}  // namespace

std::string_view name_of(field_type type) {
  switch (type) {
    case id: return "id";
    case reference: return "reference";
    case string: return "string";
    case textarea: return "textarea";
    case field_type::picklist: return "picklist";
    case boolean: return "boolean";
    case number: return "double";
    case currency: return "currency";
    case percent: return "percent";
    case integer: return "int";
    case date: return "date";
    case datetime: return "datetime";
    case email: return "email";
    case phone: return "phone";
    case any: return "anyType";
    case json: return "complexvalue";
  }
  return "string";
}

int object_def::column(std::string_view name_) const {
  const auto found = by_lower_name.find(lower(name_));
  return found == by_lower_name.end() ? -1 : found->second;
}

schema::schema() {
  for (auto& o : {account(), contact(), opportunity(), opportunity_history(), stage(), record_type(), task(), event(),
                  contact_role(), user(), organization(), task_status(), entity_definition(), field_definition(),
                  profile(), user_license()}) {
    objects_.push_back(o);
  }
  for (auto& o : objects_) {
    for (std::size_t i = 0; i < o.fields.size(); ++i) {
      o.by_lower_name.emplace(lower(o.fields[i].name), static_cast<int>(i));
    }
  }
}

const object_def* schema::find(std::string_view object) const {
  const auto wanted = lower(object);
  for (const auto& o : objects_) {
    if (lower(o.name) == wanted) return &o;
  }
  return nullptr;
}

}  // namespace coachd::sim
