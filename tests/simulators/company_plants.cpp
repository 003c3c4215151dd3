#include "tests/simulators/company_plants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/company.hpp"
#include "tests/simulators/company_plan.hpp"
#include "tests/simulators/company_texts.hpp"
#include "tests/simulators/sort_stably.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono;

class planter {
 public:
  planter(planner& with, std::vector<record_plan>& plans) : with_{with}, dice_{with.random()}, plans_{plans} {
    // The habit is personal: a third of the people, each with a word of their own.
    const auto words = placeholder_words();
    for (const auto* p : with.reps()) {
      if (habits_.empty() || dice_.chance(0.33)) habits_.emplace_back(p, dice_.pick(words));
    }
  }

  void placeholders(int n) {
    static constexpr std::array<std::string_view, 4> fields{"NextStep", "Champion__c", "Implementation_Risk__c",
                                                            "Decision_Process__c"};
    for (int i = 0; i < n; ++i) {
      const bool habitual = dice_.chance(0.7);
      const auto& [who, word] = dice_.pick(habits_);
      auto p = late(habitual ? who : nullptr, false);
      const std::string text{habitual ? word : dice_.pick(words_)};
      if (dice_.chance(0.6)) p.lead_source = "Purchased List";
      const auto field = fields[static_cast<std::size_t>(i) % fields.size()];
      auto since = p.reached(proposal);
      if (field == "NextStep") {
        p.next_steps.back().text = text;
        since = std::max(since, p.next_steps.back().at);
      } else {
        auto& cell = field == "Champion__c" ? p.champion : field == "Decision_Process__c" ? p.decision : p.risk;
        cell = dated_text{cell ? cell->at : p.champion->at + minutes{17}, text};
      }
      add(std::move(p), "placeholder", field, since,
          std::string{habitual ? "by a person who does it often" : "now and then"});
    }
  }

