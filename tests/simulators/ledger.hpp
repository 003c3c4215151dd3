// The record of every write that a simulated CRM received: kept in memory and appended to a file, each line flushed
// before the answer goes out. Safe from every thread.
#pragma once

#include <cstdint>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "tests/simulators/instants.hpp"

namespace coachd::sim {

struct ledger_row {
  std::uint64_t seq = 0;      // set by add()
  std::uint64_t request = 0;  // items of one collection share it
  instant at{};
  std::string method;
  std::string path;
  std::string object;
  std::string id;        // of the record written; empty when a creation was refused
  std::string fields;    // the body's fields as a JSON object
  std::string outcome;   // ok, refused
  std::string error;     // the vendor's code when refused
  bool answered = true;  // false: done, and the answer was lost on purpose
};

[[nodiscard]] std::string to_json(const ledger_row& row);

class ledger {
 public:
  // An empty path keeps rows in memory only. Throws std::runtime_error when the file cannot be written.
  explicit ledger(const std::string& path);
  void add(ledger_row row);
  [[nodiscard]] std::vector<ledger_row> rows() const;

 private:
  mutable std::mutex mutex_;
  std::ofstream file_;
  std::vector<ledger_row> rows_;
};

}  // namespace coachd::sim
