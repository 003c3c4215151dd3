// How fast rules are evaluated, nothing else: workload W over typed records in memory, one thread, values about other
// records (R12, R20) included, outcomes counted, no `since`.
//   bench_evaluate opps_N.jsonl [limit_w]     limit_w: W compiled by hand, run over the same file in turns
// Prints `name value unit` lines; each figure is the best of five runs.
#include <stdio.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/facts.hpp"
#include "daemon/app/audit/kept_case.hpp"
#include "daemon/app/audit/learning.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "daemon/app/audit/rulebook.hpp"
#include "daemon/app/files/sources.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"

namespace {

using namespace coachd;
using Clock = std::chrono::steady_clock;

constexpr int turns = 5;
constexpr std::size_t learned_at_once = 1024;  // records whose facts are merged together

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

// The records of a file, typed, in memory.
class Records {
 public:
  explicit Records(const app::AuditRequest& request)
      : prepared_(app::prepare(request)), book_(app::bind_rules(request, prepared_, types_of(prepared_))) {
    struct Learn : file::Rows {
      Learn(const app::Prepared& p, const app::Rulebook& book) : learner(p, book) {}
      void row(std::uint64_t line, std::span<const file::Cell> cells) override { learner.row(line, cells); }
      void bad(std::uint64_t, std::string) override {}
      app::RecordLearner learner;
    } rows(prepared_, book_);
    file::RowReader reader(prepared_.layout, book_.columns);
    file::Blocks blocks(prepared_.layout);
    app::FactKeys keys;
    for (file::Block block; blocks.next(block);) {
      reader.read(block, rows);
      texts_.push_back(rows.learner.piece().cases);
      rows.learner.clear();
      app::KeptCases kept(texts_.back(), book_.types.size(), book_.plan->facts.size());
      rules::Case c;
      c.object = book_.object;
      while (kept.next(c, keys)) cases_.push_back(c);
    }
  }
  [[nodiscard]] const std::vector<rules::Case>& cases() const noexcept { return cases_; }
  [[nodiscard]] const app::Rulebook& book() const noexcept { return book_; }

 private:
  // What W's columns are: the start of the file shows it.
  static app::ColumnTypes types_of(const app::Prepared& p) {
    struct Shapes : file::Rows {
      explicit Shapes(const app::Prepared& prepared) : p(prepared) {}
      void row(std::uint64_t, std::span<const file::Cell> cells) override {
        shapes.resize(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i)
          if (!p.reading->blank(cells[i])) shapes[i].see(cells[i], *p.reading, false);
      }
      void bad(std::uint64_t, std::string) override {}
      const app::Prepared& p;
      std::vector<file::ColumnShape> shapes;
    } rows(p);
    file::RowReader reader(p.layout);
    file::Blocks blocks(p.layout);
    if (file::Block block; blocks.next(block)) reader.read(block, rows);
    app::ColumnTypes types;
    for (std::size_t i = 0; i < rows.shapes.size(); ++i) types[reader.columns()[i]] = rows.shapes[i].type();
    return types;
  }

  app::Prepared prepared_;
  app::Rulebook book_;
  std::deque<std::string> texts_;
  std::vector<rules::Case> cases_;
};

// One evaluation of all records: first what they put into facts, then every rule. Answers the outcomes.
std::array<std::uint64_t, 4> evaluate(const Records& records) {
  const app::Rulebook& book = records.book();
  const rules::RuleSet& set = *book.loaded.rules;
  const std::size_t facts_per_record = book.plan->facts.size();
  const rules::Facts none(facts_per_record);
  app::FactTables tables;
  app::BlockFacts block;
  app::FactKeys keys;
  std::vector<std::uint64_t> all_keys;
  all_keys.reserve(records.cases().size() * facts_per_record);
  std::size_t n = 0;
  for (const rules::Case& c : records.cases()) {
    block.add(*book.plan, c, rules::Examination(set, *book.plan, c, none, book.world, book.now), keys);
    all_keys.insert(all_keys.end(), keys.begin(), keys.end());
    if (++n % learned_at_once != 0) continue;
    tables.merge(block);
    block.clear();
  }
  tables.merge(block);

  std::array<std::uint64_t, 4> outcomes{};
  rules::Facts facts;
  std::vector<model::Verdict> verdicts;
  const auto keys_of = [&](std::size_t i) {
    return std::span(all_keys).subspan(i * facts_per_record, facts_per_record);
  };
  constexpr std::size_t ahead = 4;
  for (std::size_t i = 0; i < records.cases().size(); ++i) {
    if (i + ahead < records.cases().size()) tables.expect(*book.plan, keys_of(i + ahead));
    tables.of(*book.plan, keys_of(i), facts);
    rules::Examination(set, *book.plan, records.cases()[i], facts, book.world, book.now).judge(false, verdicts);
    for (const model::Verdict& v : verdicts) ++outcomes[static_cast<std::size_t>(v.outcome)];
  }
  return outcomes;
}

// The figure that limit_w prints for its evaluation.
double limit_of(const std::string& binary, const std::string& file) {
  std::FILE* p = ::popen(("'" + binary + "' '" + file + "'").c_str(), "r");
  if (p == nullptr) return 0;
  double out = 0;
  char line[256];
  while (std::fgets(line, sizeof line, p) != nullptr) {
    const std::string_view l(line);
    if (const auto at = l.find("_eval "); at != std::string_view::npos) out = std::strtod(line + at + 6, nullptr);
  }
  ::pclose(p);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: bench_evaluate opps_N.jsonl [limit_w]\n", stderr);
    return 2;
  }
  app::AuditRequest request;
  request.file = argv[1];
  request.rules = app::read_rule_files({COACHD_SOURCE_DIR "/tests/bench/workload_w.yaml"});
  const Records records(request);
  double best = 0;
  double best_cpu = 0;  // a second of the thread: the same, but where others use the machine
  double limit = 0;
  std::array<std::uint64_t, 4> outcomes{};
  const auto n = static_cast<double>(records.cases().size());
  for (int i = 0; i < turns; ++i) {
    const auto begin = Clock::now();
    const std::clock_t cpu = std::clock();
    outcomes = evaluate(records);
    best = std::max(best, n / seconds_since(begin));
    best_cpu = std::max(best_cpu, n * CLOCKS_PER_SEC / static_cast<double>(std::clock() - cpu));
    if (argc > 2) limit = std::max(limit, limit_of(argv[2], argv[1]));
  }
  const auto finding = static_cast<std::size_t>(model::Outcome::finding);
  const auto untold = static_cast<std::size_t>(model::Outcome::cannot_tell);
  std::printf("evaluate_w_records %.0f records\n", n);
  std::printf("evaluate_w_findings %llu findings\n", static_cast<unsigned long long>(outcomes[finding]));
  std::printf("evaluate_w_cannot_tell %llu verdicts\n", static_cast<unsigned long long>(outcomes[untold]));
  std::printf("evaluate_w %.0f records/s\n", best);
  std::printf("evaluate_w_cpu %.0f records/cpu-s\n", best_cpu);
  if (limit > 0) {
    std::printf("evaluate_w_by_hand %.0f records/s\n", limit);
    std::printf("evaluate_w_ratio %.2f of by_hand\n", best / limit);
  }
  return 0;
}
