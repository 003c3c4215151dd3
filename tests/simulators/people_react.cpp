#include "tests/simulators/people_react.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tests/simulators/company.hpp"
#include "tests/simulators/company_check.hpp"
#include "tests/simulators/company_texts.hpp"
#include "tests/simulators/dice.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_stages.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/zones.hpp"

namespace coachd::sim {

using namespace std::chrono;

std::optional<react_shares> parse_react(std::string_view text) {
  react_shares shares;
  double sum = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto word = text.substr(0, end);
    const auto equal = word.find('=');
    if (equal == std::string_view::npos) return std::nullopt;
    double share = 0;
    const auto number = word.substr(equal + 1);
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), share);
    if (error != std::errc{} || stop != number.data() + number.size() || share < 0) return std::nullopt;
    const auto name = word.substr(0, equal);
    if (name == "mend") {
      shares.mend = share;
    } else if (name == "delete") {
      shares.remove = share;
    } else if (name != "ignore") {
      return std::nullopt;
    }
    sum += share;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (sum > 1.0001) return std::nullopt;
  return shares;
}

people_react::people_react(org& company_org, const company& who, react_shares shares, std::uint64_t seed)
    : org_{company_org}, company_{who}, shares_{shares}, seed_{seed} {
  for (const auto& p : who.people) people_.emplace(p.id, &p);
  for (const auto& t : who.truth) {
    if (!t.look_alike) faults_.emplace(t.record, &t);
  }
  seen_ = static_cast<row_number>(org_.get("Task").size());
}

reaction_counts people_react::counts() const {
  auto c = counts_;
  c.waiting = due_.size();
  return c;
}

// The same draw for the same person and record in every run, whatever Ids its tasks got.
std::uint64_t people_react::draw(std::string_view a, std::string_view b) const {
  std::uint64_t h = 0xcbf29ce484222325U ^ seed_;
  for (const auto part : {a, b}) {
    for (const char c : part) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  h ^= h >> 33U;
  h *= 0xff51afd7ed558ccdU;
  return h ^ (h >> 33U);
}

void people_react::step(instant now) {
  const auto size = static_cast<row_number>(org_.get("Task").size());
  for (; seen_ < size; ++seen_) look(seen_, now);
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto p = due_.begin()->second;
    due_.erase(due_.begin());
    act(p, now);
  }
}

void people_react::look(row_number task, instant now) {
  if (!shares_.any()) return;
  const auto& t = org_.get("Task");
  if (t.cell(task, t.column("CreatedById")).text() != company_.integration_user) return;
  const auto& owner = t.cell(task, t.column("OwnerId")).text();
  const auto& what = t.cell(task, t.column("WhatId")).text();
  const auto who = people_.find(owner);
  if (who == people_.end()) return;
  const auto luck = draw(owner, what);
  const double share = static_cast<double>(luck >> 11U) * 0x1.0p-53;
  const auto answer = share < shares_.mend                    ? answer::mend
                      : share < shares_.mend + shares_.remove ? answer::remove
                                                              : answer::ignore;
  const auto wait = minutes{5 + static_cast<int>(luck % 176)};
  due_.emplace(into_working_hours(now + wait, who->second->zone), plan{t.cell(task, 0).text(), answer});
}

void people_react::act(const plan& p, instant now) {
  auto& t = org_.get("Task");
  const auto n = *t.find(p.task);
  if (t.cell(n, t.column("IsDeleted")).boolean() || t.cell(n, t.column("IsClosed")).boolean()) return;
  const auto owner = t.cell(n, t.column("OwnerId")).text();
  if (p.what == answer::remove) {
    if (org_.remove(p.task, owner, now)) ++counts_.removed;
    return;
  }
  const auto record = t.cell(n, t.column("WhatId")).text();
  const auto set = p.what == answer::mend ? mending(record, now) : field_values{};
  if (set.empty() || !org_.update(record, set, owner, now)) {
    ++counts_.ignored;
    return;
  }
  ++counts_.mended;
}

field_values people_react::mending(const std::string& record, instant now) {
  const auto& o = org_.opportunities();
  const auto& c = org_.columns();
  const auto n = o.find(record);
  field_values set;
  if (!n || o.cell(*n, c.is_deleted).boolean() || o.cell(*n, c.is_closed).boolean()) return set;
  dice d{draw(record, "mend")};
  const auto put = [&](std::string field, plain_value v) {
    if (std::ranges::find(set, field, &std::pair<std::string, plain_value>::first) == set.end()) {
      set.emplace_back(std::move(field), std::move(v));
    }
  };
  const auto day_of = [&](int ahead) { return iso_day(floor<days>(now) + days{ahead}); };
  const auto& owner = o.cell(*n, c.owner);
  // A sentence that no other open record of the owner has.
  const auto own_step = [&] {
    for (;;) {
      auto text = next_step(d);
      const auto& mine = o.holding(c.owner, owner.text_ref());
      if (std::ranges::none_of(mine, [&](row_number m) { return bare(o.cell(m, c.next_step).text()) == bare(text); }))
        return text;
    }
  };
  const auto [from, to] = faults_.equal_range(record);
  for (auto f = from; f != to; ++f) {
    const auto& t = *f->second;
    if (t.fault == "placeholder" || t.fault == "missing") {
      const auto& now_there = o.cell(*n, o.column(t.field)).text();
      if (!now_there.empty() && !is_placeholder(now_there)) continue;
      put(t.field, t.field == "NextStep"                 ? own_step()
                   : t.field == "Champion__c"            ? champion(d)
                   : t.field == "Implementation_Risk__c" ? implementation_risk(d)
                   : t.field == "Decision_Process__c"    ? decision_process(d)
                                                         : std::string{"In review"});
    } else if (t.fault == "commit-without-next-step" || t.fault == "pasted-next-step" || t.fault == "stale-next-step") {
      put("NextStep", own_step());
    } else if (t.fault == "past-close-date") {
      if (o.cell(*n, c.close_date).date() < floor<days>(now) + days{2}) put("CloseDate", day_of(d.between(14, 45)));
    } else if (t.fault == "pushed-close-date") {
      // History cannot be undone: the person states a date to stand by and what happens until then.
      put("CloseDate", day_of(d.between(40, 75)));
      put("NextStep", own_step());
    } else if (t.fault == "stuck-in-stage") {
      const auto* stage = find_stage(o.cell(*n, c.stage).text());
      const std::string next = stage->name == "Qualification"          ? "Needs Analysis"
                               : stage->name == "Needs Analysis"       ? "Value Proposition"
                               : stage->name == "Proposal/Price Quote" ? "Negotiation/Review"
                                                                       : "Closed Lost";
      put("StageName", next);
      if (next == "Closed Lost") put("Loss_Reason__c", std::string{"No decision"});
    } else if (t.fault == "amount-far-above-mean") {
      put("Amount", std::round(o.cell(*n, c.amount).number() / 10 / 500) * 500);
    }
  }
  return set;
}

}  // namespace coachd::sim
