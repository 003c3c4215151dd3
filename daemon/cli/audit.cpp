#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/files/sources.hpp"
#include "daemon/cli/audit_report.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string file;
  std::string map;
  std::vector<std::string> rules;
  std::string now;
  std::string only;
  std::string format = "text";
  unsigned threads = 0;
};

void read_now(const Options& o, app::AuditRequest& request) {
  if (o.now.empty()) return;
  request.today = model::parse_day(o.now);
  if (!request.today) request.now = model::parse_instant(o.now);
  if (!request.today && !request.now)
    throw std::runtime_error("--now takes a date (2026-01-15) or an instant (2026-01-15T09:00:00Z)");
}

int audit_file(const Options& o, Io& io) {
  app::AuditRequest request;
  request.file = o.file;
  request.map = o.map;
  request.rules = app::read_rule_files(o.rules);
  request.clock = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  read_now(o, request);
  request.findings = o.only != "fields";
  request.fields = o.only != "findings";
  if (o.only == "findings" && o.rules.empty()) throw std::runtime_error("--only findings needs --rules");
  request.threads = o.threads != 0 ? o.threads : std::max(1U, std::min(8U, std::thread::hardware_concurrency()));
  const auto report = o.format == "jsonl" ? make_jsonl_report(io) : make_text_report(io);
  const app::AuditOutcome outcome = app::audit(request, *report);
  bool failed = false;
  for (const auto& d : outcome.diagnostics) {
    io.err << yaml::render(d, io.err_colour()) << '\n';
    failed = failed || d.severity == model::Severity::error;
  }
  if (failed) return exit_wrong;
  return outcome.summary.findings > 0 ? exit_findings : exit_good;
}

}  // namespace

Action audit(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.add_option("--file", o->file, "The export: CSV or JSONL")->required()->type_name("PATH");
  app.add_option("--map", o->map, "Which column is what, and how dates and numbers are written")->type_name("PATH");
  app.add_option("--rules", o->rules, "Rule files, or folders of them")->type_name("PATH");
  app.add_option("--now", o->now, "Judge as of this date or instant (else the map's as_of, else the clock)")
      ->type_name("TIME");
  app.add_option("--only", o->only, "Only what the rules find, or only how columns are used")
      ->check(CLI::IsMember({"findings", "fields"}))
      ->type_name("WHAT");
  app.add_option("--format", o->format, "text or jsonl")
      ->check(CLI::IsMember({"text", "jsonl"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_option("--threads", o->threads, "Threads that read and judge (default: one a core, at most 8)")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  app.footer("Exit code 1 when a rule found anything, 2 when the export, map or rules cannot be read.");
  return [o](Io& io) { return audit_file(*o, io); };
}

}  // namespace coachd::cli
