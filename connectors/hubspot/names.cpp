#include "connectors/connector.hpp"
#include "connectors/hubspot/hubspot.hpp"

namespace coachd::hubspot {

// What HubSpot keeps as an association (a deal's account) or does not keep (a campaign as a field) has no name here.
connectors::Names default_names() {
  connectors::Names names;
  names.objects = {{"opportunity", "deals"},    {"account", "companies"},
                   {"contact", "contacts"},     {"lead", "leads"},
                   {"task", "tasks"},           {"call", "calls"},
                   {"email", "emails"},         {"meeting", "meetings"},
                   {"note", "notes"},           {"communication", "communications"},
                   {"line_item", "line_items"}, {"quote", "quotes"},
                   {"ticket", "tickets"}};
  names.fields["opportunity"] = {
      {"id", "hs_object_id"},
      {"name", "dealname"},
      {"owner", "hubspot_owner_id"},
      {"stage", "dealstage"},
      {"pipeline", "pipeline"},
      {"amount", "amount"},
      {"currency", "deal_currency_code"},
      {"close_date", "closedate"},
      {"next_step", "hs_next_step"},
      {"forecast_category", "hs_manual_forecast_category"},
      {"probability", "hs_deal_stage_probability"},
      {"source", "hs_analytics_source"},
      {"type", "dealtype"},
      {"description", "description"},
      {"created", "createdate"},
      {"created_by", "hs_created_by_user_id"},
      {"modified", "hs_lastmodifieddate"},
      {"last_activity", "notes_last_updated"},
      {"stage_changed", "hs_v2_date_entered_current_stage"},
      {"closed", "hs_is_closed"},
      {"won", "hs_is_closed_won"},
      {"loss_reason", "closed_lost_reason"},
  };
  names.fields["account"] = {{"id", "hs_object_id"},
                             {"name", "name"},
                             {"owner", "hubspot_owner_id"},
                             {"industry", "industry"},
                             {"type", "type"},
                             {"parent", "hs_parent_company_id"},
                             {"created", "createdate"},
                             {"phone", "phone"},
                             {"website", "website"},
                             {"source", "hs_analytics_source"},
                             {"last_activity", "notes_last_updated"}};
  names.fields["contact"] = {
      {"id", "hs_object_id"}, {"name", "lastname"}, {"owner", "hubspot_owner_id"}, {"account", "associatedcompanyid"},
      {"email", "email"},     {"phone", "phone"},   {"title", "jobtitle"},         {"created", "createdate"}};
  names.fields["lead"] = {{"id", "hs_object_id"},
                          {"name", "hs_lead_name"},
                          {"owner", "hubspot_owner_id"},
                          {"status", "hs_pipeline_stage"},
                          {"created", "hs_createdate"}};
  names.fields["task"] = {
      {"id", "hs_object_id"},           {"subject", "hs_task_subject"},  {"owner", "hubspot_owner_id"},
      {"status", "hs_task_status"},     {"due", "hs_timestamp"},         {"type", "hs_task_type"},
      {"priority", "hs_task_priority"}, {"description", "hs_task_body"}, {"created", "hs_createdate"}};
  return names;
}

}  // namespace coachd::hubspot
