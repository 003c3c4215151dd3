#include "tests/simulators/hs_writes.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <boost/system/result.hpp>

#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

hs_problem in_own_words(const write_problem& p) {
  return {p.status == 404 ? 404 : 400, p.status == 404 ? "OBJECT_NOT_FOUND" : "VALIDATION_ERROR", p.message};
}

}  // namespace

hs_writes::hs_writes(hs_records& records, hs_index& index, std::function<std::chrono::seconds()> lag)
    : records_{records}, index_{index}, lag_{std::move(lag)} {
  records_.company().watch([this](const row_written& w) {
    if (const auto object = records_.object_of(w.of)) note_written(*object, w.n, w.before, w.removed, w.by, w.at);
  });
}

void hs_writes::note_written(hs_object object, row_number n, const row* before, bool archived, const std::string* by,
                             instant at) {
  index_.note(object, n, before, at + lag_());
  if (archived) records_.free_keys(object, n);
  if (watcher_) watcher_({records_.at(object, n), before, archived, by, at});
  if (object != hs_object::tasks && object != hs_object::notes) return;
  // "Last activity" and the count of activities are properties of the deal: its modified date moves with them.
  std::vector<row_number> deals;
  for (const auto& [to, m] : linked({object, n})) {
    if (to == hs_object::deals) deals.push_back(m);
  }
  for (const auto deal : deals) roll_up(deal, at);
}

void hs_writes::roll_up(row_number deal, instant at) {
  auto& deals = records_.rows(hs_object::deals);
  const auto before = deals.at(deal);
  const auto stamp = std::max(at, deals.cell(deal, deals.stamp_column()).at());
  deals.set(deal, deals.stamp_column(), value::of(stamp));
  note_written(hs_object::deals, deal, &before, false, nullptr, at);
}

std::vector<hs_writes::link> hs_writes::linked(link activity) const {
  std::vector<link> found;
  if (activity.first == hs_object::tasks || activity.first == hs_object::meetings) {
    const auto& rows = records_.rows(activity.first);
    const auto& what = rows.cell(activity.second, rows.column("WhatId")).text();
    if (const auto deal = records_.rows(hs_object::deals).find(what)) found.emplace_back(hs_object::deals, *deal);
    if (const auto c = records_.rows(hs_object::companies).find(what)) found.emplace_back(hs_object::companies, *c);
  }
  if (const auto more = records_.links.find(activity); more != records_.links.end()) {
    found.insert(found.end(), more->second.begin(), more->second.end());
  }
  return found;
}

void hs_writes::associate(link activity, link record, instant at) {
  const auto already = linked(activity);
  if (std::ranges::find(already, record) != already.end()) return;
  auto& tasks = records_.rows(hs_object::tasks);
  const bool fits = record.first == hs_object::deals || record.first == hs_object::companies;
  if (activity.first == hs_object::tasks && fits && tasks.cell(activity.second, tasks.column("WhatId")).is_null()) {
    const auto& id = records_.rows(record.first).cell(record.second, 0);
    tasks.set(activity.second, tasks.column("WhatId"), id);
    records_.company().roll_up(id.text(), at);
  } else {
    records_.links[activity].insert(record);
    records_.links[record].insert(activity);
  }
  if (record.first == hs_object::deals) roll_up(record.second, at);
}

row_number hs_writes::insert_note(const translated& t, const std::string* by, instant at) {
  auto& notes = records_.rows(hs_object::notes);
  auto cells = notes.blank();
  const auto put = [&](std::string_view field, const value& v) {
    cells[static_cast<std::size_t>(notes.column(field))] = v;
  };
  put("IsDeleted", value::of(false));
  for (const auto* who : {"OwnerId", "CreatedById", "LastModifiedById"}) put(who, value::of(by));
  for (const auto* when : {"CreatedDate", "LastModifiedDate", "SystemModstamp"}) put(when, value::of(at));
  for (const auto& [field, v] : t.fields) {
    const auto* text = std::get_if<std::string>(&v);
    put(field, text == nullptr ? value{} : records_.company().text(*text));
  }
  const auto n = notes.insert(std::move(cells));
  note_written(hs_object::notes, n, nullptr, false, by, at);
  return n;
}

