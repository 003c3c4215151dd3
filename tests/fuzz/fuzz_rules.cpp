// Any texts as rule files that are used together (cut at lines of `%%%`): a rule set or errors, each at a place that is
// there, the same each time; what was taken can be linted and said back.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/read_back.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/unit/rules/described.hpp"

namespace {

using namespace coachd;

std::vector<rules::Source> files_of(std::string_view text) {
  std::vector<rules::Source> out;
  while (true) {
    const auto cut = text.find("\n%%%\n");
    const auto name = "file" + std::to_string(out.size()) + ".yaml";
    out.push_back({name, std::string(text.substr(0, cut == std::string_view::npos ? cut : cut + 1))});
    if (cut == std::string_view::npos || out.size() == 4) return out;
    text.remove_prefix(cut + 5);
  }
}

// True where the place is one of the text's.
bool stands(const model::Place& at, const std::vector<rules::Source>& files) {
  const auto f = std::find_if(files.begin(), files.end(), [&](const auto& s) { return s.path == at.file; });
  if (f == files.end()) return false;
  const auto lines = std::count(f->text.begin(), f->text.end(), '\n') + 1;
  return at.line <= static_cast<std::uint64_t>(lines) && at.column <= f->text.size() + 2;
}

void look(const std::vector<rules::Source>& files, const rules::Binding& binding) {
  const auto loaded = rules::load(files, binding);
  bool errors = false;
  for (const auto& d : loaded.diagnostics) {
    errors = errors || d.severity == model::Severity::error;
    if (d.message.empty() || d.code.empty() || !stands(d.place, files)) std::abort();
    if (yaml::render(d, false).empty()) std::abort();
  }
  if (errors == (loaded.rules != nullptr)) std::abort();  // either, never both, never neither
  for (const auto& d : lint::lint(files))
    if (d.severity == model::Severity::error && d.message.empty()) std::abort();
  (void)lint::if_a_rep_stops(files);
  if (!loaded.rules) return;
  const auto again = rules::load(files, binding);
  if (!again.rules || again.rules->hash != loaded.rules->hash) std::abort();
  for (std::uint32_t i = 0; i < loaded.rules->rules.size(); ++i) (void)rules::read_back(*loaded.rules, i);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rules::Binding described = rules::described();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto files = files_of(text);
  look(files, described);
  look(files, {});
  return 0;
}
