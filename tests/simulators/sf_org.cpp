#include "tests/simulators/sf_org.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_stages.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/value.hpp"

namespace coachd::sim {

opportunity_columns::opportunity_columns(const object_def& d)
    : is_deleted{d.column("IsDeleted")},
      account{d.column("AccountId")},
      record_type{d.column("RecordTypeId")},
      name{d.column("Name")},
      stage{d.column("StageName")},
      amount{d.column("Amount")},
      probability{d.column("Probability")},
      close_date{d.column("CloseDate")},
      next_step{d.column("NextStep")},
      is_closed{d.column("IsClosed")},
      is_won{d.column("IsWon")},
      category{d.column("ForecastCategory")},
      category_name{d.column("ForecastCategoryName")},
      owner{d.column("OwnerId")},
      created{d.column("CreatedDate")},
      created_by{d.column("CreatedById")},
      modified{d.column("LastModifiedDate")},
      modified_by{d.column("LastModifiedById")},
      stamp{d.column("SystemModstamp")},
      last_activity{d.column("LastActivityDate")},
      stage_changed{d.column("LastStageChangeDate")},
      push_count{d.column("PushCount")},
      has_open_activity{d.column("HasOpenActivity")},
      procurement{d.column("Procurement_Status__c")},
      risk{d.column("Implementation_Risk__c")},
      champion{d.column("Champion__c")},
      loss_reason{d.column("Loss_Reason__c")},
      decision{d.column("Decision_Process__c")},
      legal{d.column("Legal_Status__c")} {}

org::org()
    : opportunities_{[this] {
        for (const auto& o : schema_.objects()) tables_.emplace(o.name, std::make_unique<table>(o, texts_));
        return &get("Opportunity");
      }()},
      columns_{opportunities_->def()} {}

table& org::get(std::string_view object) {
  const auto found = tables_.find(object);
  if (found == tables_.end()) throw std::logic_error{"no object " + std::string{object}};
  return *found->second;
}

const table* org::find(std::string_view object) const {
  const auto* def = schema_.find(object);
  return def == nullptr ? nullptr : tables_.find(def->name)->second.get();
}

table* org::table_of(std::string_view id) {
  for (auto& [name, t] : tables_) {
    if (id.size() >= 3 && t->def().prefix == id.substr(0, 3)) return t.get();
  }
  return nullptr;
}

void org::save_opportunity(row& cells, row_number n, const cell_changes& changes, const std::string* by, instant at,
                           bool created, std::vector<history_entry>& history) {
  const auto& c = columns_;
  const auto cell = [&](int column) -> value& { return cells[static_cast<std::size_t>(column)]; };
  const auto& fields = opportunities_->def().fields;
  const auto set = [&](int column, const value& v) {
    if (cell(column) == v) return false;
    if (!created && fields[static_cast<std::size_t>(column)].tracked) {
      history.push_back({n, column, cell(column), v, by, at});
    }
    cell(column) = v;
    return true;
  };
  const auto sent = [&](int column) {
    return std::ranges::any_of(changes, [&](const auto& change) { return change.first == column; });
  };
  if (created) {
    history.push_back({n, -1, {}, {}, by, at});
    cell(c.created) = value::of(at);
    cell(c.created_by) = value::of(by);
    cell(c.push_count) = value::of(0.0);
    cell(c.is_deleted) = value::of(false);
    cell(c.has_open_activity) = value::of(false);
    if (!sent(c.owner)) cell(c.owner) = value::of(by);
  }
  for (const auto& [column, v] : changes) {
    if (column == c.close_date && !created && v.date() > cell(column).date()) {
      using std::chrono::year_month_day;
      const year_month_day old_day{cell(column).date()};
      const year_month_day new_day{v.date()};
      // Only a move into a later month counts as a push.
      if (old_day.year() != new_day.year() || old_day.month() != new_day.month()) {
        cell(c.push_count) = value::of(cell(c.push_count).number() + 1);
      }
    }
    if (!set(column, v)) continue;
    if (column == c.category_name) cell(c.category) = text(category_of(v.text()));
    if (column == c.stage) {
      const auto* stage = find_stage(v.text());
      if (!created) cell(c.stage_changed) = value::of(at);
      if (stage == nullptr) continue;
      cell(c.is_closed) = value::of(stage->closed);
      cell(c.is_won) = value::of(stage->won);
      if (!sent(c.probability)) cell(c.probability) = value::of(stage->probability);
      if (!sent(c.category_name)) {
        set(c.category_name, text(stage->category_name));
        cell(c.category) = text(stage->category);
      }
    }
  }
  cell(c.modified) = value::of(at);
  cell(c.modified_by) = value::of(by);
  cell(c.stamp) = value::of(std::max(at, cell(c.stamp).at()));
}

void org::add_history(const std::vector<history_entry>& history) {
  auto& t = get("OpportunityFieldHistory");
  const int deleted = t.column("IsDeleted");
  const int record = t.column("OpportunityId");
  const int by = t.column("CreatedById");
  const int at = t.column("CreatedDate");
  const int field = t.column("Field");
  const int type = t.column("DataType");
  const int before = t.column("OldValue");
  const int after = t.column("NewValue");
  const auto& users = get("User");
  const int user_name = users.column("Name");
  const auto name_of_user = [&](const value& id) {
    const auto n = users.find(id.text());
    return !n ? value{} : users.cell(*n, user_name);
  };
  for (const auto& h : history) {
    auto r = t.blank();
    const auto put = [&](int column, const value& v) { r[static_cast<std::size_t>(column)] = v; };
    put(deleted, value::of(false));
    put(record, opportunities_->cell(h.record, 0));
    put(by, value::of(h.by));
    put(at, value::of(h.at));
    if (h.column < 0) {
      put(field, text("created"));
      put(type, text("Text"));
      t.insert(std::move(r));
      continue;
    }
    const auto& f = opportunities_->def().fields[static_cast<std::size_t>(h.column)];
    const bool owner = h.column == columns_.owner;
    put(field, owner ? text("Owner") : text(f.name));
    if (owner) {
      // A lookup's change is two rows of one second: names, then Ids.
      auto names = r;
      names[static_cast<std::size_t>(type)] = text("Text");
      names[static_cast<std::size_t>(before)] = name_of_user(h.before);
      names[static_cast<std::size_t>(after)] = name_of_user(h.after);
      t.insert(std::move(names));
      put(type, text("EntityId"));
    } else {
      put(type, text(f.type == field_type::picklist   ? "DynamicEnum"
                     : f.type == field_type::currency ? "Currency"
                     : f.type == field_type::date     ? "DateOnly"
                                                      : "Text"));
    }
    put(before, h.before);
    put(after, h.after);
    t.insert(std::move(r));
  }
}

void org::roll_up(std::string_view opportunity, instant at, bool touch_record) {
  const auto n = opportunities_->find(opportunity);
  if (!n) return;
  value latest;
  bool open = false;
  const auto today = std::chrono::floor<std::chrono::days>(at);
  const auto* id = opportunities_->cell(*n, 0).text_ref();
  const auto later = [&](const value& date) {
    if (!date.is_null() && (latest.is_null() || date.date() > latest.date())) latest = date;
  };
  const auto& tasks = get("Task");
  const int due = tasks.column("ActivityDate");
  const int closed = tasks.column("IsClosed");
  const int deleted = tasks.column("IsDeleted");
  for (const auto task : tasks.holding(tasks.column("WhatId"), id)) {
    if (tasks.cell(task, deleted).boolean()) continue;
    if (tasks.cell(task, closed).boolean()) {
      later(tasks.cell(task, due));
    } else {
      open = true;
    }
  }
  const auto& events = get("Event");
  const int event_day = events.column("ActivityDate");
  for (const auto e : events.holding(events.column("WhatId"), id)) {
    later(events.cell(e, event_day));
    open = open || events.cell(e, event_day).date() > today;
  }
  opportunities_->set(*n, columns_.has_open_activity, value::of(open));
  if (opportunities_->cell(*n, columns_.last_activity) == latest) return;
  opportunities_->set(*n, columns_.last_activity, latest);
  const auto stamp = std::max(at, opportunities_->cell(*n, columns_.stamp).at());
  if (!touch_record) return;
  const auto old = opportunities_->at(*n);
  opportunities_->set(*n, columns_.stamp, value::of(stamp));
  tell(*opportunities_, *n, &old, nullptr, at);
  auto& accounts = get("Account");
  const auto account = accounts.find(opportunities_->cell(*n, columns_.account).text());
  if (!account) return;
  const int account_activity = accounts.column("LastActivityDate");
  if (!latest.is_null() && accounts.cell(*account, account_activity).date() < latest.date()) {
    accounts.set(*account, account_activity, latest);
    accounts.set(*account, accounts.stamp_column(),
                 value::of(std::max(at, accounts.cell(*account, accounts.stamp_column()).at())));
  }
}

void org::commit_later(instant visible_at, std::function<void()> write) {
  later_.emplace(visible_at, std::move(write));
}

void org::settle(instant now) {
  while (!later_.empty() && later_.begin()->first <= now) {
    const auto write = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    write();
  }
}

}  // namespace coachd::sim
