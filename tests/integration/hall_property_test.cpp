// At any instant the incremental state, once all that is due is worked off, equals that of evaluating everything from
// scratch in the same world: over random histories, owners, deletions, reloads of the rules and passing time (design
// 3).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/day_facts.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/pipeline/study.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

using model::Instant;
using model::StoredValue;

const std::string rules_text = rule_file("property", R"(
  - {id: no-step, kind: stale, for: {open: true}, when: {field: next_step, real: false}, control: [prompt], prompt: {to: owner, say: "{name}", ask: "What happens next?"}}
  - {id: pasted, kind: fake-adoption, for: {open: true}, when: {field: next_step, same_on_other_open_record_of_owner: true}, control: [flag]}
  - {id: far-above, kind: stale, for: {open: true}, when: {field: amount, times_owner_mean: {above: 2, at_least: 3}}, control: [flag]}
  - {id: past-close, kind: stale, for: {open: true}, when: {field: close_date, before: today}, control: [prompt], prompt: {to: owner, say: "{name}", ask: "When does it close?"}}
  - {id: stuck, kind: stale, for: {open: true}, when: {field: next_step, unchanged_for: LIMIT}, control: [flag]}
  - {id: pushed, kind: stale, for: {open: true}, when: {field: close_date, moved_later: {at_least: 2, within: 20d}}, control: [flag]}
)");

// What rests on the facts of the day; more deals are won here.
const std::string percentile_rules = rule_file("slow", R"(
  - {id: slow, kind: stale, for: {open: true}, when: {stage_age: {above: p60}}, control: [flag]}
  - {id: slow-late, kind: stale, for: {open: true}, when: {any: [{stage_age: {above: {by_stage: {Late: p20, default: LIMIT}}}}, {field: next_step, unchanged_for: {since_meeting: pipeline-review}}]}, control: [flag]}
)");

class Nowhere final : public Outside {
 public:
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string&) override { ADD_FAILURE() << "nobody hinted at anything"; }
  void study(const std::shared_ptr<const Context>& context, const std::string& key, Instant now) override {
    asked.emplace(context, key, now);
  }
  std::optional<Study> asked;
};

