#include "tests/simulators/company_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/company.hpp"
#include "tests/simulators/company_texts.hpp"
#include "tests/simulators/dice.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/zones.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 8> names{"Prospecting",       "Qualification",        "Needs Analysis",
                                                "Value Proposition", "Proposal/Price Quote", "Negotiation/Review",
                                                "Closed Won",        "Closed Lost"};
constexpr std::array<std::string_view, 5> procurement_values{"Not started", "Vendor form sent", "In review", "Approved",
                                                             "Not required"};
constexpr std::array<std::string_view, 4> legal_values{"Not started", "Draft sent", "Redlines", "Signed"};
constexpr std::array<std::string_view, 6> loss_reasons{"Price",     "Lost to competitor", "No decision",
                                                       "No budget", "Missing feature",    "Timing"};
constexpr std::array<std::string_view, 6> lead_sources{
    "Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Trade Show", "Other"};

int days_back(day today, instant at) {
  return static_cast<int>((today - floor<days>(at)).count());
}

// What a person usually sells for: steady per person, so that no amount of theirs is far above their mean.
double usual_amount(const person& who) {
  return 20'000 + 1'000 * static_cast<double>(std::hash<std::string_view>{}(who.id) % 60);
}

}  // namespace

std::string_view stage_name(int stage) {
  return names[static_cast<std::size_t>(stage)];
}

instant record_plan::reached(int stage_) const {
  for (const auto& s : stages) {
    if (s.stage >= stage_) return s.at;
  }
  return created;
}

planner::planner(const company_options& options, dice& d, const company& who, std::vector<std::string> accounts)
    : options_{options}, dice_{d}, accounts_{std::move(accounts)}, today_{floor<days>(options.now)} {
  for (const auto& p : who.people) {
    if (p.job == "rep" && p.active) reps_.push_back(&p);
  }
}

instant planner::moment(int days_ago, const person& who) {
  auto date = today_ - days{days_ago};
  while (!working_day(date)) date -= days{1};
  auto at = at_wall(date, minutes{dice_.between(9 * 60, 17 * 60)} + seconds{dice_.between(0, 59)}, who.zone);
  if (at > options_.now) at = options_.now - minutes{dice_.between(5, 55)} - seconds{dice_.between(0, 59)};
  return at;
}

const person& planner::rep() {
  return *dice_.pick(reps_);
}

bool planner::claim(const person& who, std::string_view text) {
  return said_[&who].insert(bare(text)).second;
}

std::string planner::own_next_step(const person& who) {
  for (;;) {
    auto text = next_step(dice_);
    if (claim(who, text)) return text;
  }
}

void planner::start(record_plan& p, const person* owner) {
  p.owner = owner == nullptr ? &rep() : owner;
  p.account = dice_.pick(accounts_);
  p.product = sim::product(dice_);
  p.lead_source = dice_.pick(lead_sources);
  p.renewal = dice_.chance(0.2);
  p.amount = std::round(usual_amount(*p.owner) * dice_.between(0.55, 1.7) / 500) * 500;
  p.first_amount = dice_.chance(0.3) ? std::round(p.amount * dice_.between(0.85, 1.15) / 500) * 500 : p.amount;
}

// The stages up to `target`, the last one entered so many days ago; each before it lasted 5 to 30 days, some are
// skipped.
void planner::walk(record_plan& p, int target, int entered, int older_by) {
  std::vector<dated_stage> back{{moment(entered, *p.owner), target}};
  int at_day = entered;
  int stage = std::min(target, target == won    ? dice_.between(negotiation, won)
                               : target == lost ? dice_.between(1, won)
                                                : target);
  while (stage > 0) {
    stage -= dice_.chance(0.15) && stage > 1 ? 2 : 1;
    at_day += dice_.between(6, 30);
    if (stage <= 1 && dice_.chance(0.3)) older_by += dice_.between(0, 10);
    const bool first = stage == 0 || (stage == 1 && dice_.chance(0.4));
    if (first) at_day += older_by;
    back.push_back({moment(at_day, *p.owner), stage});
    if (first) break;
  }
  std::ranges::reverse(back);
  p.stages = std::move(back);
  p.created = p.stages.front().at;
}

// Next steps from creation on, the last one between `last_from` and `last_to` days ago.
void planner::talk(record_plan& p, bool may_be_blank, int last_from, int last_to) {
  const int age = days_back(today_, p.created);
  if (may_be_blank && age < 20 && dice_.chance(0.4)) return;
  const int last = dice_.between(last_from, last_to);
  if (age <= last + 3) {
    p.next_steps.push_back({p.created, own_next_step(*p.owner)});
    return;
  }
  std::vector<int> when{last};
  const int span = age - last - 5;
  const int more = std::max(0, std::min(5, span / 20));
  for (int i = 0; i < more; ++i) when.push_back(last + 5 + (span * (i + 1)) / (more + 1) - dice_.between(0, 1));
  std::ranges::sort(when, std::greater<>{});
  if (dice_.chance(0.6)) p.next_steps.push_back({p.created, next_step(dice_)});
  for (const int days_ago : when) {
    p.next_steps.push_back({moment(days_ago, *p.owner), days_ago == last ? own_next_step(*p.owner) : next_step(dice_)});
  }
}

