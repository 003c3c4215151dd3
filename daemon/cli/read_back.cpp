#include "daemon/cli/read_back.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/evidence.hpp"
#include "daemon/app/check/check.hpp"
#include "daemon/app/exceptions.hpp"
#include "daemon/app/replay.hpp"
#include "daemon/app/state_view.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/json_text.hpp"
#include "daemon/cli/text_table.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/read_back.hpp"
#include "rules/engine/replay.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {
namespace {

// Per rule what it finds, by whom; per object how many records there are.
struct Counts {
  struct Rule {
    std::uint64_t findings = 0;
    std::set<std::string> owners;
    rules::Replay::Asked replayed;
  };
  std::map<std::string, Rule> rules;             // by `workflow/id`
  std::map<std::string, std::uint64_t> records;  // by canonical object
  int weeks = 0;                                 // that were replayed
  std::vector<model::Diagnostic> unmatched;      // exceptions for records that are not there
};

std::string key_of(const rules::RuleInfo& rule) {
  return rule.workflow + '/' + rule.id.get();
}

// An audit of which nothing is shown.
class CountingReport final : public app::AuditReport {
 public:
  explicit CountingReport(Counts& counts) : counts_(counts) {}
  void object(std::string_view name) override { (void)name; }
  [[nodiscard]] std::string heading(const rules::RuleInfo& rule, std::string_view id,
                                    std::string_view object) const override {
    (void)id, (void)object;
    return key_of(rule);
  }
  [[nodiscard]] std::string field_name(std::string_view name) const override { return std::string(name); }
  void subject(std::string_view record, std::string_view owner, std::string& out) const override {
    (void)record;
    out += owner;
  }
  void format(const app::Found& f, std::string& out) const override {
    out += f.heading;
    out += separator;
    out += f.subject;
    out += end;
  }
  void findings(std::string_view formatted) override {
    while (!formatted.empty()) {
      const auto stop = formatted.find(end);
      const auto line = formatted.substr(0, stop);
      const auto middle = line.find(separator);
      auto& rule = counts_.rules[std::string(line.substr(0, middle))];
      ++rule.findings;
      if (middle != std::string_view::npos && middle + 1 < line.size()) rule.owners.emplace(line.substr(middle + 1));
      formatted.remove_prefix(stop == std::string_view::npos ? formatted.size() : stop + 1);
    }
  }
  void detected(const rules::RuleInfo& rule, const rules::Detected& f) override {
    (void)f;
    ++counts_.rules[key_of(rule)].findings;
  }
  void field(const app::FieldEvidence& f) override { (void)f; }
  void cannot_tell(std::string_view what, std::string_view why, std::uint64_t count) override {
    (void)what, (void)why, (void)count;
  }
  void bad_row(std::uint64_t line, std::string_view why) override { (void)line, (void)why; }
  void summary(const app::AuditSummary& s) override { counts_.records[s.object] = s.records; }
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override {
    (void)what, (void)done, (void)total;
  }

