// What a change costs: its own evaluation, and one for each record whose test it flipped; both are counted.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

using model::StoredValue;

const std::string rules_text = rule_file("costs", R"(
  - {id: pasted, kind: fake-adoption, for: {open: true}, when: {field: next_step, same_on_other_open_record_of_owner: true}, control: [flag]}
  - {id: far-above, kind: stale, for: {open: true}, when: {field: amount, times_owner_mean: {above: 2, at_least: 3}}, control: [flag]}
)");

struct Nobody final : Outside {
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string&) override { ADD_FAILURE() << "nobody hinted at anything"; }
};

class HallCosts : public ::testing::Test {
 protected:
  HallCosts() : store_(open_store(folder_.path())), hall_(std::in_place, *store_, nobody_) {
    auto built = app::build_context({{"costs.yaml", rules_text}}, acme(), org(), *store_, true, now_);
    EXPECT_TRUE(built.context);
    hall_->connect(built.context, now_);
    for (int i = 0; i < 20; ++i) change("r" + std::to_string(i), "Call number " + std::to_string(i), 100);
    hall_->handle(FirstLoadDone{"acme"}, now_);
    settle();
    counted_ = counters();
  }
  ~HallCosts() override {
    hall_.reset();
    store_->stop();
  }

  struct Cost {
    std::int64_t evaluations = 0, flipped = 0;
    auto operator<=>(const Cost&) const = default;
  };
  Cost cost_of(const std::string& id, const std::string& next_step, double amount) {
    change(id, next_step, amount);
    settle();
    const auto before = std::exchange(counted_, counters());
    return {counted_.evaluations - before.evaluations, counted_.flipped - before.flipped};
  }

 private:
  void settle() {
    for (int i = 0; hall_->step(now_); ++i) ASSERT_LT(i, 1000) << "the hall does not come to rest";
  }
  void change(const std::string& id, const std::string& next_step, double amount) {
    connectors::Page page;
    page.columns = columns();
    auto& row = page.rows.emplace_back();
    row.id = model::RecordId(id);
    row.version = now_ + std::chrono::seconds(++version_);
    row.values = {StoredValue::text("Deal " + id),
                  StoredValue::text("ana"),
                  StoredValue::text("Early"),
                  StoredValue(model::Value::number(amount)),
                  StoredValue(model::Value::day(*model::parse_day("2026-12-01"))),
                  StoredValue::text(next_step)};
    const auto numbers = number_columns(store_->dictionary(), "acme", "opportunity", page.columns);
    auto unit = intake_records(store_->dictionary(), "acme", "opportunity", page, numbers, "read", now_);
    unit.epoch = store_->epoch();
    ASSERT_EQ(store::apply_and_wait(*store_, std::move(unit)), store::Applied::done);
  }
  Cost counters() {
    Cost cost;
    for (const auto& [name, n] : store_->open_reader()->snapshot()->counters()) {
      if (name == "evaluations") cost.evaluations = n;
      if (name == "flipped_by_facts") cost.flipped = n;
    }
    return cost;
  }

  const model::Instant now_ = *model::parse_instant("2026-05-04T08:00:00Z");
  TemporaryFolder folder_;
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  Nobody nobody_;
  std::optional<Hall> hall_;
  int version_ = 0;
  Cost counted_;
};

TEST_F(HallCosts, AChangeIsItsOwnEvaluationAndOneForEachRecordWhoseTestItFlipped) {
  EXPECT_EQ(cost_of("r1", "Call Dana", 100), (Cost{1, 0}));
  EXPECT_EQ(cost_of("r2", "Call Dana", 100), (Cost{2, 1})) << "r1 has a twin now";
  EXPECT_EQ(cost_of("r3", "Call Dana", 100), (Cost{1, 0})) << "both others had one before";
  EXPECT_EQ(cost_of("r3", "Call number 3", 100), (Cost{1, 0}));
  EXPECT_EQ(cost_of("r2", "Call number 2", 100), (Cost{2, 1})) << "r1 has none any more";
  EXPECT_EQ(cost_of("r4", "Call number 4", 205), (Cost{1, 0})) << "not yet twice the mean of 105.25";
  EXPECT_EQ(cost_of("r5", "Call number 5", 99), (Cost{1, 0})) << "the mean moves, and nobody's answer";
  EXPECT_EQ(cost_of("r5", "Call number 5", 1), (Cost{2, 1})) << "r4 is above twice the mean of 100.3";
}

}  // namespace
}  // namespace coachd::pipeline
