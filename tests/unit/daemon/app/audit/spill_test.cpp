// What is kept for the second pass comes back in order, from memory and from the temporary file alike.
#include "daemon/app/audit/spill.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace coachd::app {
namespace {

std::vector<std::string> pieces() {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < 200; ++i) out.emplace_back((i * 37) % 501, static_cast<char>('a' + i % 26));
  return out;
}

void expect_back(Spill& spill, const std::vector<std::string>& put) {
  Spill::Block block;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < put.size(); ++i) {
    ASSERT_TRUE(spill.next(block));
    end += put[i].size();
    EXPECT_EQ(block.bytes, put[i]);
    EXPECT_EQ(block.ordinal, i);
    EXPECT_EQ(block.end, end);
  }
  EXPECT_FALSE(spill.next(block));
  EXPECT_EQ(spill.size(), end);
}

// Sets TMPDIR as long as it lives.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const char* path) {
    if (const char* old = std::getenv("TMPDIR")) old_ = old;
    ::setenv("TMPDIR", path, 1);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    if (old_)
      ::setenv("TMPDIR", old_->c_str(), 1);
    else
      ::unsetenv("TMPDIR");
  }

 private:
  std::optional<std::string> old_;
};

TEST(Spill, PiecesComeBackInOrderWhereverTheyAreKept) {
  const auto put = pieces();
  for (const std::size_t in_memory : {std::size_t{1} << 20, std::size_t{10'000}, std::size_t{0}}) {
    Spill spill(in_memory);
    for (const auto& p : put) spill.add(std::string(p));
    expect_back(spill, put);
  }
}

TEST(Spill, NothingKeptIsNothingRead) {
  Spill spill;
  Spill::Block block;
  EXPECT_FALSE(spill.next(block));
  EXPECT_EQ(spill.size(), 0U);
}

TEST(Spill, NeedsItsFolderOnlyBeyondMemory) {
  const TemporaryFolder nowhere("/nowhere/at/all");
  Spill spill(10);
  spill.add("0123456789");
  EXPECT_THROW(spill.add("x"), std::system_error);
}

}  // namespace
}  // namespace coachd::app
