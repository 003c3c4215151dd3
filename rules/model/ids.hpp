// The names of things. Every id is a type of its own, so that a person's id cannot be handed over as a record's.
#pragma once

#include <cstdint>
#include <string>

#include "rules/model/named_type.hpp"

namespace coachd::model {

using ConnectionName = named_type<std::string, struct ConnectionNameTag>;  ///< key under `connections:` in coachd.yaml
using ObjectName = named_type<std::string, struct ObjectNameTag>;  ///< canonical (`opportunity`), else the CRM's own
using FieldName = named_type<std::string, struct FieldNameTag>;    ///< canonical (`next_step`), else the CRM's own
using RecordId = named_type<std::string, struct RecordIdTag>;      ///< Salesforce: always the 18-character form
using PersonId = named_type<std::string, struct PersonIdTag>;      ///< the CRM's user or owner id
using RuleId = named_type<std::string, struct RuleIdTag>;          ///< `commit-without-evidence`, `timing.due:champion`

/// Where a record lives. Keys in the store begin with the connection.
struct RecordKey {
  ConnectionName connection;
  ObjectName object;
  RecordId id;
  auto operator<=>(const RecordKey&) const = default;
};

}  // namespace coachd::model

template <>
struct std::hash<coachd::model::RecordKey> {
  std::size_t operator()(const coachd::model::RecordKey& k) const noexcept {
    const std::hash<std::string> h;
    return (h(k.connection.get()) * 31 + h(k.object.get())) * 31 + h(k.id.get());
  }
};
