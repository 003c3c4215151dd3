#include "daemon/app/audit/first_pass.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/file/rows.hpp"
#include "daemon/app/audit/block_evidence.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/rulebook.hpp"

namespace coachd::app {

FirstPass::FirstPass(const file::RowReader& reader, const Prepared& p, const ListsOf* lists, const Rulebook* book)
    : reader_(reader), book_(book) {
  if (lists != nullptr) evidence_.emplace(*p.reading, *lists, reader, p.column("created"));
  if (book != nullptr) learner_.emplace(p, *book, lists == nullptr);
}

// The cells of the columns that rules need; a key of JSONL may come late.
std::span<const file::Cell> FirstPass::chosen(std::span<const file::Cell> cells) {
  const std::vector<std::string>& names = reader_.columns();
  if (placed_ != names.size()) {
    placed_ = names.size();
    places_.clear();
    for (const std::string& c : book_->columns)
      places_.push_back(static_cast<std::size_t>(std::find(names.begin(), names.end(), c) - names.begin()));
    cells_.resize(places_.size());
  }
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (places_[i] < cells.size())
      cells_[i] = cells[places_[i]];
    else
      cells_[i] = {};
  return cells_;
}

void FirstPass::start() {
  if (!std::exchange(taken_, false)) return;
  if (evidence_) evidence_->clear();
  if (learner_) learner_->clear();
}

void FirstPass::row(std::uint64_t line, std::span<const file::Cell> cells) {
  start();
  if (evidence_) evidence_->row(cells);
  if (learner_) learner_->row(line, evidence_ ? chosen(cells) : cells);
}

FirstPass::Piece FirstPass::take() {
  start();
  taken_ = true;
  Piece out;
  if (evidence_) out.evidence = &evidence_->piece();
  if (learner_) out.records = &learner_->piece();
  out.bad = std::exchange(bad_, {});
  return out;
}

}  // namespace coachd::app
