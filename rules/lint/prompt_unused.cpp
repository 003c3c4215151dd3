// prompt-unused: texts that nobody will read, because no step of the rule is a prompt.
// Bad: `control: [flag]` beside `prompt: {...}`. Better: `control: [flag, prompt]`.
#include <algorithm>

#include "rules/lint/context.hpp"

namespace coachd::lint {

void prompt_unused(Context& c) {
  for (const auto& rule : c.rules()) {
    const auto steps = Context::steps(rule);
    if (rule.prompt && !steps.empty() && std::find(steps.begin(), steps.end(), "prompt") == steps.end())
      c.warn("prompt-unused", '`' + rule.name + "` has the texts of a prompt, and no step of its `control` is `prompt`",
             rule.node.key_place("prompt"));
  }
}

}  // namespace coachd::lint
