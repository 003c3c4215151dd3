// From rows to records: makes the case of each row and keeps it for the second pass; learns on the way what rules must
// know of all records before they can judge one. One RecordLearner a thread; its pieces are merged in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"

namespace coachd::app {

/// Texts of a column that could not be read as what the column holds.
using Troubles = std::map<std::pair<std::size_t, file::Reading::Trouble>, std::uint64_t>;  ///< slot, what -> records

/// Makes the case of a row; valid until the next row.
class CaseMaker {
 public:
  CaseMaker(const Prepared& p, const Rulebook& book);
  /// Nothing for a record marked as deleted. `cells`: by Rulebook::columns. `shapes`: gets what the values look like,
  /// by slot, also of a deleted record; null where nobody asks.
  [[nodiscard]] const rules::Case* make(std::uint64_t line, std::span<const file::Cell> cells,
                                        std::vector<file::ColumnShape>* shapes);
  [[nodiscard]] const Troubles& troubles() const noexcept { return troubles_; }
  void forget_troubles() { troubles_.clear(); }

 private:
  [[nodiscard]] std::optional<model::Instant> instant(std::span<const file::Cell> cells, std::size_t place) const;
  const Prepared& prepared_;
  const Rulebook& book_;
  std::vector<bool> checkbox_;  // by slot
  rules::Case case_;
  std::string id_;
  Troubles troubles_;
};

/// First pass: makes cases and keeps them; learns what columns look like and what records put into facts.
class RecordLearner {
 public:
  struct Piece {
    std::string cases;                      ///< as `keep` writes them
    std::vector<file::ColumnShape> shapes;  ///< by slot
    BlockFacts facts;
    Troubles troubles;
    std::uint64_t records = 0, deleted = 0;
  };
  /// `shapes`: whether Piece::shapes are asked for.
  RecordLearner(const Prepared& p, const Rulebook& book, bool shapes = true);
  /// `cells`: by Rulebook::columns.
  void row(std::uint64_t line, std::span<const file::Cell> cells);
  /// What was learnt since `clear`; valid until then. Whoever wants `cases` for longer may take them.
  [[nodiscard]] Piece& piece();
  /// Starts afresh.
  void clear();

 private:
  const Rulebook& book_;
  CaseMaker cases_;
  bool shapes_;
  rules::Facts no_facts_;
  FactKeys keys_;
  std::size_t kept_ = 0;  // bytes of the cases; what stands behind them is free
  Piece piece_;
};

}  // namespace coachd::app
