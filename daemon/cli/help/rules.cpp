// Codes about what a rule file says.
#include <span>

#include "daemon/cli/help/topics.hpp"

namespace coachd::help {
namespace {

constexpr Topic topics[] = {
    {"bad-id",
     "Ids of workflows, criteria and rules stand in addresses, logs and tests: they begin with a letter or digit and "
     "hold letters, digits, `.`, `_` and `-`.",
     Part::rule, "- id: no next step!\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag]\n",
     "- id: no-next-step\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag]\n"},
    {"duplicate-id",
     "Rule ids are one of a kind over all files of a connection, workflows too, criteria within their workflow: a "
     "finding is told by them for years.",
     Part::rule,
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"
     "- {id: quiet, kind: stale, when: {field: next_step, unchanged_for: 14d}, control: [flag]}\n",
     "- {id: no-next-step, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"
     "- {id: old-next-step, kind: stale, when: {field: next_step, unchanged_for: 14d}, control: [flag]}\n"},
    {"duplicate-stage", "A stage stands once in `stages:`: its place in the list is its order.", Part::workflow,
     "stages: [Prospecting, Proposal, Proposal, {name: Closed Won, won: true}]\n",
     "stages: [Prospecting, Proposal, {name: Closed Won, won: true}]\n"},
    {"unknown-field",
     "No connection has a field of that name, and it is none of coachd's own names either. Use the name that `map:` "
     "ties to your field, or the CRM's own (the API name, such as `Health_Score__c`). One object up is a dot: "
     "`account.health_score`.",
     Part::condition, "{field: nxt_step, real: false}\n", "{field: next_step, real: false}\n"},
    {"unknown-stage",
     "No pipeline has such a stage or milestone. Milestones (`qualified, proposal, negotiation, commit, won, lost` and "
     "your own) are tied to stages under `milestones:`; a stage is written as the CRM shows it.",
     Part::condition, "{stage: {at_least: Negotation}}\n", "{stage: {at_least: Negotiation}}\n"},
    {"unknown-related",
     "No connection has an object of that name, and it is none of coachd's own names either. Use the name that `map:` "
     "ties to your object, or the CRM's own (`Onboarding__c`).",
     Part::condition, "{related: contact_rol}\n", "{related: contact_role}\n"},
    {"unknown-segment", "`segment:` names one of the `segments:` of the same file.", Part::condition,
     "{segment: huge}\n", "{field: amount, at_least: 100000}\n"},
    {"circular-segment", "A segment that stands in itself can never be told. Write out what it means.", Part::workflow,
     "segments:\n  large: {segment: wide}\n  wide: {segment: large}\nfor: {segment: large}\n",
     "segments:\n  large: {stage: {at_least: Negotiation}}\n  wide: {segment: large, open: true}\nfor: {segment: "
     "wide}\n"},
    {"unknown-rule",
     "`silences:` names a rule, `timing:FIELD` (all findings of a card) or `acceptance.not-ready`, each also with its "
     "workflow before it: `opportunity-update/timing:champion`.",
     Part::rule,
     "- {id: no-owner, kind: stale, when: {owner: {active: false}}, control: [flag], silences: [quite]}\n"
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n",
     "- {id: no-owner, kind: stale, when: {owner: {active: false}}, control: [flag], silences: [quiet]}\n"
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"},
    {"circular-silence",
     "A rule that silences itself, or two that silence each other, would never be said where they hold. Let the one "
     "that "
     "explains the other silence it.",
     Part::rule,
     "- {id: no-owner, kind: stale, when: {owner: {active: false}}, control: [flag], silences: [quiet]}\n"
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag], silences: [no-owner]}\n",
     "- {id: no-owner, kind: stale, when: {owner: {active: false}}, control: [flag], silences: [quiet]}\n"
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"},
    {"minutes-or-months",
     "A length such as `3m` is three minutes; months are written `3mo`. Whoever means minutes writes more than twelve "
     "of "
     "them, or seconds: `600s`.",
     Part::condition, "{field: next_step, unchanged_for: 3m}\n", "{field: next_step, unchanged_for: 3mo}\n"},
    {"typographic-quotes",
     "Quotes that a word processor made are letters to YAML: they become part of the text, which then never fits. "
     "Write "
     "straight quotes, or none.",
     Part::condition, "{field: source, is: \u201cWeb\u201d}\n", "{field: source, is: \"Web\"}\n"},
    {"unknown-meeting",
     "`inspected_in`, and a bare name in `used_in`, is a meeting of coachd.yaml. What is no meeting is written as "
     "`report: ...`, `automation: ...`, `handoff: ...` or `other: ...`.",
     Part::card,
     "champion: {decision: Who speaks for us, needed_by: {stage: Negotiation}, inspected_in: pipeline-reveiw, "
     "gives_back: Help}\n",
     "champion: {decision: Who speaks for us, needed_by: {stage: Negotiation}, inspected_in: pipeline-review, "
     "gives_back: Help}\n"},
    {"unknown-name",
     "A name in braces that texts cannot have here: `{stage}` and `{stage.age}` need an object with stages, `{owner}` "
     "one with an owner. Texts know `{name}`, `{why}`, `{FIELD}`, `{FIELD.age}`, `{stage}`, `{stage.age}`, `{owner}` "
     "and `{meeting}`.",
     Part::file,
     "version: 1\nworkflow: w\nobject: gadget\nowner: o@example.com\ninspected_in: pipeline-review\n"
     "reviewed_by: {manager: [li@example.com]}\nrules:\n  - id: r\n    kind: stale\n    when: {field: size, filled: "
     "false}\n"
     "    control: [prompt]\n    prompt: {to: definition_owner, say: \"It is in {stage}.\", gives_back: Order}\n",
     "version: 1\nworkflow: w\nobject: gadget\nowner: o@example.com\ninspected_in: pipeline-review\n"
     "reviewed_by: {manager: [li@example.com]}\nrules:\n  - id: r\n    kind: stale\n    when: {field: size, filled: "
     "false}\n"
     "    control: [prompt]\n    prompt: {to: definition_owner, say: \"It has no size.\", gives_back: Order}\n"},
    {"bad-template", "A name in a text stands in braces, `{name}`. One of the two braces is missing.", Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [prompt]\n"
     "  prompt: {say: \"{name has no next step\", ask: \"What is next?\", gives_back: It stands in the packet}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [prompt]\n"
     "  prompt: {say: \"{name} has no next step\", ask: \"What is next?\", gives_back: It stands in the packet}\n"},
    {"bad-pattern",
     "`matches` takes a regular expression of RE2. It knows no look-ahead and no back references; quote it, so that "
     "YAML leaves `{`, `[` and `#` alone.",
     Part::condition, "{field: next_step, matches: '(call'}\n", "{field: next_step, matches: '(?i)^call'}\n"},
    {"unknown-option",
     "The CRM's description of the list has no such option, neither by its stored value nor as it is shown, so the "
     "test never holds.",
     Part::condition, "{field: source, is: Webb}\n", "{field: source, is: Web}\n"},
    {"unknown-period",
     "`in_period` takes last, this or next with week, month, quarter or year: `this_quarter`; with `fiscal_` before "
     "quarter and year it is the fiscal one: `next_fiscal_year`.",
     Part::condition, "{field: close_date, in_period: [this_qarter]}\n",
     "{field: close_date, in_period: [this_quarter]}\n"},
    {"unknown-author",
     "`by:` takes one or a list of owner, not_owner, not_setter, owner_manager, job:NAME, field:NAME, person:EMAIL, "
     "human, automation, import, integration: who they were at that moment.",
     Part::condition, "{field: amount, changed: {within: 30d, by: humans}}\n",
     "{field: amount, changed: {within: 30d, by: human}}\n"},
    {"unknown-kind",
     "`kind` is one of stale, fake-adoption, acceptance, duplicate, friction, workaround and win; timing needs no "
     "rule, "
     "the cards under `fields:` are the rules.",
     Part::rule, "- {id: quiet, kind: stael, when: {field: next_step, real: false}, control: [flag]}\n",
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"},
    {"unknown-control",
     "The steps of `control`, lightest first, are flag (in reports), queue (RevOps' exceptions), packet (before a "
     "meeting) and prompt (a question to a person).",
     Part::rule, "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flagg]}\n",
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag]}\n"},
    {"control-order",
     "A rule begins on the first step of `control` and climbs: each step stands once, lightest first: flag, queue, "
     "packet, prompt.",
     Part::rule, "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [packet, flag]}\n",
     "- {id: quiet, kind: stale, when: {field: next_step, real: false}, control: [flag, packet]}\n"},
    {"unknown-recipient",
     "`to:` takes owner, owner_manager, definition_owner, `field:NAME` (a person field of the record), `job:NAME` or "
     "`person:EMAIL`.",
     Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [prompt]\n"
     "  prompt: {to: onwer, ask: \"What is next?\", gives_back: It stands in the packet}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [prompt]\n"
     "  prompt: {to: owner, ask: \"What is next?\", gives_back: It stands in the packet}\n"},
    {"unknown-job",
     "`job` is coachd's word for what a person does: rep, manager, marketing, customer_success, finance, executive or "
     "revops. `map:` of coachd.yaml and the people file tie people to jobs.",
     Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {to: \"job:managr\", ask: Shall we look at it together, gives_back: One surprise less}\n"
     "- {id: asks, kind: stale, when: {field: next_step, real: false}, control: [prompt], prompt: {ask: Next, "
     "gives_back: "
     "Peace}}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag, prompt]\n"
     "  prompt: {to: \"job:manager\", ask: Shall we look at it together, gives_back: One surprise less}\n"
     "- {id: asks, kind: stale, when: {field: next_step, real: false}, control: [prompt], prompt: {ask: Next, "
     "gives_back: "
     "Peace}}\n"},
    {"missing-field",
     "This word tests a field, and no `field: NAME` stands beside it in the same map. A test on the stage, the owner "
     "or activity stands by itself; one on a field never does.",
     Part::condition, "{real: false}\n", "{field: next_step, real: false}\n"},
    {"no-test", "A condition must test something: `field: NAME` needs a test beside it, an empty map tests nothing.",
     Part::condition, "{field: next_step}\n", "{field: next_step, filled: true}\n"},
    {"wrong-test",
     "The test does not fit the field: `older_than` and `before` are for dates, `above` and `at_least` for numbers, "
     "`changed: {back: true}` needs a stage, a date or a number.",
     Part::condition, "{field: amount, older_than: 14d}\n", "{field: amount, above: 1000}\n"},
    {"checkbox-never-blank",
     "A checkbox is ticked or not and never blank: `filled` and `real` cannot tell anything there, and a card cannot "
     "ask for it.",
     Part::condition, "{field: is_partner, filled: true}\n", "{field: is_partner, is: true}\n"},
    {"no-stages", "Tests on stages need an object that has a stage, such as opportunities or deals.", Part::file,
     "version: 1\nworkflow: w\nobject: gadget\nowner: o@example.com\ninspected_in: pipeline-review\nrules:\n"
     "  - {id: r, kind: stale, when: {stage_age: {above: 30d}}, control: [flag]}\n",
     "version: 1\nworkflow: w\nobject: gadget\nowner: o@example.com\ninspected_in: pipeline-review\nrules:\n"
     "  - {id: r, kind: stale, when: {field: size, unchanged_for: 30d}, control: [flag]}\n"},
    {"no-owner-field", "The test compares with the record's owner, and the object has no owner field.", Part::file,
     "version: 1\nworkflow: w\nobject: gadget\nowner: o@example.com\ninspected_in: pipeline-review\nrules:\n"
     "  - {id: r, kind: stale, when: {field: size, changed: {within: 30d, by: not_owner}}, control: [flag]}\n",
     "version: 1\nworkflow: w\nobject: gadget\nowner: o@example.com\ninspected_in: pipeline-review\nrules:\n"
     "  - {id: r, kind: stale, when: {field: size, changed: {within: 30d, by: human}}, control: [flag]}\n"},
    {"too-long", "Lengths of time end at 200 years, where calendars do.", Part::condition,
     "{field: close_date, older_than: 900y}\n", "{field: close_date, older_than: 9y}\n"},
    {"unknown-detector",
     "`detect:` names what is no test on one record; there is no detector of that name. `coachd help detectors` lists "
     "them, `coachd help NAME` tells what one finds, needs and takes.",
     Part::rule, "- {id: twins, kind: duplicate, detect: duplicate, control: [flag]}\n",
     "- {id: twins, kind: duplicate, detect: duplicates, control: [flag]}\n"},
    {"unknown-parameter",
     "The detector takes no such parameter under `with:`. `coachd help NAME` lists them with what stands for each "
     "where "
     "nothing is said.",
     Part::rule,
     "- id: filler\n  kind: fake-adoption\n  detect: placeholder-share\n  with: {feilds: [next_step], fields: "
     "[next_step]}\n"
     "  control: [flag]\n",
     "- id: filler\n  kind: fake-adoption\n  detect: placeholder-share\n  with: {fields: [next_step]}\n  control: "
     "[flag]\n"},
    {"two-tests",
     "A rule finds either by a condition (`when`) or by a detector (`detect`). Which records a detector looks at is "
     "said "
     "under `for`.",
     Part::rule, "- {id: twins, kind: duplicate, detect: duplicates, when: {open: true}, control: [flag]}\n",
     "- {id: twins, kind: duplicate, detect: duplicates, for: {open: true}, control: [flag]}\n"},
    {"not-in-this-version",
     "The word belongs to the language or the configuration, and this version does not act on it. In rules it is an "
     "error, so that no rule quietly does less than it says; in coachd.yaml a warning.",
     Part::connection, "read: {outbound_messages: true}\n", "read: {outbound_messages: false}\n"},
    {"not-used-yet", "The key is kept for lists and lint, and nothing else looks at it in this version.", Part::rule,
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [prompt]\n"
     "  prompt: {ask: \"What is next?\", gives_back: It stands in the packet, proof: {within: 2d}}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [prompt]\n"
     "  prompt: {ask: \"What is next?\", gives_back: It stands in the packet}\n"},
};

}  // namespace

std::span<const Topic> rule_topics() {
  return topics;
}

}  // namespace coachd::help
