// Named texts in (the app reads the files), a rule set out, or every error at once. Names and milestones are resolved
// by the connection's map and description; what only this connection lacks is switched off there and said.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"

namespace coachd::rules {

struct Source {
  std::string path;
  std::string text;
};

/// Names of one connection: canonical -> the CRM's own, per canonical object. Connectors ship theirs (`default_names`),
/// `map:` of coachd.yaml overrides and adds.
struct NameMap {
  std::map<std::string, std::string> objects;                        ///< opportunity -> Opportunity
  std::map<std::string, std::map<std::string, std::string>> fields;  ///< opportunity -> {champion -> Champion__c}
  /// object -> pipeline ("" = any) -> milestone -> stages (a list where several stages are one milestone).
  std::map<std::string, std::map<std::string, std::map<std::string, std::vector<std::string>>>> milestones;
};

/// What rules are resolved against. Without a description (exports, `check` without a connection) every field name is
/// accepted as a column and typed `unknown`, and a rule file's own `stages:` gives the order.
struct Binding {
  std::string connection;  ///< "" for an export
  NameMap names;
  std::optional<model::Description> description;
  std::vector<std::string> columns;   ///< exports: the columns there are (else empty: all accepted)
  std::vector<std::string> meetings;  ///< names under `meetings:` of coachd.yaml; empty: unknown, not checked
  std::map<std::string, model::FieldType>
      column_types;  ///< exports: a column of which at least 99 % of the values are that
  std::map<std::string, std::vector<model::Pipeline>>
      stages;  ///< by canonical object, from an export's map; wins over all others
  std::vector<std::string>
      known_elsewhere;  ///< names that another connection has: unknown here, they switch off and are no error
};

/// What a file says beside its tests, kept as written for lint and listings: every scalar under its dotted path
/// (`prompt.gives_back`, `used_in.0`, `climb.after`).
struct Written {
  enum class Kind : std::uint8_t { workflow, card, criterion, rule };
  Kind kind = Kind::rule;
  std::string id;  ///< of the workflow, field, criterion or rule
  std::string workflow;
  model::Place place;
  struct Entry {
    std::string path;
    std::string text;
    model::Place place;
  };
  std::vector<Entry> entries;

  [[nodiscard]] const Entry* find(std::string_view path) const noexcept;
  /// True for `path` itself and everything below it.
  [[nodiscard]] bool has(std::string_view path) const noexcept;
};

struct Loaded {
  std::shared_ptr<const RuleSet> rules;                        ///< null when there is any error
  std::map<std::string, std::vector<model::Pipeline>> stages;  ///< from `stages:` of rule files, by canonical object
  std::optional<std::string> now;              ///< `now:` of a bench file, as written; the daemon refuses it
  std::vector<model::Diagnostic> diagnostics;  ///< errors and warnings, by file and place
  std::vector<Written> written;                ///< also where there were errors, as far as files could be read
};

[[nodiscard]] Loaded load(const std::vector<Source>& sources, const Binding& binding);

/// True for a text whose top keys say that it is a rule file (`workflow:`).
[[nodiscard]] bool is_rule_file(const Source& source);

}  // namespace coachd::rules
