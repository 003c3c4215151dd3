// The rows of the first pass over an export: how its columns are used, and its records for the rules, as far as each is
// asked for. One a thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/file/rows.hpp"
#include "daemon/app/audit/block_evidence.hpp"
#include "daemon/app/audit/learning.hpp"

namespace coachd::app {

class FirstPass : public file::Rows {
 public:
  struct Piece {
    const BlockEvidence::Piece* evidence = nullptr;  ///< null where not asked for
    RecordLearner::Piece* records = nullptr;         ///< null where not asked for; its cases may be taken
    std::vector<std::pair<std::uint64_t, std::string>> bad;
  };
  /// `lists`: null where columns are not asked for; then the reader reads Rulebook::columns. `book`: null where there
  /// are no rules.
  FirstPass(const file::RowReader& reader, const Prepared& p, const ListsOf* lists, const Rulebook* book);
  void row(std::uint64_t line, std::span<const file::Cell> cells) override;
  void bad(std::uint64_t line, std::string why) override { bad_.emplace_back(line, std::move(why)); }
  /// What the rows since the last call say; what it points to is valid until the next row.
  [[nodiscard]] Piece take();

 private:
  [[nodiscard]] std::span<const file::Cell> chosen(std::span<const file::Cell> cells);
  const file::RowReader& reader_;
  const Rulebook* book_;
  std::optional<BlockEvidence> evidence_;
  std::optional<RecordLearner> learner_;
  std::vector<std::size_t> places_;  // of Rulebook::columns among all columns
  std::size_t placed_ = 0;           // columns there were when places_ was made
  std::vector<file::Cell> cells_;
  std::vector<std::pair<std::uint64_t, std::string>> bad_;
  void start();
  bool taken_ = false;  // what was gathered is not to be said again
};

}  // namespace coachd::app
