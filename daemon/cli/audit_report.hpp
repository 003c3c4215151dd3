// The forms in which `coachd audit` shows its result: JSON Lines for programs, text for people.
#pragma once

#include <memory>
#include <string>

#include "daemon/app/audit/audit.hpp"
#include "daemon/cli/cli.hpp"

namespace coachd::cli {

/// One object a line, in the order in which things are known; `summary` is the last.
[[nodiscard]] std::unique_ptr<app::AuditReport> make_jsonl_report(Io& io);

/// Tables for a terminal: columns, findings by rule with examples, what cannot be told, bad rows.
[[nodiscard]] std::unique_ptr<app::AuditReport> make_text_report(Io& io);

}  // namespace coachd::cli