boost::system::result<row_number, hs_problem> hs_writes::create(hs_object object, const hs_values& values,
                                                                const std::vector<link>& links, const std::string* by,
                                                                instant at, bool enforce, bool dry) {
  const auto& def = records_.schema().get(object);
  auto wrong = missing(def, values, nullptr, enforce);
  if (!wrong.empty()) return invalid_properties(std::move(wrong));
  auto t = translate(def, values, nullptr, true);
  if (!t) return t.error();
  for (const auto& [p, text] : t->extras) {
    const auto other = p->unique ? records_.find_unique(*p, text) : std::nullopt;
    if (other && !records_.archived(records_.at(object, *other))) {
      return hs_problem{409, "CONFLICT",
                        fmt::format("A {} with {} {} already exists. Existing ID: {}", def.singular, p->name, text,
                                    hs_records::id_of(object, *other))};
    }
  }
  row_number n = 0;
  if (object == hs_object::notes) {
    if (dry) return n;
    n = insert_note(*t, by, at);
  } else {
    // The first deal or company is the row's own; the rest are links beside it.
    const auto own = std::ranges::find_if(
        links, [](const link& l) { return l.first == hs_object::deals || l.first == hs_object::companies; });
    if (object == hs_object::tasks && own != links.end()) {
      t->fields.emplace_back("WhatId", records_.rows(own->first).cell(own->second, 0).text());
    }
    if (object == hs_object::deals) {
      if (std::ranges::find(t->fields, "CloseDate", &std::pair<std::string, plain_value>::first) == t->fields.end()) {
        // A blank close date becomes the month's end.
        const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(at)};
        t->fields.emplace_back("CloseDate", iso_day(day{today.year() / today.month() / std::chrono::last}));
      }
      for (const auto& [to, m] : links) {
        if (to == hs_object::companies) t->fields.emplace_back("AccountId", records_.rows(to).cell(m, 0).text());
      }
    }
    const auto id = records_.company().create(def.table, t->fields, *by, at, dry);
    if (!id) return in_own_words(id.error());
    if (dry) return n;
    n = static_cast<row_number>(records_.rows(object).size() - 1);
  }
  for (const auto& [p, text] : t->extras) records_.set_extra(object, n, *p, text);
  if (object == hs_object::tasks || object == hs_object::notes) {
    for (const auto& l : links) associate({object, n}, l, at);
  }
  return n;
}

boost::system::result<void, hs_problem> hs_writes::update(hs_object object, row_number n, const hs_values& values,
                                                          const std::string* by, instant at, bool enforce, bool dry) {
  const auto& def = records_.schema().get(object);
  const auto present = records_.at(object, n);
  if (records_.archived(present)) return no_such_object();
  if (enforce) {
    if (auto wrong = missing(def, values, &present, true); !wrong.empty()) return invalid_properties(std::move(wrong));
  }
  auto t = translate(def, values, &present, false);
  if (!t) return t.error();
  for (const auto& [p, text] : t->extras) {
    const auto other = p->unique && !text.empty() ? records_.find_unique(*p, text) : std::nullopt;
    if (other && *other != n) {
      return hs_problem{
          409, "CONFLICT",
          fmt::format("{} {} is already taken. Existing ID: {}", p->name, text, hs_records::id_of(object, *other))};
    }
  }
  if (object == hs_object::notes) {
    if (dry) return {};
    auto& notes = records_.rows(object);
    const auto before = notes.at(n);
    for (const auto& [field, v] : t->fields) {
      const auto* text = std::get_if<std::string>(&v);
      notes.set(n, notes.column(field), text == nullptr ? value{} : records_.company().text(*text));
    }
    notes.set(n, notes.column("LastModifiedById"), value::of(by));
    notes.set(n, notes.stamp_column(), value::of(at));
    note_written(object, n, &before, false, by, at);
  } else {
    const auto& id = records_.rows(object).cell(n, 0).text();
    if (auto done = records_.company().update(id, t->fields, *by, at, dry); !done) return in_own_words(done.error());
    if (dry) return {};
  }
  for (const auto& [p, text] : t->extras) records_.set_extra(object, n, *p, text);
  return {};
}

void hs_writes::archive(hs_object object, row_number n, const std::string* by, instant at) {
  auto& rows = records_.rows(object);
  if (records_.archived(records_.at(object, n))) return;
  if (object != hs_object::notes) {
    (void)records_.company().remove(rows.cell(n, 0).text(), *by, at);
    return;
  }
  const auto before = rows.at(n);
  rows.set(n, rows.column("IsDeleted"), value::of(true));
  rows.set(n, rows.stamp_column(), value::of(at));
  note_written(object, n, &before, true, by, at);
}

boost::system::result<void, hs_problem> hs_writes::merge(hs_object object, row_number primary, row_number other,
                                                         const std::string* by, instant at) {
  const auto* ids = records_.schema().get(object).find("hs_merged_object_ids");
  if (ids == nullptr || primary == other || records_.archived(records_.at(object, primary)) ||
      records_.archived(records_.at(object, other))) {
    return validation("The two records cannot be merged");
  }
  const auto* before = records_.extra(object, primary, *ids);
  auto list = before == nullptr ? std::string{} : *before + ";";
  list += fmt::to_string(hs_records::id_of(object, other));
  records_.set_extra(object, primary, *ids, list);
  records_.merged.insert_or_assign({object, other}, primary);
  archive(object, other, by, at);
  if (object == hs_object::deals) roll_up(primary, at);
  if (watcher_) watcher_({records_.at(object, primary), nullptr, false, by, at, other});
  return {};
}

}  // namespace coachd::sim
