// What is found by what stands around a record, or one step up, is the same after any history as from scratch: held
// against a plain model of who belongs to whom.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/calendar/tz.hpp"
#include "rules/model/time.hpp"
#include "tests/integration/hall_around.hpp"

namespace coachd::pipeline {
namespace {

// What stands now, asked from scratch.
struct Model {
  struct Task {
    std::string contact, account;
    Instant at;
    bool deleted = false;
  };
  std::map<std::string, std::string> account_of;                     // deal -> account
  std::map<std::string, std::pair<std::string, std::string>> roles;  // role -> (deal, contact)
  std::map<std::string, Task> tasks;
  std::map<std::string, double> scores;

  [[nodiscard]] bool silent(const std::string& deal, Instant made, Instant now) const {
    const auto old = [&](Instant t) {  // by calendar days in Berlin
      static const auto zone = calendar::load_zone("Europe/Berlin");
      return zone.day_of(t) < zone.day_of(now) - std::chrono::days(14);
    };
    if (!old(made)) return false;
    for (const auto& [id, task] : tasks) {
      if (task.deleted || old(task.at)) continue;
      if (!task.account.empty() && task.account == account_of.at(deal)) return false;
      for (const auto& [role, named] : roles)
        if (named.first == deal && !task.contact.empty() && named.second == task.contact) return false;
    }
    return true;
  }
};

TEST(HallAroundProperty, IncrementalEqualsFromScratch) {
  std::size_t found = 0;
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](int n) { return std::uniform_int_distribution<int>(0, n)(random); };
    const auto one_of = [&](const std::vector<std::string>& list) {
      return list[static_cast<std::size_t>(up_to(static_cast<int>(list.size()) - 1))];
    };
    const std::vector<std::string> deals{"d1", "d2", "d3", "d4"}, accounts{"", "a1", "a2"}, contacts{"", "c1", "c2"};
    AroundDeals around(around_rules), parents(parent_rules);
    Model model;
    const auto made = around.now;
    for (const auto& d : deals) {
      model.account_of[d] = one_of(accounts);
      around.deal(d, "ana", model.account_of[d]);
      parents.deal(d, "ana", model.account_of[d]);
    }
    around.loaded();
    parents.loaded();
    for (int step = 0; step < 80; ++step) {
      const auto later = around.now + std::chrono::hours(1 + up_to(100));
      around.go(later);
      parents.go(later);
      const auto deal = one_of(deals), account = one_of(accounts), contact = one_of(contacts);
      const auto id = std::to_string(up_to(4));
      switch (up_to(5)) {
        case 0:
        case 1: {
          const bool gone = up_to(4) == 0;
          around.call("t" + id, contact, account, "ana", gone);
          model.tasks["t" + id] = {contact, account, later, gone};
          break;
        }
        case 2:
          around.deal(deal, "ana", account);
          parents.deal(deal, "ana", account);
          model.account_of[deal] = account;
          break;
        case 3: {
          const bool gone = up_to(3) == 0;
          around.named("r" + id, deal, contact, gone);
          if (gone)
            model.roles.erase("r" + id);
          else
            model.roles["r" + id] = {deal, contact};
          break;
        }
        default:
          if (account.empty()) break;
          model.scores[account] = 10.0 * up_to(9);
          parents.account(account, model.scores[account]);
      }
      std::set<std::string> silent, weak, open_silent, open_weak;
      for (const auto& d : deals) {
        if (model.silent(d, made, later)) silent.insert(d + " silent");
        const auto& of = model.account_of.at(d);
        if (of.empty()) weak.insert(d + " unrated");
        if (const auto score = model.scores.find(of); score != model.scores.end() && score->second < 50)
          weak.insert(d + " weak");
      }
      for (const auto& f : around.open())
        if (f.ends_with("silent")) open_silent.insert(f);
      for (const auto& f : parents.open())
        if (!f.ends_with("fell")) open_weak.insert(f);
      ASSERT_EQ(open_silent, silent) << "seed " << seed << ", step " << step;
      ASSERT_EQ(open_weak, weak) << "seed " << seed << ", step " << step;
      found += silent.size() + weak.size();
    }
  }
  EXPECT_GT(found, 500u);
}

}  // namespace
}  // namespace coachd::pipeline
