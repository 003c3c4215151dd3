// The writing half of the org: create, update, delete with the checks and the words of the vendor.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

using problem = write_problem;

// A parser error has no field list in the vendor's answers.
problem wrong_type(const field_def& f, std::string_view what) {
  return {
      400, "JSON_PARSER_ERROR", fmt::format("Cannot deserialize instance of {} from {}", name_of(f.type), what), {}};
}

std::string read_as(const plain_value& v) {
  if (std::holds_alternative<std::string>(v)) return fmt::format("VALUE_STRING value {}", std::get<std::string>(v));
  if (std::holds_alternative<double>(v)) return fmt::format("VALUE_NUMBER_FLOAT value {}", std::get<double>(v));
  if (std::holds_alternative<bool>(v)) return std::get<bool>(v) ? "VALUE_TRUE" : "VALUE_FALSE";
  return "VALUE_NULL";
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

boost::system::result<cell_changes, problem> org::convert(const object_def& def, const field_values& fields,
                                                          bool creating) {
  cell_changes changes;
  std::vector<std::string> not_writable;
  for (const auto& [name, v] : fields) {
    const int column = def.column(name);
    if (column < 0) {
      return problem{
          400, "INVALID_FIELD", fmt::format("No such column '{}' on sobject of type {}", name, def.name), {}};
    }
    const auto& f = def.fields[static_cast<std::size_t>(column)];
    if (creating ? !f.createable : !f.updateable) {
      not_writable.push_back(f.name);
      continue;
    }
    const auto* given = std::get_if<std::string>(&v);
    if (std::holds_alternative<std::monostate>(v) ||
        (given != nullptr && given->empty() && f.type != field_type::boolean)) {
      if (!f.nillable && !f.defaulted) {
        return problem{
            400, "REQUIRED_FIELD_MISSING", fmt::format("Required fields are missing: [{}]", f.name), {f.name}};
      }
      if (f.nillable) changes.emplace_back(column, value{});
      continue;
    }
    switch (f.type) {
      case field_type::boolean:
        if (!std::holds_alternative<bool>(v)) return wrong_type(f, read_as(v));
        changes.emplace_back(column, value::of(std::get<bool>(v)));
        break;
      case field_type::number:
      case field_type::currency:
      case field_type::percent:
      case field_type::integer:
        if (!std::holds_alternative<double>(v)) return wrong_type(f, read_as(v));
        changes.emplace_back(column, value::of(std::get<double>(v)));
        break;
      case field_type::date: {
        const auto d = given == nullptr ? std::nullopt : parse_day(std::string_view{*given}.substr(0, 10));
        if (!d) return wrong_type(f, read_as(v));
        changes.emplace_back(column, value::of(*d));
        break;
      }
      case field_type::datetime: {
        const auto i = given == nullptr ? std::nullopt : parse_instant(*given);
        if (!i) return wrong_type(f, read_as(v));
        changes.emplace_back(column, value::of(*i));
        break;
      }
      case field_type::reference: {
        const auto full = given == nullptr ? std::string{} : normal_id(*given);
        if (full.empty()) {
          return problem{400,
                         "MALFORMED_ID",
                         fmt::format("{}: id value of incorrect type: {}", f.label, given == nullptr ? "" : *given),
                         {f.name}};
        }
        changes.emplace_back(column, text(full));
        break;
      }
      default: {
        if (given == nullptr) return wrong_type(f, read_as(v));
        if (f.length > 0 && characters(*given) > static_cast<std::size_t>(f.length)) {
          return problem{
              400,
              "STRING_TOO_LONG",
              fmt::format("{}: data value too large: {} (max length={})", f.label, given->substr(0, 255), f.length),
              {f.name}};
        }
        if (f.restricted && std::ranges::none_of(f.options, [&](const auto& o) { return o.value == *given; })) {
          return problem{400,
                         "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                         fmt::format("{}: bad value for restricted picklist field: {}", f.label, *given),
                         {f.name}};
        }
        changes.emplace_back(column, text(*given));
      }
    }
  }
  if (!not_writable.empty()) {
    return problem{
        400, "INVALID_FIELD_FOR_INSERT_UPDATE",
        fmt::format("Unable to create/update fields: {}. Please check the security settings of this field and verify "
                    "that it is read/write for your profile or permission set.",
                    fmt::join(not_writable, ", ")),
        not_writable};
  }
  return changes;
}

boost::system::result<void, problem> org::check_task(const table& t, const cell_changes& changes, bool creating) {
  const auto sent = [&](std::string_view field) -> const value* {
    const int column = t.column(field);
    const auto found = std::ranges::find(changes, column, [](const auto& c) { return c.first; });
    return found == changes.end() ? nullptr : &found->second;
  };
  if (const auto* owner = sent("OwnerId"); owner != nullptr && !owner->is_null()) {
    const auto& users = get("User");
    const auto n = users.find(owner->text());
    if (!n) {
      return problem{400,
                     "INVALID_CROSS_REFERENCE_KEY",
                     fmt::format("Assigned To ID: id value not valid for the entity: {}", owner->text()),
                     {"OwnerId"}};
    }
    if (!users.cell(*n, users.column("IsActive")).boolean()) {
      return problem{400,
                     "INACTIVE_OWNER_OR_USER",
                     fmt::format("operation performed with inactive user [{}] as owner of task", owner->text()),
                     {}};
    }
  }
  if (const auto* what = sent("WhatId"); what != nullptr && !what->is_null()) {
    auto* target = table_of(what->text());
    const bool kind = target != nullptr && (target->def().name == "Opportunity" || target->def().name == "Account");
    const auto n = kind ? target->find(what->text()) : std::nullopt;
    if (!n) {
      return problem{400, kind ? "INVALID_CROSS_REFERENCE_KEY" : "FIELD_INTEGRITY_EXCEPTION",
                     kind ? "invalid cross reference id"
                          : fmt::format("Related To ID: id value of incorrect type: {}", what->text()),
                     kind ? std::vector<std::string>{} : std::vector<std::string>{"WhatId"}};
    }
    if (target->cell(*n, target->column("IsDeleted")).boolean()) {
      return problem{400, "ENTITY_IS_DELETED", "entity is deleted", {}};
    }
  }
  if (const auto* status = sent("Status"); creating && status != nullptr && status->is_null()) {
    return problem{400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Status]", {"Status"}};
  }
  return {};
}

void org::finish_task(row& cells, const cell_changes&, instant at) {
  const auto& t = get("Task");
  const auto cell = [&](std::string_view field) -> value& { return cells[static_cast<std::size_t>(t.column(field))]; };
  const auto& statuses = get("TaskStatus");
  bool closed = false;
  for (row_number n = 0; n < statuses.size(); ++n) {
    if (statuses.cell(n, statuses.column("ApiName")) == cell("Status")) {
      closed = statuses.cell(n, statuses.column("IsClosed")).boolean();
    }
  }
  if (closed && !cell("IsClosed").boolean()) cell("CompletedDateTime") = value::of(at);
  if (!closed) cell("CompletedDateTime") = {};
  cell("IsClosed") = value::of(closed);
  cell("AccountId") = account_of(cell("WhatId"), cell("WhoId"));
}

// As the platform derives it: from the record that an activity is about, else from the contact.
value org::account_of(const value& what, const value& who) {
  if (const auto n = opportunities_->find(what.text())) return opportunities_->cell(*n, columns_.account);
  if (get("Account").find(what.text())) return what;
  const auto& contacts = get("Contact");
  if (const auto n = contacts.find(who.text())) return contacts.cell(*n, contacts.column("AccountId"));
  return {};
}

// An event has its time once or its day; the platform fills in the rest.
void org::finish_event(row& cells) {
  const auto& t = get("Event");
  const auto cell = [&](std::string_view field) -> value& { return cells[static_cast<std::size_t>(t.column(field))]; };
  cell("AccountId") = account_of(cell("WhatId"), cell("WhoId"));
  if (cell("StartDateTime").is_null()) return;
  cell("ActivityDateTime") = cell("StartDateTime");
  cell("ActivityDate") = value::of(std::chrono::floor<std::chrono::days>(cell("StartDateTime").at()));
}

boost::system::result<std::string, problem> org::create(std::string_view object, const field_values& fields,
                                                        std::string_view by, instant at, bool dry) {
  auto& t = get(object);
  auto changes = convert(t.def(), fields, true);
  if (!changes) return changes.error();
  const auto* person = texts_.keep(by);
  if (t.def().name == "Task") {
    if (auto checked = check_task(t, *changes, true); !checked) return checked.error();
  }
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < t.def().fields.size(); ++i) {
    const auto& f = t.def().fields[i];
    if (f.createable && !f.nillable && !f.defaulted &&
        std::ranges::none_of(*changes, [&](const auto& c) { return c.first == static_cast<int>(i); })) {
      missing.push_back(f.name);
    }
  }
  if (!missing.empty()) {
    return problem{400, "REQUIRED_FIELD_MISSING",
                   fmt::format("Required fields are missing: [{}]", fmt::join(missing, ", ")), missing};
  }
  if (dry) return std::string{};
  auto cells = t.blank();
  if (t.def().name == "Opportunity") {
    std::vector<history_entry> history;
    save_opportunity(cells, static_cast<row_number>(t.size()), *changes, person, at, true, history);
    const auto n = t.insert(std::move(cells));
    add_history(history);
    tell(t, n, nullptr, person, at);
    return t.cell(n, 0).text();
  }
  const auto put = [&](std::string_view field, const value& v) {
    if (const int c = t.def().column(field); c >= 0) cells[static_cast<std::size_t>(c)] = v;
  };
  put("IsDeleted", value::of(false));
  put("OwnerId", value::of(person));
  put("CreatedDate", value::of(at));
  put("CreatedById", value::of(person));
  put("LastModifiedDate", value::of(at));
  put("LastModifiedById", value::of(person));
  put("SystemModstamp", value::of(at));
  const bool task = t.def().name == "Task";
  if (task) {
    put("Status", text("Not Started"));
    put("Priority", text("Normal"));
    put("TaskSubtype", text("Task"));
    put("IsClosed", value::of(false));
    put("IsReminderSet", value::of(false));
  }
  const bool event = t.def().name == "Event";
  if (event) put("IsAllDayEvent", value::of(false));
  if (t.def().name == "OpportunityContactRole") put("IsPrimary", value::of(false));
  for (const auto& [column, v] : *changes) cells[static_cast<std::size_t>(column)] = v;
  if (task) finish_task(cells, *changes, at);
  if (event) finish_event(cells);
  const auto n = t.insert(std::move(cells));
  tell(t, n, nullptr, person, at);
  if (task || event) roll_up(t.cell(n, t.column("WhatId")).text(), at);
  return t.cell(n, 0).text();
}

