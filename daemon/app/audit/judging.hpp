// From rows to findings: makes the case of a record, asks the rules, and writes what they say. One RecordJudge a
// thread; what it hands over per block is merged in order.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/histories.hpp"
#include "daemon/app/audit/rulebook.hpp"

namespace coachd::app {

/// Texts of a column that could not be read as what the column holds.
using Troubles = std::map<std::pair<std::size_t, file::Reading::Trouble>, std::uint64_t>;  ///< slot, what -> records

/// Makes the case of a row; valid until the next row.
class CaseMaker {
 public:
  /// `slots`: the fields to fill; the others stay unread.
  CaseMaker(const Prepared& p, const Rulebook& book, const Histories* histories, std::vector<rules::Slot> slots);
  /// Nothing for a record marked as deleted.
  [[nodiscard]] const rules::Case* make(std::uint64_t line, std::span<const file::Cell> cells);
  [[nodiscard]] const Troubles& troubles() const noexcept { return troubles_; }
  void forget_troubles() { troubles_.clear(); }

 private:
  [[nodiscard]] std::optional<model::Instant> instant(std::span<const file::Cell> cells, std::size_t place) const;
  const Prepared& prepared_;
  const Rulebook& book_;
  const Histories* histories_;
  std::vector<rules::Slot> slots_;
  rules::Case case_;
  std::string id_;
  Troubles troubles_;
};

/// First pass: what columns look like, and what records contribute to facts.
class RecordLearner : public file::Rows {
 public:
  struct Piece {
    std::vector<file::ColumnShape> shapes;  ///< by slot
    BlockFacts facts;
    std::uint64_t records = 0;
    std::vector<std::pair<std::uint64_t, std::string>> bad;
  };
  RecordLearner(const Prepared& p, const Rulebook& book);
  void row(std::uint64_t line, std::span<const file::Cell> cells) override;
  void bad(std::uint64_t line, std::string why) override { piece_.bad.emplace_back(line, std::move(why)); }
  [[nodiscard]] Piece take();

 private:
  const Prepared& prepared_;
  const Rulebook& book_;
  CaseMaker cases_;
  std::vector<bool> checkbox_;
  Piece piece_;
};

/// Second pass: what the rules say.
class RecordJudge : public file::Rows {
 public:
  struct Piece {
    std::string findings;  ///< as the report formats them
    std::map<std::string, std::uint64_t, std::less<>> by_id;
    std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> untold;  ///< rule, what is missing -> records
    Troubles troubles;
    std::uint64_t open = 0;                 ///< open records, as long as some slot of `never_filled` is left
    std::vector<rules::Slot> never_filled;  ///< dates and numbers that are blank on every open record so far
    std::uint64_t records = 0, deleted = 0, found = 0, records_with_findings = 0;
    std::vector<std::pair<std::uint64_t, std::string>> bad;
  };
  RecordJudge(const Prepared& p, const Rulebook& book, const FactTables& facts, const Histories* histories,
              const AuditReport& report);
  void row(std::uint64_t line, std::span<const file::Cell> cells) override;
  void bad(std::uint64_t line, std::string why) override { piece_.bad.emplace_back(line, std::move(why)); }
  [[nodiscard]] Piece take();

 private:
  void write(const rules::Case& c, const model::Verdict& v);
  void look_for_blanks(const rules::Case& c);
  const Rulebook& book_;
  const FactTables& tables_;
  const AuditReport& report_;
  CaseMaker cases_;
  rules::Facts facts_;
  std::vector<model::Verdict> verdicts_;
  std::vector<std::pair<std::string_view, model::Value>> evidence_;
  std::vector<rules::Slot> never_filled_;
  Piece piece_;
};

}  // namespace coachd::app
