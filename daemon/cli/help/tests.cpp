// Codes about tests of rules (`coachd test`).
#include <span>

#include "daemon/cli/help/topics.hpp"

namespace coachd::help {
namespace {

constexpr Topic topics[] = {
    {"no-cases", "A test without cases tests nothing.", Part::test, "cases: []\n",
     "cases:\n  - {name: quiet, record: {id: 1, stage: Proposal, next_step: null}, expect: [quiet]}\n"},
    {"duplicate-name", "Two cases have the same name, and nobody could tell which of them failed.", Part::test,
     "cases:\n  - {name: quiet, record: {id: 1, stage: Proposal, next_step: null}, expect: [quiet]}\n"
     "  - {name: quiet, record: {id: 2, stage: Proposal, next_step: Call Kim}, expect: []}\n",
     "cases:\n  - {name: quiet, record: {id: 1, stage: Proposal, next_step: null}, expect: [quiet]}\n"
     "  - {name: not quiet, record: {id: 2, stage: Proposal, next_step: Call Kim}, expect: []}\n"},
    {"expects-nothing",
     "A case or step that expects nothing cannot fail. `expect:` lists exactly what is found; `expect: []` says that "
     "nothing is.",
     Part::test, "cases:\n  - {name: quiet, record: {id: 1, stage: Proposal, next_step: Call Kim}}\n",
     "cases:\n  - {name: quiet, record: {id: 1, stage: Proposal, next_step: Call Kim}, expect: []}\n"},
    {"wrong-order", "The steps under `then:` go forward in time: this one is before what stands above it.", Part::test,
     "cases:\n  - name: quiet\n    record: {id: 1, stage: Proposal, next_step: null}\n    expect: [quiet]\n    then:\n"
     "      - {at: 2026-05-06T09:00:00Z, set: {next_step: Call Kim}, expect: []}\n"
     "      - {at: 2026-05-05T09:00:00Z, set: {next_step: null}, expect: [quiet]}\n",
     "cases:\n  - name: quiet\n    record: {id: 1, stage: Proposal, next_step: null}\n    expect: [quiet]\n    then:\n"
     "      - {at: 2026-05-05T09:00:00Z, set: {next_step: Call Kim}, expect: []}\n"
     "      - {at: 2026-05-06T09:00:00Z, set: {next_step: null}, expect: [quiet]}\n"},
    {"unknown-person",
     "A name that is not among the `people` of the test. Whoever acts in a test, owns a record or gets prompts stands "
     "there.",
     Part::test,
     "cases:\n  - {name: quiet, record: {id: 1, stage: Proposal, next_step: null}, expect: [quiet], prompts: {anna: "
     "{per_week: 0}}}\n",
     "cases:\n  - {name: quiet, record: {id: 1, stage: Proposal, next_step: null}, expect: [quiet], prompts: {ana: "
     "{per_week: 0}}}\n"},
    {"before-known",
     "Something in the record's history is older than `known_since` (or its creation), from when on history is known: "
     "the "
     "rules do not see it.",
     Part::test,
     "cases:\n  - name: quiet\n    record: {id: 1, stage: Proposal, next_step: Call Kim}\n    known_since: 2026-04-01\n"
     "    history: [{field: next_step, to: Call Kim, at: 2026-03-01}]\n    expect: []\n",
     "cases:\n  - name: quiet\n    record: {id: 1, stage: Proposal, next_step: Call Kim}\n    known_since: 2026-02-01\n"
     "    history: [{field: next_step, to: Call Kim, at: 2026-03-01}]\n    expect: []\n"},
    {"unknown-object", "A case lists related records that no rule of the test counts.", Part::shell,
     "coachd test a.test.yaml     # related: {contact_rol: [...]}\n",
     "coachd test a.test.yaml     # related: {contact_role: [...]}\n"},
    {"no-object", "The rules of the test are about several objects: the test says by `object:` which its records are.",
     Part::shell, "coachd test a.test.yaml     # rules: [opportunity-update.yaml, renewal.yaml]\n",
     "coachd test a.test.yaml     # the same, and object: opportunity\n"},
};

}  // namespace

std::span<const Topic> test_topics() {
  return topics;
}

}  // namespace coachd::help
