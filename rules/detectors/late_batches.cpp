// Entries heaped days after what they tell of, without content, or counted up exactly to a quota.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 9> parameters{{
    {.name = "happened",
     .kind = K::field,
     .usual = "activity_date|due_date|ActivityDate|hs_timestamp",
     .means = "The day that an entry tells of"},
    {.name = "content",
     .kind = K::field,
     .usual = "description|Description|hs_task_body",
     .means = "What the entry says"},
    {.name = "letters",
     .kind = K::count,
     .usual = "15",
     .means = "An entry with fewer letters and digits is without content"},
    {.name = "heap", .kind = K::count, .usual = "5", .means = "So many entries in one go are a heap"},
    {.name = "in_one_go", .kind = K::span, .usual = "30m", .means = "How long one go takes"},
    {.name = "late", .kind = K::span, .usual = "2d", .means = "Entered so long after it happened, an entry is late"},
    {.name = "share",
     .kind = K::share,
     .usual = "60%",
     .means = "So many of a heap must be late, and so many without content"},
    {.name = "weeks", .kind = K::count, .usual = "3", .means = "In how many weeks it must be so"},
    {.name = "within", .kind = K::span, .usual = "12w", .means = "How far back is looked"},
}};

struct Entry {
  model::Instant logged;
  std::int32_t week = 0;
  bool late = false;
  bool empty = false;
};

class LateBatches final : public Detector {
 public:
  explicit LateBatches(const Settings& s)
      : settings_(s), happened_(s.field("happened")), content_(s.field("content")) {}

