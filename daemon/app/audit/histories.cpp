#include "daemon/app/audit/histories.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/dates.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/map.hpp"
#include "connectors/file/rows.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/error.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app {

using file::Cell;
using model::Value;

namespace {

std::string beside(const std::string& map, const std::string& name) {
  const std::filesystem::path p(name);
  return p.is_absolute() ? name : (std::filesystem::path(map).parent_path() / p).string();
}

}  // namespace

// Reads the rows of the history file, one thread.
class Histories::Reader : public file::Rows {
 public:
  Reader(Histories& out, const Prepared& p, const Rulebook& book, const file::HistoryMap& map,
         const file::Layout& layout)
      : out_(out), reading_(*p.reading), zone_(p.zone), book_(book) {
    key_ = column(map.key, layout, p);
    at_ = column(map.at, layout, p);
    if (!map.by.empty()) by_ = column(map.by, layout, p);
    if (map.by.empty() && has(layout, "CreatedById")) by_ = column("CreatedById", layout, p);
    if (!map.field.empty()) {
      field_ = column(map.field, layout, p);
      from_ = column(map.from, layout, p);
      to_ = column(map.to, layout, p);
    }
    out.snapshots_ = map.field.empty();
    for (std::size_t s = 0; s < book.types.size(); ++s) {
      if (!book.plan->slots[s].needs_history) continue;
      if (out.snapshots_ && !has(layout, book.columns[s])) continue;  // stays without history: cannot be told
      out.slots_.push_back(static_cast<rules::Slot>(s));
      if (out.snapshots_) places_.push_back(column(book.columns[s], layout, p));
    }
  }

  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
  [[nodiscard]] std::unordered_map<std::string, std::vector<Snapshot>>& snapshots() noexcept { return snapshots_; }

  void row(std::uint64_t, std::span<const Cell> cells) override {
    ++out_.rows_;
    if (reading_.blank(cells[key_]) || reading_.blank(cells[at_])) return;
    const file::ReadDate d = reading_.dates().read(text(cells[at_]));
    if (d.kind != file::ReadDate::Kind::instant && d.kind != file::ReadDate::Kind::day) {
      ++out_.bad_;
      return;
    }
    const model::Instant at = d.kind == file::ReadDate::Kind::instant ? d.instant : zone_.start_of(d.day);
    if (!out_.earliest_ || at < *out_.earliest_) out_.earliest_ = at;
    std::string author = by_ == Rulebook::npos ? std::string() : std::string(text(cells[by_]));
    std::string key(text(cells[key_]));
    if (out_.snapshots_) {
      Snapshot s{at, out_.rows_, std::move(author), {}};
      for (std::size_t i = 0; i < places_.size(); ++i) s.values.push_back(value(cells[places_[i]], out_.slots_[i]));
      snapshots_[std::move(key)].push_back(std::move(s));
      return;
    }
    const std::string_view field = text(cells[field_]);
    for (const rules::Slot s : out_.slots_) {
      const rules::SlotInfo& info = book_.plan->slots[s];
      if (field != info.crm_name && field != info.name) continue;
      Record& r = out_.records_[key];
      r.changes.push_back(
          {s, at, model::HistorySource::vendor, author, value(cells[from_], s), value(cells[to_], s), out_.rows_});
      if (!r.first || at < *r.first) r.first = at;
    }
  }
  void bad(std::uint64_t, std::string) override { ++out_.bad_; }

 private:
  static bool has(const file::Layout& layout, const std::string& name) {
    return std::find(layout.columns.begin(), layout.columns.end(), name) != layout.columns.end();
  }
  std::size_t column(const std::string& name, const file::Layout& layout, const Prepared& p) {
    if (!has(layout, name)) {
      std::string message = layout.path + " has no column `" + name + "`";
      if (const auto near = yaml::nearest(name, layout.columns)) message += ": did you mean `" + *near + "`?";
      out_.diagnostics_.push_back(
          {model::Severity::error, "unknown-column", std::move(message), {p.map->path, 0, 0}, ""});
    }
    const auto it = std::find(columns_.begin(), columns_.end(), name);
    if (it != columns_.end()) return static_cast<std::size_t>(it - columns_.begin());
    columns_.push_back(name);
    return columns_.size() - 1;
  }
  static std::string_view text(const Cell& c) {
    std::string_view t = c.text;
    while (!t.empty() && t.front() == ' ') t.remove_prefix(1);
    while (!t.empty() && t.back() == ' ') t.remove_suffix(1);
    return t;
  }
  model::StoredValue value(const Cell& c, rules::Slot s) const {
    auto trouble = file::Reading::Trouble::none;
    return model::StoredValue(reading_.value(c, book_.types[s], trouble));
  }

  Histories& out_;
  const file::Reading& reading_;
  const calendar::Zone& zone_;
  const Rulebook& book_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> places_;  // snapshots: by kept slot
  std::size_t key_ = Rulebook::npos, at_ = Rulebook::npos, by_ = Rulebook::npos;
  std::size_t field_ = Rulebook::npos, from_ = Rulebook::npos, to_ = Rulebook::npos;
  std::unordered_map<std::string, std::vector<Snapshot>> snapshots_;
};

Histories::Histories(const Prepared& p, const Rulebook& book) {
  const file::HistoryMap& map = *p.map->history;
  const file::Layout layout = file::look_at(beside(p.map->path, map.file));
  Reader rows(*this, p, book, map, layout);
  if (!diagnostics_.empty()) return;
  file::RowReader reader(layout, rows.columns());
  file::Blocks blocks(layout);
  file::Block block;
  while (blocks.next(block)) reader.read(block, rows);
  if (snapshots_) make_changes(rows.snapshots());
  for (auto& [id, r] : records_)
    std::sort(r.changes.begin(), r.changes.end(),
              [](const Change& a, const Change& b) { return a.at != b.at ? a.at < b.at : a.order < b.order; });
}

// What the record was then, line after line: each difference to the line before is a change.
void Histories::make_changes(std::unordered_map<std::string, std::vector<Snapshot>>& all) {
  for (auto& [id, snapshots] : all) {
    std::sort(snapshots.begin(), snapshots.end(),
              [](const Snapshot& a, const Snapshot& b) { return a.at != b.at ? a.at < b.at : a.order < b.order; });
    Record& r = records_[id];
    r.first = snapshots.front().at;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const Snapshot& first = snapshots.front();
      r.changes.push_back({slots_[i], first.at, model::HistorySource::created, first.author,
                           model::StoredValue(Value::blank()), first.values[i], first.order});
      for (std::size_t k = 1; k < snapshots.size(); ++k)
        if (const Snapshot& s = snapshots[k]; !(s.values[i] == snapshots[k - 1].values[i]))
          r.changes.push_back({slots_[i], s.at, model::HistorySource::vendor, s.author, snapshots[k - 1].values[i],
                               s.values[i], s.order});
    }
  }
}

void Histories::of(std::string_view record, rules::Case& c) const {
  c.past.assign(c.values.size(), {});
  const auto it = records_.find(record);
  for (const rules::Slot s : slots_) {
    // Lines of what the record was begin with its creation; a list of changes is complete since its first line,
    // whoever's.
    if (!snapshots_)
      c.past[s].known_since = earliest_;
    else if (it != records_.end())
      c.past[s].known_since = it->second.first;
  }
  if (it == records_.end()) return;
  for (const Change& ch : it->second.changes)
    c.past[ch.slot].changes.push_back(
        {ch.at, ch.author, ch.source, rules::Origin::unknown, ch.from.view(), ch.to.view()});
}

}  // namespace coachd::app
