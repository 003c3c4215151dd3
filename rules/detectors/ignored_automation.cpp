// Automations whose tasks end overdue, or are closed at once without effect.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/detectors/share.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 9> parameters{{
    {.name = "automation",
     .kind = K::field,
     .means = "What made the task; without it, tasks that a user who is no person created, by their subject"},
    {.name = "subject", .kind = K::field, .usual = "subject|Subject|hs_task_subject", .means = "The subject of a task"},
    {.name = "due", .kind = K::field, .usual = "due_date|ActivityDate|hs_timestamp", .means = "When a task is due"},
    {.name = "completed",
     .kind = K::field,
     .usual = "completed|CompletedDateTime|hs_task_completion_date",
     .means = "When it was completed"},
    {.name = "overdue",
     .kind = K::span,
     .usual = "7d",
     .means = "Open or completed so long after it was due, a task was ignored"},
    {.name = "at_once",
     .kind = K::span,
     .usual = "60s",
     .means = "Completed so soon after it was made, or with many others, it was closed without being done"},
    {.name = "at_least", .kind = K::count, .usual = "30", .means = "Tasks below which nothing is said"},
    {.name = "ignored_from", .kind = K::share, .usual = "70%", .means = "From this share on the automation is ignored"},
    {.name = "certainty", .kind = K::share, .usual = "95%", .means = "How sure that is"},
}};

// A subject without names and numbers that differ from task to task is hard to tell; its digits do.
std::string pattern_of(std::string_view subject) {
  std::string out;
  for (const char c : subject)
    if (c >= '0' && c <= '9') {
      if (out.empty() || out.back() != '#') out += '#';
    } else {
      out += c;
    }
  return out;
}

struct Task {
  std::string owner;
  std::optional<model::Instant> due, completed;
  model::Instant created{};
  bool followed = false;
  bool effect_known = true;
};

class IgnoredAutomation final : public Detector {
 public:
  explicit IgnoredAutomation(const Settings& s)
      : settings_(s),
        automation_(s.field("automation")),
        subject_(s.field("subject")),
        due_(s.field("due")),
        completed_(s.field("completed")) {}

  // Records of a table of tasks; those of any other object are not looked at.
  void see(const View& v) override {
    if (v.frame().object != "task" && !automation_.there()) return;
    std::string made_by = id_of(v, automation_.slot);
    if (!automation_.there()) {
      const std::string_view by = v.record().created_by;
      if (v.world().people.empty() && v.world().integration_users.empty()) {
        ++maker_unknown_;
        return;
      }
      if (by.empty() || is_human(v.world(), by)) return;
      made_by = std::string(by) + ": " + pattern_of(text_of(v, subject_.slot));
    }
    if (made_by.empty() || !v.created()) return;
    Task t;
    t.owner = owner_of(v);
    t.created = *v.created();
    t.due = moment_of(v, due_.slot);
    t.completed = moment_of(v, completed_.slot);
    t.effect_known = false;
    tasks_[made_by].push_back(std::move(t));
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant now) override {
    Detection out;
    for (const AutomaticTask& a : evidence.automatic_tasks.rows)
      tasks_[a.automation].push_back({a.owner, a.due, a.completed, a.created, a.followed, true});
    if (!evidence.automatic_tasks.known_since && tasks_.empty()) {
      untold(out,
             maker_unknown_ > 0 ? "which tasks an automation made: say `automation` under `with`"
                                : "the tasks that automations made",
             std::max<std::uint64_t>(1, maker_unknown_));
      return out;
    }
    const double z = z_of(settings_.number("certainty"));
    for (auto& [name, tasks] : tasks_) {
      std::uint64_t ended = 0;
      std::uint64_t overdue = 0;
      std::uint64_t closed = 0;
      std::uint64_t unknown = 0;
      const auto in_heap = heaped(tasks);
      for (std::size_t i = 0; i < tasks.size(); ++i) {
        const Task& t = tasks[i];
        const auto end =
            t.due ? std::optional(world.calendar.shift(*t.due, settings_.span("overdue"), 1)) : std::nullopt;
        const bool late = end && (t.completed ? *t.completed >= *end : now >= *end);
        if (!t.completed && !late) continue;  // still to be done
        const bool quick = t.completed && (in_heap[i] || *t.completed <= world.calendar.shift(
                                                                             t.created, settings_.span("at_once"), 1));
        if (quick && !t.effect_known && !late) {
          ++unknown;  // it may have been done before it was ticked
          continue;
        }
        ++ended;
        if (late && !t.followed)
          ++overdue;
        else if (quick && !t.followed)
          ++closed;
      }
      untold(out, "whether tasks that were closed at once had an effect", unknown);
      if (ended < static_cast<std::uint64_t>(std::max<std::int64_t>(1, settings_.count("at_least")))) continue;
      if (wilson(overdue + closed, ended, z).low < settings_.number("ignored_from")) continue;
      Detected f;
      f.unit = Unit::automation;
      f.key = name;
      f.facts = {fact("tasks", ended), fact("overdue", overdue), fact("closed_at_once", closed)};
      f.why = "of " + counted(ended, "task") + " that " + name + " made, " + std::to_string(overdue) +
              " ended overdue and " + std::to_string(closed) + " were closed at once without effect";
      out.findings.push_back(std::move(f));
    }
    sort_by_key(out);
    return out;
  }

 private:
  static bool is_human(const World& world, std::string_view id) {
    const auto& machines = world.integration_users;
    if (std::find(machines.begin(), machines.end(), id) != machines.end()) return false;
    const model::Person* p = world.person(id);
    return p == nullptr || p->human;
  }

  // Closed by one person within a minute of at least four others.
  static std::vector<bool> heaped(const std::vector<Task>& tasks) {
    constexpr std::size_t heap = 5;
    std::map<std::string_view, std::vector<std::pair<model::Instant, std::size_t>>> by_owner;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (tasks[i].completed) by_owner[tasks[i].owner].emplace_back(*tasks[i].completed, i);
    std::vector<bool> out(tasks.size());
    for (auto& [owner, closed] : by_owner) {
      std::sort(closed.begin(), closed.end());
      for (std::size_t i = 0; i + heap <= closed.size(); ++i)
        if (closed[i + heap - 1].first - closed[i].first <= std::chrono::minutes(1))
          for (std::size_t j = i; j < i + heap; ++j) out[closed[j].second] = true;
    }
    return out;
  }

  const Settings& settings_;
  const ChosenField &automation_, &subject_, &due_, &completed_;
  std::map<std::string, std::vector<Task>> tasks_;
  std::uint64_t maker_unknown_ = 0;
};

}  // namespace

const DetectorKind ignored_automation_detector{
    .name = "ignored-automation",
    .unit = Unit::automation,
    .finds =
        "Automations whose tasks end overdue, or are closed in seconds or in heaps without anything done on the "
        "record.",
    .may_mean = "the task comes too often, too early or to the wrong person: the automation is noise.",
    .needs =
        "The tasks that automations made, from the CRM, or records of the object `task` with due date and completion.",
    .cannot_tell =
        "Without such tasks; whether a task that was closed at once had an effect, where only the tasks are known; "
        "fewer tasks than `at_least`.",
    .parameters = parameters,
    .uses = {.owner = true, .tasks = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<IgnoredAutomation>(s); },
};

}  // namespace coachd::rules
