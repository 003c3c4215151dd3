// What the organisation's objects look like: describe, kept as the allow-list of everything that goes into a query.
// Inner header of salesforce/. Thread rule: the network thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/salesforce/session.hpp"
#include "rules/model/description.hpp"

namespace coachd::salesforce {

struct ObjectInfo {
  model::ObjectDescription description;                ///< pipelines are not filled in here
  std::map<std::string, std::string> parents;          ///< relationship name -> object: Account -> Account
  std::map<std::string, std::string> developer_names;  ///< record type id -> its name for developers
  std::string stamp;                                   ///< SystemModstamp, else LastModifiedDate, else CreatedDate
  [[nodiscard]] bool has(std::string_view field) const { return description.find(field) != nullptr; }
  /// The type that values of this field are read as.
  [[nodiscard]] model::FieldType type(std::string_view field) const;
};
using ObjectPtr = std::shared_ptr<const ObjectInfo>;

class Catalog {
 public:
  explicit Catalog(Session& session) : session_(session) {}
  /// From memory, else by a describe call. A name that is no name, or that the user may not see: permanent.
  [[nodiscard]] Task<ObjectPtr> object(std::string name);
  /// Forgets what is known: the next `object` asks again.
  void forget() { objects_.clear(); }
  void forget(const std::string& name) { objects_.erase(name); }

 private:
  Session& session_;
  std::map<std::string, ObjectPtr> objects_;
};

/// The type of a column with or without a dot; nothing where the object (or its parent) has no such readable field.
[[nodiscard]] Task<std::optional<model::FieldType>> column_type(Catalog& catalog, ObjectPtr object, std::string column);

}  // namespace coachd::salesforce
