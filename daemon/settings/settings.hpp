// What coachd.yaml says: structs with defaults, and the strict load that fills them. Every key is known, typed and
// placed; all mistakes are reported at once, cross-checks last. Pure but for resolve_secret; plain values, safe to copy
// between threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::settings {

/// Where a secret is found; never the secret itself.
struct Secret {
  enum class From : std::uint8_t { nowhere, credential, file, env };
  From from = From::nowhere;
  std::string name;  ///< of the credential or variable, or the path (seen from the configuration's folder)
  [[nodiscard]] explicit operator bool() const noexcept { return from != From::nowhere; }
};

enum class Mode : std::uint8_t { observe, live };

/// How coachd signs in. Which parts a flow needs is checked at load.
struct SignIn {
  enum class Flow : std::uint8_t { client_credentials, jwt, token, refresh_token };
  Flow flow = Flow::client_credentials;
  std::string client_id;
  std::string username;  ///< jwt: whom to act as
  Secret client_secret;  ///< client_credentials, refresh_token
  Secret private_key;    ///< jwt
  Secret token;          ///< token, refresh_token
  model::Place place;
};

struct Api {
  std::string version;      ///< "66.0"; empty: the connector's own
  double share = 0.20;      ///< of the organisation's limits, 0 to 1
  std::string host;         ///< HubSpot: the API's, `https://api-eu1.hubapi.com`; empty: its usual one
  std::string proxy;        ///< `http://host:port`; empty: none
  std::string ca;           ///< PEM file trusted beside the system's; empty: none
  std::string certificate;  ///< PEM of a client certificate; empty: none
  Secret certificate_key;
};

/// Records that are never read: those whose field holds one of these words.
struct Exclude {
  std::string field;  ///< canonical or the CRM's own name
  std::vector<std::string> values;
};

struct Read {
  std::chrono::seconds poll{60};
  bool change_data_capture = false;
  bool outbound_messages = false;
  std::vector<Exclude> exclude;
};

struct Connection {
  std::string name;          ///< key under `connections:`
  std::string crm;           ///< salesforce, hubspot
  std::string organisation;  ///< id that the connection is bound to; empty: any (observe only)
  std::string login;         ///< https://acme.my.salesforce.com, without a slash at the end
  SignIn auth;
  Api api;
  Read read;
  Mode mode = Mode::observe;
  std::vector<std::string> carriers;  ///< in order of preference; empty: the connector's own order
  std::vector<std::string> live_for;  ///< e-mails; empty: everybody
  std::vector<std::string> activity_sources;
  std::vector<std::string> unread_captures;  ///< what gathers activities where coachd cannot read them, in plain words
  Secret webhook_secret;                     ///< HubSpot: the app's client secret, with which its deliveries are signed
  rules::NameMap map;                        ///< overrides and adds to the connector's own names
  model::Place place;
};

struct CalendarSettings {
  std::string
      zone;  ///< IANA; empty: the organisation's. That it exists is for the app to see, settings read no database
  model::Place zone_place;
  int fiscal_month = 0;  ///< 0: the organisation's
  int fiscal_day = 1;
  std::vector<model::Day> holidays;
};

struct Budget {
  int per_day = 2;
  int per_week = 6;
  std::vector<std::chrono::minutes> windows = {std::chrono::hours(9), std::chrono::hours(13),
                                               std::chrono::minutes(16 * 60 + 30)};
  std::chrono::minutes quiet_from{18 * 60};  ///< equal bounds: no quiet hours
  std::chrono::minutes quiet_to{8 * 60};
  std::chrono::seconds own_list{24 * 3600};  ///< how long a finding stands in the person's own list first
};

struct Meeting {
  std::string name;
  std::chrono::weekday weekday{1};
  std::chrono::minutes at{0};  ///< since local midnight
  std::string manager;         ///< e-mail, or `each`: one a manager, about their own team
  std::string zone;            ///< empty: the calendar's
  model::Place zone_place;
  std::vector<std::string> inspects;
};

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

struct Listen {
  std::optional<Address> admin;  ///< nothing: the default 127.0.0.1:8787
  Secret admin_token;            ///< required where admin is no loopback address
  std::optional<Address> webhooks;
  std::string public_url;
  std::string reply_url;
  std::string tls_certificate;  ///< path
  Secret tls_key;
};

/// What the company says about a person, beyond or instead of what the CRM says. Empty: as the CRM has it.
struct Person {
  std::string email;  ///< the key, folded
  std::string manager;
  std::string team;
  std::string job;
  std::string zone;
  std::string language;
  std::string delegate;
  bool never_prompt = false;
  model::Place place;
};

struct Settings {
  std::string file;  ///< as it was named
  std::string state = "/var/lib/coachd";
  std::vector<std::string> rules;          ///< files and folders, seen from the configuration's folder
  std::vector<model::Place> rules_places;  ///< where each is written
  std::string people_file;                 ///< CSV or YAML; empty: none, or inline
  model::Place people_place;
  std::vector<Person> people;  ///< inline
  std::map<std::string, Connection> connections;
  CalendarSettings calendar;
  Budget budget;
  std::vector<Meeting> meetings;
  Listen listen;

  [[nodiscard]] std::vector<std::string> meeting_names() const;
};

struct Loaded {
  std::optional<Settings> settings;            ///< nothing where there is any error
  std::vector<model::Diagnostic> diagnostics;  ///< no line of them shows a secret
};

/// Reads the text of coachd.yaml. `file` is its path: relative paths in it are made relative to its folder.
[[nodiscard]] Loaded load(const std::string& file, std::string text);

struct LoadedPeople {
  std::vector<Person> people;
  std::vector<model::Diagnostic> diagnostics;
};

/// Reads a people file: YAML (`people:` keyed by e-mail) or CSV (a header with `email`), told apart by the file's name.
[[nodiscard]] LoadedPeople load_people(const std::string& file, std::string text);

/// A secret, or one sentence that says what is missing and where (never the secret).
struct ResolvedSecret {
  std::optional<std::string> value;
  std::string problem;
};

/// Reads a secret from $CREDENTIALS_DIRECTORY, its file or the environment; one line end at its end is dropped. `what`
/// names it in the problem: "client_secret of acme". Blocks for a file read.
[[nodiscard]] ResolvedSecret resolve_secret(const Secret& secret, std::string_view what);

}  // namespace coachd::settings
