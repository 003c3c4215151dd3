// `coachd check --read`: each rule as one plain sentence, with what it finds today where that is known, and the
// defaults that are in force where the files say nothing. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/check/check.hpp"
#include "daemon/cli/cli.hpp"

namespace coachd::cli {

struct ReadBackOptions {
  std::string file;  ///< an export to count in; empty: the state of the daemon, where there is one
  std::string map;
  std::string now;
};

struct SaidBack {
  std::string connection, workflow, id, sentence;
  /// What it finds today: of a criterion the records that are not review-ready, whichever criterion fails.
  struct Found {
    std::uint64_t findings = 0, records = 0, owners = 0;
  };
  std::optional<Found> found;  ///< nothing: not known here
};

/// Adds `noisy` and `exception-unmatched` to the report's diagnostics, where there are counts or records. What keeps it from counting goes to `io.err`.
[[nodiscard]] std::vector<SaidBack> say_back(app::CheckReport& report, const ReadBackOptions& options, Io& io);
void print_said_back(Io& io, const app::CheckReport& report, const std::vector<SaidBack>& said);
/// `"read_back":[...]` into an object.
void append_said_back(std::string& out, const std::vector<SaidBack>& said);

}  // namespace coachd::cli
