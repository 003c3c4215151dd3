#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/settings/read.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::settings {
namespace {

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// Where the file cannot be parsed, or a key is doubled, there is no value to look for: whatever follows a name that
// sounds like a secret is hidden, unless it says where the secret is.
void mask_by_name(std::string& line) {
  const auto small = lower(line);
  for (const std::string_view word : {"secret", "password", "passphrase", "token", "private_key", "certificate_key"}) {
    for (auto at = small.find(word); at != std::string::npos; at = small.find(word, at + 1)) {
      const auto colon = small.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-\"' ", at);
      if (colon == std::string::npos || small[colon] != ':') continue;
      const auto value = small.find_first_not_of(" \t", colon + 1);
      if (value == std::string::npos || small[value] == '{') continue;
      line.replace(value, std::string::npos, line.size() - value, '*');
      return;
    }
  }
}

// Stars of the same width, so that the caret stays under its place.
void mask_text(std::string& line, std::string_view secret) {
  for (auto at = line.find(secret); at != std::string::npos; at = line.find(secret, at + secret.size()))
    line.replace(at, secret.size(), secret.size(), '*');
}

// At the place where the secret begins: its text where it stands as it reads, else (escapes, folded lines) the rest of
// the line.
void mask_at(std::string& line, std::uint32_t column, std::string_view secret) {
  std::size_t at = 0;
  for (std::uint32_t c = 1; c < column && at < line.size(); ++c) do
      ++at;
    while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xc0) == 0x80);
  if (at < line.size() && (line[at] == '"' || line[at] == '\'')) ++at;
  const auto size =
      std::string_view(line).substr(std::min(at, line.size())).starts_with(secret) ? secret.size() : std::string::npos;
  if (at < line.size()) line.replace(at, size, std::min(size, line.size() - at), '*');
}

std::vector<model::Diagnostic> without_secrets(const Context& context) {
  auto out = context.document.diagnostics();
  for (auto& d : out) {
    mask_by_name(d.line_text);
    for (const auto& node : context.secret_texts) {
      const std::string_view whole = node.text();
      if (whole.empty()) continue;
      const auto place = node.place();
      if (place.line == d.place.line) mask_at(d.line_text, place.column, whole);
      // A text over several lines, or with escapes, does not stand there as it reads: its parts do.
      for (std::size_t begin = 0; begin < whole.size();) {
        const auto end = std::min(whole.find_first_of(" \n\t\\", begin), whole.size());
        if (end - begin >= 8) mask_text(d.line_text, whole.substr(begin, end - begin));
        begin = end + 1;
      }
    }
  }
  return out;
}

void read_top(Context& c, const yaml::Node& root, Settings& out) {
  yaml::MapReader map(c.document, root, "the configuration");
  static_cast<void>(map.required("version"));
  if (const auto version = map.number("version"); version && *version != 1)
    c.error("unknown-version", "this version of coachd reads configurations of `version: 1`",
            root.find("version").place());
  out.state = c.path(map.text("state").value_or(out.state));
  static_cast<void>(map.required("rules"));
  static_cast<void>(map.words("rules"));
  const auto rules = root.find("rules");
  for (const auto& item : rules.is_list() ? rules.items() : std::vector<yaml::Node>{rules}) {
    if (!item.is_scalar() || item.text().empty()) continue;
    out.rules.push_back(c.path(item.text()));
    out.rules_places.push_back(item.place());
  }
  Mode mode = Mode::observe;
  if (map.optional("mode"))
    if (const auto word = one_of(c, map, "mode", {"observe", "live"}))
      mode = *word == "live" ? Mode::live : Mode::observe;
  if (const auto people = map.optional("people")) {
    out.people_place = people.place();
    c.not_used("people", root.key_place("people"));
    if (people.is_scalar())
      out.people_file = c.path(text_or_none(map, "people"));
    else
      out.people = read_people(c, people);
  }
  read_connections(c, map.required("connections"), mode, out);
  read_calendar(c, map.optional("calendar"), out.calendar);
  read_budget(c, map.optional("budget"), out.budget);
  read_meetings(c, map.optional("meetings"), out.meetings);
  read_listen(c, map.optional("listen"), out.listen);
  map.finish();
}

}  // namespace

std::vector<std::string> Settings::meeting_names() const {
  std::vector<std::string> out;
  out.reserve(meetings.size());
  for (const auto& m : meetings) out.push_back(m.name);
  return out;
}

Loaded load(const std::string& file, std::string text) {
  const auto document = yaml::Document::parse(file, std::move(text));
  Context context{*document, std::filesystem::path(file).parent_path().string(), {}};
  Settings settings;
  settings.file = file;
  const auto root = document->root();
  if (root.is_map())
    read_top(context, root, settings);
  else if (document->diagnostics().empty())
    context.error("wrong-type", "this is no configuration: it names `version`, `rules` and `connections`",
                  {file, 1, 1});
  Loaded out;
  out.diagnostics = without_secrets(context);
  const bool good = std::none_of(out.diagnostics.begin(), out.diagnostics.end(),
                                 [](const model::Diagnostic& d) { return d.severity == model::Severity::error; });
  if (good) out.settings = std::move(settings);
  return out;
}

}  // namespace coachd::settings
