#include "daemon/app/audit/prepared.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/file/known.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/map.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/audit.hpp"
#include "daemon/app/files/sources.hpp"
#include "rules/calendar/tz.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app {
namespace {

void error(Prepared& p, const std::string& file, std::string code, std::string message) {
  p.diagnostics.push_back({model::Severity::error, std::move(code), std::move(message), {file, 0, 0}, ""});
}

// A map that names a column which the export lacks is a mistake, not a blank column.
void check_columns(Prepared& p) {
  const auto missing = [&](const std::string& column, const std::string& where) {
    if (std::find(p.layout.columns.begin(), p.layout.columns.end(), column) != p.layout.columns.end()) return;
    std::string message = "the export has no column `" + column + "` (" + where + ")";
    if (const auto near = yaml::nearest(column, p.layout.columns)) message += ": did you mean `" + *near + "`?";
    error(p, p.map->path, "unknown-column", std::move(message));
  };
  for (const std::string& k : p.map->key) missing(k, "key");
  for (const auto& [name, column] : p.map->fields) missing(column, name);
}

}  // namespace

std::string Prepared::column(std::string_view canonical) const {
  const auto it = names.find(std::string(canonical));
  return it == names.end() ? std::string() : it->second;
}

bool Prepared::failed() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& d) { return d.severity == model::Severity::error; });
}

Prepared prepare(const AuditRequest& request) {
  Prepared p;
  p.layout = file::look_at(request.file);
  if (!request.map.empty()) {
    file::ReadMap read = file::read_map(request.map, read_file(request.map));
    p.map = std::move(read.map);
    p.diagnostics = std::move(read.diagnostics);
    if (p.map) check_columns(p);
  }
  if (p.map)
    p.object = p.map->object;
  else if (const auto o = file::known_object(p.layout.columns))
    p.object = *o;
  p.names = file::known_names(p.object, p.layout.columns);
  std::vector<std::string> blank = file::blank_words(p.layout.origin);
  file::Numbers numbers;
  std::vector<std::string> dates;
  if (p.map) {
    for (const auto& [name, column] : p.map->fields) p.names[name] = column;
    if (p.map->key.size() == 1) p.names["id"] = p.map->key.front();
    blank.insert(blank.end(), p.map->blank.begin(), p.map->blank.end());
    numbers = p.map->numbers;
    dates = p.map->dates;
    if (!p.map->zone.empty()) {
      if (calendar::is_zone(p.map->zone))
        p.zone = calendar::load_zone(p.map->zone);
      else
        error(p, p.map->path, "unknown-zone",
              "there is no time zone `" + p.map->zone + "` (IANA names such as Europe/Berlin)");
    }
  }
  p.reading = std::make_unique<file::Reading>(p.layout.origin, std::move(blank), numbers,
                                              file::Dates(std::move(dates), p.zone));
  return p;
}

}  // namespace coachd::app
