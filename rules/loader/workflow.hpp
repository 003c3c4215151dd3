// One rule file: its workflow, cards, criteria and rules, compiled. One thread.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/loader/parts.hpp"

namespace coachd::rules {

/// A rule on its way into the set, before numbers are given.
struct Made {
  RuleInfo info;
  CompiledRule compiled;
  struct Silence {
    std::string name;
    model::Place place;
  };
  std::vector<Silence> silences;
};

class Workflow {
 public:
  Workflow(yaml::Document& document, ObjectBuild& object, ObjectBuilds& objects, std::string default_file);
  /// Reads everything; errors are in the document. Rules that failed or are switched off are left out.
  void read();

  std::vector<Made> made;
  std::vector<SwitchedOff> off;
  std::vector<PartlyOff> partly_off;  ///< one a test, with its rule
  std::vector<Written> written;
  std::string id;
  std::optional<std::string> now;

 private:
  void read_header(yaml::MapReader& map);
  void read_card_lists(yaml::Node fields);
  void read_card(const std::string& name, yaml::Node node, const model::Place& place);
  void read_criteria(yaml::Node node);
  void read_rule(yaml::Node node);
  [[nodiscard]] TestPtr read_window(yaml::Node node, std::string_view key);
  /// The workflow's `for`, compiled anew; nothing to add where there is none. False: it cannot stand here.
  [[nodiscard]] bool add_for(std::vector<TestPtr>& scope);
  [[nodiscard]] RuleInfo base_info(model::RuleId rule, model::RuleKind kind, const model::Place& place) const;
  void keep(Written::Kind kind, const std::string& rule, yaml::Node node);
  [[nodiscard]] std::uint64_t hash_of(yaml::Node node, const CompiledRule& rule) const;
  /// True where the rule is switched off here (said); forgets why.
  [[nodiscard]] bool switched_off(const std::string& rule);

  yaml::Document& document_;
  ObjectBuild& object_;
  FileBuilder b_;
  yaml::Node for_;
  RuleInfo defaults_;
  std::vector<Exception> exceptions_;
  std::string inspected_in_;  // the workflow's first meeting
  std::uint64_t header_hash_ = hash_start;
};

}  // namespace coachd::rules
