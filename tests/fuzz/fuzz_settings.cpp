// Any text as the configuration and as a people file in both its forms: an answer or errors, never a crash.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "daemon/settings/settings.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace {

bool any_error(const std::vector<coachd::model::Diagnostic>& said) {
  for (const auto& d : said)
    if (d.message.empty() || coachd::yaml::render(d, false).empty()) std::abort();
  return std::any_of(said.begin(), said.end(),
                     [](const auto& d) { return d.severity == coachd::model::Severity::error; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto loaded = coachd::settings::load("/etc/coachd/coachd.yaml", text);
  if (any_error(loaded.diagnostics) == loaded.settings.has_value()) std::abort();
  for (const char* name : {"people.yaml", "people.csv"})
    (void)any_error(coachd::settings::load_people(name, text).diagnostics);
  return 0;
}
