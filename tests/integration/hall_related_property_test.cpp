// Records that stand beside others, the owner's mean and the same text: after any history of changes, re-parenting,
// merges, deletions, undeletions, new owners and restarts the hall holds what one that reads everything anew finds.
// What asks for the owner of a moment needs the history that only reading along gives: there it holds what one finds
// that reads every change in its order and judges once, at the end.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_company.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

const std::string rules = rule_file("beside", R"(
  - {id: no-champion, kind: stale, for: {open: true}, when: {not: {related: contact_role, count: {at_least: 1}, where: {field: role, is: Champion}}}, control: [flag]}
  - {id: crowd, kind: stale, when: {related: contact_role, count: {above: 2}, where: {field: role, real: true}}, control: [flag]}
  - {id: paperwork, kind: stale, when: {related: task, count: {at_least: 1, below: 3}, where: {field: subject, contains: offer}}, control: [flag]}
  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 6d}}, control: [flag]}
  - {id: unattended, kind: stale, for: {open: true}, when: {activity: {none_for: 6d, by: human}}, control: [flag]}
  - {id: owner-silent, kind: stale, for: {open: true}, when: {activity: {none_for: 6d, by: owner}}, control: [flag]}
  - {id: no-plan, kind: stale, for: {open: true}, when: {next_activity: {none_within: 5d}}, control: [flag]}
  - {id: far-above, kind: stale, for: {open: true}, when: {field: amount, times_owner_mean: {above: 2, at_least: 2}}, control: [flag]}
  - {id: pasted, kind: stale, for: {open: true}, when: {field: next_step, same_on_other_open_record_of_owner: true}, control: [flag]}
)");

// The rule whose answer lies in who owned a deal when: reading anew cannot tell that.
constexpr const char* by_history = " owner-silent";

struct Row {
  std::string object;
  Cells cells;
  std::string by;
  bool deleted = false;
};

