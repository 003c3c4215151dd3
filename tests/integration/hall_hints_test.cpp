// What a delivery at the door becomes: its records stand on the read list once, unless they were read after what it
// tells; nothing of its text enters a record.
#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

using namespace std::chrono_literals;

constexpr const char* rules_text = R"(
version: 1
workflow: update
object: opportunity
owner: revops@example.com
rules:
  - {id: no-step, kind: stale, for: {open: true}, when: {field: next_step, real: false}, control: [flag]}
)";

// Bodies of this test: "OBJECT ID SECONDS;..." after the start of the story.
class PlainHooks final : public connectors::Hooks {
 public:
  explicit PlainHooks(model::Instant start) : start_(start) {}
  [[nodiscard]] connectors::HookVerdict check(const connectors::HookRequest&, model::Instant) const override {
    return {};
  }
  [[nodiscard]] connectors::Result<std::vector<connectors::Hint>> split(std::string_view body) const override {
    std::vector<connectors::Hint> hints;
    while (!body.empty()) {
      const auto end = body.find(';');
      if (end == body.npos) return model::CrmError{model::Failure::corrupt, "no end", "", 0, false};
      const auto event = body.substr(0, end);
      const auto first = event.find(' ');
      const auto second = event.find(' ', first + 1);
      int seconds = 0;
      std::from_chars(event.data() + second + 1, event.data() + event.size(), seconds);
      hints.push_back({std::string(event.substr(0, first)),
                       model::RecordId(std::string(event.substr(first + 1, second - first - 1))),
                       start_ + std::chrono::seconds(seconds)});
      body.remove_prefix(end + 1);
    }
    return hints;
  }

 private:
  model::Instant start_;
};

struct Calls final : Outside {
  int reads = 0;
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string& connection) override {
    EXPECT_EQ(connection, "acme");
    ++reads;
  }
};

class HallHints : public ::testing::Test {
 protected:
  HallHints() : store(open_store(folder.path())), hall(std::in_place, *store, calls) {
    auto built = app::build_context({{"update.yaml", rules_text}}, acme(), org(), *store, true, start);
    EXPECT_TRUE(built.context);
    auto context = std::make_shared<Context>(*built.context);
    context->hooks = std::make_shared<PlainHooks>(start);
    hall->connect(std::move(context), start);
    settle();
  }
  ~HallHints() override {
    hall.reset();
    store->stop();
  }
  void settle() {
    for (int i = 0; hall->step(start + 1h); ++i) ASSERT_LT(i, 1000) << "the hall does not come to rest";
  }
  void commit(store::UnitOfWork unit) {
    unit.epoch = store->epoch();
    ASSERT_EQ(store::apply_and_wait(*store, std::move(unit)), store::Applied::done);
    settle();
  }
  void deliver(const std::string& body, std::uint64_t key) {
    store::UnitOfWork unit;
    store::JournalEntry entry;
    entry.kind = store::JournalEntry::Kind::hint;
    entry.connection = "acme";
    entry.key = key;
    entry.received = start;
    entry.body = body;
    unit.journal.push_back(std::move(entry));
    commit(std::move(unit));
  }
  void read_at(const std::string& id, std::chrono::seconds version, bool deleted = false) {
    connectors::Page page;
    page.columns = columns();
    model::RecordRow row;
    row.id = model::RecordId(id);
    row.version = start + version;
    row.deleted = deleted;
    row.values.resize(page.columns.size());
    page.rows.push_back(row);
    const auto numbers = number_columns(store->dictionary(), "acme", "opportunity", page.columns);
    commit(intake_records(store->dictionary(), "acme", "opportunity", page, numbers, "", start));
  }
  std::set<std::string> wanted() {
    std::set<std::string> ids;
    const auto reader = store->open_reader();
    for (const auto& row : reader->snapshot()->read_list("acme", 100)) {
      EXPECT_EQ(row.object, "opportunity");
      ids.insert(row.record);
    }
    return ids;
  }

  model::Instant start = *model::parse_instant("2026-05-04T06:00:00Z");
  TemporaryFolder folder;
  std::unique_ptr<store::sqlite::SqliteStore> store;
  Calls calls;
  std::optional<Hall> hall;
};

TEST_F(HallHints, PutRecordsOnTheReadListAndAskForThem) {
  deliver("Opportunity 1 10;Opportunity 2 11;Opportunity 1 12;", 1);
  EXPECT_EQ(wanted(), (std::set<std::string>{"1", "2"}));
  EXPECT_EQ(calls.reads, 1);
}

TEST_F(HallHints, TheSameDeliveryTwiceIsOne) {
  deliver("Opportunity 1 10;", 1);
  deliver("Opportunity 1 10;", 1);
  EXPECT_EQ(calls.reads, 1);
}

TEST_F(HallHints, WhatWasReadLaterIsNotReadAgain) {
  read_at("1", 20s);
  read_at("2", 20s, true);
  deliver("Opportunity 1 19;Opportunity 2 19;", 1);
  EXPECT_TRUE(wanted().empty());
  EXPECT_EQ(calls.reads, 0);
  deliver("Opportunity 1 20;", 2);  // in the same instant: cannot be told, so it is read
  deliver("Opportunity 2 30;", 3);  // gone, and something happened since: it may be back
  EXPECT_EQ(wanted(), (std::set<std::string>{"1", "2"}));
}

TEST_F(HallHints, WhatIsAskedForAndDoesNotComeBackIsGone) {
  read_at("1", 20s);
  read_at("2", 20s);
  deliver("Opportunity 1 30;Opportunity 2 30;Opportunity 3 30;", 1);
  ASSERT_EQ(wanted(), (std::set<std::string>{"1", "2", "3"}));
  connectors::Page page;
  page.columns = columns();
  page.rows.emplace_back().id = model::RecordId("2");  // 1 was erased; 3 was never known
  page.rows.back().version = start + 31s;
  page.rows.back().values.resize(page.columns.size());
  {
    const auto reader = store->open_reader();
    const auto snapshot = reader->snapshot();
    add_gone(*snapshot, "acme", "opportunity", snapshot->read_list("acme", 100), page);
  }
  ASSERT_EQ(page.rows.size(), 2u);
  const auto numbers = number_columns(store->dictionary(), "acme", "opportunity", page.columns);
  commit(intake_records(store->dictionary(), "acme", "opportunity", page, numbers, "", start));
  const auto reader = store->open_reader();
  const auto snapshot = reader->snapshot();
  EXPECT_TRUE(snapshot->record("acme", "opportunity", "1")->deleted);
  EXPECT_TRUE(snapshot->record("acme", "opportunity", "1")->values.empty());
  EXPECT_FALSE(snapshot->record("acme", "opportunity", "2")->deleted);
  EXPECT_FALSE(snapshot->record("acme", "opportunity", "3"));
}

TEST_F(HallHints, OtherObjectsAndUnreadableBodiesChangeNothing) {
  deliver("Contact 1 10;", 1);
  deliver("no end", 2);
  EXPECT_TRUE(wanted().empty());
  EXPECT_EQ(calls.reads, 0);
}

}  // namespace
}  // namespace coachd::pipeline
