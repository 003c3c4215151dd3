// Any text as an event log file, and as a row of the setup audit trail: nobody without an id, no field without an
// object, never a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connectors/salesforce/trails.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& trace : coachd::salesforce::exports_in(std::string(text)))
    if (trace.person.empty()) std::abort();
  const auto cut = text.find('\n');
  const auto changed = cut == std::string_view::npos
                           ? coachd::salesforce::changed_in("Custom Objects", text)
                           : coachd::salesforce::changed_in(text.substr(0, cut), text.substr(cut + 1));
  if (changed.object.empty() && !changed.field.empty()) std::abort();
  return 0;
}