class World {
 public:
  explicit World(unsigned seed, const std::string& rules = rules_text, int most_records = 25,
                 std::vector<std::string> stages = {"Early", "Early", "Late", "Late", "Won", "Lost"})
      : random_(seed), rules_(rules), most_records_(most_records), stages_(std::move(stages)) {
    setup_.meetings = {"pipeline-review"};
    setup_.schedule = {{"pipeline-review", std::chrono::Monday, std::chrono::minutes(570), "each", ""}};
    store_ = open_store(folder_.path());
    hall_.emplace(*store_, nowhere_);
    reload("9d");
  }
  ~World() {
    hall_.reset();
    store_->stop();
    store_.reset();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      switch (roll(12)) {
        case 0: pass(std::chrono::days(1 + roll(4))); break;
        case 1: pass(std::chrono::minutes(roll(900))); break;
        case 2:
          if (roll(10) == 0) reload(roll(2) == 0 ? "9d" : "4d");
          break;
        case 3:
          if (roll(3) == 0) gone();
          break;
        default: change(); break;
      }
      if (!loaded_ && records_.size() > 5) {
        settle();
        loaded_ = true;
        hall_->handle(FirstLoadDone{"acme"}, now_);
      }
      if (roll(3) == 0) settle();  // several changes may wait together
      if (loaded_ && roll(9) == 0) compare();
    }
    settle();
    compare();
  }

 private:
  int roll(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  void reload(const std::string& limit) {
    std::string text = rules_;
    text.replace(text.find("LIMIT"), 5, limit);
    auto description = org();
    description.people.at(model::PersonId("ana")).manager = description.people.at(model::PersonId("ben")).manager =
        model::PersonId("cem");
    auto built = app::build_context({{"property.yaml", text}}, setup_, description, *store_, true, now_);
    for (const auto& d : built.diagnostics)
      ASSERT_NE(d.severity, model::Severity::error) << d.message << " " << d.place.line;
    ASSERT_TRUE(built.context);
    context_ = built.context;
    hall_->connect(context_, now_);
    if (loaded_) hall_->handle(FirstLoadDone{"acme"}, now_);
  }

  void pass(std::chrono::microseconds by) {
    const auto until = now_ + by;
    settle();
    // As the daemon does: woken at the instants that evaluation named.
    for (auto next = hall_->agenda(now_).first(); loaded_ && next && *next <= until;
         next = hall_->agenda(now_).first()) {
      now_ = std::max(now_, *next);
      settle();
    }
    now_ = until;
  }

  void settle() {
    do {
      for (int i = 0; hall_->step(now_); ++i) ASSERT_LT(i, 10'000) << "the hall does not come to rest";
    } while (study());
  }

  // What the daemon's thread of studies does, between two steps.
  bool study() {
    if (!nowhere_.asked) return false;
    const auto reader = store_->open_reader();
    while (nowhere_.asked->step(*reader->snapshot(), 7)) {
    }
    while (nowhere_.asked->conclude_one()) {
    }
    hall_->handle(nowhere_.asked->finish(), now_);
    nowhere_.asked.reset();
    ++studies;
    return true;
  }

  void commit(const connectors::Page& page) {
    const auto numbers = number_columns(store_->dictionary(), "acme", "opportunity", page.columns);
    auto unit = intake_records(store_->dictionary(), "acme", "opportunity", page, numbers, "read", now_);
    for (const auto f : numbers.fields) unit.known_since.push_back({"acme", "opportunity", f, "", start_});
    unit.epoch = store_->epoch();
    ASSERT_EQ(store::apply_and_wait(*store_, std::move(unit)), store::Applied::done);
  }

  connectors::Page page_of(model::RecordRow row) {
    connectors::Page page;
    page.columns = columns();
    page.rows.push_back(std::move(row));
    page.next = std::to_string(++version_);
    return page;
  }

  void change() {
    const auto id = "006" + std::to_string(roll(most_records_));
    auto [it, fresh] = records_.try_emplace(id);
    auto& row = it->second;
    now_ += std::chrono::seconds(1);
    row.version = std::chrono::floor<std::chrono::seconds>(now_);
    row.modified_by = model::PersonId(std::vector<std::string>{"ana", "ben", "cem"}[static_cast<std::size_t>(roll(3))]);
    if (fresh) {
      row.id = model::RecordId(id);
      row.created = row.version;
      row.created_by = row.modified_by;
      row.values.resize(6);
    }
    row.deleted = false;
    for (std::size_t i = 0; i < 6; ++i)
      if (fresh || roll(3) == 0) row.values[i] = value(i, id);
    if (fresh && rules_ == percentile_rules) row.values[2] = StoredValue::text("Early");
    commit(page_of(row));
  }

  StoredValue value(std::size_t column, const std::string& id) {
    static const std::vector<std::string> steps{"Call Dana", "call dana", "Send the quote", "TBD", "n/a", ""};
    switch (column) {
      case 0: return StoredValue::text("Deal " + id);
      case 1:
        return StoredValue::text(std::vector<std::string>{"ana", "ben", "cem"}[static_cast<std::size_t>(roll(3))]);
      case 2: return StoredValue::text(stages_[static_cast<std::size_t>(roll(6))]);
      case 3:
        return roll(5) == 0 ? StoredValue(model::Value::blank())
                            : StoredValue(model::Value::number(100.0 * (1 + roll(30))));
      case 4:
        return StoredValue(
            model::Value::day(std::chrono::floor<std::chrono::days>(now_) + std::chrono::days(roll(20) - 6)));
      default: {
        const auto& text = steps[static_cast<std::size_t>(roll(6))];
        return text.empty() ? StoredValue(model::Value::blank()) : StoredValue::text(text);
      }
    }
  }

  void gone() {
    if (records_.empty()) return;
    auto it = std::next(records_.begin(), roll(static_cast<int>(records_.size())));
    now_ += std::chrono::seconds(1);
    it->second.version = std::chrono::floor<std::chrono::seconds>(now_);
    it->second.deleted = true;
    commit(page_of(it->second));
    records_.erase(it);
  }

  using Item = std::tuple<std::string, std::string, std::string>;  // record, finding, since

  // Facts by looking at every record, as nothing incremental would.
  [[nodiscard]] rules::Facts brute_force(const rules::ObjectPlan& plan, const store::Snapshot& snapshot,
                                         const rules::Case& mine) const {
    rules::Facts facts(plan.facts.size());
    for (std::size_t i = 0; i < facts.size(); ++i) {
      facts[i].known = true;
      const auto own = rules::contribution(*context_->rules, plan, i, mine, *context_->world);
      if (!own) continue;
      for (const auto& r : snapshot.records_after("acme", "opportunity", "", 10'000)) {
        const auto other = build_case(*context_, snapshot, "opportunity", r.record);
        if (!other) continue;
        const auto part = rules::contribution(*context_->rules, plan, i, other->value, *context_->world);
        if (!part || part->owner != own->owner) continue;
        if (plan.facts[i].kind == rules::FactSpec::Kind::same_text && part->text_hash != own->text_hash) continue;
        facts[i].sum += part->value;
        ++facts[i].count;
      }
    }
    return facts;
  }

  void compare() {
    settle();
    const auto reader = store_->open_reader();
    const auto snapshot = reader->snapshot();
    const auto& plan = *context_->rules->plan("opportunity");
    const auto facts = kept_day_facts(*snapshot, "acme");
    const auto world = with_day_facts(*context_, facts, now_)->world;
    days.insert(facts.facts_day.value_or(model::Day{}));
    for (const auto& [name, n] : snapshot->counters())
      if (name == "turned_by_facts") turned = n;
    std::set<Item> incremental;
    for (const auto& f : snapshot->open_findings("acme", 100'000))
      incremental.emplace(f.record, f.finding, f.since ? model::to_string(*f.since) : "-");
    std::set<Item> scratch;
    for (const auto& r : snapshot->records_after("acme", "opportunity", "", 10'000)) {
      const auto built = build_case(*context_, *snapshot, "opportunity", r.record);
      if (!built) continue;
      const auto e = rules::evaluate(*context_->rules, plan, built->value, brute_force(plan, *snapshot, built->value),
                                     *world, now_);
      for (const auto& v : e.verdicts)
        if (v.outcome == model::Outcome::finding) {
          ++by_rule[context_->rules->rules[v.rule].id.get()];
          scratch.emplace(r.record, v.id.empty() ? context_->rules->rules[v.rule].id.get() : v.id,
                          v.since ? model::to_string(*v.since) : "-");
        }
    }
    ASSERT_EQ(incremental, scratch) << "at " << model::to_string(now_);
    compared += scratch.size();
  }

 public:
  std::size_t compared = 0, studies = 0;
  std::int64_t turned = 0;                     // records made due because the facts of a day turned
  std::set<model::Day> days;                   // of the facts that were compared under
  std::map<std::string, std::size_t> by_rule;  // findings that were compared

 private:
  std::mt19937 random_;
  std::string rules_;
  int most_records_;
  std::vector<std::string> stages_;
  TemporaryFolder folder_;
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  Nowhere nowhere_;
  std::optional<Hall> hall_;
  app::ConnectionSetup setup_ = acme();
  std::shared_ptr<const Context> context_;
  const Instant start_ = *model::parse_instant("2026-01-05T08:00:00Z");
  Instant now_ = start_;
  std::map<std::string, model::RecordRow> records_;
  int version_ = 0;
  bool loaded_ = false;
};

TEST(HallProperty, IncrementalEqualsFromScratch) {
  std::size_t compared = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed);
    world.run(150);
    compared += world.compared;
    if (HasFatalFailure()) break;
  }
  EXPECT_GT(compared, 500u);  // the comparison saw findings, not two empty sets
}

TEST(HallProperty, AlsoOverTheDaysOnWhichPercentilesChange) {
  std::int64_t turned = 0;
  for (unsigned seed = 1; seed <= 2; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed, percentile_rules, 100, {"Early", "Late", "Won", "Won", "Won", "Lost"});
    world.run(700);
    if (HasFatalFailure()) return;
    turned += world.turned;
    EXPECT_GT(world.days.size(), 10U);
    EXPECT_GE(world.studies, world.days.size());
    EXPECT_GT(world.by_rule["slow"], 20U);
    EXPECT_GT(world.by_rule["slow-late"], 20U);
  }
  EXPECT_GT(turned, 50);
}

}  // namespace
}  // namespace coachd::pipeline
