// Any text as a rule test beside the shipped packs: it is played or has errors, each at a place that is there, and the
// second time it is the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/app/testing/testing.hpp"
#include "rules/model/error.hpp"

namespace {

constexpr const char* path = COACHD_SOURCE_DIR "/config/packs/any.test.yaml";

coachd::app::TestFileResult play(std::string_view text) {
  auto out = coachd::app::test_text(path, std::string(text));
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  for (const auto& d : out.diagnostics) {
    if (d.message.empty() || d.code.empty()) std::abort();
    if (d.place.file == path && d.place.line > static_cast<std::uint64_t>(lines)) std::abort();
  }
  if (out.broken() && !out.cases.empty()) std::abort();
  return out;
}

// Whether something in it could be an absolute path, or one to the folder above: no file from elsewhere is read here.
// An escape could hide either.
bool leads_elsewhere(std::string_view text) {
  if (text.find('\\') != std::string_view::npos || text.find("..") != std::string_view::npos) return true;
  for (auto at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1))
    if (at == 0 || std::string_view(" \t\r\n[{(,'\"-.").find(text[at - 1]) != std::string_view::npos) return true;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (leads_elsewhere(text)) return 0;
  const auto once = play(text), again = play(text);
  if (once.failed() != again.failed() || once.diagnostics.size() != again.diagnostics.size()) std::abort();
  return 0;
}
