#include "tests/simulators/ledger.hpp"

#include <ios>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/instants.hpp"
#include "tests/simulators/json_text.hpp"

namespace coachd::sim {

std::string to_json(const ledger_row& row) {
  std::string out = fmt::format(R"({{"seq":{},"request":{},"at":"{}","method":"{}","path":)", row.seq, row.request,
                                iso_instant(row.at), row.method);
  write_json_text(out, row.path);
  out += R"(,"object":)";
  write_json_text(out, row.object);
  out += R"(,"id":)";
  write_json_text(out, row.id);
  out += R"(,"fields":)";
  out += row.fields.empty() ? "{}" : row.fields;
  fmt::format_to(std::back_inserter(out), R"(,"outcome":"{}","error":"{}","answered":{}}})", row.outcome, row.error,
                 row.answered);
  return out;
}

ledger::ledger(const std::string& path) {
  if (path.empty()) return;
  file_.open(path, std::ios::trunc);
  if (!file_) throw std::runtime_error{"cannot write the ledger " + path};
}

void ledger::add(ledger_row row) {
  const std::lock_guard lock{mutex_};
  row.seq = rows_.size() + 1;
  if (file_.is_open()) {
    file_ << to_json(row) << '\n';
    file_.flush();
  }
  rows_.push_back(std::move(row));
}

std::vector<ledger_row> ledger::rows() const {
  const std::lock_guard lock{mutex_};
  return rows_;
}

}  // namespace coachd::sim
