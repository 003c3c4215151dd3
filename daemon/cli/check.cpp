#include <CLI/CLI.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/check/check.hpp"
#include "daemon/app/off_here.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/json_text.hpp"
#include "daemon/cli/read_back.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string format = "text";
  bool strict = false;
  bool read = false;
  ReadBackOptions counts;
};

std::string counted(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string_view severity_word(model::Severity severity) {
  switch (severity) {
    case model::Severity::error: return "error";
    case model::Severity::warning: return "warning";
    case model::Severity::note: break;
  }
  return "note";
}

void print_text(Io& io, const app::CheckReport& report, const std::vector<app::OffHere>& off) {
  for (const auto& d : report.diagnostics) io.out << yaml::render(d, io.out_colour());
  for (const auto& v : report.voluntary) {
    io.out << '`' << v.workflow << "` is voluntary. What happens to a rep who stops for a week: "
           << (v.happens.empty() ? "nothing" : "the list must be empty, and is not") << '\n';
    for (const auto& what : v.happens) io.out << "  - " << what << '\n';
  }
  for (const auto& here : off) {
    io.out << "On " << here.connection << ", as its CRM was described last:\n";
    for (const auto& what : here.what) io.out << "  - " << what << '\n';
  }
  const auto errors = report.count(model::Severity::error);
  const auto warnings = report.count(model::Severity::warning);
  std::string line = counted(report.files, "file", "files");
  if (report.rules > 0) line += ", " + counted(report.rules, "rule", "rules");
  line += ": ";
  if (errors == 0 && warnings == 0)
    line += "no mistakes";
  else
    line += counted(errors, "error", "errors") + ", " + counted(warnings, "warning", "warnings");
  io.out << line << '\n';
}

void print_json(Io& io, const app::CheckReport& report, const std::vector<app::OffHere>& off,
                const std::vector<SaidBack>* said) {
  std::string out = "{\"diagnostics\":[";
  for (const auto& d : report.diagnostics) {
    if (out.back() == '}') out += ',';
    out += "{";
    append_pair(out, "severity", severity_word(d.severity));
    append_pair(out, "code", d.code);
    append_pair(out, "message", d.message);
    append_pair(out, "file", d.place.file);
    append_pair(out, "line", std::uint64_t{d.place.line});
    append_pair(out, "column", std::uint64_t{d.place.column});
    out += '}';
  }
  out += ']';
  out += ",\"voluntary\":[";
  for (const auto& v : report.voluntary) {
    if (out.back() == '}') out += ',';
    out += '{';
    append_pair(out, "workflow", v.workflow);
    out += ",\"happens_to_who_stops\":[";
    for (const auto& what : v.happens) {
      if (out.back() != '[') out += ',';
      append_json(out, what);
    }
    out += "]}";
  }
  out += "],\"off\":[";
  for (const auto& here : off)
    for (const auto& what : here.what) {
      if (out.back() == '}') out += ',';
      out += '{';
      append_pair(out, "connection", here.connection);
      append_pair(out, "what", what);
      out += '}';
    }
  out += ']';
  if (said != nullptr) append_said_back(out, *said);
  append_pair(out, "files", std::uint64_t{report.files});
  append_pair(out, "rules", std::uint64_t{report.rules});
  append_pair(out, "errors", std::uint64_t{report.count(model::Severity::error)});
  append_pair(out, "warnings", std::uint64_t{report.count(model::Severity::warning)});
  io.out << out << "}\n";
}

}  // namespace

Action check(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("PATH", options->paths, "Files and folders: rules, the configuration, maps of exports, people")
      ->required();
  app.add_flag("--strict", options->strict, "Exit 1 where there are warnings");
  app.add_flag("--read", options->read, "Say each rule back as one sentence, with what it finds today");
  app.add_option("--file", options->counts.file, "With --read: count in this export (else in the state of the daemon)")
      ->type_name("EXPORT");
  app.add_option("--map", options->counts.map, "With --file: which column is what")->type_name("PATH");
  app.add_option("--now", options->counts.now, "With --file: as of this date or instant")->type_name("TIME");
  app.add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  return [options](Io& io) {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    auto report = app::check(options->paths, today);
    std::vector<SaidBack> said;
    if (options->read) said = say_back(report, options->counts, io);
    const bool good = report.settings && report.count(model::Severity::error) == 0;
    const auto off = good ? app::off_here(*report.settings) : std::vector<app::OffHere>{};
    if (options->format == "json") {
      print_json(io, report, off, options->read ? &said : nullptr);
    } else {
      if (options->read) print_said_back(io, report, said);
      print_text(io, report, off);
    }
    if (report.count(model::Severity::error) > 0) return exit_wrong;
    return options->strict && report.count(model::Severity::warning) > 0 ? exit_findings : exit_good;
  };
}

}  // namespace coachd::cli
