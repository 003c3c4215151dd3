// Codes about maps of exports and audits of them.
#include <span>

#include "daemon/cli/help/topics.hpp"

namespace coachd::help {
namespace {

constexpr Topic topics[] = {
    {"contradiction", "Two words that cannot both be so: a stage that is won and lost, one mark for two things.",
     Part::file, "object: opportunity\nkey: [Id]\nnumbers: {decimal: \",\", thousands: \",\"}\n",
     "object: opportunity\nkey: [Id]\nnumbers: {decimal: \",\", thousands: \".\"}\n"},
    {"duplicate", "A stage stands once in the `stages` of a map: its place in the list is its order.", Part::file,
     "object: opportunity\nkey: [Id]\nstages: [Open, Open, {name: Won, won: true}]\n",
     "object: opportunity\nkey: [Id]\nstages: [Open, {name: Won, won: true}]\n"},
    {"wrong-format",
     "`dates` lists how dates are written in the export: `%Y` year, `%m` month, `%d` day, `%H:%M:%S` time, and the "
     "marks between them.",
     Part::file, "object: opportunity\nkey: [Id]\ndates: [\"%Q\"]\n",
     "object: opportunity\nkey: [Id]\ndates: [\"%d.%m.%Y\"]\n"},
    {"wrong-version", "The map is written for another version of coachd. This one reads `version: 1`.", Part::file,
     "version: 7\nobject: opportunity\nkey: [Id]\n", "version: 1\nobject: opportunity\nkey: [Id]\n"},
    {"empty", "The map says nothing. It names at least its `object`, and its `key` where it has one.", Part::shell,
     "coachd audit --file export.csv --map /dev/null\n", "coachd audit --file export.csv --map export.map.yaml\n"},
    {"unknown-column",
     "A name under `key` or `fields` of the map, or of its history, is no column of the export: columns are written as "
     "in its first line.",
     Part::shell, "coachd audit --file export.csv --map map.yaml     # fields: {amount: Amout}\n",
     "coachd audit --file export.csv --map map.yaml     # fields: {amount: Amount}\n"},
    {"no-rules", "The rules are about other objects than the export. Its map says by `object:` what it holds.",
     Part::shell, "coachd audit --file accounts.csv --map map.yaml --rules opportunity-update.yaml\n",
     "coachd audit --file opportunities.csv --map map.yaml --rules opportunity-update.yaml\n"},
    {"broken", "The rules cannot be loaded. `coachd check` says where and why.", Part::shell,
     "coachd audit --file export.csv --rules rules/\n", "coachd check rules/\n"},
};

}  // namespace

std::span<const Topic> export_topics() {
  return topics;
}

}  // namespace coachd::help
