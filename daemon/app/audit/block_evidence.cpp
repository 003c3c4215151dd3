#include "daemon/app/audit/block_evidence.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/dates.hpp"
#include "connectors/file/known.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/distinct.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t deciding = 64;      // values of a block that tell whether a column's are nearly all different
constexpr std::size_t most_known = 2048;  // values of a column that are worth to be remembered
constexpr model::Day no_day = model::Day::min();

PlaceholderLists dictionary_of(const std::string& column) {
  return {text::Placeholders({}, text::ValueClass::free_text, column, false),
          text::Placeholders({}, text::ValueClass::other, column, false)};
}

}  // namespace

KnownValues::Known& KnownValues::find(std::uint64_t hash, file::Cell::Kind kind) noexcept {
  std::size_t i = hash & (table_.size() - 1);
  for (; table_[i].kind != file::Cell::Kind::null; i = (i + 1) & (table_.size() - 1))
    if (table_[i].hash == hash && table_[i].kind == kind) break;
  return table_[i];
}

void KnownValues::start() noexcept {
  seen_ = 0;
  looking_ = true;
  if (used_ <= most_known) return;
  std::fill(table_.begin(), table_.end(), Known{});
  used_ = 0;
}

void KnownValues::keep(const Known& known) {
  if (++used_ * 2 > table_.size()) {
    for (const Known& k : std::exchange(table_, std::vector<Known>(table_.size() * 2)))
      if (k.kind != file::Cell::Kind::null) find(k.hash, k.kind) = k;
  }
  find(known.hash, known.kind) = known;
}

// What a block's values are told by is found in that block alone, so that what comes out does not depend on which
// thread got it: only what must be asked depends on what the thread saw before.
template <class Ask>
KnownValues::Traits KnownValues::count(std::uint64_t hash, file::Cell::Kind kind, std::string_view text,
                                       std::vector<Value>& values, Ask ask) {
  const bool looking = looking_;
  if (looking && ++seen_ == deciding && values.size() * 4 >= deciding * 3) looking_ = false;
  const auto append = [&](Traits traits) {
    Value& v = values.emplace_back();
    v.hash = hash;
    v.text = text;
    v.count = 1;
    v.kind = kind;
    v.traits = traits;
    return traits;
  };
  if (!looking && !keeping_) return append(ask());

  Known& known = find(hash, kind);
  const auto at = static_cast<std::uint32_t>(values.size());
  if (known.kind == file::Cell::Kind::null) {
    const Traits traits = ask();
    if (looking || used_ < most_known) keep({hash, at, kind, traits});
    if (!looking && ++anew_ == most_known && again_ < anew_) keeping_ = false;
    return append(traits);
  }
  if (!looking) {
    ++again_;
    return append(known.traits);
  }
  if (known.at < at && values[known.at].hash == hash && values[known.at].kind == kind) {
    ++values[known.at].count;
    return known.traits;
  }
  known.at = at;
  return append(known.traits);
}

BlockEvidence::BlockEvidence(const file::Reading& reading, const ListsOf& lists, const file::RowReader& reader,
                             std::string created)
    : reading_(reading), lists_(lists), reader_(reader), created_column_(std::move(created)) {}

void BlockEvidence::know_columns() {
  const auto& names = reader_.columns();
  if (list_.size() == names.size()) return;
  for (std::size_t i = list_.size(); i < names.size(); ++i) {
    const auto it = lists_.find(names[i]);
    list_.push_back(it != lists_.end() ? &it->second
                                       : &own_.try_emplace(names[i], dictionary_of(names[i])).first->second);
    checkbox_.push_back(file::is_checkbox(reading_.origin(), names[i]));
  }
  created_at_ = created_column_.empty()
                    ? names.size()
                    : static_cast<std::size_t>(std::find(names.begin(), names.end(), created_column_) - names.begin());
  piece_.counts.resize(names.size());
  known_.resize(names.size());
  gathered_.resize(names.size());
  piece_.columns = names;
}

