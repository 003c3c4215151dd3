#include "tests/simulators/sf_trails.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_rest_parts.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/traces.hpp"
#include "tests/simulators/value.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono;

struct column_of {
  std::string_view name;
  field_type type;
  bool filterable = true;
};

object_def object(std::string_view name, std::string_view prefix, std::string_view stamp,
                  std::initializer_list<column_of> columns) {
  object_def o;
  o.name = o.label = std::string{name};
  o.prefix = std::string{prefix};
  o.stamp = std::string{stamp};
  const auto add = [&](const column_of& c) {
    field_def f;
    f.name = f.label = std::string{c.name};
    f.type = c.type;
    f.filterable = c.filterable;
    std::string lower = f.name;
    std::ranges::transform(lower, lower.begin(),
                           [](char l) { return l >= 'A' && l <= 'Z' ? static_cast<char>(l + 32) : l; });
    o.by_lower_name.emplace(std::move(lower), static_cast<int>(o.fields.size()));
    o.fields.push_back(std::move(f));
  };
  add({"Id", field_type::id});
  for (const auto& c : columns) add(c);
  return o;
}

std::string label_of(const org& company, const std::string& name, const std::string& field) {
  const auto* described = company.described().find(name);
  if (described == nullptr) return field;
  const auto n = described->column(field);
  return n < 0 ? field : described->fields[static_cast<std::size_t>(n)].label;
}

std::string display(const org& company, const trace& t) {
  const auto label = label_of(company, t.object, t.field);
  if (t.name == "required")
    return fmt::format("The custom field option Required for {} has changed from off to on", label);
  if (t.name == "type") return fmt::format("Changed field type of {} custom field from Text to Picklist", label);
  return fmt::format("Created custom field: {} (Text)", label);
}

class filler {
 public:
  filler(org& company, table& into) : company_{company}, into_{into}, cells_{into.blank()} {}
  filler& put(std::string_view column, std::string_view text) { return put(column, company_.text(text)); }
  filler& put(std::string_view column, value v) {
    cells_[static_cast<std::size_t>(into_.column(column))] = v;
    return *this;
  }
  row_number insert() { return into_.insert(std::move(cells_)); }

 private:
  org& company_;
  table& into_;
  row cells_;
};

constexpr std::string_view head =
    "\"EVENT_TYPE\",\"TIMESTAMP\",\"REQUEST_ID\",\"ORGANIZATION_ID\",\"USER_ID\",\"CLIENT_IP\",\"URI\","
    "\"REPORT_DESCRIPTION\",\"TIMESTAMP_DERIVED\",\"USER_ID_DERIVED\"\n";

}  // namespace

sf_trails::sf_trails(org& company, std::string integration_user) : company_{company}, me_{std::move(integration_user)} {
  using enum field_type;
  logins_.def = object("LoginHistory", "0Ya", "LoginTime",
                       {{"UserId", reference},
                        {"LoginTime", datetime},
                        {"LoginType", string},
                        {"Status", string, false},
                        {"Application", string, false},
                        {"SourceIp", string, false}});
  versions_.def = object("ContentVersion", "068", "CreatedDate",
                         {{"Title", string},
                          {"FileExtension", string},
                          {"FirstPublishLocationId", reference},
                          {"CreatedById", reference},
                          {"CreatedDate", datetime},
                          {"IsDeleted", boolean}});
  links_.def = object("ContentDocumentLink", "06A", "", {{"LinkedEntityId", reference}});
  setup_.def = object("SetupAuditTrail", "0Ym", "CreatedDate",
                      {{"Action", string},
                       {"Section", string, false},
                       {"Display", string, false},
                       {"CreatedById", reference},
                       {"CreatedDate", datetime}});
  logs_.def = object("EventLogFile", "0AT", "",
                     {{"EventType", string}, {"LogDate", datetime}, {"Interval", string}, {"CreatedDate", datetime}});
  for (auto* p : {&logins_, &versions_, &links_, &setup_, &logs_}) {
    p->all = std::make_unique<table>(p->def, company.texts());
    p->own = std::make_unique<table>(p->def, company.texts());
  }
}

