#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/evidence.hpp"
#include "daemon/cli/audit_report.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

constexpr std::size_t examples = 3;
constexpr std::size_t shown_bad_rows = 10;
constexpr std::size_t name_width = 40;
constexpr std::size_t note_width = 60;

std::string judged(model::FieldType t) {
  using T = model::FieldType;
  switch (t) {
    case T::boolean: return "checkbox";
    case T::number: return "number";
    case T::date:
    case T::datetime: return "date";
    case T::phone: return "phone";
    case T::email: return "e-mail";
    default: return "text";
  }
}

// What a person should look at in a column, shortest first.
std::string note(const app::FieldEvidence& f, std::optional<model::Day> first_record) {
  if (f.rows > 0 && f.blank == f.rows) return "never filled";
  if (f.constant && !f.top.empty()) return "always " + quoted(f.top.front().first, note_width);
  std::string out;
  const std::uint64_t filled = f.rows - f.blank;
  if (f.distinct > 1 && !f.top.empty() && f.top.front().second * 1000 >= filled * 999)
    out = fmt::format("{} but for {}, ", quoted(f.top.front().first, note_width),
                      thousands(filled - f.top.front().second));
  for (std::size_t i = 0; i < f.placeholders.size() && i < 3; ++i)
    out += quoted(f.placeholders[i].first, 24) + " " + thousands(f.placeholders[i].second) + ", ";
  if (f.placeholders.size() > 3) out += fmt::format("{} more, ", f.placeholders.size() - 3);
  if (f.first_real && first_record && *f.first_real > *first_record + std::chrono::days(30))
    out += "used since " + model::to_string(*f.first_real) + ", ";
  if (!out.empty()) out.erase(out.size() - 2);
  return out;
}

class Text : public app::AuditReport {
 public:
  explicit Text(Io& io) : io_(io), progress_(io.err, io.err_terminal) {}

  void object(std::string_view) override {}
  [[nodiscard]] std::string heading(const rules::RuleInfo&, std::string_view id, std::string_view) const override {
    return std::string(id) + '\t';
  }
  [[nodiscard]] std::string field_name(std::string_view) const override { return {}; }  // shows no values
  void subject(std::string_view record, std::string_view, std::string& out) const override { out += record; }
  void format(const app::Found& f, std::string& out) const override {
    out += f.heading;
    out += f.subject;
    out += '\n';
  }
  void findings(std::string_view formatted) override {
    while (!formatted.empty()) {
      const auto nl = formatted.find('\n');
      const std::string_view line = formatted.substr(0, nl);
      const auto tab = line.find('\t');
      auto it = by_id_.find(line.substr(0, tab));
      if (it == by_id_.end()) it = by_id_.emplace(std::string(line.substr(0, tab)), Findings{}).first;
      ++it->second.count;
      if (it->second.records.size() < examples) it->second.records.emplace_back(line.substr(tab + 1));
      formatted.remove_prefix(nl + 1);
    }
  }
  void detected(const rules::RuleInfo& rule, const rules::Detected& f) override {
    Seen& seen = detected_[rule.id.get()];
    ++seen.count;
    seen.unit = f.unit;
    if (seen.lines.size() >= examples) return;
    std::string who;
    for (const std::string& r : f.records) who += (who.empty() ? "" : " and ") + r;
    if (f.unit != rules::Unit::record && f.unit != rules::Unit::pair) who = f.key;
    seen.lines.push_back(f.unit == rules::Unit::person ? f.why : who + ": " + f.why);
  }
  void field(const app::FieldEvidence& f) override { fields_.push_back(f); }
  void cannot_tell(std::string_view what, std::string_view why, std::uint64_t count) override {
    untold_.push_back({std::string(what), std::string(why), count});
  }
  void bad_row(std::uint64_t line, std::string_view why) override {
    if (bad_.size() < shown_bad_rows) bad_.emplace_back(line, std::string(why));
  }
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override {
    progress_.at(what, done, total);
  }
  void summary(const app::AuditSummary& s) override {
    progress_.end();
    head(s);
    columns();
    rules(s);
    several();
    untold();
    bad(s);
  }

 private:
  struct Findings {
    std::uint64_t count = 0;
    std::vector<std::string> records;
  };
  struct Seen {
    std::uint64_t count = 0;
    rules::Unit unit = rules::Unit::record;
    std::vector<std::string> lines;
  };
  struct Untold {
    std::string what, why;
    std::uint64_t count;
  };

  void title(std::string_view t) {
    io_.out << '\n' << (io_.out_colour() ? fmt::format("\033[1m{}\033[0m", t) : std::string(t)) << '\n';
  }

