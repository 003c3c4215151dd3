// Codes about how a file is written, whatever it is.
#include <span>

#include "daemon/cli/help/topics.hpp"

namespace coachd::help {
namespace {

constexpr Topic topics[] = {
    {"syntax",
     "The file is no YAML from this place on. Most often a space is missing after `:`, a quote or bracket is not "
     "closed, a tab stands where blanks belong, or a text holds `: `, `#` or `{` and needs quotes. What comes after "
     "the place was not read: mend it and check again.",
     Part::workflow, "title: Update: what is open\n", "title: \"Update: what is open\"\n"},
    {"doubled-key",
     "A name stands twice in one map. YAML would silently keep one of the two; coachd does not guess which was meant. "
     "Two tests on two fields are written as a list under `all:`.",
     Part::condition, "{field: next_step, real: false, field: amount, above: 1000}\n",
     "{all: [{field: next_step, real: false}, {field: amount, above: 1000}]}\n"},
    {"merge-key",
     "`<<` copies one map into another, and a reader of the file can no longer see what holds where. Write the keys "
     "out, or give the whole value a name (`&name`) and use it again (`*name`).",
     Part::workflow, "segments:\n  large: &large {field: amount, at_least: 100000}\n  wide: {<<: *large, open: true}\n",
     "segments:\n  large: &large {field: amount, at_least: 100000}\n  wide: {all: [*large, {open: true}]}\n"},
    {"too-large",
     "Files are limited: 1 MiB, 40 levels, 200,000 values, 200 aliases. A rule file near these limits is made by a "
     "program or by mistake; divide it into one file per workflow.",
     Part::workflow,
     "title: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[too deep]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
     "title: Not deep\n"},
    {"wrong-type",
     "The value is of another kind than the place takes: a list where one word is meant, a text where a number or a "
     "length of time belongs. The message says what is expected. Lengths of time are `90s 30m 6h 14d 2w 3mo 1y "
     "10bd`, shares `20%`, days `2026-01-31`; `true` and `false` stand without quotes.",
     Part::condition, "{field: next_step, unchanged_for: two weeks}\n", "{field: next_step, unchanged_for: 2w}\n"},
    {"missing-key",
     "A name that this place cannot do without is not there. A rule file needs `version`, `workflow`, `object` and "
     "`owner`; a rule `id`, `kind`, `control` and `when` or `detect`.",
     Part::rule, "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag]\n"},
    {"unknown-key",
     "No such name stands at this place: nothing is silently passed over. Most often it is a slip of the pen, and the "
     "message names what was probably meant, or the name belongs a level higher or lower.",
     Part::rule,
     "- id: quiet\n  kind: stale\n  wehn: {field: next_step, real: false}\n  when: {field: next_step, real: false}\n"
     "  control: [flag]\n",
     "- id: quiet\n  kind: stale\n  when: {field: next_step, real: false}\n  control: [flag]\n"},
    {"unknown-version", "The file says that it is written for another version of coachd. This one reads `version: 1`.",
     Part::file, "version: 2\nworkflow: update\nobject: opportunity\nowner: revops@example.com\n",
     "version: 1\nworkflow: update\nobject: opportunity\nowner: revops@example.com\n"},
    {"unknown-file",
     "None of the keys that tell what a file is stands at its top: `workflow` (rules), `connections` (the "
     "configuration), `object` with `key` (the map of an export), `people`, or `cases` (a test of rules).",
     Part::file, "version: 1\nworkflw: update\nowner: revops@example.com\n",
     "version: 1\nworkflow: update\nobject: opportunity\nowner: revops@example.com\n"},
    {"rule-test",
     "The file holds tests of rules. `coachd check` looks at rules, configuration, maps and people; tests are run.",
     Part::shell, "coachd check opportunity-update.test.yaml\n", "coachd test opportunity-update.test.yaml\n"},
    {"no-file",
     "There is nothing to read at this path, or it may not be read. Paths in coachd.yaml count from the folder in "
     "which "
     "it stands.",
     Part::shell, "coachd check rulse/\n", "coachd check rules/\n"},
};

}  // namespace

std::span<const Topic> file_topics() {
  return topics;
}

}  // namespace coachd::help
