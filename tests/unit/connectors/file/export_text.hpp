// Exports as texts: written to a file of their own, read back as rows.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/rows.hpp"

namespace coachd::file {

/// A file that lives as long as the object.
class TempFile {
 public:
  explicit TempFile(std::string_view content, const std::string& suffix = ".csv") {
    path_ = testing::TempDir() + "coachd_export_XXXXXX" + suffix;
    const int fd = ::mkstemps(path_.data(), static_cast<int>(suffix.size()));
    EXPECT_GE(fd, 0);
    ::close(fd);
    std::ofstream(path_, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// Rows as `a|b|c`, null as `~`, numbers as `#1`, booleans as `!true`; bad ones as `line: why`.
struct RowTexts {
  std::vector<std::string> rows;
  std::vector<std::uint64_t> lines;
  std::vector<std::string> bad_rows;
};

struct RowCollector : Rows, RowTexts {
  void row(std::uint64_t line, std::span<const Cell> cells) override {
    std::string s;
    for (const Cell& c : cells) {
      if (&c != cells.data()) s += '|';
      switch (c.kind) {
        case Cell::Kind::null: s += '~'; break;
        case Cell::Kind::text: s += c.text; break;
        case Cell::Kind::number: s += '#' + std::string(c.text); break;
        case Cell::Kind::boolean: s += c.boolean ? "!true" : "!false"; break;
      }
    }
    rows.push_back(std::move(s));
    lines.push_back(line);
  }
  void bad(std::uint64_t line, std::string why) override { bad_rows.push_back(std::to_string(line) + ": " + why); }
};

/// Reads all rows. `block_bytes` small makes every row cross a border between blocks.
inline RowTexts read_all(const std::string& path, std::size_t block_bytes = 1 << 20) {
  const Layout layout = look_at(path);
  RowReader reader(layout);
  RowCollector rows;
  Blocks blocks(layout, block_bytes);
  Block block;
  while (blocks.next(block)) reader.read(block, rows);
  return rows;
}

}  // namespace coachd::file
