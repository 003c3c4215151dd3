// no-owner: a definition without a person behind it. Nobody answers when a prompt is called wrong.
// Bad: `owner: RevOps`. Better: `owner: revops@example.com`.
#include <string>
#include <string_view>
#include "rules/lint/context.hpp"
#include "rules/model/address.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

void look(Context& c, const yaml::Node& node, std::string_view key) {
  const auto owner = node.find(key);
  if (!owner.is_scalar() || model::is_address(owner.text())) return;
  c.warn("no-owner",
         "`" + std::string(owner.text()) + "` is no e-mail address: nobody can be asked about the definition",
         owner.place());
}

}  // namespace

void no_owner(Context& c) {
  look(c, c.root(), "owner");
  for (const auto& card : c.cards()) look(c, card.node, "definition_owner");
}

}  // namespace coachd::lint
