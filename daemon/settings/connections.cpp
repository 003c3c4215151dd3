// `connections:` of coachd.yaml: how each CRM is reached, read and written to.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/settings/read.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::settings {
namespace {

void need(Context& c, bool given, std::string_view key, std::string_view flow, const model::Place& at) {
  if (!given)
    c.error("missing-key", "`" + std::string(key) + "` is missing: sign-in by " + std::string(flow) + " needs it", at);
}

// What this version signs in by, per CRM.
bool served(SignIn::Flow flow, const std::string& crm) {
  return flow == (crm == "hubspot" ? SignIn::Flow::token : SignIn::Flow::client_credentials);
}

SignIn read_sign_in(Context& c, const yaml::Node& node, const std::string& crm) {
  SignIn out;
  out.place = node.place();
  if (!node) return out;
  yaml::MapReader map(c.document, node, "`auth`");
  const bool has_flow = map.required("flow").is_scalar();
  const auto flow = one_of(c, map, "flow", {"client_credentials", "jwt", "token", "refresh_token"});
  out.client_id = map.text("client_id").value_or("");
  out.username = map.text("username").value_or("");
  out.client_secret = secret(c, map, "client_secret");
  out.private_key = secret(c, map, "private_key");
  out.token = secret(c, map, "token");
  // A misspelt key may hold a secret: its value is not shown either.
  for (const auto& [key, value] : node.entries())
    if (key != "flow" && key != "client_id" && key != "username" && key != "client_secret" && key != "private_key" &&
        key != "token")
      c.hide(value);
  map.finish();
  if (!flow || !has_flow) return out;
  const auto has = [&](std::string_view key) { return static_cast<bool>(node.find(key)); };
  if (*flow == "client_credentials") {
    need(c, has("client_id"), "client_id", *flow, node.place());
    need(c, has("client_secret"), "client_secret", *flow, node.place());
  } else if (*flow == "jwt") {
    out.flow = SignIn::Flow::jwt;
    need(c, has("client_id"), "client_id", *flow, node.place());
    need(c, has("username"), "username", *flow, node.place());
    need(c, has("private_key"), "private_key", *flow, node.place());
  } else if (*flow == "token") {
    out.flow = SignIn::Flow::token;
    need(c, has("token"), "token", *flow, node.place());
  } else {
    out.flow = SignIn::Flow::refresh_token;
    need(c, has("client_id"), "client_id", *flow, node.place());
    need(c, has("client_secret"), "client_secret", *flow, node.place());
    need(c, has("token"), "token", *flow, node.place());
  }
  if (!crm.empty() && !served(out.flow, crm)) c.not_used("flow: " + *flow, node.find("flow").place());
  return out;
}

Api read_api(Context& c, const yaml::Node& node, const std::string& crm) {
  Api out;
  if (!node) return out;
  yaml::MapReader map(c.document, node, "`api`");
  out.version = text_or_none(map, "version");
  const bool hubspot = crm == "hubspot";
  const auto mark = out.version.find(hubspot ? '-' : '.');
  if (!out.version.empty() &&
      (mark == std::string::npos ||
       out.version.find_first_not_of(hubspot ? "0123456789-" : "0123456789.") != std::string::npos))
    c.error("wrong-type",
            std::string("`version` of the API is written like \"") + (hubspot ? "2026-03" : "66.0") + "\", this is `" +
                out.version + "`",
            node.find("version").place());
  out.share = percent(c, map, "share").value_or(out.share);
  out.host = url(c, map, "host");
  out.proxy = url(c, map, "proxy");
  out.ca = c.path(text_or_none(map, "ca"));
  out.certificate = c.path(text_or_none(map, "certificate"));
  out.certificate_key = secret(c, map, "certificate_key");
  map.finish();
  if (out.certificate.empty() != !out.certificate_key)
    c.error("missing-key", "`certificate` and `certificate_key` go together", node.place());
  if (!out.host.empty() && !hubspot) c.not_used("host", node.key_place("host"));
  if (!out.proxy.empty()) c.not_used("proxy", node.key_place("proxy"));
  if (!out.certificate.empty()) c.not_used("certificate", node.key_place("certificate"));
  return out;
}

// `exclude: {field: NAME, is: WORD}` or `in: [...]`, one or a list of them.
std::vector<Exclude> read_exclude(Context& c, const yaml::Node& node) {
  std::vector<Exclude> out;
  if (!node) return out;
  for (const auto& item : node.is_list() ? node.items() : std::vector<yaml::Node>{node}) {
    yaml::MapReader map(c.document, item, "`exclude`");
    Exclude e;
    e.field = map.required_text("field");
    const bool is = static_cast<bool>(map.optional("is"));
    const bool in = static_cast<bool>(map.optional("in"));
    e.values = map.words(is ? "is" : "in");
    map.finish();
    if (item.is_map() && is == in)
      c.error("missing-key",
              "`exclude` says which records are never read: {field: NAME, is: VALUE} or {field: NAME, in: [...]}",
              item.place());
    out.push_back(std::move(e));
  }
  return out;
}

Read read_read(Context& c, const yaml::Node& node) {
  Read out;
  if (!node) return out;
  yaml::MapReader map(c.document, node, "`read`");
  if (const auto poll = clock(c, map, "poll")) {
    out.poll = *poll;
    if (*poll < std::chrono::seconds(1)) c.error("wrong-type", "`poll` is at least 1s", node.find("poll").place());
  }
  out.change_data_capture = map.boolean("change_data_capture").value_or(false);
  out.outbound_messages = map.boolean("outbound_messages").value_or(false);
  out.exclude = read_exclude(c, map.optional("exclude"));
  map.finish();
  if (!out.exclude.empty()) c.not_used("exclude", node.key_place("exclude"));
  if (out.change_data_capture) c.not_used("change_data_capture", node.key_place("change_data_capture"));
  if (out.outbound_messages) c.not_used("outbound_messages", node.key_place("outbound_messages"));
  return out;
}

void read_carriers(Context& c, yaml::MapReader& map, Connection& out) {
  out.carriers = map.words("carriers");
  const auto node = map.node().find("carriers");
  bool task = out.carriers.empty();
  for (const auto& item : node.is_list() ? node.items() : std::vector<yaml::Node>{node}) {
    if (!item.is_scalar()) continue;
    const bool known = out.crm == "hubspot"
                           ? is_one_of(c, item, "carrier of HubSpot", {"card", "task", "note"})
                           : is_one_of(c, item, "carrier of Salesforce", {"object", "task", "chatter"});
    if (!known) continue;
    task = task || item.text() == "task";
    if (item.text() != "task") c.not_used(item.text(), item.place());
  }
  if (!task && node && out.mode == Mode::live)
    c.warning("no-carrier", "this version writes tasks only: without `task` among the carriers nothing is delivered",
              node.place());
}

void read_activity_sources(Context& c, yaml::MapReader& map, Connection& out) {
  for (auto& word : map.words("activity_sources"))
    if (std::find(out.activity_sources.begin(), out.activity_sources.end(), word) == out.activity_sources.end())
      out.activity_sources.push_back(std::move(word));
  const auto node = map.node().find("activity_sources");
  for (const auto& item : node.is_list() ? node.items() : std::vector<yaml::Node>{node}) {
    if (!item.is_scalar()) continue;
    static_cast<void>(out.crm == "hubspot"
                          ? is_one_of(c, item, "activity source of HubSpot",
                                      {"call", "email", "meeting", "note", "task", "communication"})
                          : is_one_of(c, item, "activity source of Salesforce", {"task", "event", "email_message"}));
  }
}

Connection read_connection(Context& c, const std::string& name, const yaml::Node& node, const model::Place& at,
                           Mode mode) {
  Connection out;
  out.name = name;
  out.place = at;
  yaml::MapReader map(c.document, node, "a connection");
  if (map.required("crm")) out.crm = one_of(c, map, "crm", {"salesforce", "hubspot"}).value_or("");
  out.organisation = text_or_none(map, "organisation");
  if (out.crm == "salesforce") static_cast<void>(map.required("login"));
  out.login = url(c, map, "login");
  out.auth = read_sign_in(c, map.required("auth"), out.crm);
  out.api = read_api(c, map.optional("api"), out.crm);
  if (const auto hooks = map.optional("webhooks")) {
    yaml::MapReader inner(c.document, hooks, "`webhooks`");
    static_cast<void>(inner.required("secret"));
    out.webhook_secret = secret(c, inner, "secret");
    inner.finish();
    if (out.crm == "salesforce") c.not_used("webhooks", node.key_place("webhooks"));
  }
  out.read = read_read(c, map.optional("read"));
  out.mode = mode;
  if (map.optional("mode"))
    if (const auto own = one_of(c, map, "mode", {"observe", "live"}))
      out.mode = *own == "live" ? Mode::live : Mode::observe;
  read_activity_sources(c, map, out);
  out.unread_captures = map.words("unread_captures");
  read_carriers(c, map, out);
  out.live_for = emails(c, map, "live_for");
  out.map = read_map(c, map.optional("map"));
  map.finish();

  if (out.crm == "salesforce" && !out.organisation.empty() &&
      (!out.organisation.starts_with("00D") || (out.organisation.size() != 15 && out.organisation.size() != 18)))
    c.error("wrong-type", "`organisation` of Salesforce is its id: 15 or 18 characters that begin with 00D",
            node.find("organisation").place());
  if (out.mode == Mode::live && out.organisation.empty() && node.is_map())
    c.warning("no-organisation",
              "`" + name +
                  "` writes to a CRM without naming its `organisation`: another one behind the same login would be "
                  "written to",
              at);
  return out;
}

}  // namespace

void read_connections(Context& c, const yaml::Node& node, Mode mode, Settings& out) {
  if (!node) return;
  if (!node.is_map() || node.entries().empty()) {
    c.error("wrong-type", "`connections` names at least one connection: `connections: {acme: {crm: ...}}`",
            node.place());
    return;
  }
  std::map<std::string, std::string> organisations;
  for (const auto& [name, value] : node.entries()) {
    const auto at = node.key_place(name);
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") !=
            std::string::npos ||
        name.size() > 60)
      c.error("bad-name", "the name of a connection has letters, digits, - and _ only", at);
    auto connection = read_connection(c, name, value, at, mode);
    if (!connection.organisation.empty()) {
      const auto [other, fresh] = organisations.emplace(connection.organisation.substr(0, 15), name);
      if (!fresh)
        c.error("same-organisation",
                "`" + name + "` and `" + other->second + "` are the same organisation: its people would be asked twice",
                at);
    }
    out.connections.emplace(name, std::move(connection));
  }
}

}  // namespace coachd::settings
