// The people file: what the company says about its people, keyed by e-mail. YAML or CSV.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/settings/read.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/model/error.hpp"
#include "rules/model/jobs.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::settings {
namespace {

using model::jobs;

// Rows of RFC 4180 text with the line each begins on. A quoted field may hold separators and line ends.
struct Row {
  std::uint32_t line = 1;
  std::vector<std::string> cells;
};
std::vector<Row> csv_rows(std::string_view text, char separator) {
  std::vector<Row> out;
  std::uint32_t line = 1;
  Row row{line, {""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char ch = text[i];
    if (ch == '\n') ++line;
    if (quoted) {
      if (ch != '"')
        row.cells.back() += ch;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        row.cells.back() += text[++i];
      else
        quoted = false;
    } else if (ch == '"' && row.cells.back().empty()) {
      quoted = true;
    } else if (ch == separator) {
      row.cells.emplace_back();
    } else if (ch == '\n') {
      if (row.cells.size() > 1 || !row.cells[0].empty()) out.push_back(std::move(row));
      row = {line, {""}};
    } else if (ch != '\r') {
      row.cells.back() += ch;
    }
  }
  if (row.cells.size() > 1 || !row.cells[0].empty()) out.push_back(std::move(row));
  return out;
}

LoadedPeople from_csv(const std::string& file, std::string_view text) {
  LoadedPeople out;
  const auto wrong = [&](std::uint32_t line, std::string code, std::string message) {
    out.diagnostics.push_back({model::Severity::error, std::move(code), std::move(message), {file, line, 1}, {}});
  };
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto head_line = text.substr(0, text.find('\n'));
  const char separator = head_line.find(';') != std::string_view::npos    ? ';'
                         : head_line.find('\t') != std::string_view::npos ? '\t'
                                                                          : ',';
  const auto rows = csv_rows(text, separator);
  if (rows.empty()) {
    wrong(1, "empty-file", "the people file is empty: its first line names the columns, `email` among them");
    return out;
  }
  const std::vector<std::string> known = {"email",    "manager",  "team",         "job",          "zone",
                                          "language", "delegate", "never_prompt", "working_days", "absences"};
  std::vector<std::string> columns;
  for (const auto& cell : rows[0].cells) {
    columns.push_back(text::fold(cell));
    std::replace(columns.back().begin(), columns.back().end(), '-', '_');
    if (std::find(known.begin(), known.end(), columns.back()) != known.end()) continue;
    std::string message = "unknown column `" + cell + "`";
    if (const auto meant = yaml::nearest(columns.back(), known)) message += ": did you mean `" + *meant + "`?";
    wrong(1, "unknown-key", std::move(message));
  }
  if (std::find(columns.begin(), columns.end(), "email") == columns.end()) {
    wrong(1, "missing-key", "there is no column `email`");
    return out;
  }
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const auto& row = rows[r];
    if (row.cells.size() != columns.size()) {
      wrong(row.line, "bad-row",
            std::to_string(row.cells.size()) + " cells where the header has " + std::to_string(columns.size()));
      continue;
    }
    Person p;
    p.place = {file, row.line, 1};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string cell(text::trim(row.cells[i]));
      if (columns[i] == "email") p.email = text::fold(cell);
      if (columns[i] == "manager") p.manager = text::fold(cell);
      if (columns[i] == "team") p.team = cell;
      if (columns[i] == "job") p.job = cell;
      if (columns[i] == "zone") p.zone = cell;
      if (columns[i] == "language") p.language = cell;
      if (columns[i] == "delegate") p.delegate = text::fold(cell);
      if (columns[i] == "never_prompt") p.never_prompt = cell == "true" || cell == "yes" || cell == "1";
    }
    if (!is_email(p.email)) wrong(row.line, "wrong-type", "`" + p.email + "` is no e-mail address");
    if (!p.manager.empty() && !is_email(p.manager))
      wrong(row.line, "wrong-type", "manager `" + p.manager + "` is no e-mail address");
    if (!p.job.empty() && std::find(jobs.begin(), jobs.end(), p.job) == jobs.end()) {
      std::string message = "`" + p.job + "` is no job";
      const std::vector<std::string> names(jobs.begin(), jobs.end());
      if (const auto meant = yaml::nearest(p.job, names)) message += ": did you mean `" + *meant + "`?";
      wrong(row.line, "unknown-word", std::move(message));
    }
    const bool twice =
        std::any_of(out.people.begin(), out.people.end(), [&](const Person& o) { return o.email == p.email; });
    if (twice) wrong(row.line, "doubled-key", "`" + p.email + "` stands here a second time");
    out.people.push_back(std::move(p));
  }
  return out;
}

}  // namespace

std::vector<Person> read_people(Context& c, const yaml::Node& node) {
  std::vector<Person> out;
  if (!node.is_map()) {
    if (node) c.error("wrong-type", "`people` is a map keyed by e-mail, or the path of a people file", node.place());
    return out;
  }
  for (const auto& [email, value] : node.entries()) {
    Person p;
    p.email = text::fold(email);
    p.place = node.key_place(email);
    if (!is_email(p.email)) c.error("wrong-type", "`" + email + "` is no e-mail address", p.place);
    yaml::MapReader map(c.document, value, "a person");
    p.manager = text::fold(text_or_none(map, "manager"));
    if (!p.manager.empty() && !is_email(p.manager))
      c.error("wrong-type", "`manager` is an e-mail address", value.find("manager").place());
    p.team = text_or_none(map, "team");
    if (map.optional("job")) p.job = one_of(c, map, "job", jobs).value_or("");
    p.zone = text_or_none(map, "zone");
    p.language = text_or_none(map, "language");
    p.delegate = text_or_none(map, "delegate");
    p.never_prompt = map.boolean("never_prompt").value_or(false);
    for (const std::string_view key : {"working_days", "absences"})
      if (map.optional(key)) c.not_used(key, value.key_place(key));
    map.finish();
    out.push_back(std::move(p));
  }
  return out;
}

LoadedPeople load_people(const std::string& file, std::string text) {
  if (!file.ends_with(".yaml") && !file.ends_with(".yml")) return from_csv(file, text);
  const auto document = yaml::Document::parse(file, std::move(text));
  LoadedPeople out;
  Context c{*document, {}, {}};
  if (document->root()) {
    yaml::MapReader map(*document, document->root(), "a people file");
    static_cast<void>(map.number("version"));
    out.people = read_people(c, map.required("people"));
    map.finish();
  }
  out.diagnostics = document->diagnostics();
  return out;
}

}  // namespace coachd::settings
