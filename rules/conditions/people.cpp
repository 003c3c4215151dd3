#include "rules/conditions/people.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

bool is_integration(const View& v, std::string_view author) {
  const auto& users = v.world().integration_users;
  if (std::find(users.begin(), users.end(), author) != users.end()) return true;
  const auto* person = v.world().person(author);
  return person != nullptr && !person->human;
}

// An owner whose past is not known that far back is not known at all.
std::optional<std::string_view> owner_at(const View& v, model::Instant at) {
  const Slot slot = v.frame().owner;
  const auto unknown = unknown_before(v, slot);
  if (unknown && at < *unknown) return std::nullopt;
  const auto owner = value_at(v, slot, at);
  if (owner.kind() != model::Value::Kind::text) return std::nullopt;
  return owner.as_text();
}

Truth is_one(const Authors::One& one, const View& v, std::string_view author, model::Instant at) {
  switch (one.kind) {
    case Authors::Kind::human: return truth(!is_integration(v, author));
    case Authors::Kind::integration: return truth(is_integration(v, author));
    case Authors::Kind::owner:
    case Authors::Kind::not_owner: {
      const auto owner = owner_at(v, at);
      return owner ? truth((*owner == author) == (one.kind == Authors::Kind::owner)) : Truth::unknown;
    }
    case Authors::Kind::owner_manager: {
      const auto owner = owner_at(v, at);
      const auto* person = owner ? v.world().person(*owner) : nullptr;
      return person == nullptr || person->manager.empty() ? Truth::unknown : truth(person->manager.get() == author);
    }
    case Authors::Kind::person: {
      const auto* person = v.world().person(author);
      return person == nullptr ? Truth::unknown : truth(text::same(person->email, one.name));
    }
    case Authors::Kind::job: {
      const auto* person = v.world().person(author);
      return person == nullptr || person->job.empty() ? Truth::unknown : truth(person->job == one.name);
    }
  }
  return Truth::unknown;
}

}  // namespace

Truth Authors::is(const View& v, std::string_view author, model::Instant at) const {
  if (author.empty()) return Truth::unknown;
  Truth out = Truth::no;
  for (const auto& one : ones) out = std::max(out, is_one(one, v, author, at));
  return out;
}

std::string Authors::words() const {
  std::string out;
  for (const auto& one : ones) {
    if (!out.empty()) out += " or ";
    switch (one.kind) {
      case Kind::human: out += "a person"; break;
      case Kind::integration: out += "an integration"; break;
      case Kind::owner: out += "the owner"; break;
      case Kind::not_owner: out += "somebody else than the owner"; break;
      case Kind::owner_manager: out += "the owner's manager"; break;
      case Kind::person:
      case Kind::job: out += one.name; break;
    }
  }
  return out;
}

std::optional<Authors> parse_authors(yaml::Node node, std::string_view key, bool about_value, Builder& b) {
  const auto words = parse_words_at(node, key, b);
  if (!words) return std::nullopt;
  Authors out;
  bool good = true;
  for (const auto& w : *words) {
    const auto rest = [&](std::string_view prefix) {
      return w.starts_with(prefix) ? w.substr(prefix.size()) : std::string{};
    };
    if (w == "human")
      out.ones.push_back({Authors::Kind::human, {}});
    else if (w == "integration")
      out.ones.push_back({Authors::Kind::integration, {}});
    else if (w == "automation" || w == "import" || (!about_value && (w == "not_setter" || !rest("field:").empty()))) {
      not_in_this_version(b, std::string(key) + ": " + w, node.place());
      good = false;
    } else if (!about_value && (w == "owner" || w == "not_owner" || w == "owner_manager")) {
      if (!b.has_owner()) {
        b.error("no-owner-field", '`' + w + "` needs an object with an owner field", node.place());
        good = false;
      } else {
        b.needs_history(b.frame().owner);
      }
      out.ones.push_back({w == "owner"       ? Authors::Kind::owner
                          : w == "not_owner" ? Authors::Kind::not_owner
                                             : Authors::Kind::owner_manager,
                          {}});
    } else if (!about_value && !rest("person:").empty()) {
      out.ones.push_back({Authors::Kind::person, rest("person:")});
    } else if (!about_value && !rest("job:").empty()) {
      out.ones.push_back({Authors::Kind::job, rest("job:")});
    } else {
      const std::vector<std::string> known{"human", "integration", "owner", "not_owner", "owner_manager"};
      const auto near = yaml::nearest(w, known);
      b.error("unknown-author", "unknown author `" + w + '`' + (near ? ": did you mean `" + *near + "`?" : ""),
              node.place());
      good = false;
    }
  }
  if (!good) return std::nullopt;
  return out;
}

}  // namespace coachd::rules
