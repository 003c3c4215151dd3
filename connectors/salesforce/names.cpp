#include "connectors/salesforce/salesforce.hpp"

namespace coachd::salesforce {

Names default_names() {
  Names names;
  names.objects = {{"opportunity", "Opportunity"},
                   {"account", "Account"},
                   {"contact", "Contact"},
                   {"lead", "Lead"},
                   {"contact_role", "OpportunityContactRole"},
                   {"task", "Task"},
                   {"event", "Event"}};
  names.fields["opportunity"] = {
      {"id", "Id"},
      {"name", "Name"},
      {"owner", "OwnerId"},
      {"account", "AccountId"},
      {"stage", "StageName"},
      {"pipeline", "RecordTypeId"},
      {"record_type", "RecordTypeId"},
      {"amount", "Amount"},
      {"currency", "CurrencyIsoCode"},
      {"close_date", "CloseDate"},
      {"next_step", "NextStep"},
      {"forecast_category", "ForecastCategoryName"},
      {"probability", "Probability"},
      {"source", "LeadSource"},
      {"campaign", "CampaignId"},
      {"type", "Type"},
      {"description", "Description"},
      {"created", "CreatedDate"},
      {"created_by", "CreatedById"},
      {"modified", "LastModifiedDate"},
      {"last_activity", "LastActivityDate"},
      {"stage_changed", "LastStageChangeDate"},
      {"closed", "IsClosed"},
      {"won", "IsWon"},
  };
  names.fields["account"] = {{"id", "Id"},
                             {"name", "Name"},
                             {"owner", "OwnerId"},
                             {"industry", "Industry"},
                             {"type", "Type"},
                             {"parent", "ParentId"},
                             {"created", "CreatedDate"},
                             {"phone", "Phone"},
                             {"website", "Website"},
                             {"source", "AccountSource"},
                             {"last_activity", "LastActivityDate"}};
  names.fields["contact"] = {{"id", "Id"},       {"name", "Name"},   {"owner", "OwnerId"}, {"account", "AccountId"},
                             {"email", "Email"}, {"phone", "Phone"}, {"title", "Title"},   {"created", "CreatedDate"}};
  names.fields["lead"] = {{"id", "Id"},           {"name", "Name"},         {"owner", "OwnerId"},
                          {"company", "Company"}, {"email", "Email"},       {"phone", "Phone"},
                          {"status", "Status"},   {"source", "LeadSource"}, {"created", "CreatedDate"}};
  names.fields["contact_role"] = {
      {"id", "Id"}, {"contact", "ContactId"}, {"role", "Role"}, {"primary", "IsPrimary"}, {"created", "CreatedDate"}};
  names.fields["task"] = {{"id", "Id"},
                          {"owner", "OwnerId"},
                          {"subject", "Subject"},
                          {"status", "Status"},
                          {"priority", "Priority"},
                          {"due", "ActivityDate"},
                          {"created", "CreatedDate"}};
  names.fields["event"] = {{"id", "Id"},
                           {"owner", "OwnerId"},
                           {"subject", "Subject"},
                           {"start", "StartDateTime"},
                           {"created", "CreatedDate"}};
  return names;
}

}  // namespace coachd::salesforce
