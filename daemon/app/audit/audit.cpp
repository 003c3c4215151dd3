#include "daemon/app/audit/audit.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/known.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/block_evidence.hpp"
#include "daemon/app/audit/detecting.hpp"
#include "daemon/app/audit/evidence.hpp"
#include "daemon/app/audit/first_pass.hpp"
#include "daemon/app/audit/fold.hpp"
#include "daemon/app/audit/histories.hpp"
#include "daemon/app/audit/judging.hpp"
#include "daemon/app/audit/learning.hpp"
#include "daemon/app/audit/pass.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "daemon/app/audit/scan.hpp"
#include "daemon/app/audit/spill.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/text/text.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t sample_bytes = std::size_t{4} << 20;

// The audit of one export, step by step. The file is read once: records are kept for the rules, which can judge one
// only when all were seen. It is read again where the first megabytes had shown other columns than the whole.
class Audit {
 public:
  Audit(const AuditRequest& request, AuditReport& report, AuditOutcome& out)
      : request_(request), report_(report), out_(out), prepared_(prepare(request)) {}

  void run() {
    out_.diagnostics = prepared_.diagnostics;
    if (prepared_.failed()) return;
    out_.summary.layout = prepared_.layout;
    count_keys();
    if (request_.findings && !request_.rules.empty() && !load(sample())) return;
    out_.summary.object = book_ ? book_->object : prepared_.object;
    out_.summary.now = book_ ? book_->now : as_of(request_, prepared_, std::nullopt);
    report_.object(out_.summary.object);
    if (!read()) return;
    if (book_) judge();
    for (const auto& [column, count] : disagreeing_)
      report_.cannot_tell("column " + column, "the lines of one record say different things; the first counts", count);
    out_.summary.with_rules = book_.has_value();
    report_.summary(out_.summary);
  }

 private:
  PassContext context() { return {request_, prepared_, keys_.repeated() ? &keys_ : nullptr, report_}; }

  void bad_rows(const std::vector<std::pair<std::uint64_t, std::string>>& bad) {
    if (bad_rows_said_) return;
    for (const auto& [line, why] : bad) report_.bad_row(line, why);
    out_.summary.bad_rows += bad.size();
  }

  // How many lines each record has, where a map says what a record is.
  void count_keys() {
    if (!prepared_.map || prepared_.map->key.empty()) return;
    struct Keys : file::Rows {
      void row(std::uint64_t, std::span<const file::Cell> cells) override {
        std::vector<std::size_t> places(cells.size());
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
        piece.push_back(key_of(cells, places));
      }
      void bad(std::uint64_t, std::string) override {}
      std::vector<std::uint64_t> take() { return std::exchange(piece, {}); }
      std::vector<std::uint64_t> piece;
    };
    (void)pass(
        context(), prepared_.map->key, "reading keys", [](const file::RowReader&) { return std::make_unique<Keys>(); },
        [&](std::vector<std::uint64_t>&& keys) {
          for (const std::uint64_t k : keys) keys_.add(k);
          rows_in_file_ += keys.size();
        });
  }

  bool load(const ColumnTypes& types) {
    book_.emplace(bind_rules(request_, prepared_, types));
    if (!book_->failed() && prepared_.map && prepared_.map->history && !histories_wanted_) {
      const auto& slots = book_->plan->slots;
      histories_wanted_ = std::any_of(slots.begin(), slots.end(), [](const auto& s) { return s.needs_history; });
    }
    // The rules are loaded again once the columns are known: only the last word counts.
    out_.diagnostics = prepared_.diagnostics;
    out_.diagnostics.insert(out_.diagnostics.end(), book_->loaded.diagnostics.begin(), book_->loaded.diagnostics.end());
    return !book_->failed();
  }

  // As what the columns are judged, by the start of the file: what the first pass is made with.
  ColumnTypes sample() {
    struct Shapes : file::Rows {
      explicit Shapes(const Prepared& p) : prepared(p) {}
      void row(std::uint64_t, std::span<const file::Cell> cells) override {
        if (shapes.size() < cells.size()) shapes.resize(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i)
          if (!prepared.reading->blank(cells[i]))
            shapes[i].see(cells[i], *prepared.reading,
                          i < prepared.layout.columns.size() &&
                              file::is_checkbox(prepared.layout.origin, prepared.layout.columns[i]));
      }
      void bad(std::uint64_t, std::string) override {}
      const Prepared& prepared;
      std::vector<file::ColumnShape> shapes;
    };
    Shapes rows(prepared_);
    file::RowReader reader(prepared_.layout);
    file::Blocks blocks(prepared_.layout, sample_bytes);
    file::Block block;
    if (blocks.next(block)) reader.read(block, rows);
    ColumnTypes types;
    for (std::size_t i = 0; i < rows.shapes.size(); ++i)
      if (!reader.columns()[i].empty()) types[reader.columns()[i]] = rows.shapes[i].type();
    return types;
  }

