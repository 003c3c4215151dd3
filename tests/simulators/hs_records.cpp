#include "tests/simulators/hs_records.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/hs_people.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

// Ids of a portal lie far over 2^33 and have gaps.
constexpr std::array<std::uint64_t, all_hs_objects.size()> first_id{13'402'118'001, 21'733'540'007, 34'160'022'005,
                                                                    57'281'904'011, 68'910'336'013, 75'120'448'019};
constexpr std::uint64_t id_step = 17;

}  // namespace

hs_records::hs_records(org& company, std::string_view integration_user, bool task_key, bool omit_nulls)
    : org_{company},
      schema_{task_key},
      people_{company, integration_user},
      notes_{hs_note_table(), company.texts()},
      omit_nulls_{omit_nulls},
      renewal_{company.get("RecordType").cell(1, 0).text_ref()},
      new_business_{company.get("RecordType").cell(0, 0).text_ref()},
      history_{company.get("OpportunityFieldHistory")},
      of_{history_.column("OpportunityId")},
      by_{history_.column("CreatedById")},
      when_{history_.column("CreatedDate")},
      field_{history_.column("Field")},
      type_{history_.column("DataType")},
      before_{history_.column("OldValue")},
      after_{history_.column("NewValue")},
      entity_id_{company.texts().keep("EntityId")} {
  for (const auto object : all_hs_objects) {
    const auto& def = schema_.get(object);
    auto& t = def.table.empty() ? notes_ : org_.get(def.table);
    tables_[static_cast<std::size_t>(object)] = {&t, t.column("IsDeleted"), t.column("SystemModstamp"),
                                                 t.column("CreatedDate"), t.column("CreatedById")};
  }
  const auto& deals = org_.opportunities().def();
  for (const auto& p : schema_.get(hs_object::deals).properties) {
    if (!p.tracked) continue;
    tracked_as_.emplace(
        &p, org_.texts().keep(p.source == hs_source::owner ? "Owner"
                                                           : deals.fields[static_cast<std::size_t>(p.column)].name));
  }
}

std::optional<hs_object> hs_records::object_of(const table& t) const {
  for (const auto object : all_hs_objects) {
    if (&rows(object) == &t) return object;
  }
  return std::nullopt;
}

std::uint64_t hs_records::id_of(hs_object object, row_number n) {
  return first_id[static_cast<std::size_t>(object)] + n * id_step;
}

std::optional<row_number> hs_records::find(hs_object object, std::string_view id) const {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const auto first = first_id[static_cast<std::size_t>(object)];
  if (error != std::errc{} || end != id.data() + id.size() || number < first || (number - first) % id_step != 0)
    return std::nullopt;
  const auto n = (number - first) / id_step;
  if (n >= rows(object).size()) return std::nullopt;
  return static_cast<row_number>(n);
}

std::optional<row_number> hs_records::find_unique(const hs_property& property, const std::string& text) const {
  const auto index = unique_.find(&property);
  if (index == unique_.end()) return std::nullopt;
  const auto found = index->second.find(text);
  if (found == index->second.end()) return std::nullopt;
  return found->second;
}

bool hs_records::archived(const hs_record& r) const {
  return (*r.cells)[static_cast<std::size_t>(tables_[static_cast<std::size_t>(r.object)].deleted)].boolean();
}

instant hs_records::modified(const hs_record& r) const {
  return (*r.cells)[static_cast<std::size_t>(tables_[static_cast<std::size_t>(r.object)].stamp)].at();
}

instant hs_records::created(const hs_record& r) const {
  return (*r.cells)[static_cast<std::size_t>(tables_[static_cast<std::size_t>(r.object)].created)].at();
}

const hs_pipeline& hs_records::pipeline_of(const row& deal) const {
  return hs_pipelines[deal[static_cast<std::size_t>(org_.columns().record_type)].text_ref() == renewal_ ? 1 : 0];
}

const std::string* hs_records::record_type(std::string_view pipeline) const {
  const auto* known = find_hs_pipeline(pipeline);
  return known == nullptr ? nullptr : known == &hs_pipelines[1] ? renewal_ : new_business_;
}

bool hs_records::append_cell(std::string& out, const hs_property& p, const value& v, const row& cells) const {
  if (v.is_null()) return false;
  const auto number = [&](std::uint64_t n) {
    if (n != 0) fmt::format_to(std::back_inserter(out), "{}", n);
    return n != 0;
  };
  switch (p.source) {
    case hs_source::number: fmt::format_to(std::back_inserter(out), "{}", v.number()); return true;
    case hs_source::boolean: out += v.boolean() ? "true" : "false"; return true;
    case hs_source::at:
    case hs_source::entered: append_hs_instant(out, v.at()); return true;
    case hs_source::closing: append_hs_instant(out, instant{v.date()} + std::chrono::hours{12}); return true;
    case hs_source::due: append_hs_instant(out, instant{v.date()} + std::chrono::hours{8}); return true;
    case hs_source::stage: {
      const auto id = hs_stage_id(pipeline_of(cells), v.text());
      out += id;
      return !id.empty();
    }
    case hs_source::probability: out += hs_probability(v.text()); return true;
    case hs_source::pipeline: out += hs_pipelines[v.text_ref() == renewal_ ? 1 : 0].id; return true;
    case hs_source::owner: return number(people_.owner_id(v.text_ref()));
    case hs_source::user: return number(people_.user_id(v.text_ref()));
    case hs_source::choice: {
      const auto option = std::ranges::find(p.options, v.text(), &hs_option::held);
      out += option == p.options.end() ? std::string_view{v.text()} : std::string_view{option->value};
      return true;
    }
    case hs_source::origin: out += people_.integration(v.text_ref()) ? "INTEGRATION" : "CRM_UI"; return true;
    case hs_source::origin_id:
      if (people_.integration(v.text_ref())) return number(hs_app_id);
      out += "userId:";
      return number(people_.user_id(v.text_ref()));
    case hs_source::contact_count:
      return number(org_.get("Contact").holding(org_.get("Contact").column("AccountId"), v.text_ref()).size());
    default: out += v.text(); return true;
  }
}

