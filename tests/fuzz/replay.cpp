// `fuzz_replay FUZZER FOLDER`: every file of a folder through the entry function of a fuzzer, without libFuzzer. What
// once crashed must not again; the name of the file stands on stderr before it is tried where one is fatal.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#define FUZZER(name) extern "C" int name(const std::uint8_t* data, std::size_t size);
#include "fuzz_entries.inc"  // one line a fuzzer, written by CMake
#undef FUZZER

namespace {

struct Entry {
  std::string_view name;
  int (*run)(const std::uint8_t*, std::size_t);
};
#define FUZZER(name) Entry{#name, name},
constexpr Entry entries[] = {
#include "fuzz_entries.inc"
};
#undef FUZZER

}  // namespace

int main(int argc, char** argv) {
  const auto* entry = argc != 3 ? std::end(entries)
                                : std::find_if(std::begin(entries), std::end(entries),
                                               [&](const Entry& e) { return e.name == argv[1]; });
  if (entry == std::end(entries)) {
    std::fputs("usage: fuzz_replay FUZZER FOLDER\n", stderr);
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(argv[2])) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::fprintf(stderr, "%s\n", file.filename().c_str());
    entry->run(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
  std::printf("%zu files\n", files.size());
  return files.empty() ? 1 : 0;
}
