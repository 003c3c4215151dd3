// The plan of one opportunity before it is laid out as rows: who owns it, which way it went through the stages, and
// every save that a person made. Background plans break no rule; planting changes them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/simulators/company.hpp"
#include "tests/simulators/dice.hpp"
#include "tests/simulators/instants.hpp"

namespace coachd::sim {

struct dated_text {
  instant at;
  std::string text;  // empty: cleared
};
struct dated_day {
  instant at;
  day date;
};
struct dated_stage {
  instant at;
  int stage{};  // place among the stages that the company uses, 0 to 7
};
struct planned_activity {
  instant at;  // when it was logged
  day due;
  bool meeting;
  bool open;
  std::string subject;
};
struct mark {
  std::string fault;
  std::string field;
  instant since;
  bool look_alike;
  std::string note;
};

struct record_plan {
  const person* owner = nullptr;
  std::string account;
  std::string product;
  std::string lead_source;
  bool renewal = false;
  instant created;
  std::vector<dated_stage> stages;  // the first at creation
  std::vector<dated_text> next_steps;
  std::vector<dated_day> close_dates;  // the first at creation
  std::optional<instant> commit;       // forecast set to Commit
  double amount = 0;
  double first_amount = 0;  // at creation; another one means it was corrected on the way
  std::optional<dated_text> champion, procurement, risk, decision, legal, loss_reason;
  std::vector<planned_activity> activities;
  const person* first_owner = nullptr;  // with `handed_over`: who had it before
  std::optional<instant> handed_over;
  std::vector<mark> marks;  // what truth says; empty for background
  std::string id;           // once laid out

  [[nodiscard]] int stage() const { return stages.back().stage; }
  [[nodiscard]] bool open() const { return stage() < 6; }
  [[nodiscard]] instant entered() const { return stages.back().at; }
  // When it reached that stage or a later one first; the creation if it always was.
  [[nodiscard]] instant reached(int stage) const;
};

inline constexpr int proposal = 4;
inline constexpr int negotiation = 5;
inline constexpr int won = 6;
inline constexpr int lost = 7;
[[nodiscard]] std::string_view stage_name(int stage);

// What an open plan must be; days are whole days back from today.
struct open_wish {
  int stage_from = 0;
  int stage_to = negotiation;
  int entered_from = 3;  // days since the present stage was entered
  int entered_to = 100;
  int older_by = 0;       // more days of life before that
  bool next_step = true;  // never blank
  std::optional<bool> commit = std::nullopt;
};

class planner {
 public:
  planner(const company_options& options, dice& d, const company& who, std::vector<std::string> accounts);

  [[nodiscard]] record_plan open(const open_wish& wish, const person* owner = nullptr);
  [[nodiscard]] record_plan closed(const person* owner = nullptr);
  // A working moment of that person so many days ago; never at a weekend, then a day or two earlier.
  [[nodiscard]] instant moment(int days_ago, const person& who);
  [[nodiscard]] day today() const { return today_; }
  [[nodiscard]] const person& rep();
  [[nodiscard]] const std::vector<const person*>& reps() const { return reps_; }
  // A next step that this person has on no other record.
  [[nodiscard]] std::string own_next_step(const person& who);
  // Takes a text for this person; false when another record of theirs has it.
  [[nodiscard]] bool claim(const person& who, std::string_view text);
  [[nodiscard]] dice& random() { return dice_; }

 private:
  void walk(record_plan& p, int target, int entered, int older_by);
  void talk(record_plan& p, bool may_be_blank, int last_from, int last_to);
  void learn(record_plan& p);
  void work(record_plan& p, int until_days_ago);
  void close_dates(record_plan& p);
  void start(record_plan& p, const person* owner);

  company_options options_;
  dice& dice_;
  std::vector<std::string> accounts_;
  std::vector<const person*> reps_;
  day today_;
  std::unordered_map<const person*, std::set<std::string>> said_;
};

}  // namespace coachd::sim
