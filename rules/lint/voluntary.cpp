// What would happen to a rep who stops for a week. In a voluntary workflow that list is empty: others see content,
// never what is missing.
#include <span>
#include <string>
#include <vector>

#include "rules/lint/context.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

void add_steps(const Ask& ask, std::vector<std::string>& out) {
  const auto name = '`' + ask.name + '`';
  for (const auto& step : Context::steps(ask)) {
    if (step == "flag") out.push_back(name + " marks their records in reports");
    if (step == "queue") out.push_back(name + " puts their records into RevOps' queue");
    if (step == "packet") out.push_back(name + " brings their records before a meeting of their manager");
    if (step != "prompt" || ask.to == "owner") continue;
    if (ask.to == "owner_manager")
      out.push_back(name + " asks their manager about their records");
    else
      out.push_back(name + " tells `" + ask.to + "` about their records");
  }
}

}  // namespace

std::vector<Stopped> if_a_rep_stops(std::span<const rules::Source> sources) {
  std::vector<Stopped> out;
  for (const auto& source : sources) {
    const auto document = yaml::Document::parse(source.path, source.text);
    if (!document->root().is_map()) continue;
    const Context context(*document);
    if (!context.voluntary()) continue;
    Stopped stopped;
    stopped.workflow = std::string(context.root().find("workflow").text());
    stopped.place = context.root().key_place("voluntary");
    for (const auto* list : {&context.cards(), &context.rules()})
      for (const auto& ask : *list) add_steps(ask, stopped.happens);
    out.push_back(std::move(stopped));
  }
  return out;
}

}  // namespace coachd::lint