void org::touch(table& t, row_number n, const std::string* by, instant at) {
  t.set(n, t.column("LastModifiedDate"), value::of(at));
  t.set(n, t.column("LastModifiedById"), value::of(by));
  t.set(n, t.stamp_column(), value::of(std::max(at, t.cell(n, t.stamp_column()).at())));
}

boost::system::result<void, problem> org::update(std::string_view id, const field_values& fields, std::string_view by,
                                                 instant at, bool dry) {
  const auto full = normal_id(id);
  auto* t = table_of(full);
  const auto found = t == nullptr ? std::nullopt : t->find(full);
  if (!found) return problem{404, "NOT_FOUND", "The requested resource does not exist", {}};
  const auto n = *found;
  if (const int d = t->def().column("IsDeleted"); d >= 0 && t->cell(n, d).boolean()) {
    return problem{404, "ENTITY_IS_DELETED", "entity is deleted", {}};
  }
  auto changes = convert(t->def(), fields, false);
  if (!changes) return changes.error();
  const bool task = t->def().name == "Task";
  if (task) {
    if (auto checked = check_task(*t, *changes, false); !checked) return checked.error();
  }
  if (dry) return {};
  const auto* person = texts_.keep(by);
  const auto old = t->at(n);
  auto cells = old;
  std::vector<history_entry> history;
  const auto before = task ? t->cell(n, t->column("WhatId")).text() : std::string{};
  if (t == opportunities_) {
    save_opportunity(cells, n, *changes, person, at, false, history);
  } else {
    for (const auto& [column, v] : *changes) cells[static_cast<std::size_t>(column)] = v;
    if (task) finish_task(cells, *changes, at);
    if (t->def().name == "Event") finish_event(cells);
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int c = static_cast<int>(i);
    if (!(t->cell(n, c) == cells[i])) t->set(n, c, cells[i]);
  }
  add_history(history);
  if (t != opportunities_) touch(*t, n, person, at);
  tell(*t, n, &old, person, at);
  if (task) {
    roll_up(before, at);
    if (const auto& after = t->cell(n, t->column("WhatId")).text(); after != before) roll_up(after, at);
  }
  return {};
}

boost::system::result<void, problem> org::remove(std::string_view id, std::string_view by, instant at, bool dry) {
  const auto full = normal_id(id);
  auto* t = table_of(full);
  const auto found = t == nullptr ? std::nullopt : t->find(full);
  if (!found) return problem{404, "NOT_FOUND", "The requested resource does not exist", {}};
  const auto n = *found;
  const int deleted = t->def().column("IsDeleted");
  if (deleted < 0 || t->def().name == "OpportunityFieldHistory") {
    return problem{400,
                   "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                   fmt::format("entity type cannot be deleted: {}", t->def().label),
                   {}};
  }
  if (t->cell(n, deleted).boolean()) return problem{404, "ENTITY_IS_DELETED", "entity is deleted", {}};
  if (dry) return {};
  const auto old = t->at(n);
  t->set(n, deleted, value::of(true));
  touch(*t, n, texts_.keep(by), at);
  tell(*t, n, &old, texts_.keep(by), at, true);
  if (t->def().name == "Task") roll_up(t->cell(n, t->column("WhatId")).text(), at);
  return {};
}

}  // namespace coachd::sim
