// Any text as the map of an export, and as a date in its formats: an answer or diagnostics, never a crash.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "connectors/file/dates.hpp"
#include "connectors/file/map.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto r = coachd::file::read_map("map.yaml", text);
  if (!r.map && r.diagnostics.empty()) std::abort();
  const auto cut = text.find('\n');
  if (cut != std::string::npos)
    (void)coachd::file::Dates({text.substr(0, cut)}).read(std::string_view(text).substr(cut + 1));
  (void)coachd::file::Dates::check(text);
  return 0;
}
