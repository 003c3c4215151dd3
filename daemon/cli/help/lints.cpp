// Codes of the lint: what is well-formed and still a bad idea (`coachd check --strict` makes them count).
#include <span>

#include "daemon/cli/help/topics.hpp"

namespace coachd::help {
namespace {

constexpr Topic topics[] = {
    {"exception-ended",
     "An exception whose last day has passed does nothing any more: its record is looked at again. What nobody takes "
     "out "
     "is taken for something that still holds.",
     Part::rule,
     "- id: no-next-step\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag]\n"
     "  exceptions: [{record: 006A, until: 2020-01-01, because: Paused by the customer, by: li@example.com}]\n",
     "- {id: no-next-step, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"},
    {"exception-unmatched",
     "An exception for a record that is not there does nothing: a typo in the id, or a record that was deleted. It is "
     "told where the daemon has read the records, with `--read`.",
     Part::shell, "coachd check --read /etc/coachd/coachd.yaml    # exceptions: [{record: 006B00000000OO1, ...}]\n",
     "coachd check --read /etc/coachd/coachd.yaml    # exceptions: [{record: 006B00000000001, ...}]\n"},
    {"review-overdue",
     "A field that was kept against the evidence has a day on which its owner is asked again. That day has passed.",
     Part::card, "competitor: {keep: {because: The board asks for it, review_on: 2020-01-01}}\n",
     "competitor: {keep: {because: The board asks for it, review_on: 2999-12-31}}\n"},
    {"no-owner",
     "Nobody can be asked about the definition. Whoever is told that a prompt is wrong must know whom to write to: "
     "name "
     "an e-mail address.",
     Part::card,
     "champion: {decision: Who speaks for us, needed_by: {stage: Negotiation}, definition_owner: RevOps, gives_back: "
     "Help}\n",
     "champion: {decision: Who speaks for us, needed_by: {stage: Negotiation}, definition_owner: li@example.com, "
     "gives_back: Help}\n"},
    {"no-decision",
     "A field that is asked for and decides nothing is filled with whatever makes the question go away. Say which "
     "decision hangs on the answer, or retire the field.",
     Part::card, "champion: {needed_by: {stage: Negotiation}, gives_back: Help in the review}\n",
     "champion:\n  decision: Whether we can reach the buyer without help\n  needed_by: {stage: Negotiation}\n"
     "  gives_back: Help in the review\n"},
    {"never-inspected",
     "What no meeting looks at is not kept true. Name the meeting in which somebody uses the answer.", Part::file,
     "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\nrules:\n"
     "  - {id: r, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n",
     "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\ninspected_in: pipeline-review\nrules:\n"
     "  - {id: r, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"},
    {"mandate-wording", "People answer orders with the bare minimum. Ask the question whose answer you want to know.",
     Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {ask: You must fill in the next step., gives_back: It stands in the packet}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {ask: \"What happens next, and when?\", gives_back: It stands in the packet}\n"},
    {"login-metric",
     "Signing in is no work: who signs in every day and changes nothing has adopted nothing. Judge what the workflow "
     "needs.",
     Part::condition, "{field: last_login, older_than: 7d}\n", "{field: next_step, unchanged_for: 14d}\n"},
    {"gives-nothing-back",
     "The prompt only takes. Say what the person gets for the answer; where there is nothing to say, do not ask.",
     Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {ask: \"What happens next, and when?\"}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {ask: \"What happens next, and when?\", gives_back: Nobody asks again on the call}\n"},
    {"hard-control",
     "coachd never blocks anybody, and no step can: a block is answered with whatever the field takes. The heaviest "
     "step is a question to a person.",
     Part::rule, "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [block]}\n",
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"},
    {"hidden-mandate",
     "The workflow says that it is voluntary, and this step shows somebody else what is missing: that is a mandate. "
     "A voluntary workflow has no step above the person's own list and prompt.",
     Part::workflow,
     "voluntary: true\nrules:\n  - {id: notes, kind: stale, when: {field: next_step, real: false}, control: "
     "[packet]}\n",
     "voluntary: true\nrules:\n  - id: notes\n    kind: stale\n    when: {field: next_step, real: false}\n"
     "    control: [prompt]\n    prompt: {to: owner, ask: \"What is next?\", gives_back: Your own list is in order}\n"},
    {"not-reviewed-by-job",
     "Nobody of the people who will be asked saw these rules on their own records and said yes. Show them "
     "(`coachd audit`), and name them in `reviewed_by`.",
     Part::file,
     "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\ninspected_in: pipeline-review\n"
     "fields:\n  champion: {decision: Who speaks for us, needed_by: {stage: won}, gives_back: Help in the review}\n",
     "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\ninspected_in: pipeline-review\n"
     "reviewed_by: {rep: [ana@example.com]}\n"
     "fields:\n  champion: {decision: Who speaks for us, needed_by: {stage: won}, gives_back: Help in the review}\n"},
    {"asks-before-knowable",
     "The question comes before its answer can be known, and is answered all the same, with something: that is how "
     "fake "
     "data begins. Let the rule look at records from that stage on, or leave the asking to the card.",
     Part::workflow,
     "fields:\n  champion:\n    decision: Who speaks for us\n    knowable_from: {stage: Qualification}\n"
     "    needed_by: {stage: Proposal}\n    gives_back: Help in the review\n"
     "rules:\n  - id: no-champion\n    kind: stale\n    for: {open: true}\n    when: {field: champion, real: false}\n"
     "    control: [flag, prompt]\n    prompt: {ask: \"Who speaks for us?\", gives_back: Help in the review}\n"
     "stages: [Prospecting, Qualification, Proposal, {name: Closed Won, won: true}]\n",
     "fields:\n  champion:\n    decision: Who speaks for us\n    knowable_from: {stage: Qualification}\n"
     "    needed_by: {stage: Proposal}\n    gives_back: Help in the review\n"
     "rules:\n  - id: no-champion\n    kind: stale\n    for: {open: true, stage: {at_least: Proposal}}\n"
     "    when: {field: champion, real: false}\n"
     "    control: [flag, prompt]\n    prompt: {ask: \"Who speaks for us?\", gives_back: Help in the review}\n"
     "stages: [Prospecting, Qualification, Proposal, {name: Closed Won, won: true}]\n"},
    {"manager-before-rep",
     "A manager hears of something that the rep was never asked about: that is auditing, and it ends in cosmetics "
     "before "
     "the meeting. Ask the owner for the same thing first; the packet brings it to the manager.",
     Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {to: owner_manager, ask: \"What is next on this deal?\", gives_back: One deal less to ask about}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, packet, prompt]\n"
     "  prompt: {to: owner, ask: \"What happens next, and when?\", gives_back: Nobody asks again on the call}\n"},
    {"too-many-asks",
     "More than three new questions to the people of one job begin in the same week. A rule whose `control` begins "
     "with "
     "`prompt` asks from its first day; with `flag` before it, it asks when it has climbed. Files cannot tell how long "
     "their rules have been live: all of them count as new.",
     Part::rule,
     "- {id: a, kind: stale, when: {field: next_step, real: false}, control: [prompt], prompt: {ask: \"A?\", "
     "gives_back: X}}\n"
     "- {id: b, kind: stale, when: {field: champion, real: false}, control: [prompt], prompt: {ask: \"B?\", "
     "gives_back: X}}\n"
     "- {id: c, kind: stale, when: {field: amount, filled: false}, control: [prompt], prompt: {ask: \"C?\", "
     "gives_back: X}}\n"
     "- {id: d, kind: stale, when: {field: source, filled: false}, control: [prompt], prompt: {ask: \"D?\", "
     "gives_back: X}}\n",
     "- {id: a, kind: stale, when: {field: next_step, real: false}, control: [prompt], prompt: {ask: \"A?\", "
     "gives_back: X}}\n"
     "- {id: b, kind: stale, when: {field: champion, real: false}, control: [prompt], prompt: {ask: \"B?\", "
     "gives_back: X}}\n"
     "- {id: c, kind: stale, when: {field: amount, filled: false}, control: [prompt], prompt: {ask: \"C?\", "
     "gives_back: X}}\n"
     "- {id: d, kind: stale, when: {field: source, filled: false}, control: [flag, prompt], prompt: {ask: \"D?\", "
     "gives_back: "
     "X}}\n"},
    {"blank-hides",
     "The rule, card or workflow looks only at records where a field holds something, and nobody asks for that field: "
     "the emptiest records are never found. Ask for it with a card or a rule on `filled: false`, or hang the window on "
     "something that is always there. Name, stage, owner, creation, close date and forecast category count as always "
     "there.",
     Part::card,
     "champion: {decision: Who speaks for us, needed_by: {before: {field: contract_end, by: 60d}}, gives_back: Help}\n",
     "champion: {decision: Who speaks for us, needed_by: {before: {field: contract_end, by: 60d}}, gives_back: Help}\n"
     "contract_end: {decision: When to talk about renewal, needed_by: {stage: won}, gives_back: A reminder in time}\n"},
    {"prompt-unused",
     "The rule has the texts of a prompt, and no step of its `control` is `prompt`: nobody will ever read them. Add "
     "the "
     "step, or take the texts out.",
     Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag]\n"
     "  prompt: {ask: \"What happens next?\", gives_back: Nobody asks again on the call}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {ask: \"What happens next?\", gives_back: Nobody asks again on the call}\n"},
    {"never-holds",
     "The tests beside each other exclude each other: no value is above 100 and below 50, and none is blank and real. "
     "The condition holds for no record.",
     Part::condition, "{field: amount, above: 100, below: 50}\n", "{field: amount, above: 50, below: 100}\n"},
    {"too-broad",
     "A second workflow asks the same people from its first day, and nothing says when the first is done. People "
     "change "
     "one habit at a time: say with `enough:` at which share of review-ready records the first counts as done, and let "
     "the second begin with `flag` until then. Whether the first has improved cannot be told from files.",
     Part::shell, "coachd check opportunity-update.yaml renewal.yaml     # both ask the rep, neither says `enough:`\n",
     "coachd check opportunity-update.yaml renewal.yaml     # the first says `enough: 90%`\n"},
    {"noisy",
     "The rule would ask people more often than the budget of a week allows, so most of its prompts would wait. Narrow "
     "its `for`, or begin with `flag`. It is told from what the rule finds today, where that is known: in an export, "
     "or in the state of the daemon. There each record is looked at as it was in the last four weeks, too, as far as "
     "its "
     "history tells: what rests on activities or on other records is not replayed.",
     Part::shell, "coachd check --read rules/ --file export.csv --map map.yaml    # 40 records each\n",
     "coachd check --read rules/ --file export.csv --map map.yaml    # for: {field: forecast_category, in: "
     "[commit]}\n"},
};

}  // namespace

std::span<const Topic> lint_topics() {
  return topics;
}

}  // namespace coachd::help
