#include "daemon/app/files/whole_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>

#include "daemon/app/files/sources.hpp"

namespace coachd::app {
namespace {

namespace fs = std::filesystem;

class WholeFileTest : public testing::Test {
 protected:
  WholeFileTest() {
    auto name = (fs::temp_directory_path() / "coachd-whole-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) folder = name;
  }
  ~WholeFileTest() override { fs::remove_all(folder); }
  [[nodiscard]] std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  }

  fs::path folder;
};

TEST_F(WholeFileTest, IsThereWholeAndForItsOwnerAlone) {
  const auto path = folder / "values.csv";
  const std::string much(300'000, 'x');
  {
    WholeFile file(path, false);
    file.write("a\n");
    file.write(much);
    EXPECT_FALSE(fs::exists(path));
    file.finish();
  }
  EXPECT_EQ(read_file(path.string()), "a\n" + much);
  struct stat s{};
  ASSERT_EQ(::stat(path.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777u, 0600u);
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFileTest, UnfinishedLeavesNothingAndWhatStoodThereStays) {
  const auto path = folder / "values.csv";
  {
    WholeFile file(path, false);
    file.write("old");
    file.finish();
  }
  {
    WholeFile file(path, true);
    file.write("new");
  }
  EXPECT_EQ(read_file(path.string()), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFileTest, WritesOverNothingUnasked) {
  const auto path = folder / "values.csv";
  {
    WholeFile file(path, false);
    file.finish();
  }
  EXPECT_THROW(WholeFile(path, false), std::runtime_error);
  EXPECT_THROW(WholeFile(folder, true), std::runtime_error);
  EXPECT_THROW(WholeFile(folder / "none" / "values.csv", false), std::runtime_error);
}

}  // namespace
}  // namespace coachd::app