  void head(const app::AuditSummary& s) {
    std::string kind = "JSONL";
    if (s.layout.kind == file::Kind::csv)
      kind =
          fmt::format("CSV ({})", s.layout.delimiter == '\t' ? std::string("tab") : std::string(1, s.layout.delimiter));
    if (s.layout.origin != file::Origin::unknown) kind = fmt::format("{}, {}", file::to_string(s.layout.origin), kind);
    io_.out << fmt::format("{}: {}, {}, {} rows, {} columns, as of {}\n", s.layout.path, kind,
                           file::to_string(s.layout.encoding.encoding), thousands(s.rows),
                           thousands(s.layout.columns.size()), model::to_string(s.now).substr(0, 10));
    if (s.records != s.rows)
      io_.out << fmt::format("{} records after folding lines of one key\n", thousands(s.records));
    if (s.deleted > 0)
      io_.out << fmt::format("{} records are marked as deleted and were left out\n", thousands(s.deleted));
    if (s.unnamed_blank > 0)
      io_.out << fmt::format(
          "{} without a name and without any value: left out\n",
          s.unnamed_blank == 1 ? std::string("1 column") : fmt::format("{} columns", s.unnamed_blank));
  }

  void columns() {
    if (fields_.empty()) return;
    std::optional<model::Day> first_record;
    for (const auto& f : fields_)
      if (f.first_real && (!first_record || *f.first_real < *first_record)) first_record = f.first_real;
    title("Columns");
    Table t({{"column", Table::left},
             {"as", Table::left},
             {"blank", Table::right},
             {"placeholder", Table::right},
             {"real", Table::right},
             {"distinct", Table::right},
             {"", Table::left}});
    for (const auto& f : fields_)
      t.row({cut(f.field, name_width), judged(f.judged_as), share(f.blank, f.rows), share(f.placeholder, f.rows),
             share(f.real, f.rows), (f.distinct_estimated ? "~" : "") + thousands(f.distinct), note(f, first_record)});
    t.print(io_.out);
  }

  void rules(const app::AuditSummary& s) {
    if (!s.with_rules) return;
    title("Findings");
    if (s.findings == 0) {
      io_.out << fmt::format("none, by {} rules\n", s.by_rule.size());
      return;
    }
    Table t({{"rule", Table::left}, {"records", Table::right}, {"for example", Table::left}});
    for (const auto& [id, count] : s.by_rule) {
      if (count == 0 || detected_.contains(id)) continue;
      std::string list;
      if (const auto it = by_id_.find(id); it != by_id_.end())
        for (const auto& r : it->second.records) list += (list.empty() ? "" : ", ") + r;
      t.row({id, thousands(count), list});
    }
    if (s.records_with_findings > 0) t.print(io_.out);
    const auto silent = std::count_if(s.by_rule.begin(), s.by_rule.end(), [](const auto& p) { return p.second == 0; });
    std::uint64_t of_many = 0;
    for (const auto& [id, seen] : detected_) of_many += seen.count;
    io_.out << fmt::format("{} findings on {} of {} records", thousands(s.findings - of_many),
                           thousands(s.records_with_findings), thousands(s.records));
    if (silent > 0)
      io_.out << fmt::format("; {} found nothing",
                             silent == 1 ? std::string("1 rule") : fmt::format("{} rules", silent));
    io_.out << '\n';
  }

  // What detectors found. Whom a finding about a person is about is told to nobody else.
  void several() {
    if (detected_.empty()) return;
    title("Found over many records");
    for (const auto& [id, seen] : detected_) {
      io_.out << fmt::format("{}: {} {}{}\n", id, thousands(seen.count), rules::to_string(seen.unit),
                             seen.count == 1 ? "" : "s");
      for (const std::string& line : seen.lines) io_.out << "  " << line << '\n';
      if (seen.count > seen.lines.size())
        io_.out << fmt::format("  and {} more (--format jsonl lists all)\n", thousands(seen.count - seen.lines.size()));
    }
  }

  void untold() {
    if (untold_.empty()) return;
    title("Cannot be told");
    Table t({{"what", Table::left}, {"why", Table::left}, {"records", Table::right}});
    for (const auto& u : untold_) t.row({u.what, u.why, thousands(u.count)});
    t.print(io_.out);
  }

  void bad(const app::AuditSummary& s) {
    if (s.bad_rows == 0) return;
    title(fmt::format("Bad rows: {} (left out, the rest was read)", thousands(s.bad_rows)));
    for (const auto& [line, why] : bad_) io_.out << fmt::format("line {}: {}\n", line, why);
    if (s.bad_rows > bad_.size())
      io_.out << fmt::format("and {} more (--format jsonl lists all)\n", thousands(s.bad_rows - bad_.size()));
  }

  Io& io_;
  std::vector<app::FieldEvidence> fields_;
  std::map<std::string, Findings, std::less<>> by_id_;
  std::map<std::string, Seen> detected_;  // by rule
  std::vector<Untold> untold_;
  std::vector<std::pair<std::uint64_t, std::string>> bad_;
  Turns progress_;
};

}  // namespace

std::unique_ptr<app::AuditReport> make_text_report(Io& io) {
  return std::make_unique<Text>(io);
}

}  // namespace coachd::cli
