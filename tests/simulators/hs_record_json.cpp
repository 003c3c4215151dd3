// The writing half of hs_records.hpp: records with their values and histories as JSON.
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/value.hpp"

namespace coachd::sim {
namespace {

// Values of these never need an escape.
bool plain(const hs_property& p) {
  return p.source != hs_source::text && p.source != hs_source::choice && p.source != hs_source::extra;
}

}  // namespace

void hs_records::write_value(std::string& out, const hs_record& r, const hs_property& p) const {
  if (plain(p)) {
    const auto start = out.size();
    out += '"';
    if (append_text(out, r, p)) {
      out += '"';
    } else {
      out.resize(start);
      out += "null";
    }
    return;
  }
  std::string text;
  if (append_text(text, r, p)) {
    write_json_text(out, text);
  } else {
    out += "null";
  }
}

void hs_records::write_entry(std::string& out, const hs_property& p, const value& v, const hs_record& r,
                             const author& by) const {
  out += R"({"value":)";
  std::string text;
  if (plain(p)) {
    out += '"';
    append_cell(out, p, v, *r.cells);
    out += '"';
  } else {
    append_cell(text, p, v, *r.cells);
    write_json_text(out, text);
  }
  out += R"(,"timestamp":")";
  append_hs_instant(out, by.at);
  if (people_.integration(by.user)) {
    fmt::format_to(std::back_inserter(out), R"(","sourceType":"INTEGRATION","sourceId":"{}"}})", hs_app_id);
  } else if (by.imported) {
    fmt::format_to(std::back_inserter(out), R"(","sourceType":"IMPORT","sourceId":"{}","updatedByUserId":{}}})",
                   81'223'401, people_.user_id(by.user));
  } else {
    const auto user = people_.user_id(by.user);
    fmt::format_to(std::back_inserter(out),
                   R"(","sourceType":"CRM_UI","sourceId":"userId:{0}","updatedByUserId":{0}}})", user);
  }
}

// Newest first, at most hs_history_depth; the oldest is the value at creation.
void hs_records::write_history(std::string& out, const hs_record& r, const hs_property& p,
                               const std::vector<row_number>& changes) const {
  const auto& place = tables_[static_cast<std::size_t>(r.object)];
  out += '[';
  const auto start = out.size();
  const auto comma = [&] {
    if (out.size() > start) out += ',';
  };
  const auto* creator = (*r.cells)[static_cast<std::size_t>(place.created_by)].text_ref();
  const author first{creator, created(r), r.object == hs_object::deals && r.n % 13 == 5};
  if (!p.tracked) {
    std::string text;
    if (append_text(text, r, p)) {
      out += R"({"value":)";
      write_json_text(out, text);
      out += R"(,"timestamp":")";
      append_hs_instant(out, p.calculated ? modified(r) : first.at);
      const auto user = people_.user_id(creator);
      if (p.calculated || user == 0) {
        fmt::format_to(std::back_inserter(out), R"(","sourceType":"{}","sourceId":"{}"}})",
                       p.calculated ? "CALCULATED" : "INTEGRATION", p.calculated ? 0 : hs_app_id);
      } else {
        fmt::format_to(std::back_inserter(out),
                       R"(","sourceType":"CRM_UI","sourceId":"userId:{0}","updatedByUserId":{0}}})", user);
      }
    }
    out += ']';
    return;
  }
  const auto* field = tracked_as_.at(&p);
  value initial = (*r.cells)[static_cast<std::size_t>(p.column)];
  std::size_t written = 0;
  for (auto i = changes.size(); i-- > 0;) {
    const auto h = changes[i];
    if (history_.cell(h, field_).text_ref() != field) continue;
    if (p.source == hs_source::owner && history_.cell(h, type_).text_ref() != entity_id_) continue;
    initial = history_.cell(h, before_);
    if (written == hs_history_depth) continue;
    comma();
    write_entry(out, p, history_.cell(h, after_), r,
                {history_.cell(h, by_).text_ref(), history_.cell(h, when_).at(), false});
    ++written;
  }
  if (written < hs_history_depth && !initial.is_null()) {
    comma();
    write_entry(out, p, initial, r, first);
  }
  out += ']';
}

void hs_records::write(std::string& out, const hs_record& r, const hs_wanted& wanted) const {
  fmt::format_to(std::back_inserter(out), R"({{"id":"{}","properties":{{)", id_of(r.object, r.n));
  bool any = false;
  for (const auto* p : wanted.properties) {
    const auto start = out.size();
    if (any) out += ',';
    write_json_text(out, p->name);
    out += ':';
    const auto value_at = out.size();
    write_value(out, r, *p);
    if (omit_nulls_ && std::string_view{out}.substr(value_at) == "null") {
      out.resize(start);
    } else {
      any = true;
    }
  }
  out += '}';
  if (!wanted.with_history.empty()) {
    std::vector<row_number> changes;
    if (r.object == hs_object::deals) {
      const auto& all = history_.holding(of_, (*r.cells)[0].text_ref());
      changes.assign(all.begin(), all.end());
    }
    out += R"(,"propertiesWithHistory":{)";
    any = false;
    for (const auto* p : wanted.with_history) {
      if (any) out += ',';
      any = true;
      write_json_text(out, p->name);
      out += ':';
      write_history(out, r, *p, changes);
    }
    out += '}';
  }
  out += R"(,"createdAt":")";
  append_hs_instant(out, created(r));
  out += R"(","updatedAt":")";
  append_hs_instant(out, modified(r));
  const bool gone = archived(r);
  fmt::format_to(std::back_inserter(out), R"(","archived":{})", gone);
  if (gone) {
    out += R"(,"archivedAt":")";
    append_hs_instant(out, modified(r));
    out += '"';
  }
  fmt::format_to(std::back_inserter(out), R"(,"url":"https://app.hubspot.com/contacts/{}/record/{}/{}"}})",
                 hs_portal_id, schema_.get(r.object).type_id, id_of(r.object, r.n));
}

}  // namespace coachd::sim