  void not_placeholders(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = late(nullptr, false);
      p.champion->text = "N. Ataman, CFO";
      look(std::move(p), "placeholder", "Champion__c", "a short real answer");
      p = late(nullptr, false);
      p.next_steps.back().text = about_somebody(*p.owner, "Legal tbd by ", " on Friday");
      look(std::move(p), "placeholder", "NextStep", "tbd within a real sentence");
      p = late(nullptr, false);
      p.risk = dated_text{p.champion->at + minutes{11}, "None of the vendors objected"};
      look(std::move(p), "placeholder", "Implementation_Risk__c", "begins with none");
      p = late(nullptr, false);
      p.procurement->text = "None";
      p.lead_source = "Other";
      look(std::move(p), "placeholder", "Procurement_Status__c", "None is an answer on a picklist");
    }
  }

  void missing(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = late(nullptr, false);
      const auto since = p.reached(proposal);
      const bool champion_too = i % 3 == 0;
      const bool procurement_too = i % 3 == 1;
      if (!procurement_too) p.champion.reset();
      if (!champion_too) p.procurement.reset();
      if (!procurement_too) p.marks.push_back({"missing", "Champion__c", since, false, "never filled"});
      if (!champion_too) p.marks.push_back({"missing", "Procurement_Status__c", since, false, "never filled"});
      plans_.push_back(std::move(p));
    }
  }

  void not_missing(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.stage_from = 1, .stage_to = 3});
      p.champion.reset();
      p.procurement.reset();
      look(std::move(p), "missing", "Champion__c", "too early to be asked");
      p = with_.closed();
      p.champion.reset();
      p.procurement.reset();
      look(std::move(p), "missing", "Champion__c", "closed");
    }
  }

  void commits(int n) {
    for (int i = 0; i < n; ++i) {
      if (i % 2 == 0) {
        auto p = with_.open({.stage_from = negotiation, .entered_from = 8, .commit = true});
        const auto cleared = with_.moment(dice_.between(1, 5), *p.owner);
        end_with(p, cleared, "");
        add(p, "commit-without-next-step", "NextStep", std::max(cleared, *p.commit), "cleared after the call");
      } else {
        // Before proposal a placeholder is no fault by itself.
        auto p = with_.open({.stage_from = 3, .stage_to = 3, .entered_from = 6, .commit = true});
        p.next_steps.back().text = dice_.pick(words_);
        add(p, "commit-without-next-step", "NextStep", std::max(p.next_steps.back().at, *p.commit), "a placeholder");
      }
    }
  }

  void not_commits(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.stage_from = negotiation, .entered_from = 6, .commit = true});
      p.next_steps.back().text = about_somebody(*p.owner, "Sign with ", "");
      look(std::move(p), "commit-without-next-step", "NextStep", "a short real next step");
      p = with_.open({.stage_from = 3, .stage_to = 3, .entered_from = 6, .commit = false});
      const auto cleared = with_.moment(dice_.between(1, 5), *p.owner);
      end_with(p, cleared, "");
      look(std::move(p), "commit-without-next-step", "NextStep", "Best Case, early stage");
    }
  }

  void past_dates(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.stage_from = 1, .entered_from = 10, .older_by = 45});
      const auto date = with_.today() - days{dice_.between(3, 40)};
      p.close_dates = {{p.created, date}};
      add(std::move(p), "past-close-date", "CloseDate", date + days{1}, "open, and the date has passed");
    }
  }

  void not_past_dates(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.entered_from = 10});
      p.close_dates = {{p.created, with_.today() + days{4}}};
      look(std::move(p), "past-close-date", "CloseDate", "closes in four days");
      look(with_.closed(), "past-close-date", "CloseDate", "closed, with its date in the past");
    }
  }

  void pushed(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.stage_from = 1, .entered_from = 20, .older_by = 60});
      std::vector<int> when{78, 52, 29};
      if (i % 2 == 0) when.push_back(9);
      for (auto& w : when) w -= dice_.between(0, 5);
      const auto at = move(p, when, days{dice_.between(12, 30)});
      add(std::move(p), "pushed-close-date", "CloseDate", at[2], "moved later again and again");
    }
  }

  void not_pushed(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.stage_from = 1, .entered_from = 20, .older_by = 60});
      move(p, {60, 18}, days{21});
      look(std::move(p), "pushed-close-date", "CloseDate", "moved later twice");

      p = with_.open({.stage_from = 1, .entered_from = 20, .older_by = 60});
      move(p, {70, 45, 15}, days{20});
      // The one in the middle went back: later, earlier, later.
      p.close_dates[2].date = p.close_dates[1].date - days{9};
      look(std::move(p), "pushed-close-date", "CloseDate", "moved earlier and back");

      p = with_.open({.stage_from = 1, .entered_from = 20, .older_by = 420});
      move(p, {388, 361, 340}, days{25});
      look(std::move(p), "pushed-close-date", "CloseDate", "moved three times, a year ago");

      p = with_.open({.stage_from = 1, .entered_from = 20, .older_by = 60});
      move(p, {64, 22}, days{18});
      for (const std::size_t k : {std::size_t{2}, std::size_t{1}}) {
        auto fix = p.close_dates[k];
        fix.at += minutes{dice_.between(8, 40)};
        p.close_dates[k].date -= days{3};
        p.close_dates.insert(p.close_dates.begin() + static_cast<std::ptrdiff_t>(k) + 1, fix);
      }
      look(std::move(p), "pushed-close-date", "CloseDate", "two moves, each corrected within the hour");
    }
  }

  void pasted(int n) {
    for (int i = 0; i < n; ++i) {
      const auto& who = with_.rep();
      const int copies = dice_.chance(0.3) ? 3 : 2;
      const auto text = with_.own_next_step(who);
      std::vector<record_plan> group;
      for (int k = 0; k < copies; ++k) {
        group.push_back(with_.open({}, &who));
        group.back().next_steps.back().text = text;
      }
      // It is a fault of each from the moment at which a second one has it.
      std::vector<instant> when;
      when.reserve(group.size());
      for (const auto& p : group) when.push_back(p.next_steps.back().at);
      std::ranges::sort(when);
      for (auto& p : group) {
        add(p, "pasted-next-step", "NextStep", std::max(when[1], p.next_steps.back().at),
            "the same words on another record");
      }
    }
  }

  void not_pasted(int n) {
    for (int i = 0; i < n && with_.reps().size() > 1; ++i) {
      const auto& who = with_.rep();
      const auto* other = &who;
      while (other == &who) other = &with_.rep();
      auto text = with_.own_next_step(who);
      for (const auto* owner : {&who, other}) {
        auto p = with_.open({}, owner);
        p.next_steps.back().text = text;
        look(std::move(p), "pasted-next-step", "NextStep", "the same words by two owners");
      }
      text = with_.own_next_step(who);
      auto p = with_.open({}, &who);
      p.next_steps.back().text = text;
      look(std::move(p), "pasted-next-step", "NextStep", "the twin is closed");
      p = with_.closed(&who);
      if (p.next_steps.empty()) p.next_steps.push_back({p.created, ""});
      p.next_steps.back().text = text;
      look(std::move(p), "pasted-next-step", "NextStep", "closed");
      const auto first = about_somebody(who, "Call ", " back on Monday");
      for (const auto* when : {"Mon", "Tues"}) {
        p = with_.open({}, &who);
        p.next_steps.back().text = first.substr(0, first.rfind("Mon")) + when + "day";
        look(std::move(p), "pasted-next-step", "NextStep", "alike, not the same");
      }
    }
  }

  void stale(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.stage_from = 1, .entered_from = 20, .older_by = 70});
      const auto last = with_.moment(dice_.between(36, 65), *p.owner);
      const auto text = with_.own_next_step(*p.owner);
      end_with(p, last, text);
      const bool cosmetic = i % 3 == 1;
      if (cosmetic) p.next_steps.push_back({with_.moment(dice_.between(3, 9), *p.owner), text + "!"});
      add(std::move(p), "stale-next-step", "NextStep", last + days{30},
          cosmetic ? "only punctuation changed since" : "untouched");
    }
  }

  void not_stale(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = with_.open({.stage_from = 1, .entered_from = 20, .older_by = 40});
      const auto last = with_.moment(23, *p.owner);
      end_with(p, last, with_.own_next_step(*p.owner));
      look(std::move(p), "stale-next-step", "NextStep", "changed within the month");
      p = with_.open({.stage_from = 0, .stage_to = 0, .entered_from = 18, .entered_to = 22});
      p.next_steps = {{p.created, with_.own_next_step(*p.owner)}};
      look(std::move(p), "stale-next-step", "NextStep", "the record itself is younger");
    }
  }

  void stuck(int n) {
    static constexpr std::array<int, 4> where{1, 2, proposal, negotiation};
    for (int i = 0; i < n; ++i) {
      const int stage = where[static_cast<std::size_t>(i) % where.size()];
      auto p =
          with_.open({.stage_from = stage, .stage_to = stage, .entered_from = 126, .entered_to = 200, .commit = false});
      const auto since = p.entered() + days{120};
      add(std::move(p), "stuck-in-stage", "StageName", since, "no move for months");
    }
  }

  void not_stuck(int n) {
    for (int i = 0; i < n; ++i) {
      look(with_.open({.stage_from = 1, .entered_from = 112, .entered_to = 113}), "stuck-in-stage", "StageName",
           "not yet 120 days");
    }
  }

  // Kept in truth as information: no rule of the day finds it.
  void set_with_stage(int n) {
    for (int i = 0; i < n; ++i) {
      auto p = late(nullptr, false);
      const auto at = p.reached(proposal);
      const bool champion_too = i % 2 == 0;
      (champion_too ? p.champion : p.procurement)->at = at;
      add(std::move(p), "set-with-stage-change", champion_too ? "Champion__c" : "Procurement_Status__c", at,
          "filled in the same save as the move into proposal");
    }
  }

 private:
  record_plan late(const person* owner, std::optional<bool> commit) {
    return with_.open({.stage_from = proposal, .commit = commit}, owner);
  }

  // Lets the next steps end with `text` at that moment; something real stood before.
  static void end_with(record_plan& p, instant at, const std::string& text) {
    const auto before = p.next_steps.front().text;
    std::erase_if(p.next_steps, [&](const dated_text& s) { return s.at > at - hours{2}; });
    if (p.next_steps.empty()) p.next_steps.push_back({p.created, before});
    p.next_steps.push_back({at, text});
  }

  // A sentence about somebody that this person has on no other record.
  std::string about_somebody(const person& who, std::string_view before, std::string_view after) {
    for (;;) {
      auto text = std::string{before} + first_name(dice_) + " " + last_name(dice_) + std::string{after};
      if (with_.claim(who, text)) return text;
    }
  }

  void add(record_plan p, std::string fault, std::string_view field, instant since, std::string note) {
    p.marks.push_back({std::move(fault), std::string{field}, since, false, std::move(note)});
    plans_.push_back(std::move(p));
  }

  void look(record_plan p, std::string fault, std::string_view field, std::string note) {
    p.marks.push_back({std::move(fault), std::string{field}, p.created, true, std::move(note)});
    plans_.push_back(std::move(p));
  }

  // Sets the close date's history to moves so many days ago, each `step` later; the last date is well ahead.
  std::vector<instant> move(record_plan& p, const std::vector<int>& when, days step) {
    const auto last = with_.today() + days{dice_.between(12, 70)};
    auto date = last - step * static_cast<int>(when.size());
    std::vector<instant> moved;
    p.close_dates = {{p.created, date}};
    for (const int ago : when) {
      date += step;
      moved.push_back(with_.moment(ago, *p.owner));
      p.close_dates.push_back({moved.back(), date});
    }
    return moved;
  }

  planner& with_;
  dice& dice_;
  std::vector<record_plan>& plans_;
  std::span<const std::string_view> words_ = placeholder_words();
  std::vector<std::pair<const person*, std::string_view>> habits_;
};

}  // namespace

