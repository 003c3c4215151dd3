// A connection whose CRM has been described: names and types of fields, options and stages are known and checked.
#pragma once

#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"

namespace coachd::rules {

inline model::Description description() {
  model::Description out;
  const auto add = [](model::ObjectDescription& object, const char* name, model::FieldType type) {
    model::FieldDescription f;
    f.name = f.label = name;
    f.type = type;
    object.fields.push_back(f);
  };
  auto& o = out.objects["opportunity"];
  o.name = "opportunity";
  for (const char* name : {"name", "next_step", "champion", "competitor", "source", "pipeline"})
    add(o, name, model::FieldType::text);
  add(o, "owner", model::FieldType::reference);
  add(o, "stage", model::FieldType::picklist);
  add(o, "amount", model::FieldType::currency);
  add(o, "close_date", model::FieldType::date);
  add(o, "last_login", model::FieldType::datetime);
  add(o, "contract_end", model::FieldType::date);
  add(o, "created", model::FieldType::datetime);
  add(o, "is_partner", model::FieldType::boolean);
  for (auto& f : o.fields) {
    if (f.name != "source") continue;
    f.type = model::FieldType::picklist;
    f.options = {{"Web", "Web", true}, {"Event", "Event", true}};
  }
  model::Pipeline p;
  for (const char* name : {"Prospecting", "Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost"}) {
    model::Stage s;
    s.name = s.label = name;
    s.won = s.name == "Closed Won";
    s.lost = s.name == "Closed Lost";
    p.stages.push_back(s);
  }
  o.pipelines = {p};
  auto& gadget = out.objects["gadget"];
  gadget.name = "gadget";
  add(gadget, "size", model::FieldType::text);
  return out;
}

/// Opportunities with a text, a number, dates, a list, a checkbox and six stages; gadgets with neither stage nor owner.
inline Binding described() {
  Binding out;
  out.connection = "acme";
  out.description = description();
  return out;
}

}  // namespace coachd::rules