  // The first pass. False where the rules do not fit what the whole file shows.
  bool read() {
    ColumnTypes types = read_once(request_.fields);
    if (!book_) return true;
    bool same = true;
    for (std::size_t s = 0; s < book_->types.size(); ++s)
      same = same && (book_->types[s] == model::FieldType::reference || book_->types[s] == types[book_->columns[s]]);
    if (same) return true;
    if (!load(types)) return false;
    (void)read_once(false);
    return true;
  }

  // One reading of the file: evidence of all columns, where `fields`, and the records for the rules. Answers as what
  // the columns are to be judged.
  ColumnTypes read_once(bool fields) {
    Evidence evidence;
    const ListsOf lists = governed();
    facts_ = {};
    records_.emplace();
    troubles_.clear();
    out_.summary.deleted = 0;
    std::vector<file::ColumnShape> shapes(book_ ? book_->types.size() : 0);
    std::uint64_t records = 0;
    std::optional<std::vector<std::string>> wanted;
    if (!fields) wanted = book_->columns;
    disagreeing_ = pass(
        context(), std::move(wanted), "reading",
        [&](const file::RowReader& reader) {
          return std::make_unique<FirstPass>(reader, prepared_, fields ? &lists : nullptr, book_ ? &*book_ : nullptr);
        },
        [&](FirstPass::Piece&& piece) {
          bad_rows(piece.bad);
          if (piece.evidence) evidence.merge(*piece.evidence);
          if (!piece.records) return;
          for (std::size_t s = 0; s < shapes.size(); ++s) shapes[s].add(piece.records->shapes[s]);
          for (const auto& [what, n] : piece.records->troubles) troubles_[what] += n;
          facts_.merge(piece.records->facts);
          records_->add(std::move(piece.records->cases));
          records += piece.records->records;
          out_.summary.deleted += piece.records->deleted;
        });
    bad_rows_said_ = true;
    out_.summary.records = fields ? evidence.rows() : records;
    out_.summary.rows = std::max(rows_in_file_, out_.summary.records);
    if (fields) {
      out_.summary.unnamed_blank = evidence.unnamed_blank();
      const auto seen = evidence.fields();
      for (const FieldEvidence& f : seen) report_.field(f);
      say_limits(seen);
      return evidence.types();
    }
    ColumnTypes types;
    for (std::size_t s = 0; s < shapes.size(); ++s) types[book_->columns[s]] = shapes[s].type();
    return types;
  }

  // `Other` is a placeholder where a card governs the field.
  ListsOf governed() const {
    ListsOf out;
    if (!book_) return out;
    for (const rules::SlotInfo& s : book_->plan->slots)
      if (s.governed)
        out.emplace(s.crm_name, PlaceholderLists{text::Placeholders({}, text::ValueClass::free_text, s.crm_name, true),
                                                 text::Placeholders({}, text::ValueClass::other, s.crm_name, true)});
    return out;
  }

  // What the columns alone cannot say, said once.
  void say_limits(const std::vector<FieldEvidence>& fields) {
    const bool dated = std::any_of(fields.begin(), fields.end(), [](const FieldEvidence& f) {
      return f.judged_as == model::FieldType::date || f.judged_as == model::FieldType::datetime;
    });
    const std::uint64_t records = out_.summary.records;
    if (!dated) report_.cannot_tell("age and staleness", "no column holds dates", records);
    if (prepared_.column("created").empty())
      report_.cannot_tell("since when a column is used", "no column is known as the date of creation", records);
  }

