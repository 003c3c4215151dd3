#include "tests/simulators/company.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/company_check.hpp"
#include "tests/simulators/company_people.hpp"
#include "tests/simulators/company_plan.hpp"
#include "tests/simulators/company_plants.hpp"
#include "tests/simulators/dice.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sort_stably.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono;

// Lays plans out as rows: opportunities in the order of their creation, history and activities in the order of time.
class builder {
 public:
  explicit builder(org& into) : org_{into}, c_{into.columns()} {}

  void add(record_plan& p) {
    saves_.clear();
    plan_ = &p;
    creation();
    later();
    sort_stably(saves_, &save::at);
    auto& table = org_.opportunities();
    auto cells = table.blank();
    const auto n = static_cast<row_number>(table.size());
    cell_changes changes;
    for (std::size_t i = 0; i < saves_.size();) {
      changes.clear();
      const auto at = saves_[i].at;
      for (; i < saves_.size() && saves_[i].at == at; ++i) changes.emplace_back(saves_[i].column, saves_[i].v);
      org_.save_opportunity(cells, n, changes, who(at), at, at == p.created, history_);
    }
    auto& stamp = cells[static_cast<std::size_t>(c_.stamp)];
    for (const auto& a : p.activities) {
      if (!a.open) stamp = value::of(std::max(stamp.at(), a.at));
      activities_.emplace_back(n, a);
    }
    table.insert(std::move(cells));
    p.id = table.cell(n, 0).text();
  }

  void finish() {
    sort_stably(history_, &history_entry::at);
    org_.add_history(history_);
    sort_stably(activities_, [](const auto& a) { return a.second.at; });
    for (const auto& [n, a] : activities_) log(n, a);
    const auto size = static_cast<row_number>(org_.opportunities().size());
    for (row_number n = 0; n < size; ++n) {
      org_.roll_up(org_.opportunities().cell(n, 0).text(), org_.opportunities().cell(n, c_.stamp).at(), false);
    }
  }

 private:
  struct save {
    instant at;
    int column;
    value v;
  };

  [[nodiscard]] const std::string* who(instant at) {
    const bool before = plan_->handed_over && at < *plan_->handed_over;
    return org_.texts().keep(before ? plan_->first_owner->id : plan_->owner->id);
  }

  void put(instant at, int column, const value& v) {
    // Nothing happens before the record is there; a moment later it is a save of its own.
    if (at < plan_->created) at = plan_->created + minutes{7};
    saves_.push_back({at, column, v});
  }

  void put(const std::optional<dated_text>& t, int column) {
    if (t) put(t->at, column, t->text.empty() ? value{} : org_.text(t->text));
  }

  void creation() {
    const auto& p = *plan_;
    const auto at = p.created;
    auto& accounts = org_.get("Account");
    const auto& account = accounts.cell(*accounts.find(p.account), accounts.column("Name")).text();
    put(at, c_.name, org_.text(fmt::format("{} - {}{}", account, p.product, p.renewal ? " renewal" : "")));
    put(at, c_.account, org_.text(p.account));
    put(at, c_.record_type, org_.get("RecordType").cell(p.renewal ? 1 : 0, 0));
    put(at, org_.opportunities().column("LeadSource"), org_.text(p.lead_source));
    put(at, org_.opportunities().column("Type"), org_.text(p.renewal ? "Existing Customer - Renewal" : "New Customer"));
    put(at, c_.owner, org_.text(p.first_owner != nullptr ? p.first_owner->id : p.owner->id));
    put(at, c_.amount, value::of(p.first_amount));
  }

  void later() {
    const auto& p = *plan_;
    if (p.handed_over) put(*p.handed_over, c_.owner, org_.text(p.owner->id));
    for (const auto& s : p.stages) put(s.at, c_.stage, org_.text(stage_name(s.stage)));
    if (p.first_amount != p.amount) {
      put(p.stages.size() > 1 ? p.stages[1].at : p.created, c_.amount, value::of(p.amount));
    }
    for (const auto& d : p.close_dates) put(d.at, c_.close_date, value::of(d.date));
    for (const auto& t : p.next_steps) put(t, c_.next_step);
    if (p.commit) put(*p.commit, c_.category_name, org_.text("Commit"));
    put(p.champion, c_.champion);
    put(p.procurement, c_.procurement);
    put(p.risk, c_.risk);
    put(p.decision, c_.decision);
    put(p.legal, c_.legal);
    put(p.loss_reason, c_.loss_reason);
  }

