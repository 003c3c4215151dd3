#include "daemon/pipeline/meetings.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/world.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

constexpr std::chrono::days looked_back{400};
constexpr std::chrono::days ahead{60};

std::string_view cut(std::string_view& text, char at) {
  const auto end = std::min(text.find(at), text.size());
  const auto first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

template <class Number>
Number number(std::string_view text) {
  Number n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

std::vector<model::Instant> times(const MeetingPeriod& period, model::Instant now) {
  const auto from = std::max(period.from, now - looked_back);
  const auto until = std::min(period.until.value_or(model::Instant::max()), now + ahead);
  std::vector<model::Instant> out;
  if (until <= from) return out;
  auto day = period.zone.day_of(from);
  day += period.plan.weekday - std::chrono::weekday(day);
  for (; period.zone.start_of(day) < until; day += std::chrono::weeks(1)) {
    const auto at = period.zone.at(day, period.plan.at);
    if (at >= from && at < until) out.push_back(at);
  }
  return out;
}

// Whoever somebody reports to.
std::set<std::string> managers(const rules::World& world) {
  std::set<std::string> out;
  for (const auto& [id, person] : world.people)
    if (!person.manager.empty()) out.insert(person.manager.get());
  return out;
}

}  // namespace

std::string encode(const std::vector<MeetingPlan>& plans) {
  std::string body;
  for (const auto& p : plans)
    body += p.name + '\t' + std::to_string(p.weekday.c_encoding()) + '\t' + std::to_string(p.at.count()) + '\t' +
            p.manager + '\t' + p.zone + '\n';
  return body;
}

std::vector<MeetingPlan> decode_meetings(std::string_view body) {
  std::vector<MeetingPlan> plans;
  while (!body.empty()) {
    auto line = cut(body, '\n');
    MeetingPlan p;
    p.name = cut(line, '\t');
    p.weekday = std::chrono::weekday(number<unsigned>(cut(line, '\t')));
    p.at = std::chrono::minutes(number<int>(cut(line, '\t')));
    p.manager = cut(line, '\t');
    p.zone = line;
    plans.push_back(std::move(p));
  }
  return plans;
}

void schedule_meetings(const std::vector<MeetingPeriod>& periods, model::Instant now, rules::World& world) {
  std::map<std::string, std::map<std::string, std::vector<model::Instant>>> all;  // name -> manager -> times
  const auto each = managers(world);
  for (const auto& period : periods) {
    const auto add = [&, held = times(period, now)](const std::string& manager) {
      auto& list = all[period.plan.name][manager];
      list.insert(list.end(), held.begin(), held.end());
    };
    if (!period.plan.each())
      add("");
    else
      for (const auto& manager : each) add(manager);
  }
  world.meetings.clear();
  for (auto& [name, of] : all)
    for (auto& [manager, list] : of) {
      std::sort(list.begin(), list.end());
      world.meetings[name].emplace(manager, std::move(list));
    }
}

rules::EvidenceTable<rules::HeldMeeting> held_meetings(const std::vector<MeetingPeriod>& periods,
                                                       const rules::World& world, model::Instant now) {
  rules::EvidenceTable<rules::HeldMeeting> out;
  for (const auto& period : periods)
    if (!out.known_since || period.from < *out.known_since) out.known_since = period.from;
  for (const auto& [name, held] : world.meetings)
    for (const auto& [manager, times] : held)
      for (const auto at : times.all())
        if (at <= now) out.rows.push_back({name, manager, at});
  return out;
}

}  // namespace coachd::pipeline