  void see(const View& v) override {
    ++seen_;
    const auto& calendar = v.world().calendar;
    const auto logged = v.created();
    const std::string_view owner = owner_of(v);
    if (!happened_.there() || owner.empty()) return;
    if (!logged) {
      ++undated_;
      return;
    }
    if (*logged > v.now() || *logged < calendar.shift(v.now(), settings_.span("within"), -1)) return;
    // What a machine or somebody else entered says nothing about the owner.
    const std::string_view by = v.record().created_by;
    if (!by.empty() && by != owner) return;
    if (any_unread(v, {happened_.slot, content_.slot})) {
      ++unread_;
      return;
    }
    const auto happened = moment_of(v, happened_.slot);
    if (!happened) return;
    Entry e;
    e.logged = *logged;
    const auto day = calendar.today(*logged);
    e.week = week_of(day);
    e.late = calendar.shift(calendar.today(*happened), settings_.span("late"), 1) <= day;
    e.empty = content_.there() &&
              text::squash(text_of(v, content_.slot)).size() < static_cast<std::size_t>(settings_.count("letters"));
    const auto it = people_.find(owner);
    (it == people_.end() ? people_[std::string(owner)] : it->second).push_back(e);
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant) override {
    Detection out;
    if (!happened_.there() || !content_.there()) {
      untold(out,
             "there is no field with the day or the content of an entry: say `happened` and `content` under `with`",
             std::max<std::uint64_t>(1, seen_));
      return out;
    }
    untold(out, "when the entry was made", undated_);
    untold(out, "the day and the content of the entry: not read yet", unread_);
    for (auto& [person, entries] : people_) {
      if (!is_person(world, person)) continue;
      std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.logged < b.logged; });
      heaps(person, entries, out);
      quota(person, entries, out);
    }
    sort_by_key(out);
    return out;
  }

 private:
  static std::int32_t week_of(model::Day day) {
    constexpr int thursday = 3;  // 1 January 1970; weeks begin on Monday
    const auto days = static_cast<std::int64_t>(day.time_since_epoch().count()) + thursday;
    return static_cast<std::int32_t>(days >= 0 ? days / 7 : (days - 6) / 7);
  }
  [[nodiscard]] bool enough(std::size_t weeks) const {
    return weeks >= static_cast<std::size_t>(std::max<std::int64_t>(1, settings_.count("weeks")));
  }

  void heaps(const std::string& person, const std::vector<Entry>& entries, Detection& out) const {
    const auto least = settings_.at_least_two("heap");
    const auto go = settings_.span("in_one_go");
    const auto length = go.by_clock() ? std::chrono::seconds(go.count) : std::chrono::seconds(std::chrono::days(1));
    std::set<std::int32_t> weeks;
    std::size_t heaped = 0;
    std::optional<model::Instant> since;
    for (std::size_t i = 0; i < entries.size();) {
      std::size_t end = i;
      std::size_t late = 0;
      std::size_t empty = 0;
      for (; end < entries.size() && entries[end].logged - entries[i].logged <= length; ++end) {
        late += entries[end].late ? 1 : 0;
        empty += entries[end].empty ? 1 : 0;
      }
      const std::size_t n = end - i;
      const auto share = settings_.number("share") * static_cast<double>(n);
      // All within two seconds is an import.
      const bool typed = entries[end - 1].logged - entries[i].logged > std::chrono::seconds(2);
      if (n >= least && typed && static_cast<double>(late) >= share && static_cast<double>(empty) >= share) {
        weeks.insert(entries[i].week);
        heaped += n;
        if (enough(weeks.size()) && !since) since = entries[end - 1].logged;
        i = end;
      } else {
        ++i;
      }
    }
    if (!enough(weeks.size())) return;
    Detected f;
    f.unit = Unit::person;
    f.person = person;
    f.key = person + "|heaps";
    f.facts = {fact("weeks", weeks.size()), fact("entries", heaped)};
    f.why = "in " + counted(weeks.size(), "week") +
            " entries were made in one go, days late and nearly without content (" + std::to_string(heaped) +
            " in all)";
    f.since = since;
    out.findings.push_back(std::move(f));
  }

  // Week after week the same number, reached in the last day of the week that had entries.
  void quota(const std::string& person, const std::vector<Entry>& entries, Detection& out) const {
    std::map<std::int32_t, std::pair<std::size_t, std::size_t>> weeks;  // entries, of them without content
    for (const Entry& e : entries) {
      auto& w = weeks[e.week];
      ++w.first;
      w.second += e.empty ? 1 : 0;
    }
    if (weeks.size() < 2) return;
    std::map<std::size_t, std::size_t> how_often;
    for (const auto& [week, w] : weeks) ++how_often[w.first];
    const auto most = std::max_element(how_often.begin(), how_often.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto number = most->first;
    const auto least = settings_.at_least_two("heap");
    if (number < least || !enough(most->second) || most->second * 5 < weeks.size() * 4) return;
    std::size_t empty = 0;
    for (const auto& [week, w] : weeks)
      if (w.first == number) empty += w.second;
    const std::size_t all = number * most->second;
    if (static_cast<double>(empty) < settings_.number("share") * static_cast<double>(all)) return;
    Detected f;
    f.unit = Unit::person;
    f.person = person;
    f.key = person + "|quota";
    f.facts = {fact("weeks", most->second), fact("quota", number)};
    f.why = "in " + std::to_string(most->second) + " of " + counted(weeks.size(), "week") + " there were exactly " +
            std::to_string(number) + " entries, most of them without content";
    f.since = entries.front().logged;
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const ChosenField &happened_, &content_;
  std::map<std::string, std::vector<Entry>, std::less<>> people_;
  std::uint64_t seen_ = 0, undated_ = 0, unread_ = 0;
};

}  // namespace

const DetectorKind late_batches_detector{
    .name = "late-batches",
    .unit = Unit::person,
    .finds =
        "Entries (calls, notes, tasks) that a person makes in heaps, days late and without content, or exactly up to "
        "one number week after week.",
    .may_mean = "there is a quota or a deadline that counts entries: the fault is the quota's, not the person's.",
    .needs = "Records that are entries: their day, when they were made, what they say, and their owner.",
    .cannot_tell =
        "Entries without the instant of their making. What a machine entered, somebody else, or an import within two "
        "seconds is left alone.",
    .parameters = parameters,
    .uses = {.owner = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<LateBatches>(s); },
};

}  // namespace coachd::rules
