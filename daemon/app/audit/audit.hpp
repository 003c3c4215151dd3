// One pass over an export: what the rules find, and how every column is used. Writes to no CRM, keeps nothing. The
// result goes out through an AuditReport while the file is read, in bounded memory.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/layout.hpp"  // IWYU pragma: export (what a summary says of the file)
#include "daemon/app/audit/evidence.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {

struct AuditRequest {
  std::string file;
  std::string map;                    ///< path; empty: none
  std::vector<rules::Source> rules;   ///< rule files, read; empty: only the columns are judged
  std::optional<model::Instant> now;  ///< else the map's `as_of`, the rule files' `now`, `clock`
  std::optional<model::Day> today;    ///< `now` given as a date: its first instant in the export's zone
  model::Instant clock{};             ///< what the machine says
  bool findings = true;
  bool fields = true;
  unsigned threads = 1;
  std::size_t block_bytes = std::size_t{1} << 20;
};

/// One finding, while it is written: views are valid during the call.
struct Found {
  std::string_view heading;  ///< AuditReport::heading
  std::string_view subject;  ///< AuditReport::subject
  std::optional<model::Instant> since;
  std::span<const std::pair<std::string_view, model::Value>> evidence;  ///< AuditReport::field_name, value
};

struct AuditSummary {
  file::Layout layout;
  std::string object;
  std::uint64_t rows = 0;     ///< that could be read
  std::uint64_t records = 0;  ///< after folding
  std::uint64_t bad_rows = 0;
  std::uint64_t deleted = 0;  ///< records marked as deleted: left out
  std::uint64_t findings = 0;
  std::uint64_t records_with_findings = 0;
  std::map<std::string, std::uint64_t> by_rule;  ///< every rule that ran, also with 0
  std::size_t unnamed_blank = 0;                 ///< wholly blank columns without a name
  model::Instant now{};
  bool with_rules = false;
};

/// Receives what the pass says, from one thread at a time, but for `format`.
class AuditReport {
 public:
  AuditReport() = default;
  AuditReport(const AuditReport&) = delete;
  AuditReport& operator=(const AuditReport&) = delete;
  virtual ~AuditReport() = default;
  /// Said first: the canonical object, empty when it is not known.
  virtual void object(std::string_view name) = 0;
  /// What every finding with that id begins with, as it is to be shown.
  [[nodiscard]] virtual std::string heading(const rules::RuleInfo& rule, std::string_view id,
                                            std::string_view object) const = 0;
  /// What the value of a field is shown behind.
  [[nodiscard]] virtual std::string field_name(std::string_view name) const = 0;
  /// Appends what all findings on a record say of it, as it is to be shown. `record`: its id, or `line 17` where the
  /// export has none; `owner` may be empty. Called by several threads at once.
  virtual void subject(std::string_view record, std::string_view owner, std::string& out) const = 0;
  /// Appends a finding to `out` as it is to be shown. Called by several threads at once.
  virtual void format(const Found& f, std::string& out) const = 0;
  /// Findings in the order of the export, as `format` wrote them.
  virtual void findings(std::string_view formatted) = 0;
  /// A finding of a rule with `detect:`; said after all findings on single records. One about a person is told to that
  /// person only: a report never shows whom it is about, nor the records that would tell.
  virtual void detected(const rules::RuleInfo& rule, const rules::Detected& f) = 0;
  virtual void field(const FieldEvidence& f) = 0;
  virtual void cannot_tell(std::string_view what, std::string_view why, std::uint64_t count) = 0;
  virtual void bad_row(std::uint64_t line, std::string_view why) = 0;
  virtual void summary(const AuditSummary& s) = 0;
  /// Bytes of the file read so far in this turn over it, and what the turn is for.
  virtual void progress(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
};

struct AuditOutcome {
  std::vector<model::Diagnostic> diagnostics;  ///< of map and rules; with any error nothing was audited
  AuditSummary summary;
};

/// Throws std::system_error where a file cannot be read, std::runtime_error where it is no table.
[[nodiscard]] AuditOutcome audit(const AuditRequest& request, AuditReport& report);

}  // namespace coachd::app
