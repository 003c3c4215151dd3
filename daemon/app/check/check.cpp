#include "daemon/app/check/check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/file/map.hpp"
#include "daemon/app/check/files.hpp"
#include "daemon/app/files/sources.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/calendar/tz.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

using namespace checking;

class Check {
 public:
  Check(CheckReport& report, std::optional<model::Day> today) : report_(report), today_(today) {}

  void path(const std::string& path) {
    auto found = files_under(path);
    if (!found.problem.empty()) say("no-file", found.problem, {path, 0, 0});
    if (found.problem.empty() && found.files.empty())
      report_.diagnostics.push_back(
          {model::Severity::warning, "no-file", "there is no *.yaml file in this folder", {path, 0, 0}, {}});
    for (const auto& file : found.files) take(file);
  }

  void finish() {
    std::set<std::string> claimed;
    for (std::size_t i = 0; i < files_.size(); ++i)  // by index: a configuration adds files
      if (files_[i].kind == FileKind::configuration) configuration(i, claimed);
    std::vector<rules::Source> free;
    for (const auto& f : files_) {
      if (f.kind == FileKind::rules && !claimed.contains(f.path)) free.push_back({f.path, f.text});
      if (f.kind == FileKind::export_map) add(file::read_map(f.path, f.text).diagnostics);
      if (f.kind == FileKind::people) people(f.path, f.text);
    }
    report_.rules += load(free, {});
    lints(free);
    show_lines();
  }

 private:
  void say(std::string code, std::string message, model::Place at) {
    report_.diagnostics.push_back({model::Severity::error, std::move(code), std::move(message), std::move(at), {}});
  }
  void add(std::vector<model::Diagnostic> found) {
    report_.diagnostics.insert(report_.diagnostics.end(), std::make_move_iterator(found.begin()),
                               std::make_move_iterator(found.end()));
  }
  // What was found without the file's text at hand is shown with its line too.
  void show_lines() {
    for (auto& d : report_.diagnostics) {
      if (!d.line_text.empty() || d.place.line == 0) continue;
      const auto f =
          std::find_if(files_.begin(), files_.end(), [&](const CheckedFile& c) { return c.path == d.place.file; });
      if (f == files_.end()) continue;
      std::size_t begin = 0;
      for (std::uint32_t n = 1; n < d.place.line && begin != std::string::npos; ++n) {
        begin = f->text.find('\n', begin);
        if (begin != std::string::npos) ++begin;
      }
      if (begin == std::string::npos) continue;
      d.line_text = f->text.substr(begin, f->text.find('\n', begin) - begin);
      if (d.line_text.ends_with('\r')) d.line_text.pop_back();
    }
  }

  // Reads a file once, however it is reached. Answers its path as it was first named, or "" where it cannot be read.
  std::string take(const std::string& path) {
    std::error_code error;
    const auto same = std::filesystem::weakly_canonical(path, error).string();
    const auto key = error ? path : same;
    if (const auto known = names_.find(key); known != names_.end()) return known->second;
    names_.emplace(key, path);
    auto read = read_text(path);
    if (!read.text) {
      say("no-file", std::move(read.problem), {path, 0, 0});
      return {};
    }
    ++report_.files;
    CheckedFile f{path, *std::move(read.text), FileKind::broken};
    f.kind = kind_of(path, f.text, report_.diagnostics);
    if (f.kind == FileKind::test)
      report_.diagnostics.push_back(
          {model::Severity::note, "rule-test", "this is a test of rules: it is not checked here", {path, 0, 0}, {}});
    files_.push_back(std::move(f));
    return path;
  }

  // Of files that are used together.
  void lints(const std::vector<rules::Source>& sources) {
    add(lint::lint(sources));
    if (today_)
      for (const auto& source : sources) add(lint::ended(source, *today_));
    for (auto& stopped : lint::if_a_rep_stops(sources)) report_.voluntary.push_back(std::move(stopped));
  }

  void zone(const std::string& name, const model::Place& at) {
    if (name.empty() || calendar::is_zone(name)) return;
    say("unknown-zone", "unknown time zone `" + name + "`: a name like Europe/Berlin is expected", at);
  }

  void people(const std::string& path, const std::string& text) {
    auto found = settings::load_people(path, text);
    add(std::move(found.diagnostics));
    for (const auto& p : found.people) zone(p.zone, p.place);
  }

  void configuration(std::size_t index, std::set<std::string>& claimed) {
    auto loaded = settings::load(files_[index].path, files_[index].text);
    add(std::move(loaded.diagnostics));
    if (!loaded.settings) return;
    const auto& s = *loaded.settings;
    zone(s.calendar.zone, s.calendar.zone_place);
    for (const auto& m : s.meetings) zone(m.zone, m.zone_place);
    for (const auto& p : s.people) zone(p.zone, p.place);
    if (!s.people_file.empty()) {
      const auto read = read_text(s.people_file);
      if (read.text)
        take(s.people_file);
      else
        say("no-file", "`people`: " + s.people_file + " " + read.problem, s.people_place);
    }
    std::vector<rules::Source> sources;
    for (std::size_t i = 0; i < s.rules.size(); ++i) {
      const auto found = files_under(s.rules[i]);
      if (!found.problem.empty()) say("no-file", "`rules`: " + s.rules[i] + ": " + found.problem, s.rules_places[i]);
      for (const auto& file : found.files) {
        const auto name = take(file);
        const auto it =
            std::find_if(files_.begin(), files_.end(), [&](const CheckedFile& f) { return f.path == name; });
        if (it == files_.end() || it->kind != FileKind::rules || !claimed.insert(name).second) continue;
        sources.push_back({it->path, it->text});
      }
    }
    const auto meetings = s.meeting_names();
    if (!meetings.empty())
      for (const auto& source : sources) add(lint::unknown_meetings(source, meetings));
    std::size_t count = 0;
    for (const auto& [name, connection] : s.connections) {
      rules::Binding binding;
      binding.connection = name;
      binding.names = connection.map;
      binding.meetings = meetings;
      count = std::max(count, load(sources, binding));
    }
    report_.rules += count;
    lints(sources);
    if (!report_.settings) report_.settings = std::move(loaded.settings);
  }

  // How many rules they hold; none where there is a mistake.
  std::size_t load(const std::vector<rules::Source>& sources, const rules::Binding& binding) {
    if (sources.empty()) return 0;
    auto loaded = rules::load(sources, binding);
    add(std::move(loaded.diagnostics));
    if (!loaded.rules) return 0;
    const auto count = loaded.rules->rules.size();
    report_.sets.push_back({binding.connection, sources, std::move(loaded)});
    return count;
  }

  CheckReport& report_;
  std::optional<model::Day> today_;
  std::vector<CheckedFile> files_;
  std::map<std::string, std::string> names_;  // the one path of a file -> as it was first named
};

auto order(const model::Diagnostic& d) {
  return std::tie(d.place.file, d.place.line, d.place.column, d.severity, d.code, d.message);
}

}  // namespace

std::size_t CheckReport::count(model::Severity severity) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(diagnostics.begin(), diagnostics.end(), [&](const auto& d) { return d.severity == severity; }));
}

CheckReport check(const std::vector<std::string>& paths, std::optional<model::Day> today) {
  CheckReport report;
  Check run(report, today);
  for (const auto& path : paths) run.path(path);
  run.finish();
  auto& all = report.diagnostics;
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
  // What every connection says is said once.
  all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return order(a) == order(b); }),
            all.end());
  return report;
}

}  // namespace coachd::app
