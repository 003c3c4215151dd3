#include "connectors/hubspot/links.hpp"

#include <algorithm>
#include <cstddef>
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

[[nodiscard]] model::StoredValue joined(std::vector<std::string> ids) {
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

Task<bool> add_links(Session& session, const Selection& selection, connectors::Page& page) {
  for (std::size_t column = 0; column < selection.columns.size(); ++column) {
    const std::string& name = selection.columns[column];
    if (!name.starts_with(mark)) continue;
    std::vector<std::string> ids;
    for (const model::RecordRow& row : page.rows)
      if (!row.deleted) ids.push_back(row.id.get());
    auto links =
        co_await read_links(session, selection.object->description.name, name.substr(mark.size()), std::move(ids));
    if (!links) co_return links.error();
    for (model::RecordRow& row : page.rows)
      if (!row.deleted && column < row.values.size()) row.values[column] = joined((*links)[row.id.get()]);
  }
  co_return true;
}

}  // namespace coachd::hubspot
