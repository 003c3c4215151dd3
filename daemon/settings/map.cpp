// `map:` of a connection: canonical names to the CRM's own, milestones to stages.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/settings/read.hpp"
#include "rules/loader/loader.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::settings {
namespace {

constexpr std::array<std::string_view, 13> known_objects = {"opportunity", "deal",     "account", "company", "contact",
                                                            "lead",        "campaign", "case",    "ticket",  "contract",
                                                            "task",        "order",    "quote"};

std::map<std::string, std::string> names(Context& c, const yaml::Node& node, std::string_view what) {
  std::map<std::string, std::string> out;
  if (!node) return out;
  if (!node.is_map()) {
    c.error("wrong-type", std::string(what) + " is a map of names: `ours: Theirs`", node.place());
    return out;
  }
  for (const auto& [name, value] : node.entries()) {
    if (value.is_scalar() && !value.text().empty())
      out.emplace(name, value.text());
    else
      c.error("wrong-type", "`" + name + "` is a name of the CRM", value.place());
  }
  return out;
}

std::vector<std::string> stages(Context& c, const std::string& milestone, const yaml::Node& value) {
  std::vector<std::string> out;
  for (const auto& item : value.is_list() ? value.items() : std::vector<yaml::Node>{value}) {
    if (item.is_scalar() && !item.text().empty())
      out.emplace_back(item.text());
    else
      c.error("wrong-type", "milestone `" + milestone + "` is a stage or a list of stages", item.place());
  }
  return out;
}

// Keys are pipelines, `OBJECT.PIPELINE`, or milestones right away where an org has one pipeline.
void read_milestones(Context& c, const yaml::Node& node, rules::NameMap& out) {
  if (!node) return;
  if (!node.is_map()) {
    c.error("wrong-type", "`milestones` is a map: `PIPELINE: {qualified: STAGE, proposal: STAGE}`", node.place());
    return;
  }
  for (const auto& [key, value] : node.entries()) {
    if (!value.is_map()) {
      auto found = stages(c, key, value);
      if (!found.empty()) out.milestones["opportunity"][""][key] = std::move(found);
      continue;
    }
    std::string object = "opportunity";
    std::string pipeline = key;
    if (const auto dot = key.find('.'); dot != std::string::npos) {
      const auto prefix = key.substr(0, dot);
      const bool known = std::find(known_objects.begin(), known_objects.end(), prefix) != known_objects.end() ||
                         out.objects.contains(prefix) || out.fields.contains(prefix);
      if (known) {
        object = prefix;
        pipeline = key.substr(dot + 1);
      }
    }
    for (const auto& [milestone, names_of] : value.entries()) {
      auto found = stages(c, milestone, names_of);
      if (!found.empty()) out.milestones[object][pipeline][milestone] = std::move(found);
    }
  }
}

}  // namespace

rules::NameMap read_map(Context& c, const yaml::Node& node) {
  rules::NameMap out;
  if (!node) return out;
  yaml::MapReader map(c.document, node, "`map`");
  out.objects = names(c, map.optional("objects"), "`objects`");
  if (const auto fields = map.optional("fields")) {
    if (!fields.is_map())
      c.error("wrong-type", "`fields` is a map by object: `opportunity: {champion: Champion__c}`", fields.place());
    for (const auto& [object, value] : fields.entries()) out.fields[object] = names(c, value, "`" + object + "`");
  }
  read_milestones(c, map.optional("milestones"), out);
  for (const std::string_view key : {"jobs", "teams"}) {
    const auto value = map.optional(key);
    if (!value) continue;
    if (!value.is_map()) c.error("wrong-type", "`" + std::string(key) + "` is a map", value.place());
    c.not_used(key, node.key_place(key));
  }
  map.finish();
  return out;
}

}  // namespace coachd::settings
