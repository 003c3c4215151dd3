// Why no prompt is out: every open finding that asks nobody, and every rule that cannot be told, by its reason. From
// rows, not from logs. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/app/state_view.hpp"

namespace coachd::app {

/// What is asked about; each may be empty: any.
struct QuietQuestion {
  std::string connection;
  std::string record;  ///< id
  std::string rule;    ///< id, `workflow/id`, or a finding's id
  std::string person;  ///< id or e-mail: of the record's owner
};

struct QuietAnswer {
  std::string connection;
  std::int64_t findings = 0;  ///< that are open
  std::int64_t asked = 0;     ///< of these: in the CRM, or on the way there
  struct Reason {
    enum class Of : std::uint8_t { connection, findings, untold };
    Of of = Of::findings;    ///< untold: records on which the rule cannot be told
    std::int64_t count = 0;  ///< 0 of the whole connection
    std::string why;
  };
  std::vector<Reason>
      reasons;  ///< of the connection, then of findings, then what cannot be told; the most frequent first
};

/// One answer a connection that the question may be about; none where no connection has read the record.
[[nodiscard]] std::vector<QuietAnswer> why_quiet(StateView& state, const QuietQuestion& question);

}  // namespace coachd::app
