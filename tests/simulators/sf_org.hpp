// The state of the simulated Salesforce org and what its platform does by itself at a write: derived fields, field
// history, roll-ups from activities, stamps, deletes, late commits. Knows no HTTP and no rights. Not thread safe: the
// simulator holds one lock around it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/traces.hpp"

namespace coachd::sim {

// A value as JSON brings it; dates and datetimes are text.
using plain_value = std::variant<std::monostate, bool, double, std::string>;
using field_values = std::vector<std::pair<std::string, plain_value>>;

// A refused write: the HTTP status of a single call, and the words of the vendor.
struct write_problem {
  int status = 400;
  std::string code;
  std::string message;
  std::vector<std::string> fields;
};

// Column numbers of Opportunity, looked up once.
struct opportunity_columns {
  explicit opportunity_columns(const object_def& def);
  int is_deleted, account, record_type, name, stage, amount, probability, close_date, next_step, is_closed, is_won,
      category, category_name, owner, created, created_by, modified, modified_by, stamp, last_activity, stage_changed,
      push_count, has_open_activity, procurement, risk, champion, loss_reason, decision, legal;
};

// One row of OpportunityFieldHistory to be.
struct history_entry {
  row_number record{};
  int column{};  // -1: the record was created
  value before;
  value after;
  const std::string* by{};
  instant at;
};

using cell_changes = std::vector<std::pair<int, value>>;

// One row that was written, told after the write. `before`: the row as it was; null for a new one.
struct row_written {
  const table& of;
  row_number n{};
  const row* before = nullptr;
  bool removed = false;
  const std::string* by{};  // null: the platform itself
  instant at;
};

class org {
 public:
  org();

  [[nodiscard]] const schema& described() const { return schema_; }
  [[nodiscard]] text_pool& texts() { return texts_; }
  // Throws std::logic_error for an object that the org does not have.
  [[nodiscard]] table& get(std::string_view object);
  [[nodiscard]] const table* find(std::string_view object) const;  // without case; null when unknown
  [[nodiscard]] table& opportunities() { return *opportunities_; }
  [[nodiscard]] const opportunity_columns& columns() const { return columns_; }
  [[nodiscard]] value text(std::string_view t) { return value::of(texts_.keep(t)); }

  // The platform's part of one save of an opportunity: cells, derived cells and stamps are set in `cells`, history rows
  // to be are appended. A first save has `created`.
  void save_opportunity(row& cells, row_number n, const cell_changes& changes, const std::string* by, instant at,
                        bool created, std::vector<history_entry>& history);
  void add_history(const std::vector<history_entry>& history);
  // Recomputes what closed tasks and events give an opportunity; moves stamps only when LastActivityDate changed.
  void roll_up(std::string_view opportunity, instant at, bool touch = true);

  // Writes by a person or by the API, at the stamp `at`. Success: the Id, or nothing. `dry` checks and changes nothing.
  boost::system::result<std::string, write_problem> create(std::string_view object, const field_values& fields,
                                                           std::string_view by, instant at, bool dry = false);
  boost::system::result<void, write_problem> update(std::string_view id, const field_values& fields,
                                                    std::string_view by, instant at, bool dry = false);
  boost::system::result<void, write_problem> remove(std::string_view id, std::string_view by, instant at,
                                                    bool dry = false);

  // What people did beside the records, in the order in which it was laid down.
  void leave(trace t) { traces_.push_back(std::move(t)); }
  [[nodiscard]] const std::vector<trace>& traces() const { return traces_; }
  // Rights that the integration user has beyond the usual ones; those of both CRMs, by any name.
  void grant(std::string right) { rights_.insert(std::move(right)); }
  [[nodiscard]] bool may(std::string_view right) const { return rights_.contains(right); }

  // The table that an Id belongs to by its first three characters; null when none.
  [[nodiscard]] table* table_of(std::string_view id);

  // A transaction that took its stamp already and becomes visible later.
  void commit_later(instant visible_at, std::function<void()> write);
  void settle(instant now);  // makes visible what is due

  // Called after each write of a row by create, update, remove and roll_up. The laying out of a company is not told.
  void watch(std::function<void(const row_written&)> watcher) { watcher_ = std::move(watcher); }

 private:
  boost::system::result<cell_changes, write_problem> convert(const object_def& def, const field_values& fields,
                                                             bool creating);
  boost::system::result<void, write_problem> check_task(const table& t, const cell_changes& changes, bool creating);
  void finish_task(row& cells, const cell_changes& changes, instant at);
  void finish_event(row& cells);
  [[nodiscard]] value account_of(const value& what, const value& who);
  void touch(table& t, row_number n, const std::string* by, instant at);

  schema schema_;
  text_pool texts_;
  std::map<std::string, std::unique_ptr<table>, std::less<>> tables_;
  table* opportunities_;
  opportunity_columns columns_;
  void tell(const table& of, row_number n, const row* before, const std::string* by, instant at,
            bool removed = false) const {
    if (watcher_) watcher_({of, n, before, removed, by, at});
  }

  std::multimap<instant, std::function<void()>> later_;
  std::vector<trace> traces_;
  std::set<std::string, std::less<>> rights_;
  std::function<void(const row_written&)> watcher_;
};

}  // namespace coachd::sim
