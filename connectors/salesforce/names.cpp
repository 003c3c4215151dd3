#include "connectors/salesforce/salesforce.hpp"

namespace coachd::salesforce {

Names default_names() {
  Names names;
  names.objects = {{"opportunity", "Opportunity"},
                   {"account", "Account"},
                   {"contact", "Contact"},
                   {"lead", "Lead"},
                   {"task", "Task"},
                   {"event", "Event"},
                   {"email_message", "EmailMessage"},
                   {"contact_role", "OpportunityContactRole"},
                   {"line_item", "OpportunityLineItem"},
                   {"quote", "Quote"},
                   {"contract", "Contract"},
                   {"order", "Order"},
                   {"campaign", "Campaign"}};
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
  names.fields["task"] = {{"id", "Id"},
                          {"subject", "Subject"},
                          {"owner", "OwnerId"},
                          {"status", "Status"},
                          {"priority", "Priority"},
                          {"closed", "IsClosed"},
                          {"due", "ActivityDate"},
                          {"type", "Type"},
                          {"created", "CreatedDate"},
                          {"created_by", "CreatedById"},
                          {"kind", "TaskSubtype"},
                          {"description", "Description"}};
  names.fields["event"] = {{"id", "Id"},
                           {"subject", "Subject"},
                           {"owner", "OwnerId"},
                           {"start", "StartDateTime"},
                           {"created", "CreatedDate"},
                           {"created_by", "CreatedById"},
                           {"description", "Description"}};
  names.fields["contact_role"] = {{"id", "Id"},
                                  {"role", "Role"},
                                  {"contact", "ContactId"},
                                  {"primary", "IsPrimary"},
                                  {"created", "CreatedDate"},
                                  {"created_by", "CreatedById"}};
  return names;
}

}  // namespace coachd::salesforce