// What becomes known on the way. By proposal champion and procurement stand, each set in a save of its own on a day on
// which the stage did not change.
void planner::learn(record_plan& p) {
  const auto& who = *p.owner;
  const int age = days_back(today_, p.created);
  const int until = p.stage() >= proposal ? days_back(today_, p.reached(proposal)) : days_back(today_, p.entered());
  const auto free_day = [&](int days_ago) {
    for (;; ++days_ago) {
      const auto at = moment(days_ago, who);
      const bool taken = std::ranges::any_of(p.stages, [&](const auto& s) { return abs(s.at - at) < hours{3}; });
      if (!taken) return at;
    }
  };
  const auto before_proposal = [&] {
    return free_day(std::min(until + dice_.between(1, std::max(1, age - until - 3)), age - 1));
  };
  const bool late = p.stage() >= proposal && (p.stage() != lost || p.stages.size() > 3);
  const auto known = [&](double early) {
    return dice_.chance(late ? 1.0 : p.stage() >= 2 ? early : 0.0) && age - until >= 4;
  };
  if (known(0.5)) p.champion = {before_proposal(), sim::champion(dice_)};
  if (known(0.3)) p.procurement = {before_proposal(), std::string{dice_.pick(procurement_values)}};
  if (late && dice_.chance(0.8)) p.decision = {before_proposal(), sim::decision_process(dice_)};
  if (late && dice_.chance(0.6)) p.risk = {before_proposal(), sim::implementation_risk(dice_)};
  if (late && dice_.chance(0.5)) p.legal = {before_proposal(), std::string{dice_.pick(legal_values)}};
}

void planner::work(record_plan& p, int until_days_ago) {
  const int age = days_back(today_, p.created);
  const int count = dice_.between(1, p.open() ? 4 : 3);
  for (int i = 0; i < count; ++i) {
    const int ago = dice_.between(until_days_ago, std::max(until_days_ago, age - 1));
    const bool meeting = dice_.chance(0.3);
    const auto at = std::max(moment(ago, *p.owner), p.created + minutes{5});
    p.activities.push_back({at, floor<days>(at), meeting, false, activity_subject(dice_, meeting)});
  }
  if (p.open() && dice_.chance(0.25)) {
    const auto at = std::max(moment(dice_.between(1, 5), *p.owner), p.created + minutes{5});
    const bool meeting = dice_.chance(0.4);
    p.activities.push_back({at, today_ + days{dice_.between(5, 20)}, meeting, true, activity_subject(dice_, meeting)});
  }
}

// At most one later move in the last 105 days; before that the date may have moved as dates do.
void planner::close_dates(record_plan& p) {
  const int age = days_back(today_, p.created);
  std::vector<int> moves;
  if (age > 12 && dice_.chance(0.35)) moves.push_back(dice_.between(4, std::min(95, age - 5)));
  for (int ago = 106 + dice_.between(0, 20); ago < age - 5; ago += dice_.between(20, 60)) {
    if (dice_.chance(0.5)) moves.push_back(ago);
  }
  std::ranges::sort(moves);
  auto date = today_ + days{dice_.between(6, 110)};
  std::vector<dated_day> back;
  for (const int ago : moves) {
    back.push_back({moment(ago, *p.owner), date});
    date += dice_.chance(0.15) ? days{dice_.between(7, 20)} : -days{dice_.between(14, 45)};
  }
  back.push_back({p.created, std::max(date, floor<days>(p.created) + days{15})});
  std::ranges::reverse(back);
  p.close_dates = std::move(back);
}

record_plan planner::open(const open_wish& wish, const person* owner) {
  record_plan p;
  start(p, owner);
  const int stage = dice_.between(wish.stage_from, wish.stage_to);
  // A record that never left its first stage is as old as its stay there.
  walk(p, stage, dice_.between(wish.entered_from, wish.entered_to), wish.older_by);
  talk(p, !wish.next_step && stage <= 1, 1, 21);
  close_dates(p);
  learn(p);
  work(p, 1);
  const int here = days_back(today_, p.entered());
  const bool commit = wish.commit.value_or(stage >= proposal && dice_.chance(stage == proposal ? 0.3 : 0.6));
  if (commit && here >= 3) p.commit = moment(dice_.between(1, here - 1), *p.owner);
  if (commit && here >= 3 && *p.commit <= p.entered()) p.commit = p.entered() + hours{1};
  if (here > 40 && dice_.chance(0.2)) {
    p.first_owner = &rep();
    p.handed_over = moment(here - 3, *p.owner);
  }
  return p;
}

record_plan planner::closed(const person* owner) {
  record_plan p;
  start(p, owner);
  const int ended = dice_.between(2, std::max(30, options_.months * 30 - 30));
  const bool is_won = dice_.chance(0.45);
  walk(p, is_won ? won : lost, ended, 0);
  talk(p, true, ended + 1, ended + 15);
  learn(p);
  work(p, ended);
  const auto end = floor<days>(p.entered());
  p.close_dates = {{p.created, end + days{dice_.between(-10, 40)}}};
  p.close_dates.push_back({p.entered(), end});
  if (!is_won) p.loss_reason = {p.entered(), std::string{dice_.pick(loss_reasons)}};
  return p;
}

}  // namespace coachd::sim
