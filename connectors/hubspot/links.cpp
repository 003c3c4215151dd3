#include "connectors/hubspot/links.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/rows.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/task_read.hpp"
#include "rules/model/record.hpp"
#include "rules/model/value.hpp"

namespace coachd::hubspot {
namespace {

constexpr std::string_view mark = "associations.";
constexpr std::string_view of_all = ".primary";

[[nodiscard]] model::StoredValue joined(const std::vector<Link>& links, bool primary) {
  std::vector<std::string> ids;
  for (const Link& link : links)
    if (!primary || link.primary) ids.push_back(link.id);
  if (primary && ids.size() != 1) return joined(links, false);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ";") + id;
  return text.empty() ? model::StoredValue(model::Value::blank()) : model::StoredValue::text(std::move(text));
}

}  // namespace

std::string link_column(std::string_view object) {
  return std::string(mark) + std::string(object);
}

std::string primary_column(std::string_view object) {
  return link_column(object) + std::string(of_all);
}

Task<bool> add_links(Session& session, const Selection& selection, connectors::Page& page) {
  std::map<std::string, Links> known;  // by the other object
  for (std::size_t column = 0; column < selection.columns.size(); ++column) {
    std::string to = selection.columns[column];
    if (!to.starts_with(mark)) continue;
    to.erase(0, mark.size());
    const bool primary = to.ends_with(of_all);
    if (primary) to.resize(to.size() - of_all.size());
    if (!known.contains(to)) {
      std::vector<std::string> ids;
      for (const model::RecordRow& row : page.rows)
        if (!row.deleted) ids.push_back(row.id.get());
      auto links = co_await read_links(session, selection.object->description.name, to, std::move(ids));
      if (!links) co_return links.error();
      known.emplace(to, std::move(*links));
    }
    Links& links = known.at(to);
    for (model::RecordRow& row : page.rows)
      if (!row.deleted && column < row.values.size()) row.values[column] = joined(links[row.id.get()], primary);
  }
  co_return true;
}

}  // namespace coachd::hubspot
