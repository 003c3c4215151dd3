// `calendar:`, `budget:`, `meetings:` and `listen:` of coachd.yaml.
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/settings/read.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::settings {
namespace {

// `02-01` as month and day of a year that has a 29 February.
std::optional<std::pair<int, int>> month_day(std::string_view text) {
  const auto day = text.size() == 5 ? model::parse_day("2024-" + std::string(text)) : std::nullopt;
  if (!day) return std::nullopt;
  const std::chrono::year_month_day ymd(*day);
  return std::pair(static_cast<int>(static_cast<unsigned>(ymd.month())),
                   static_cast<int>(static_cast<unsigned>(ymd.day())));
}

constexpr std::array<std::string_view, 7> weekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                      "thursday", "friday", "saturday"};

bool in_quiet(const Budget& b, std::chrono::minutes at) {
  if (b.quiet_from == b.quiet_to) return false;
  return b.quiet_from < b.quiet_to ? at >= b.quiet_from && at < b.quiet_to : at >= b.quiet_from || at < b.quiet_to;
}

// `monday 09:30`
void read_every(Context& c, const yaml::Node& node, Meeting& out) {
  if (!node.is_scalar()) {
    if (node) c.error("wrong-type", "`every` is a weekday and a time: monday 09:30", node.place());
    return;
  }
  const auto text = node.text();
  const auto blank = text.find(' ');
  const auto word = text.substr(0, blank);
  const auto time =
      blank == std::string_view::npos ? std::string_view{} : text.substr(text.find_first_not_of(' ', blank));
  const auto day = std::find(weekdays.begin(), weekdays.end(), word);
  const auto at = parse_time(time);
  if (day == weekdays.end() || !at) {
    std::string message = "`every` is a weekday and a time such as monday 09:30, this is `" + std::string(text) + "`";
    const std::vector<std::string> names(weekdays.begin(), weekdays.end());
    if (const auto meant = day == weekdays.end() ? yaml::nearest(word, names) : std::nullopt)
      message += ": did you mean `" + *meant + "`?";
    c.error("wrong-type", std::move(message), node.place());
    return;
  }
  out.weekday = std::chrono::weekday(static_cast<unsigned>(day - weekdays.begin()));
  out.at = *at;
}

}  // namespace

void read_calendar(Context& c, const yaml::Node& node, CalendarSettings& out) {
  if (!node) return;
  yaml::MapReader map(c.document, node, "`calendar`");
  if (const auto zone = map.text("zone")) {
    out.zone = *zone;
    out.zone_place = node.find("zone").place();
  }
  if (const auto starts = map.text("fiscal_year_starts")) {
    if (const auto md = month_day(*starts))
      std::tie(out.fiscal_month, out.fiscal_day) = *md;
    else
      c.error("wrong-type", "`fiscal_year_starts` is a month and a day such as 02-01, this is `" + *starts + "`",
              node.find("fiscal_year_starts").place());
  }
  static_cast<void>(map.words("holidays"));
  const auto holidays = node.find("holidays");
  for (const auto& item : holidays.is_list() ? holidays.items() : std::vector<yaml::Node>{holidays}) {
    if (!item.is_scalar()) continue;
    if (const auto day = model::parse_day(item.text()))
      out.holidays.push_back(*day);
    else
      c.error("wrong-type", "`" + std::string(item.text()) + "` is no day: write 2026-12-25", item.place());
  }
  map.finish();
}