  void judge() {
    std::optional<Histories> histories;
    if (histories_wanted_) {
      histories.emplace(prepared_, *book_);
      out_.diagnostics.insert(out_.diagnostics.end(), histories->diagnostics().begin(), histories->diagnostics().end());
      if (!histories->diagnostics().empty()) throw std::runtime_error(histories->diagnostics().front().message);
    }
    std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> untold;
    std::uint64_t open = 0;
    std::optional<std::set<rules::Slot>> never_filled;
    AuditSummary& s = out_.summary;
    Detecting detecting(*book_, facts_, histories ? &*histories : nullptr);
    scan<Spill::Block>(
        request_.threads, [&](Spill::Block& block) { return records_->next(block); },
        [&] {
          auto judge = std::make_shared<RecordJudge>(*book_, facts_, histories ? &*histories : nullptr, report_);
          return [judge](const Spill::Block& block) { return &judge->judge(block.bytes); };
        },
        [&](const RecordJudge::Piece* judged, const Spill::Block& block) {
          const RecordJudge::Piece& piece = *judged;
          report_.progress("judging", block.end, records_->size());
          report_.findings(piece.findings);
          detecting.see(block.bytes);
          for (const auto& [id, n] : piece.by_id) s.by_rule[id] += n;
          for (const auto& [what, n] : piece.untold) untold[what] += n;
          open += piece.open;
          std::set<rules::Slot> still(piece.never_filled.begin(), piece.never_filled.end());
          if (never_filled) std::erase_if(still, [&](rules::Slot slot) { return !never_filled->contains(slot); });
          never_filled = std::move(still);
          s.findings += piece.found;
          s.records_with_findings += piece.records_with_findings;
        });
    silent_rules();
    detecting.say(report_, s);
    say_untold(untold);
    say_troubles(troubles_);
    if (never_filled && open > 0)
      for (const rules::Slot slot : *never_filled)
        report_.cannot_tell("column " + book_->columns[slot], "blank on every open record", open);
    if (histories && histories->bad_rows() > 0)
      report_.cannot_tell("history", "lines of " + prepared_.map->history->file + " that cannot be read",
                          histories->bad_rows());
  }

  void silent_rules() {
    for (const std::uint32_t index : book_->plan->rules) {
      const std::string& id = book_->loaded.rules->rules[index].id.get();
      // A card's findings have names of their own: timing.missing:champion of timing:champion.
      const bool card = id.starts_with("timing:");
      const auto& by = out_.summary.by_rule;
      const bool found = by.contains(id) || (card && std::any_of(by.begin(), by.end(), [&](const auto& p) {
                                               return p.first.starts_with("timing.") && p.first.ends_with(id.substr(6));
                                             }));
      if (!found) out_.summary.by_rule[id] = 0;
    }
  }

  void say_untold(const std::map<std::pair<std::uint32_t, std::string>, std::uint64_t>& untold) {
    for (const auto& [what, n] : untold)
      report_.cannot_tell(book_->loaded.rules->rules[what.first].id.get(), what.second, n);
    for (const rules::SwitchedOff& off : book_->loaded.rules->off)
      report_.cannot_tell(off.rule.get(), off.why, out_.summary.records);
  }

  void say_troubles(const Troubles& troubles) {
    using Trouble = file::Reading::Trouble;
    for (const auto& [where, n] : troubles) {
      const std::string what = "column " + book_->columns[where.first];
      const bool formats = prepared_.map && !prepared_.map->dates.empty();
      switch (where.second) {
        case Trouble::none: break;
        case Trouble::ambiguous_date:
          report_.cannot_tell(what,
                              formats ? "two of the map's `dates` read it as two days"
                                      : "day and month cannot be told apart: say `dates` in a map",
                              n);
          break;
        case Trouble::impossible_date:
          report_.cannot_tell(what, "a date that does not exist, or in none of the known forms", n);
          break;
        case Trouble::no_number: report_.cannot_tell(what, "no number in a column of numbers", n); break;
      }
    }
  }

  const AuditRequest& request_;
  AuditReport& report_;
  AuditOutcome& out_;
  Prepared prepared_;
  KeyCounts keys_;
  std::uint64_t rows_in_file_ = 0;  // with a key: lines, before folding
  std::optional<Rulebook> book_;
  bool histories_wanted_ = false;
  FactTables facts_;
  std::optional<Spill> records_;  // kept for the rules
  Troubles troubles_;
  std::map<std::string, std::uint64_t> disagreeing_;
  bool bad_rows_said_ = false;
};

}  // namespace

AuditOutcome audit(const AuditRequest& request, AuditReport& report) {
  AuditOutcome out;
  Audit(request, report, out).run();
  return out;
}

}  // namespace coachd::app
