#include "daemon/store/sqlite/backup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const model::Instant now{std::chrono::sys_days{std::chrono::year{2026} / 5 / 4} + std::chrono::hours(9)};

class BackupTest : public testing::Test {
 protected:
  void SetUp() override { store_ = open(folder_.options()); }
  void put(std::size_t bytes = 100) {
    ASSERT_EQ(apply_and_wait(*store_, folder_.entry(*store_, ++key_, bytes)), Applied::done);
  }
  void note(const std::string& name, const std::string& text) {
    UnitOfWork unit;
    unit.epoch = store_->epoch();
    unit.metadata.emplace_back(name, text);
    ASSERT_EQ(apply_and_wait(*store_, std::move(unit)), Applied::done);
  }
  [[nodiscard]] std::string noted(const std::string& name) {
    return store_->open_reader()->snapshot()->metadata(name).value_or("(nothing)");
  }
  template <class Call>
  std::string refusal(Call call) {
    try {
      static_cast<void>(call());
    } catch (const OpenError& e) {
      return e.what();
    }
    return "(it was done)";
  }
  void stop() { store_.reset(); }
  void start() { store_ = open(folder_.options()); }

  StateFolder folder_, elsewhere_;
  fs::path file_ = elsewhere_.path() / "coachd.backup";
  std::uint64_t key_ = 0;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(BackupTest, HoldsOneMomentWhileTheWriterGoesOn) {
  for (int n = 0; n < 20; ++n) put(300'000);  // more pages than one step copies
  note("what", "before");
  int looks = 0;
  const auto facts = backup(folder_.path(), file_, false, [&](std::int64_t done, std::int64_t pages) {
    EXPECT_LE(done, pages);
    if (++looks == 1) note("what", "while");  // is not held up by the copy, and does not make it begin anew
    put();
  });
  EXPECT_GT(looks, 2);
  EXPECT_EQ(facts.bytes, fs::file_size(file_));
  EXPECT_EQ(noted("what"), "while");
  stop();
  static_cast<void>(restore(folder_.path(), file_, now));
  start();
  EXPECT_EQ(noted("what"), "before");
}

TEST_F(BackupTest, IsPrivateAndLeavesNothingUnfinishedBeside) {
  static_cast<void>(backup(folder_.path(), file_, false, {}));
  struct stat s{};
  ASSERT_EQ(::stat(file_.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777U, 0600U);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(elsewhere_.path())) names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::ElementsAre("coachd.backup"));
}

TEST_F(BackupTest, ReplacesAnOlderOneOnlyWhenTold) {
  static_cast<void>(backup(folder_.path(), file_, false, {}));
  EXPECT_THAT(refusal([&] { return backup(folder_.path(), file_, false, {}); }), HasSubstr("--force"));
  EXPECT_THAT(refusal([&] { return backup(folder_.path(), file_, true, {}); }), HasSubstr("it was done"));
  EXPECT_THAT(refusal([&] { return backup(folder_.path(), folder_.path() / "coachd.db", true, {}); }),
              HasSubstr("the state itself"));
  EXPECT_THAT(refusal([&] { return backup(elsewhere_.path(), file_, true, {}); }), HasSubstr("there is no state"));
}

TEST_F(BackupTest, IsRefusedWhenADaemonRuns) {
  static_cast<void>(backup(folder_.path(), file_, false, {}));
  EXPECT_THAT(refusal([&] { return restore(folder_.path(), file_, now); }), HasSubstr("stop it first"));
}

TEST_F(BackupTest, KeepsTheStateThatWasThereWhole) {
  note("what", "old");
  static_cast<void>(backup(folder_.path(), file_, false, {}));
  note("what", "new");
  stop();
  const auto restored = restore(folder_.path(), file_, now);
  EXPECT_EQ(restored.kept.filename(), "state.before-restore-20260504T090000Z");
  start();
  EXPECT_EQ(noted("what"), "old");
  stop();
  fs::copy_file(restored.kept / "coachd.db", folder_.path() / "coachd.db", fs::copy_options::overwrite_existing);
  start();
  EXPECT_EQ(noted("what"), "new");
}

TEST_F(BackupTest, ADamagedStateCanBeReplaced) {
  static_cast<void>(backup(folder_.path(), file_, false, {}));
  stop();
  std::ofstream(folder_.path() / "coachd.db", std::ios::binary) << std::string(8192, 'x');
  static_cast<void>(restore(folder_.path(), file_, now));
  start();
  put();
}

TEST_F(BackupTest, WhatIsNoWholeBackupIsRefusedAndTheStateStays) {
  for (int n = 0; n < 10; ++n) put(100'000);
  note("what", "mine");
  static_cast<void>(backup(folder_.path(), file_, false, {}));
  stop();
  const auto text = elsewhere_.path() / "notes.txt";
  std::ofstream(text) << "not a database at all, but long enough to be looked at as one: " << std::string(4096, '-');
  EXPECT_THAT(refusal([&] { return restore(folder_.path(), text, now); }), HasSubstr("not written by coachd"));
  const auto empty = elsewhere_.path() / "empty";
  std::ofstream(empty).flush();
  EXPECT_THAT(refusal([&] { return restore(folder_.path(), empty, now); }), HasSubstr("not written by coachd"));
  EXPECT_THAT(refusal([&] { return restore(folder_.path(), elsewhere_.path() / "none", now); }),
              HasSubstr("no such file"));
  fs::resize_file(file_, fs::file_size(file_) / 2);
  EXPECT_THAT(refusal([&] { return restore(folder_.path(), file_, now); }), HasSubstr("damaged"));
  start();
  EXPECT_EQ(noted("what"), "mine");
}

}  // namespace
}  // namespace coachd::store::sqlite