void sf_trails::catch_up(instant now) {
  const auto& traces = company_.traces();
  for (; told_ < traces.size(); ++told_) {
    const auto& t = traces[told_];
    switch (t.what) {
      case trace::type::login:
      case trace::type::refused_login:
        for (auto* into : {logins_.all.get(), t.person == me_ ? logins_.own.get() : nullptr})
          if (into != nullptr)
            filler{company_, *into}
                .put("UserId", t.person)
                .put("LoginTime", value::of(t.at))
                .put("LoginType", t.name.empty() ? std::string_view{"Application"} : std::string_view{t.name})
                .put("Status", t.what == trace::type::login ? "Success" : "Invalid Password")
                .put("Application", "Browser")
                .put("SourceIp", "198.51.100.7")
                .insert();
        break;
      case trace::type::setup: {
        const auto* described = company_.described().find(t.object);
        const auto section = "Customize " + (described != nullptr ? described->plural : t.object);
        const std::string_view action = t.name == "required" ? "changedCFOptionOffOn"
                                        : t.name == "type"   ? "changedCFType"
                                                             : "createdCF";
        filler{company_, *setup_.all}
            .put("Action", action)
            .put("Section", section)
            .put("Display", display(company_, t))
            .put("CreatedById", t.person)
            .put("CreatedDate", value::of(t.at))
            .insert();
        break;
      }
      case trace::type::file: {
        const auto dot = std::min(t.name.rfind('.'), t.name.size());
        for (auto* into : {versions_.all.get(), t.person == me_ ? versions_.own.get() : nullptr})
          if (into != nullptr)
            filler{company_, *into}
                .put("Title", std::string_view{t.name}.substr(0, dot))
                .put("FileExtension", std::string_view{t.name}.substr(std::min(dot + 1, t.name.size())))
                .put("FirstPublishLocationId", t.record)
                .put("CreatedById", t.person)
                .put("CreatedDate", value::of(t.at))
                .put("IsDeleted", value::of(false))
                .insert();
        filler{company_, *links_.all}.put("LinkedEntityId", t.record).insert();
        break;
      }
      case trace::type::export_taken: break;  // in the file of its day
    }
  }
  // A day's files are made in the night after it.
  const auto last = floor<days>(now - hours{3}) - days{1};
  if (!logged_) logged_ = last - days{30};
  while (*logged_ < last) {
    *logged_ += days{1};
    add_logs(*logged_);
  }
}

void sf_trails::add_logs(day d) {
  std::string csv{head};
  for (const auto& t : company_.traces()) {
    if (t.what != trace::type::export_taken || floor<days>(t.at) != d) continue;
    const auto stamp = iso_instant(t.at);
    csv += fmt::format(
        "\"ReportExport\",\"{0}\",\"4exLFFQZ1234xFl1cJNwOV\",\"00D000000000001\",\"{1}\",\"198.51.100.7\","
        "\"/00O000000000001\",\"Pipeline, \"\"all\"\" regions\",\"{0}\",\"{2}\"\n",
        stamp, t.person.substr(0, 15), t.person);
  }
  for (const std::string_view type : {"Login", "RestApi", "ReportExport"}) {
    if (type == "ReportExport" && csv.size() == head.size()) continue;  // no events, no file
    for (auto* into : {logs_.all.get(), type == "Login" ? logs_.own.get() : nullptr}) {
      if (into == nullptr) continue;
      const auto n = filler{company_, *into}
                         .put("EventType", type)
                         .put("LogDate", value::of(instant{d}))
                         .put("Interval", "Daily")
                         .put("CreatedDate", value::of(instant{d} + days{1} + hours{3}))
                         .insert();
      if (type == "ReportExport") files_[std::string{into->cell(n, 0).text()}] = csv;
    }
  }
}

const table* sf_trails::find(std::string_view object, bool setup_hidden, instant now) {
  catch_up(now);
  const auto of = [&](const pair& p, bool whole) { return whole ? p.all.get() : p.own.get(); };
  if (object == "LoginHistory") return of(logins_, company_.may("manage-users"));
  if (object == "ContentVersion") return of(versions_, company_.may("query-all-files"));
  if (object == "ContentDocumentLink") return links_.all.get();
  if (object == "SetupAuditTrail") return setup_hidden ? nullptr : setup_.all.get();
  if (object == "EventLogFile" && company_.may("event-log-files")) return of(logs_, company_.may("event-monitoring"));
  return nullptr;
}

std::optional<http_reply> sf_trails::refuse(std::string_view soql) const {
  const bool links = soql.find("FROM ContentDocumentLink") != std::string_view::npos;
  if (!links || company_.may("query-all-files") || soql.find("WHERE") != std::string_view::npos) return std::nullopt;
  return error_reply(400, "MALFORMED_QUERY",
                     "Implementation restriction: ContentDocumentLink requires a filter by a single Id on "
                     "ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN "
                     "operator.");
}

http_reply sf_trails::log_file(std::string_view id) const {
  const auto file = files_.find(normal_id(id));
  if (file == files_.end() || !company_.may("event-monitoring")) return not_found();
  http_reply reply;
  reply.status = 200;
  reply.headers.emplace_back("Content-Type", "application/octetstream");
  reply.body = file->second;
  return reply;
}

}  // namespace coachd::sim
