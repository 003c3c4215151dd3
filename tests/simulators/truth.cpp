#include "tests/simulators/truth.hpp"

#include <fstream>
#include <ios>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/instants.hpp"
#include "tests/simulators/json_text.hpp"

namespace coachd::sim {

std::string to_json(const truth_row& row) {
  std::string out = fmt::format(R"({{"record":"{}","fault":"{}",)", row.record, row.fault);
  if (!row.field.empty()) out += fmt::format(R"("field":"{}",)", row.field);
  out += fmt::format(R"("since":"{}","owner":"{}","look_alike":{},"note":)", iso_instant(row.since), row.owner,
                     row.look_alike);
  write_json_text(out, row.note);
  return out + "}";
}

void write_truth(const std::string& path, const std::vector<truth_row>& rows) {
  std::ofstream file{path, std::ios::trunc};
  for (const auto& row : rows) file << to_json(row) << '\n';
  file.flush();
  if (!file) throw std::runtime_error{"cannot write the truth " + path};
}

}  // namespace coachd::sim
