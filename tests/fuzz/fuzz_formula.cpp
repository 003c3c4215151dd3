// Any text as the formula of a validation rule: an answer for every field that it names, never a crash and never a
// requirement that is both read and not read.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "connectors/salesforce/formula_judge.hpp"
#include "rules/model/description.hpp"

namespace {

coachd::model::ObjectDescription object() {
  using coachd::model::FieldType;
  coachd::model::ObjectDescription o;
  o.name = "Opportunity";
  int type = 0;
  for (const char* name : {"U", "T", "L", "P", "M", "B", "N", "C", "E", "D", "W", "R__c", "F", "X", "H", "I"}) {
    coachd::model::FieldDescription f;
    f.name = name;
    f.type = static_cast<FieldType>(type++);
    o.fields.push_back(f);
  }
  for (const char* name : {"012000000000001AAA", "012000000000002AAA"}) {
    coachd::model::Pipeline p;
    p.name = name;
    for (const char* stage : {"A", "B", "Won", "Lost"}) {
      coachd::model::Stage s;
      s.name = stage;
      s.won = s.name == "Won";
      s.lost = s.name == "Lost";
      p.stages.push_back(s);
    }
    o.pipelines.push_back(p);
  }
  return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto described = object();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto reading = coachd::salesforce::read_rule("R", text, described, {{"012000000000001AAA", "One"}});
  for (const auto& [field, asks] : reading.fields) {
    if (described.find(field) == nullptr || asks.empty()) std::abort();
    for (const auto& r : asks) {
      if (!r.unread.empty() && (!r.stages.empty() || !r.where.empty() || asks.size() != 1)) std::abort();
      if (!r.unread.empty() && reading.rule.unread.empty()) std::abort();
      if (coachd::model::words(r, described.pipelines).empty()) std::abort();
    }
  }
  return 0;
}