class History {
 public:
  explicit History(unsigned seed) : random_(seed), live_({"task", "event"}, rules) { live_.loaded(); }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      act();
      if (roll(3) == 0) live_.settle();  // several changes may wait together
      if (roll(4) == 0) live_.go(live_.now + std::chrono::hours(roll(50)));
      if (roll(15) == 0) restart();
      if (roll(6) == 0) compare();
    }
    compare();
  }
  std::size_t compared = 0;
  std::set<std::string> spoken;  // rules that found anything

 private:
  int roll(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  template <std::size_t N>
  std::string pick(const char* const (&words)[N]) {
    return words[roll(static_cast<int>(N))];
  }
  std::string deal() { return "d" + std::to_string(roll(6)); }
  std::string person() { return pick({"ana", "ben", "cem"}); }

  void put(const std::string& id, Row row, const std::string& merged_into = "") {
    live_.now += std::chrono::seconds(1);
    live_.read(row.object, id, row.cells, row.by, row.deleted, merged_into);
    read_.push_back({live_.now, id, row, merged_into});
    rows_[id] = std::move(row);
  }

  void act() {
    const auto now = live_.now;
    const auto who = person();
    const bool closed = roll(2) == 0;
    switch (roll(9)) {
      case 0:
      case 1:
      case 2:
        put(deal(), {"opportunity",
                     {{"Name", text("Deal")},
                      {"OwnerId", text(who)},
                      {"StageName", text(pick({"Early", "Late", "Late", "Won"}))},
                      {"Amount", roll(5) == 0 ? text("") : model::StoredValue(model::Value::number(100.0 * roll(20)))},
                      {"NextStep", text(pick({"Call Dana", "call dana", "Send the quote", "TBD", ""}))}},
                     who});
        break;
      case 3:
      case 4:
        put("r" + std::to_string(roll(12)),
            {"contact_role",
             {{"OpportunityId", text(deal())}, {"Role", text(pick({"Champion", "Buyer", "", "TBD"}))}},
             who});
        break;
      case 5:
        put("t" + std::to_string(roll(8)),
            {"task",
             {{"WhatId", text(roll(8) == 0 ? "" : deal())},
              {"Subject", text(pick({"Call about the offer", "Offer", "Lunch"}))},
              {"OwnerId", text(who)},
              {"IsClosed", model::StoredValue(model::Value::boolean(closed))},
              {"TaskSubtype", text("Call")},
              {"ActivityDate", model::StoredValue(model::Value::day(std::chrono::floor<std::chrono::days>(now)))},
              {"CompletedDateTime", closed ? at(now) : text("")}},
             who});
        break;
      case 6:
        put("e" + std::to_string(roll(5)), {"event",
                                            {{"WhatId", text(deal())},
                                             {"OwnerId", text(who)},
                                             {"StartDateTime", at(now + std::chrono::hours(roll(200) - 60))}},
                                            who});
        break;
      case 7: gone(); break;
      default: merge(); break;
    }
  }

  // Deleted, or back again as it was.
  void gone() {
    if (rows_.empty()) return;
    const auto it = std::next(rows_.begin(), roll(static_cast<int>(rows_.size())));
    Row row = it->second;
    row.deleted = !row.deleted;
    put(it->first, std::move(row));
  }

  // The loser is gone, and what stood beside it stands beside the survivor; the CRM tells of these in any order.
  void merge() {
    const auto loser = deal();
    const auto survivor = deal();
    if (loser == survivor || !rows_.contains(loser) || !rows_.contains(survivor)) return;
    Row row = rows_.at(loser);
    row.deleted = true;
    const bool first = roll(2) == 0;
    if (first) put(loser, row, survivor);
    for (const auto& [id, child] : std::map<std::string, Row>(rows_)) {
      for (const char* link : {"OpportunityId", "WhatId"}) {
        const auto cell = child.cells.find(link);
        if (cell == child.cells.end() || cell->second != text(loser)) continue;
        Row moved = child;
        moved.cells[link] = text(survivor);
        put(id, std::move(moved));
      }
    }
    if (!first) put(loser, row, survivor);
  }

  void restart() {
    live_.settle();
    live_.hall.emplace(*live_.store, live_.nowhere);
    live_.connect();
    live_.loaded();
  }

  void compare() {
    live_.settle();
    Company anew({"task", "event"}, rules);
    anew.now = live_.now;
    anew.made = live_.made;
    for (const auto& [id, row] : rows_)
      if (!row.deleted) anew.read(row.object, id, row.cells, row.by);
    anew.loaded();
    const auto found = live_.open();
    auto now = found;
    std::erase_if(now, [](const std::string& f) { return f.ends_with(by_history); });
    auto then = anew.open();
    std::erase_if(then, [](const std::string& f) { return f.ends_with(by_history); });
    ASSERT_EQ(now, then) << "at " << model::to_string(live_.now);
    ASSERT_EQ(found, at_once()) << "at " << model::to_string(live_.now);
    compared += found.size();
    for (const auto& f : found) spoken.insert(f.substr(f.find(' ') + 1));
  }

  // What one finds that read the same changes in the same order and judges once.
  std::set<std::string> at_once() {
    Company late({"task", "event"}, rules);
    late.loaded();
    late.made = live_.made;
    for (const auto& change : read_) {
      late.now = change.at;
      late.read(change.row.object, change.id, change.row.cells, change.row.by, change.row.deleted, change.merged_into);
    }
    late.go(live_.now);
    return late.open();
  }

  struct Change {
    model::Instant at;
    std::string id;
    Row row;
    std::string merged_into;
  };

  std::mt19937 random_;
  Company live_;
  std::map<std::string, Row> rows_;  // as they stand
  std::vector<Change> read_;         // as they came
};

TEST(HallRelated, IncrementsGiveWhatReadingAnewGives) {
  std::size_t compared = 0;
  std::set<std::string> spoken;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed);
    history.run(80);
    compared += history.compared;
    spoken.insert(history.spoken.begin(), history.spoken.end());
    if (HasFatalFailure()) break;
  }
  EXPECT_GT(compared, 500u);
  EXPECT_EQ(spoken.size(), 9u) << "a rule that never found anything was not compared";
}

}  // namespace
}  // namespace coachd::pipeline
