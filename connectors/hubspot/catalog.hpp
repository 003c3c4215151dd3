// What the connector has learned of the account: which one it is, its people, and of each object the properties. Read
// when first needed, again with each describe. Inner header of hubspot/. Thread rule: the network thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/hubspot/session.hpp"
#include "rules/model/description.hpp"

namespace coachd::hubspot {

struct ObjectInfo {
  model::ObjectDescription description;
  std::string modified;  ///< the property that tells the last change
  std::string created;
  std::set<std::string> unique;  ///< properties by whose value a record can be named
  [[nodiscard]] const model::FieldDescription* find(std::string_view property) const {
    return description.find(property);
  }
  [[nodiscard]] bool has(std::string_view property) const { return find(property) != nullptr; }
};
using ObjectPtr = std::shared_ptr<const ObjectInfo>;

struct Account {
  std::string portal, zone, currency;
  bool sandbox = false;
};

/// People by owner id, and the two other ids that history and records name them by.
struct People {
  std::map<model::PersonId, model::Person> people;
  std::map<std::string, model::PersonId, std::less<>> owner_of_user;
  /// The owner of a user; nobody where the user is no owner.
  [[nodiscard]] model::PersonId owner(std::string_view user) const;
};

using AccountPtr = std::shared_ptr<const Account>;
using PeoplePtr = std::shared_ptr<const People>;

class Catalog {
 public:
  explicit Catalog(Session& session) : session_(session) {}

  /// Before anything else of a call: the account is the right one, its clock and zone are known.
  [[nodiscard]] Task<AccountPtr> account();
  [[nodiscard]] Task<PeoplePtr> people();
  [[nodiscard]] Task<ObjectPtr> object(std::string name);
  /// Everything is read anew when next asked for.
  void forget();
  /// Objects read so far: those whose records prompts can belong to.
  [[nodiscard]] std::vector<std::string> known_objects() const;

 private:
  Session& session_;
  AccountPtr account_;
  PeoplePtr people_;
  std::map<std::string, ObjectPtr> objects_;
};

/// Pipelines with their stages in the account's order; none for an object that has none.
[[nodiscard]] Task<std::vector<model::Pipeline>> read_pipelines(Session& session, std::string object);
/// What a save of the object must have, as far as HubSpot tells: of a custom object what its schema requires of a new
/// record (a call; without the right to read schemas that is said), of others nothing. What it does not tell is said in
/// `insists`.
[[nodiscard]] Task<model::ObjectDescription> read_insistence(Session& session, model::ObjectDescription object);
/// Active and archived owners.
[[nodiscard]] Task<People> read_people(Session& session);
[[nodiscard]] Task<Account> read_account(Session& session);

}  // namespace coachd::hubspot