void plant(planner& with, int per_kind, int per_look, std::vector<record_plan>& plans) {
  planter p{with, plans};
  p.placeholders(per_kind * 5 / 2);
  p.missing(per_kind);
  p.commits(per_kind);
  p.past_dates(per_kind);
  p.pushed(per_kind);
  p.pasted(std::max(1, per_kind / 2));
  p.stale(per_kind);
  p.stuck(per_kind);
  p.set_with_stage(per_kind);
  p.not_placeholders(per_look);
  p.not_missing(per_look);
  p.not_commits(per_look);
  p.not_past_dates(per_look);
  p.not_pushed(per_look);
  p.not_pasted(per_look);
  p.not_stale(per_look);
  p.not_stuck(per_look);
}

void plant_amounts(planner& with, int per_kind, int per_look, std::vector<record_plan>& plans) {
  std::map<std::string_view, std::vector<std::size_t>> by_owner;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i].open() && plans[i].amount > 0) by_owner[plans[i].owner->id].push_back(i);
  }
  // The owners with the most records first: there a single record stands out most plausibly.
  std::vector<const std::vector<std::size_t>*> owners;
  for (const auto& [who, mine] : by_owner) {
    if (mine.size() >= 8) owners.push_back(&mine);
  }
  sort_stably(owners, [](const auto* mine) { return -static_cast<std::ptrdiff_t>(mine->size()); });
  int planted = 0;
  int looks = 0;
  for (const auto* mine : owners) {
    const bool fault = planted <= looks * per_kind / std::max(1, per_look) && planted < per_kind;
    if (!fault && looks >= per_look) continue;
    std::vector<std::size_t> free;
    for (const auto i : *mine) {
      if (plans[i].marks.empty()) free.push_back(i);
    }
    if (free.empty()) continue;
    auto& p = plans[with.random().pick(free)];
    double others = 0;
    for (const auto i : *mine) others += plans[i].amount;
    others -= p.amount;
    const double times = fault ? 4.7 : 3.5;
    const auto n = static_cast<double>(mine->size());
    const double exact = times * others / (n - times);
    p.amount = fault ? std::ceil(exact / 500) * 500 : std::floor(exact / 500) * 500;
    p.first_amount = p.amount;
    p.marks.push_back({"amount-far-above-mean", "Amount", p.created, !fault,
                       fault ? "one digit too many" : "large, yet under four times the mean"});
    ++(fault ? planted : looks);
  }
}

}  // namespace coachd::sim