// Whether a cell is null cannot be guessed, so that none is asked: a null one is written over.
void BlockEvidence::row(std::span<const file::Cell> cells) {
  ++piece_.rows;
  know_columns();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Gathered& g = gathered_[i];
    file::Cell& to = g.cells[g.size];  // member by member: copied as a whole it would wait for its parts
    to.kind = cells[i].kind;
    to.boolean = cells[i].boolean;
    to.text = cells[i].text;
    g.rows[g.size] = static_cast<std::uint8_t>(rows_);
    g.size += cells[i].kind == file::Cell::Kind::null ? 0 : 1;
  }
  if (++rows_ == gathered_rows) look();
}

void BlockEvidence::look() {
  if (rows_ == 0) return;
  read_created();
  for (std::size_t i = 0; i < gathered_.size(); ++i) look(i);
  rows_ = 0;
}

void BlockEvidence::read_created() {
  earliest_ = model::Day::max();
  latest_ = no_day;
  created_.fill(no_day);
  if (created_at_ >= gathered_.size()) return;
  const Gathered& g = gathered_[created_at_];
  for (std::size_t i = 0; i < g.size; ++i) {
    if (reading_.blank(g.cells[i])) continue;
    const file::ReadDate d = reading_.dates().read(file::trimmed(g.cells[i].text));
    if (d.kind != file::ReadDate::Kind::day && d.kind != file::ReadDate::Kind::instant) continue;
    created_[g.rows[i]] = d.day;
    earliest_ = std::min(earliest_, d.day);
    latest_ = std::max(latest_, d.day);
  }
}

// First all hashes, then what they lead to: where a guess of the processor fails in one, the other is not held up.
void BlockEvidence::look(std::size_t column) {
  Gathered& g = gathered_[column];
  ColumnCounts& c = piece_.counts[column];
  KnownValues& known = known_[column];
  const Gathered& next = gathered_[column + 1 < gathered_.size() ? column + 1 : column];
  for (std::size_t i = g.size; i < next.size; ++i) __builtin_prefetch(next.cells[i].text.data());
  std::size_t n = 0;
  for (std::size_t i = 0; i < g.size; ++i) {
    if (i < next.size) __builtin_prefetch(next.cells[i].text.data());
    const file::Cell& cell = g.cells[i];
    if (reading_.blank(cell)) continue;
    const std::string_view text = file::trimmed(cell.text);
    const std::uint64_t hash = stable_hash(text);
    known.expect(hash);
    hash_[n] = hash;
    g.rows[n] = g.rows[i];
    file::Cell& filled = g.cells[n++];
    filled.kind = cell.kind;
    filled.boolean = cell.boolean;
    filled.text = text;
  }
  g.size = 0;

  const bool dated = earliest_ <= latest_ &&
                     !(c.real[as_free].holds(earliest_, latest_) && c.real[as_other].holds(earliest_, latest_));
  for (std::size_t i = 0; i < n; ++i) {
    const file::Cell& cell = g.cells[i];
    const ColumnCounts::Traits traits =
        known.count(hash_[i], cell.kind, cell.text, c.values, [&] { return look(cell, column); });
    if (!dated) continue;
    const model::Day created = created_[g.rows[i]];
    if (created == no_day) continue;
    for (std::size_t w = 0; w < ways; ++w)
      if (!traits.placeholder[w]) c.real[w].widen({created, created});
  }
}

ColumnCounts::Traits BlockEvidence::look(const file::Cell& cell, std::size_t column) const {
  const model::Value value =
      cell.kind == file::Cell::Kind::boolean ? model::Value::boolean(cell.boolean) : model::Value::text(cell.text);
  const PlaceholderLists& lists = *list_[column];
  return {file::ColumnShape::look(cell, reading_, checkbox_[column]),
          {lists.free.matches(value), lists.other.matches(value)}};
}

const BlockEvidence::Piece& BlockEvidence::piece() {
  look();
  for (ColumnCounts& c : piece_.counts) {
    std::array<std::uint64_t, 256> by_looks{};
    for (const ColumnCounts::Value& v : c.values) by_looks[v.traits.looks.bits] += v.count;
    c.shape = {};
    for (std::size_t bits = 0; bits < by_looks.size(); ++bits)
      if (by_looks[bits] > 0) c.shape.add({static_cast<std::uint8_t>(bits)}, by_looks[bits]);
  }
  return piece_;
}

void BlockEvidence::clear() noexcept {
  piece_.rows = 0;
  for (ColumnCounts& c : piece_.counts) c.values.clear();
  for (KnownValues& k : known_) k.start();
}

}  // namespace coachd::app
