// Who saved or did something, as far as it is known: the words of `by:` and `set_by:`. On Salesforce flows run as the
// person, so "human" means "not proven otherwise". Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

/// Whether an author is one of the words; unknown without an author.
class Authors {
 public:
  /// Somebody who did something.
  struct Doing {
    std::string_view author;  ///< person id; empty: unknown
    model::Instant at{};      ///< the owner and others are who they were then
    Origin origin = Origin::unknown;
    std::string_view setter{};  ///< of a change: who had set the value before; empty: unknown
  };
  [[nodiscard]] Truth is(const View& v, const Doing& doing) const;
  [[nodiscard]] std::string words() const;
  /// True where one of them can only be told by a CRM that says what made a change.
  [[nodiscard]] bool asks_origin() const noexcept;

  enum class Kind : std::uint8_t {
    human,
    automation,
    import,
    integration,
    owner,
    not_owner,
    not_setter,
    owner_manager,
    person,
    job,
    field
  };
  struct One {
    Kind kind = Kind::human;
    std::string name;      ///< e-mail, job or the field's label
    Slot field = no_slot;  ///< field
  };
  std::vector<One> ones;
};

/// Whose doing is asked about: of a change all words stand; of the present value (`set_by`) those that say what made
/// it; of an activity or review those that name people.
enum class Asked : std::uint8_t { change, value, people };
/// One word or a list; nothing after an error.
[[nodiscard]] std::optional<Authors> parse_authors(yaml::Node node, std::string_view key, Asked asked, Builder& b);

}  // namespace coachd::rules
