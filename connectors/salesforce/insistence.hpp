// What an organisation insists on beside its fields' own marks: page layouts (describe/layouts) and validation rules
// (Tooling API). A describe costs one call per object for the list of rules, one per active rule whose formula is new
// or changed since, and once a day one per object for its layouts, one more per layout where there are record types.
// A right that is missing, or an answer that does not come, is said in the description and is no failure.
// Inner header of salesforce/. Thread rule: the network thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/layouts.hpp"
#include "connectors/salesforce/session.hpp"
#include "rules/model/description.hpp"

namespace coachd::salesforce {

class Insistences {
 public:
  explicit Insistences(Session& session) : session_(session) {}
  /// Fills `into.insists` and `required_where` of its fields. REQUIRES: its fields and pipelines are there. Fails only
  /// where nobody is signed in.
  [[nodiscard]] Task<bool> read(ObjectPtr info, model::ObjectDescription& into);

  static constexpr std::size_t most_rules = 200;   ///< active ones of an object whose formulas are read
  static constexpr std::size_t most_layouts = 40;  ///< of an object
  static constexpr std::chrono::hours layouts_every{24};

 private:
  struct Rule {
    std::string id, name, modified;
    bool active = false;
  };
  struct Formula {
    std::string modified, text, hidden;  ///< hidden: why there is no text
  };
  struct Known {
    std::vector<Rule> rules;
    std::vector<LayoutReading> layouts;
    bool rules_known = false, layouts_known = false;
    std::chrono::sys_seconds layouts_read{};
  };
  [[nodiscard]] Task<bool> read_rules(const std::string& object, Known& known);
  [[nodiscard]] Task<bool> read_formula(Rule rule);
  [[nodiscard]] Task<bool> read_layouts(const std::string& object, Known& known);
  void describe_rules(const Known& known, const ObjectInfo& info, model::ObjectDescription& into) const;

  Session& session_;
  std::map<std::string, Known> known_;       // by object
  std::map<std::string, Formula> formulas_;  // by id of the rule
};

}  // namespace coachd::salesforce
