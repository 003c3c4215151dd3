// The history file of an export: what became of the fields that rules ask about, per record. Read whole before records
// are judged (only those fields are kept), read-only afterwards; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"
#include "rules/model/record.hpp"

namespace coachd::app {

class Histories {
 public:
  /// Reads the file that the map names. Columns that are missing there are diagnostics. Throws as `audit` does.
  Histories(const Prepared& p, const Rulebook& book);
  Histories(const Histories&) = delete;
  Histories& operator=(const Histories&) = delete;

  /// Fills `past` of the record's case.
  void of(std::string_view record, rules::Case& c) const;
  [[nodiscard]] const std::vector<model::Diagnostic>& diagnostics() const noexcept { return diagnostics_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t bad_rows() const noexcept { return bad_; }

 private:
  class Reader;
  struct Change {
    rules::Slot slot = rules::no_slot;
    model::Instant at{};
    model::HistorySource source = model::HistorySource::vendor;
    std::string author;
    model::StoredValue from, to;
    std::uint64_t order = 0;  ///< line of the file: changes at one instant keep its order
  };
  struct Snapshot {
    model::Instant at{};
    std::uint64_t order = 0;
    std::string author;
    std::vector<model::StoredValue> values;  // by kept slot
  };
  struct Record {
    std::vector<Change> changes;
    std::optional<model::Instant> first;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  void make_changes(std::unordered_map<std::string, std::vector<Snapshot>>& snapshots);
  std::vector<rules::Slot> slots_;  // with history in the file
  bool snapshots_ = false;
  std::unordered_map<std::string, Record, Hash, std::equal_to<>> records_;
  std::optional<model::Instant> earliest_;  // of the whole file
  std::vector<model::Diagnostic> diagnostics_;
  std::uint64_t rows_ = 0, bad_ = 0;
};

}  // namespace coachd::app
