// Opening: who may, what is refused and in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "daemon/store/sqlite/migrations.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

using testing::HasSubstr;

template <class Open>
std::string refusal(Open open) {
  try {
    open();
  } catch (const OpenError& e) {
    return e.what();
  }
  return "";
}

TEST(OpenStore, ASecondWriterIsRefusedAndNamesTheFirst) {
  const StateFolder folder;
  const auto first = open(folder.options());
  const auto said = refusal([&] { static_cast<void>(open(folder.options())); });
  EXPECT_THAT(said, HasSubstr("another coachd (process " + std::to_string(::getpid()) + ") is using the state folder"));
}

TEST(OpenStore, TheFolderIsFreeAgainWhenTheFirstIsGone) {
  const StateFolder folder;
  open(folder.options()).reset();
  EXPECT_NO_THROW(static_cast<void>(open(folder.options())));
}

TEST(OpenStore, AFileOfANewerProgramIsRefusedAndLeftAlone) {
  const StateFolder folder;
  open(folder.options()).reset();
  {
    Connection(state_file(folder.path()), Connection::Mode::write, 0).run("PRAGMA user_version=99");
  }
  const auto said = refusal([&] { static_cast<void>(open(folder.options())); });
  EXPECT_THAT(said, HasSubstr("was written by a newer coachd (schema 99, this program knows up to " +
                              std::to_string(newest_schema()) + ")"));
  EXPECT_THAT(refusal([&] { static_cast<void>(open_to_read(folder.path())); }), HasSubstr("newer coachd"));
  EXPECT_EQ(Connection(state_file(folder.path()), Connection::Mode::read, 0).pragma("PRAGMA user_version"), 99);
}

TEST(OpenStore, ADatabaseOfAnotherProgramIsRefused) {
  const StateFolder folder;
  {
    Connection(state_file(folder.path()), Connection::Mode::write, 0).run("CREATE TABLE theirs(x)");
  }
  EXPECT_THAT(refusal([&] { static_cast<void>(open(folder.options())); }), HasSubstr("was not written by coachd"));
}

TEST(OpenStore, AFileThatIsNoDatabaseIsRefused) {
  const StateFolder folder;
  {
    std::ofstream(state_file(folder.path())) << std::string(10'000, '?');
  }
  EXPECT_THAT(refusal([&] { static_cast<void>(open(folder.options())); }), HasSubstr("is damaged: restore a backup"));
}

TEST(OpenStore, AFolderThatCannotBeMadeIsRefused) {
  const StateFolder folder;
  {
    std::ofstream(folder.path() / "file") << "x";
  }
  auto options = folder.options();
  options.folder = folder.path() / "file" / "state";
  EXPECT_THAT(refusal([&] { static_cast<void>(open(options)); }), HasSubstr("the state folder"));
}

TEST(OpenStore, CreatesTheFolderAndKeepsEverythingToItself) {
  const StateFolder folder;
  auto options = folder.options();
  options.folder = folder.path() / "a" / "b";
  const auto store = open(options);
  ASSERT_EQ(apply_and_wait(*store, folder.entry(*store, 1, 10)), Applied::done);
  struct stat s{};
  ASSERT_EQ(::stat(options.folder.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777U, 0700U);
  for (const char* name : {"coachd.db", "coachd.db-wal", "coachd.db-shm", "coachd.lock", "reserve"}) {
    ASSERT_EQ(::stat((options.folder / name).c_str(), &s), 0) << name;
    EXPECT_EQ(s.st_mode & 0777U, 0600U) << name;
  }
}

TEST(OpenToRead, SeesWhatTheRunningDaemonCommitsAndWritesNothing) {
  const StateFolder folder;
  EXPECT_THAT(refusal([&] { static_cast<void>(open_to_read(folder.path())); }), HasSubstr("there is no state in"));
  const auto writer = open(folder.options());
  const auto known = writer->dictionary().field("sf", "opportunity", "amount");
  ASSERT_EQ(apply_and_wait(*writer, folder.entry(*writer, 1, 10)), Applied::done);
  const auto reading = open_to_read(folder.path());
  EXPECT_EQ(reading->epoch(), writer->epoch());
  EXPECT_EQ(reading->dictionary().field_name(known), "amount");
  EXPECT_EQ(reading->dictionary().field("sf", "opportunity", "amount"), known);
  EXPECT_NE(reading->dictionary().field("sf", "opportunity", "stage"),
            writer->dictionary().field("sf", "opportunity", "close_date"));
  const auto reader = reading->open_reader();
  EXPECT_EQ(reader->snapshot()->journal_waiting("sf"), 1);
  ASSERT_EQ(apply_and_wait(*writer, folder.entry(*writer, 2, 10)), Applied::done);
  EXPECT_EQ(reader->snapshot()->journal_waiting("sf"), 2);
  EXPECT_EQ(apply_and_wait(*reading, folder.entry(*reading, 3, 10)), Applied::failed);
}

TEST(Reader, HasOneSnapshotAtATime) {
  const StateFolder folder;
  const auto store = open(folder.options());
  const auto reader = store->open_reader();
  auto first = reader->snapshot();
  EXPECT_THROW(static_cast<void>(reader->snapshot()), std::logic_error);
  first.reset();
  EXPECT_NO_THROW(static_cast<void>(reader->snapshot()));
}

}  // namespace
}  // namespace coachd::store::sqlite