  void log(row_number n, const planned_activity& a) {
    auto& o = org_.opportunities();
    auto& t = org_.get(a.meeting ? "Event" : "Task");
    auto r = t.blank();
    const auto set = [&](std::string_view field, const value& v) { r[static_cast<std::size_t>(t.column(field))] = v; };
    const auto owner = o.cell(n, c_.owner);
    set("WhatId", o.cell(n, 0));
    set("AccountId", o.cell(n, c_.account));
    set("Subject", org_.text(a.subject));
    set("ActivityDate", value::of(a.due));
    set("OwnerId", owner);
    set("IsDeleted", value::of(false));
    set("CreatedDate", value::of(a.at));
    set("CreatedById", owner);
    set("LastModifiedDate", value::of(a.at));
    set("LastModifiedById", owner);
    set("SystemModstamp", value::of(a.at));
    if (a.meeting) {
      set("ActivityDateTime", value::of(instant{a.due} + hours{13}));
      set("StartDateTime", value::of(instant{a.due} + hours{13}));
      set("IsAllDayEvent", value::of(false));
      set("DurationInMinutes", value::of(30.0));
    } else {
      set("Status", org_.text(a.open ? "Not Started" : "Completed"));
      set("Priority", org_.text("Normal"));
      set("IsClosed", value::of(!a.open));
      set("IsReminderSet", value::of(false));
      set("TaskSubtype", org_.text(a.subject.starts_with("Call")    ? "Call"
                                   : a.subject.starts_with("Email") ? "Email"
                                                                    : "Task"));
      if (!a.open) set("CompletedDateTime", value::of(a.at));
    }
    t.insert(std::move(r));
  }

  org& org_;
  const opportunity_columns& c_;
  record_plan* plan_ = nullptr;
  std::vector<save> saves_;
  std::vector<history_entry> history_;
  std::vector<std::pair<row_number, planned_activity>> activities_;
};

// What is found must be what was planted, today and for the days that a test clock runs.
void prove(org& into, const company& made, instant now) {
  restated wanted;
  for (const auto& t : made.truth) {
    if (!t.look_alike && t.fault != "set-with-stage-change") wanted.emplace(t.record, t.fault, t.field);
  }
  const int step = into.opportunities().size() > 20'000 ? 3 : 1;  // a large company is judged on the first and last day
  for (int d = 0; d <= 3; d += step) {
    const auto found = restated_findings(into, now + days{d});
    if (found == wanted) continue;
    std::string why;
    for (const auto& [record, fault, field] : found) {
      if (!wanted.contains({record, fault, field}))
        why += fmt::format("\n  not planted: {} {} {}", record, fault, field);
    }
    for (const auto& [record, fault, field] : wanted) {
      if (!found.contains({record, fault, field})) why += fmt::format("\n  not there: {} {} {}", record, fault, field);
    }
    throw std::logic_error{
        fmt::format("the generated company breaks its own rules on day {}:{}", d, why.substr(0, 2000))};
  }
}

}  // namespace

company make_company(org& into, const company_options& options) {
  dice d{options.seed * 2654435761U + 17};
  company made;
  made.people.reserve(static_cast<std::size_t>(options.people) + 8);  // plans point at people
  make_people(into, options, d, made);
  planner with{options, d, made, make_accounts(into, options, d, made)};
  const int open = std::max(1, options.records * 2 / 5);
  const int per_kind = std::max(1, open / 40);
  const int per_look = std::max(1, open / 150);
  std::vector<record_plan> plans;
  plans.reserve(static_cast<std::size_t>(options.records) + 100);
  plant(with, per_kind, per_look, plans);
  const person* former = &made.people.back();
  for (int i = static_cast<int>(std::ranges::count_if(plans, &record_plan::open)); i < open; ++i) {
    // Who left still owns a little.
    plans.push_back(with.open({.next_step = false}, i + 2 >= open ? former : nullptr));
  }
  plant_amounts(with, per_kind, per_look, plans);
  for (auto i = static_cast<int>(plans.size()); i < options.records; ++i) {
    plans.push_back(with.closed(i % 97 == 0 ? former : nullptr));
  }
  sort_stably(plans, &record_plan::created);
  builder b{into};
  for (auto& p : plans) b.add(p);
  b.finish();
  for (const auto& p : plans) {
    for (const auto& m : p.marks) {
      made.truth.push_back({p.id, m.fault, m.field, m.since, p.owner->id, m.look_alike, m.note});
    }
  }
  prove(into, made, options.now);
  return made;
}

}  // namespace coachd::sim