std::vector<std::pair<hs_object, row_number>> hs_records::activities(row_number deal) const {
  std::vector<link> found;
  const auto& tasks = rows(hs_object::tasks);
  const int deleted = tables_[static_cast<std::size_t>(hs_object::tasks)].deleted;
  const auto* id = org_.opportunities().cell(deal, 0).text_ref();
  for (const auto n : tasks.holding(tasks.column("WhatId"), id)) {
    if (!tasks.cell(n, deleted).boolean()) found.emplace_back(hs_object::tasks, n);
  }
  if (const auto more = links.find({hs_object::deals, deal}); more != links.end()) {
    for (const auto& [object, n] : more->second) {
      if (!archived(at(object, n))) found.emplace_back(object, n);
    }
  }
  return found;
}

// Tasks, notes and meetings count, whoever made them.
bool hs_records::append_activity(std::string& out, const hs_record& r, hs_source what) const {
  std::size_t count = 0;
  std::optional<instant> last;
  std::optional<instant> next;
  const auto& tasks = rows(hs_object::tasks);
  const int closed = tasks.column("IsClosed");
  const int due = tasks.column("ActivityDate");
  for (const auto& [object, n] : activities(r.n)) {
    ++count;
    const auto made = created(at(object, n));
    if (!last || made > *last) last = made;
    if (object == hs_object::tasks && !tasks.cell(n, closed).boolean() && !tasks.cell(n, due).is_null()) {
      const auto day_of = instant{tasks.cell(n, due).date()} + std::chrono::hours{8};
      if (!next || day_of < *next) next = day_of;
    }
  }
  const auto& meetings = org_.get("Event");
  for (const auto n : meetings.holding(meetings.column("WhatId"), (*r.cells)[0].text_ref())) {
    ++count;
    const auto held = meetings.cell(n, meetings.column("ActivityDateTime")).at();
    if (!last || held > *last) last = held;
  }
  if (what == hs_source::note_count) {
    fmt::format_to(std::back_inserter(out), "{}", count);
    return count > 0;
  }
  const auto& at_last = what == hs_source::last_activity ? last : next;
  if (at_last) append_hs_instant(out, *at_last);
  return at_last.has_value();
}

bool hs_records::append_text(std::string& out, const hs_record& r, const hs_property& p) const {
  switch (p.source) {
    case hs_source::id: fmt::format_to(std::back_inserter(out), "{}", id_of(r.object, r.n)); return true;
    case hs_source::extra:
    case hs_source::due:
      if (const auto* text = extra(r.object, r.n, p)) {
        out += *text;
        return true;
      }
      break;
    case hs_source::entered:
      if ((*r.cells)[static_cast<std::size_t>(p.column)].is_null()) {
        append_hs_instant(out, created(r));
        return true;
      }
      break;
    case hs_source::last_activity:
    case hs_source::next_activity:
    case hs_source::note_count: return append_activity(out, r, p.source);
    case hs_source::choice:
      if (const auto* text = extra(r.object, r.n, p)) {
        out += *text;
        return true;
      }
      break;
    default: break;
  }
  return p.column >= 0 && append_cell(out, p, (*r.cells)[static_cast<std::size_t>(p.column)], *r.cells);
}

void hs_records::set_extra(hs_object object, row_number n, const hs_property& p, std::string_view text) {
  auto& all = extras_[key(object, n)];
  const auto old = std::ranges::find(all, &p, &std::pair<const hs_property*, std::string>::first);
  if (old != all.end()) {
    if (p.unique) unique_[&p].erase(old->second);
    all.erase(old);
  }
  if (text.empty()) return;
  all.emplace_back(&p, text);
  if (p.unique) unique_[&p].insert_or_assign(std::string{text}, n);
}

void hs_records::free_keys(hs_object object, row_number n) {
  const auto all = extras_.find(key(object, n));
  if (all == extras_.end()) return;
  for (const auto& [p, text] : all->second) {
    if (p->unique) unique_[p].erase(text);
  }
}

const std::string* hs_records::extra(hs_object object, row_number n, const hs_property& p) const {
  const auto all = extras_.find(key(object, n));
  if (all == extras_.end()) return nullptr;
  const auto found = std::ranges::find(all->second, &p, &std::pair<const hs_property*, std::string>::first);
  return found == all->second.end() ? nullptr : &found->second;
}

void append_hs_instant(std::string& out, instant at) {
  const auto day_of = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day_of};
  const auto rest = static_cast<unsigned>((at - day_of).count());
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  std::array<char, 24> t{};
  const auto two = [&](std::size_t place, unsigned n) {
    t[place] = static_cast<char>('0' + n / 10 % 10);
    t[place + 1] = static_cast<char>('0' + n % 10);
  };
  two(0, year / 100);
  two(2, year % 100);
  t[4] = t[7] = '-';
  two(5, static_cast<unsigned>(date.month()));
  two(8, static_cast<unsigned>(date.day()));
  t[10] = 'T';
  two(11, rest / 3600);
  t[13] = t[16] = ':';
  two(14, rest / 60 % 60);
  two(17, rest % 60);
  t[19] = '.';
  t[20] = t[21] = t[22] = '0';
  t[23] = 'Z';
  out.append(t.data(), t.size());
}

}  // namespace coachd::sim