 private:
  static constexpr char separator = '\x1f', end = '\x1e';
  Counts& counts_;
};

std::optional<Counts> count_export(const app::CheckedRules& set, const ReadBackOptions& options, Io& io) {
  app::AuditRequest request;
  request.file = options.file;
  request.map = options.map;
  request.rules = set.sources;
  request.fields = false;
  request.threads = std::max(1U, std::min(8U, std::thread::hardware_concurrency()));
  request.clock = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  if (!options.now.empty()) {
    request.today = model::parse_day(options.now);
    if (!request.today) request.now = model::parse_instant(options.now);
    if (!request.today && !request.now)
      throw std::runtime_error("--now takes a date (2026-01-15) or an instant (2026-01-15T09:00:00Z)");
  }
  Counts counts;
  CountingReport report(counts);
  const auto outcome = app::audit(request, report);
  bool failed = false;
  for (const auto& d : outcome.diagnostics) {
    if (d.severity != model::Severity::error) continue;
    io.err << yaml::render(d, io.err_colour());
    failed = true;
  }
  return failed ? std::nullopt : std::optional(std::move(counts));
}

std::optional<Counts> count_state(const app::CheckedRules& set, const settings::Settings& settings) {
  app::StateView state(settings);
  if (state.context(set.connection) == nullptr) return std::nullopt;
  Counts counts;
  auto replayed = app::replay(state, set.connection);
  counts.weeks = replayed.weeks;
  for (auto& [rule, asked] : replayed.asked) counts.rules[rule].replayed = std::move(asked);
  for (const auto& f : state.findings(false)) {
    if (f.connection != set.connection) continue;
    auto& rule = counts.rules[f.rule];
    ++rule.findings;
    if (!f.owner.empty()) rule.owners.insert(f.owner);
  }
  const auto snapshot = state.look();
  for (const auto& [object, plan] : set.loaded.rules->objects)
    counts.records[object] = static_cast<std::uint64_t>(snapshot->record_count(set.connection, object));
  counts.unmatched = app::unmatched_exceptions(set, *snapshot);
  return counts;
}

// Nothing where there is nothing to count in; what goes wrong is said.
std::optional<Counts> count(const app::CheckedRules& set, const app::CheckReport& report,
                            const ReadBackOptions& options, Io& io) {
  if (!options.file.empty()) return count_export(set, options, io);
  if (!report.settings || set.connection.empty()) return std::nullopt;
  std::error_code error;
  if (!std::filesystem::exists(report.settings->state, error)) return std::nullopt;
  try {
    return count_state(set, *report.settings);
  } catch (const std::exception& e) {
    io.err << "coachd check: nothing is counted: " << e.what() << '\n';
    return std::nullopt;
  }
}

void add_noisy(app::CheckReport& report, const app::CheckedRules& set, const Counts& counts) {
  const int per_week = report.settings ? report.settings->budget.per_week : settings::Budget{}.per_week;
  for (const auto& source : set.sources) {
    std::map<std::string, lint::Count> of_file;
    for (const auto& rule : set.loaded.rules->rules)
      if (const auto found = counts.rules.find(key_of(rule));
          found != counts.rules.end() && rule.place.file == source.path)
        of_file[rule.id.get()] = {found->second.findings, found->second.owners.size(), found->second.replayed.opened,
                                  found->second.replayed.owners.size(), counts.weeks};
    for (auto& d : lint::noisy(source, of_file, per_week)) report.diagnostics.push_back(std::move(d));
  }
}

// Several connections may read a file, and an exception be for a record of any: what all of them say is said.
class Agreed {
 public:
  void add(const app::CheckedRules& set, const std::vector<model::Diagnostic>& said) {
    for (const auto& source : set.sources) ++readers_[source.path];
    std::set<model::Place> once;  // two rules may share one list by an alias
    for (const auto& d : said) {
      if (!once.insert(d.place).second) continue;
      auto& one = said_[d.place];
      one.first = d;
      ++one.second;
    }
  }
  void take(std::vector<model::Diagnostic>& out) const {
    for (const auto& [place, one] : said_)
      if (one.second == readers_.at(one.first.place.file)) out.push_back(one.first);
  }

 private:
  std::map<std::string, std::size_t> readers_;
  std::map<model::Place, std::pair<model::Diagnostic, std::size_t>> said_;
};

// One line of "where the files say nothing", with how many of the rules it stands for.
void print_default(Io& io, const app::CheckReport& report, std::string_view key, std::string_view stands,
                   const std::function<bool(const rules::Written&)>& concerned) {
  std::size_t count = 0, all = 0;
  std::set<std::pair<std::string, std::string>> seen;  // several connections read the same files
  for (const auto& set : report.sets)
    for (const auto& w : set.loaded.written) {
      if (!concerned(w) || !seen.emplace(w.workflow, w.id).second) continue;
      ++all;
      if (!w.has(key)) ++count;
    }
  if (count > 0) io.out << "  " << key << ": " << stands << " (" << count << " of " << all << ")\n";
}

}  // namespace

