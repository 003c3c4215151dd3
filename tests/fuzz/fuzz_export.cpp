// Any bytes as an export: it is read without a crash in blocks of any size, and every row stands at the same line with
// the same cells whatever the blocks are.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/rows.hpp"

namespace {

using namespace coachd::file;

struct Texts : Rows {
  void row(std::uint64_t line, std::span<const Cell> cells) override {
    text += std::to_string(line);
    // Keys of JSONL that come later widen the rows of their block only.
    std::size_t n = cells.size();
    while (n > 0 && cells[n - 1].kind == Cell::Kind::null) --n;
    for (std::size_t i = 0; i < n; ++i) (text += '|') += cells[i].text;
    text += '\n';
  }
  void bad(std::uint64_t line, std::string why) override { ((text += std::to_string(line)) += why) += '\n'; }
  std::string text;
};

std::string read(const Layout& layout, std::size_t block_bytes) {
  RowReader reader(layout);
  Texts rows;
  Blocks blocks(layout, block_bytes);
  Block block;
  while (blocks.next(block)) reader.read(block, rows);
  return rows.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string path = "/tmp/fuzz_export_XXXXXX";
  const int fd = ::mkstemp(path.data());
  if (fd < 0 || ::write(fd, data, size) != static_cast<ssize_t>(size)) std::abort();
  ::close(fd);
  try {
    const Layout layout = look_at(path);
    const std::string whole = read(layout, std::size_t{1} << 20);
    if (read(layout, 1 + data[0] % 64U) != whole) std::abort();
  } catch (const std::system_error&) {
    std::abort();
  } catch (const std::runtime_error&) {  // no table
  }
  ::unlink(path.c_str());
  return 0;
}
