// Who saved something, as far as it is known: the words of `by:` and `set_by:`. On Salesforce flows run as the person,
// so "human" means "not proven otherwise". Immutable; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

/// Whether an author is one of the words; unknown without an author.
class Authors {
 public:
  /// `at` is when they saved: the owner is who owned the record then.
  [[nodiscard]] Truth is(const View& v, std::string_view author, model::Instant at) const;
  [[nodiscard]] std::string words() const;

  enum class Kind : std::uint8_t { human, integration, owner, not_owner, owner_manager, person, job };
  struct One {
    Kind kind = Kind::human;
    std::string name;
  };
  std::vector<One> ones;
};

/// One word or a list; nothing after an error. `set_by` takes human and integration only.
[[nodiscard]] std::optional<Authors> parse_authors(yaml::Node node, std::string_view key, bool about_value, Builder& b);

}  // namespace coachd::rules
