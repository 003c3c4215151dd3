// Codes about coachd.yaml and people files.
#include <span>

#include "daemon/cli/help/topics.hpp"

namespace coachd::help {
namespace {

constexpr Topic topics[] = {
    {"unknown-word", "The place takes one of a few words, and this is none of them; the message names them.",
     Part::configuration, "mode: observing\n", "mode: observe\n"},
    {"unknown-zone", "A time zone is written by its name in the tz database: Europe/Berlin, America/New_York, UTC.",
     Part::configuration, "calendar: {zone: Berlin}\n", "calendar: {zone: Europe/Berlin}\n"},
    {"bad-name",
     "The name of a connection stands in addresses, keys and logs: letters, digits, `-` and `_`, at most 60.",
     Part::file,
     "version: 1\nrules: []\nconnections:\n  acme corp:\n    crm: hubspot\n    auth: {flow: token, token: {env: T}}\n",
     "version: 1\nrules: []\nconnections:\n  acme-corp:\n    crm: hubspot\n    auth: {flow: token, token: {env: T}}\n"},
    {"same-organisation",
     "Two connections reach the same organisation: each person would be asked twice. Keep one of them.", Part::file,
     "version: 1\nrules: []\nconnections:\n"
     "  a: {crm: hubspot, organisation: 12345, auth: {flow: token, token: {env: T}}}\n"
     "  b: {crm: hubspot, organisation: 12345, auth: {flow: token, token: {env: T}}}\n",
     "version: 1\nrules: []\nconnections:\n"
     "  a: {crm: hubspot, organisation: 12345, auth: {flow: token, token: {env: T}}}\n"
     "  b: {crm: hubspot, organisation: 67890, auth: {flow: token, token: {env: T}}}\n"},
    {"open-admin-door",
     "The admin door shows every record and person that coachd knows. Beyond this machine it needs a `token`.",
     Part::configuration, "listen: {admin: \"0.0.0.0:8787\"}\n", "listen: {admin: \"127.0.0.1:8787\"}\n"},
    {"plain-door",
     "The public door listens beyond this machine without TLS: give it a certificate, or listen on loopback behind a "
     "proxy that ends TLS.",
     Part::configuration, "listen: {webhooks: \"0.0.0.0:8443\", public_url: \"https://hooks.acme.example\"}\n",
     "listen: {webhooks: \"127.0.0.1:8443\", public_url: \"https://hooks.acme.example\"}\n"},
    {"plain-http", "Sign-in and records travel over https only; http is taken to a loopback address, for trials.",
     Part::file,
     "version: 1\nrules: []\nconnections:\n  acme:\n    crm: salesforce\n    login: http://acme.my.salesforce.com\n"
     "    auth: {flow: client_credentials, client_id: x, client_secret: {env: S}}\n",
     "version: 1\nrules: []\nconnections:\n  acme:\n    crm: salesforce\n    login: https://acme.my.salesforce.com\n"
     "    auth: {flow: client_credentials, client_id: x, client_secret: {env: S}}\n"},
    {"secret-in-text",
     "A secret never stands in the configuration itself. Name where it is kept: `{credential: NAME}` (systemd), "
     "`{file: PATH}` or `{env: NAME}`.",
     Part::file,
     "version: 1\nrules: []\nconnections:\n  acme: {crm: hubspot, auth: {flow: token, token: a-secret-of-yours}}\n",
     "version: 1\nrules: []\nconnections:\n  acme: {crm: hubspot, auth: {flow: token, token: {credential: acme}}}\n"},
    {"never-delivered",
     "Prompts are delivered at `windows`, never in `quiet_hours`: a window inside them delivers nothing.",
     Part::configuration, "budget: {windows: [\"21:00\"], quiet_hours: {from: \"20:00\", to: \"07:00\"}}\n",
     "budget: {windows: [\"09:00\"], quiet_hours: {from: \"20:00\", to: \"07:00\"}}\n"},
    {"never-reached", "Fewer prompts a week than a day: the number a day is never reached.", Part::configuration,
     "budget: {per_person: {day: 4, week: 2}}\n", "budget: {per_person: {day: 2, week: 6}}\n"},
    {"no-carrier", "The connection writes, and none of its carriers is one that this version can write.",
     Part::connection, "mode: live\norganisation: 00D000000000001EAA\ncarriers: [object]\n",
     "mode: live\norganisation: 00D000000000001EAA\ncarriers: [task]\n"},
    {"no-organisation",
     "A connection that writes names the id of its organisation, so that it refuses to write where another one "
     "(a sandbox, a copy) answers behind the same sign-in.",
     Part::connection, "mode: live\n", "mode: live\norganisation: 00D000000000001EAA\n"},
    {"empty-file", "A people file begins with a line that names its columns, `email` among them.", Part::people, "",
     "email,manager,job\nana@acme.example,li@acme.example,rep\n"},
    {"bad-row", "A row has more or fewer cells than the header: a cell with a comma in it needs quotes.", Part::people,
     "email,team\nana@acme.example,North, East\n", "email,team\nana@acme.example,\"North, East\"\n"},
    {"now-in-daemon",
     "`now:` fixes the time of a benchmark or an audit. The daemon works with the real time and refuses the file.",
     Part::shell, "coachd run --config coachd.yaml        # with a rule file that says now: 2026-01-15\n",
     "coachd audit --file export.csv --rules rules/ --now 2026-01-15\n"},
};

}  // namespace

std::span<const Topic> configuration_topics() {
  return topics;
}

}  // namespace coachd::help
