#include "connectors/salesforce/layouts.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/salesforce/rows.hpp"
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::salesforce {

namespace json = boost::json;

namespace {

template <class F>
void each(const json::object& of, std::string_view key, F f) {
  const json::value* const list = at(of, key);
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& one : list->get_array())
    if (one.is_object()) f(one.get_object());
}

/// Every record has this one where the object has no record types.
[[nodiscard]] bool usable(const json::object& mapping, bool master) {
  return flag(mapping, "master") == master && flag(mapping, "available") &&
         (mapping.if_contains("active") == nullptr || flag(mapping, "active"));
}

[[nodiscard]] LayoutReading& of_id(std::vector<LayoutReading>& layouts, const std::string& id) {
  for (LayoutReading& had : layouts)
    if (had.id == id) return had;
  layouts.push_back({id, {}, {}, {}});
  return layouts.back();
}

}  // namespace

std::vector<std::string> required_on(const json::object& layout) {
  std::vector<std::string> out;
  each(layout, "editLayoutSections", [&](const json::object& section) {
    each(section, "layoutRows", [&](const json::object& row) {
      each(row, "layoutItems", [&](const json::object& item) {
        if (!flag(item, "required") || (!flag(item, "editableForNew") && !flag(item, "editableForUpdate"))) return;
        each(item, "layoutComponents", [&](const json::object& component) {
          const std::string field = text(component, "value");
          if (text(component, "type") == "Field" && std::find(out.begin(), out.end(), field) == out.end())
            out.push_back(field);
        });
      });
    });
  });
  return out;
}

LayoutList read_layout_list(const json::object& answer) {
  LayoutList out;
  each(answer, "recordTypeMappings", [&](const json::object& mapping) {
    if (!usable(mapping, false)) return;
    LayoutReading& layout = of_id(out.layouts, id(mapping, "layoutId"));
    layout.record_types.push_back(id(mapping, "recordTypeId"));
    layout.record_type_names.push_back(text(mapping, "name"));
  });
  if (out.layouts.empty())  // no record types: the master's layout is everybody's
    each(answer, "recordTypeMappings", [&](const json::object& mapping) {
      if (usable(mapping, true)) (void)of_id(out.layouts, id(mapping, "layoutId"));
    });
  std::size_t found = 0;
  each(answer, "layouts", [&](const json::object& layout) {
    for (LayoutReading& one : out.layouts)
      if (one.id == id(layout, "id")) {
        one.required = required_on(layout);
        ++found;
      }
  });
  out.complete = found == out.layouts.size();
  return out;
}

void describe_layouts(const std::vector<LayoutReading>& layouts, model::ObjectDescription& into) {
  for (const LayoutReading& layout : layouts) {
    std::string name;
    for (const std::string& type : layout.record_type_names) name += (name.empty() ? "" : ", ") + type;
    into.insists.layouts.push_back(std::move(name));
  }
  std::sort(into.insists.layouts.begin(), into.insists.layouts.end());
  for (model::FieldDescription& field : into.fields) {
    if (field.required) continue;  // as anyhow
    std::vector<model::Requirement> asks;
    bool everywhere = true;
    for (const LayoutReading& layout : layouts) {
      const bool wanted =
          std::find(layout.required.begin(), layout.required.end(), field.name) != layout.required.end();
      everywhere = everywhere && wanted;
      for (std::size_t i = 0; wanted && i < layout.record_types.size(); ++i) {
        model::Requirement r;
        r.by = model::Requirement::By::layout;
        r.name = layout.record_type_names[i];
        const bool pipeline = std::any_of(into.pipelines.begin(), into.pipelines.end(),
                                          [&](const model::Pipeline& p) { return p.name == layout.record_types[i]; });
        if (pipeline) r.pipeline = layout.record_types[i];
        asks.push_back(std::move(r));
      }
    }
    if (everywhere && !layouts.empty()) {
      model::Requirement all;
      all.by = model::Requirement::By::layout;
      asks = {std::move(all)};
    }
    std::sort(asks.begin(), asks.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    field.required_where.insert(field.required_where.end(), asks.begin(), asks.end());
  }
}

}  // namespace coachd::salesforce