std::vector<SaidBack> say_back(app::CheckReport& report, const ReadBackOptions& options, Io& io) {
  std::vector<SaidBack> out;
  Agreed unmatched;
  for (const auto& set : report.sets) {
    const auto counts = count(set, report, options, io);
    const auto& rules = *set.loaded.rules;
    for (std::uint32_t i = 0; i < rules.rules.size(); ++i)
      for (auto& line : rules::read_back(rules, i)) {
        SaidBack s{set.connection, rules.rules[i].workflow, std::move(line.id), std::move(line.sentence), std::nullopt};
        const auto records = counts ? counts->records.find(rules.rules[i].object)
                                    : std::map<std::string, std::uint64_t>::const_iterator{};
        if (counts && records != counts->records.end()) {
          const auto found = counts->rules.find(key_of(rules.rules[i]));
          s.found = SaidBack::Found{0, records->second, 0};
          if (found != counts->rules.end()) {
            s.found->findings = found->second.findings;
            s.found->owners = found->second.owners.size();
          }
        }
        out.push_back(std::move(s));
      }
    if (counts) add_noisy(report, set, *counts);
    unmatched.add(set, counts ? counts->unmatched : std::vector<model::Diagnostic>{});
  }
  unmatched.take(report.diagnostics);
  return out;
}

void print_said_back(Io& io, const app::CheckReport& report, const std::vector<SaidBack>& said) {
  const SaidBack* before = nullptr;
  for (const auto& s : said) {
    if (before == nullptr || before->workflow != s.workflow || before->connection != s.connection)
      io.out << (before == nullptr ? "" : "\n") << s.workflow << (s.connection.empty() ? "" : " in " + s.connection)
             << '\n';
    before = &s;
    io.out << "  " << s.id << "\n    " << s.sentence;
    if (s.found) {
      io.out << ": " << thousands(s.found->findings) << " of " << thousands(s.found->records);
      if (s.found->owners > 0)
        io.out << ", " << thousands(s.found->owners) << (s.found->owners == 1 ? " owner" : " owners");
    }
    io.out << ".\n";
  }
  for (const auto& set : report.sets)
    for (const auto& off : set.loaded.rules->off)
      io.out << "  " << off.rule.get() << " is off" << (set.connection.empty() ? "" : " in " + set.connection) << ": "
             << off.why << ".\n";
  if (said.empty()) return;

  using Kind = rules::Written::Kind;
  const auto is = [](Kind kind) { return [kind](const rules::Written& w) { return w.kind == kind; }; };
  const auto asks = [](const rules::Written& w) {
    return w.kind == Kind::card && (w.has("knowable_from") || w.has("needed_by") || w.has("ask_from"));
  };
  io.out << "\nIn force where the files say nothing:\n";
  print_default(io, report, "for", "every record of the object", is(Kind::workflow));
  print_default(io, report, "placeholders", "the built-in words", is(Kind::workflow));
  print_default(io, report, "old_records",
                "records that no person touched since the rule went live are counted, never prompted",
                is(Kind::workflow));
  print_default(io, report, "voluntary", "false: managers may see what is missing", is(Kind::workflow));
  print_default(io, report, "control", "[prompt]", asks);
  print_default(io, report, "to", "owner", asks);
  print_default(io, report, "valid_for", "an answer does not grow old", asks);
  print_default(io, report, "prompt.to", "owner",
                [](const rules::Written& w) { return w.kind == Kind::rule && w.has("prompt"); });
  print_default(io, report, "for", "every open record", is(Kind::criterion));
  const auto budget = report.settings ? report.settings->budget : settings::Budget{};
  io.out << "  budget: at most " << budget.per_day << " prompts a day and " << budget.per_week
         << " a week to a person\n\n";
}

void append_said_back(std::string& out, const std::vector<SaidBack>& said) {
  append_key(out, "read_back");
  out += '[';
  for (const auto& s : said) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_pair(out, "connection", s.connection);
    append_pair(out, "workflow", s.workflow);
    append_pair(out, "rule", s.id);
    append_pair(out, "sentence", s.sentence);
    if (s.found) {
      append_pair(out, "findings", s.found->findings);
      append_pair(out, "records", s.found->records);
      append_pair(out, "owners", s.found->owners);
    }
    out += '}';
  }
  out += ']';
}

}  // namespace coachd::cli