void read_budget(Context& c, const yaml::Node& node, Budget& out) {
  if (!node) return;
  yaml::MapReader map(c.document, node, "`budget`");
  if (const auto person = map.optional("per_person")) {
    yaml::MapReader inner(c.document, person, "`per_person`");
    out.per_day = whole(c, inner, "day", 0).value_or(out.per_day);
    out.per_week =
        whole(c, inner, "week", 0).value_or(person.find("day") ? std::max(out.per_week, out.per_day) : out.per_week);
    inner.finish();
    if (out.per_week < out.per_day)
      c.warning("never-reached", "`week` is less than `day`: the number a day is never reached", person.place());
  }
  if (const auto windows = map.optional("windows")) {
    static_cast<void>(map.words("windows"));
    out.windows.clear();
    for (const auto& item : windows.is_list() ? windows.items() : std::vector<yaml::Node>{windows})
      if (item.is_scalar())
        if (const auto at = time_of_day(c, item, "a window")) out.windows.push_back(*at);
    std::sort(out.windows.begin(), out.windows.end());
    if (windows.is_list() && windows.items().empty())
      c.error("wrong-type", "`windows` has at least one time", windows.place());
  }
  if (const auto quiet = map.optional("quiet_hours")) {
    yaml::MapReader inner(c.document, quiet, "`quiet_hours`");
    const auto from = inner.required("from");
    const auto to = inner.required("to");
    if (from) out.quiet_from = time_of_day(c, from, "`from`").value_or(out.quiet_from);
    if (to) out.quiet_to = time_of_day(c, to, "`to`").value_or(out.quiet_to);
    inner.finish();
  }
  out.own_list = clock(c, map, "own_list").value_or(out.own_list);
  map.finish();
  if (!out.windows.empty() &&
      std::all_of(out.windows.begin(), out.windows.end(), [&](auto at) { return in_quiet(out, at); }))
    c.error("never-delivered", "every window lies in the quiet hours: nothing would ever be delivered",
            node.find("windows") ? node.find("windows").place() : node.place());
  else if (const auto quiet =
               std::find_if(out.windows.begin(), out.windows.end(), [&](auto at) { return in_quiet(out, at); });
           quiet != out.windows.end())
    c.warning("never-delivered", "one of the windows lies in the quiet hours: nothing is delivered in it",
              node.find("windows") ? node.find("windows").place() : node.place());
}

void read_meetings(Context& c, const yaml::Node& node, std::vector<Meeting>& out) {
  if (!node) return;
  if (!node.is_map()) {
    c.error("wrong-type", "`meetings` is a map: `pipeline-review: {every: monday 09:30, manager: EMAIL}`",
            node.place());
    return;
  }
  for (const auto& [name, value] : node.entries()) {
    Meeting m;
    m.name = name;
    yaml::MapReader map(c.document, value, "a meeting");
    read_every(c, map.required("every"), m);
    m.manager = map.text("manager").value_or("each");
    if (m.manager != "each" && !is_email(m.manager))
      c.error("wrong-type",
              "`manager` is an e-mail address, or `each` for one meeting a manager, this is `" + m.manager + "`",
              value.find("manager").place());
    if (const auto zone = map.text("zone")) {
      m.zone = *zone;
      m.zone_place = value.find("zone").place();
    }
    m.inspects = map.words("inspects");
    map.finish();
    out.push_back(std::move(m));
  }
}

void read_listen(Context& c, const yaml::Node& node, Listen& out) {
  if (!node) return;
  yaml::MapReader map(c.document, node, "`listen`");
  out.admin = address(c, map, "admin");
  out.admin_token = secret(c, map, "token");
  out.webhooks = address(c, map, "webhooks");
  out.public_url = url(c, map, "public_url");
  out.reply_url = url(c, map, "reply_url");
  if (const auto tls = map.optional("tls")) {
    yaml::MapReader inner(c.document, tls, "`tls`");
    out.tls_certificate = c.path(inner.required_text("certificate"));
    static_cast<void>(inner.required("key"));
    out.tls_key = secret(c, inner, "key");
    inner.finish();
  }
  map.finish();
  if (node.find("reply_url")) c.not_used("reply_url", node.key_place("reply_url"));
  if (out.webhooks && out.public_url.empty())
    c.error("missing-key",
            "`webhooks` needs `public_url`: the address under which the CRM calls, which its signature covers",
            node.find("webhooks").place());
  if (out.webhooks && !is_loopback(out.webhooks->host) && out.tls_certificate.empty())
    c.warning("plain-door",
              "`webhooks` listens beyond this machine without `tls`: put a proxy that ends TLS in front of it",
              node.find("webhooks").place());
  if (out.admin && !is_loopback(out.admin->host) && !out.admin_token)
    c.error("open-admin-door", "`admin` is reachable from other machines: it needs a `token`, or 127.0.0.1",
            node.find("admin").place());
}

}  // namespace coachd::settings
