#include "daemon/settings/read.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>
#include "daemon/settings/settings.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::settings {

void Context::hide(const yaml::Node& node) {
  if (node.is_scalar()) secret_texts.push_back(node);
  for (const auto& item : node.items()) hide(item);
  for (const auto& [key, value] : node.entries()) hide(value);
}

void Context::error(std::string code, std::string message, const model::Place& at) {
  document.report(model::Severity::error, std::move(code), std::move(message), at);
}

void Context::warning(std::string code, std::string message, const model::Place& at) {
  document.report(model::Severity::warning, std::move(code), std::move(message), at);
}

void Context::not_used(std::string_view key, const model::Place& at) {
  warning("not-in-this-version", "`" + std::string(key) + "` is understood, but not used by this version", at);
}

std::string Context::path(std::string_view written) const {
  const std::filesystem::path p(written);
  if (p.empty() || p.is_absolute() || folder.empty()) return p.string();
  return (std::filesystem::path(folder) / p).lexically_normal().string();
}

std::string text_or_none(yaml::MapReader& map, std::string_view key) {
  const auto n = map.optional(key);
  if (n.kind() == yaml::Node::Kind::null) return {};
  return map.text(key).value_or("");
}

bool is_one_of(Context& context, const yaml::Node& node, std::string_view what,
               std::initializer_list<std::string_view> words) {
  if (std::find(words.begin(), words.end(), node.text()) != words.end()) return true;
  std::string message = "`" + std::string(node.text()) + "` is no " + std::string(what) + ": ";
  const std::vector<std::string> names(words.begin(), words.end());
  if (const auto meant = yaml::nearest(node.text(), names)) {
    message += "did you mean `" + *meant + "`?";
  } else {
    message += "there are ";
    for (std::size_t i = 0; i < names.size(); ++i) message += (i == 0 ? "" : ", ") + names[i];
  }
  context.error("unknown-word", std::move(message), node.place());
  return false;
}

std::optional<std::string> one_of(Context& context, yaml::MapReader& map, std::string_view key,
                                  std::initializer_list<std::string_view> words) {
  auto text = map.text(key);
  if (!text || !is_one_of(context, map.node().find(key), key, words)) return std::nullopt;
  return text;
}

std::optional<std::chrono::seconds> clock(Context& context, yaml::MapReader& map, std::string_view key) {
  const auto text = map.text(key);
  if (!text) return std::nullopt;
  const auto span = model::parse_span(*text);
  if (span && span->by_clock()) return std::chrono::seconds(span->count);
  if (span && span->unit == model::Span::Unit::days) return std::chrono::days(span->count);
  context.error("wrong-type",
                "`" + std::string(key) + "` is a length of time such as 90s, 15m, 6h or 1d, this is `" + *text + "`",
                map.node().find(key).place());
  return std::nullopt;
}

std::optional<double> percent(Context& context, yaml::MapReader& map, std::string_view key) {
  const auto text = map.text(key);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (ec == std::errc{} && std::string_view(end, static_cast<std::size_t>(text->data() + text->size() - end)) == "%" &&
      value > 0 && value <= 100)
    return value / 100;
  context.error("wrong-type", "`" + std::string(key) + "` is a share such as 20%, this is `" + *text + "`",
                map.node().find(key).place());
  return std::nullopt;
}

std::optional<int> whole(Context& context, yaml::MapReader& map, std::string_view key, int least) {
  const auto number = map.number(key);
  if (!number) return std::nullopt;
  if (*number == std::floor(*number) && *number >= least && *number <= 1e6) return static_cast<int>(*number);
  context.error("wrong-type", "`" + std::string(key) + "` is a whole number from " + std::to_string(least) + " on",
                map.node().find(key).place());
  return std::nullopt;
}

std::optional<std::chrono::minutes> parse_time(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon > 2 || text.size() != colon + 3) return std::nullopt;
  int hours = 0;
  int minutes = 0;
  const auto h = std::from_chars(text.data(), text.data() + colon, hours);
  const auto m = std::from_chars(text.data() + colon + 1, text.data() + text.size(), minutes);
  if (h.ec != std::errc{} || h.ptr != text.data() + colon || m.ec != std::errc{} || m.ptr != text.data() + text.size())
    return std::nullopt;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

std::optional<std::chrono::minutes> time_of_day(Context& context, const yaml::Node& node, std::string_view what) {
  const auto at = parse_time(node.text());
  if (!at)
    context.error("wrong-type",
                  std::string(what) + " is a time of the day such as 09:30, this is `" + std::string(node.text()) + "`",
                  node.place());
  return at;
}

Secret secret(Context& context, yaml::MapReader& map, std::string_view key) {
  const auto node = map.optional(key);
  if (!node) return {};
  if (!node.is_map()) {
    context.hide(node);
    context.error(
        "secret-in-text",
        "`" + std::string(key) +
            "` is a secret and never stands in this file: write {env: NAME}, {file: PATH} or {credential: NAME}",
        node.place());
    return {};
  }
  yaml::MapReader inner(context.document, node, "a secret");
  Secret out;
  int given = 0;
  const auto take = [&](std::string_view name, Secret::From from) {
    if (const auto text = inner.text(name)) {
      ++given;
      out = {from, from == Secret::From::file ? context.path(*text) : *text};
    }
  };
  take("credential", Secret::From::credential);
  take("file", Secret::From::file);
  take("env", Secret::From::env);
  for (const auto& [name, value] : node.entries())
    if (name != "credential" && name != "file" && name != "env") context.hide(value);
  inner.finish();
  if (given != 1)
    context.error("wrong-type",
                  "`" + std::string(key) +
                      "` says in one way where the secret is: {env: NAME}, {file: PATH} or {credential: NAME}",
                  node.place());
  return given == 1 ? out : Secret{};
}

std::optional<Address> address(Context& context, yaml::MapReader& map, std::string_view key) {
  const auto text = map.text(key);
  if (!text) return std::nullopt;
  const auto colon = text->rfind(':');
  unsigned port = 0;
  bool good = colon != std::string::npos && colon > 0 && colon + 1 < text->size();
  std::string host = good ? text->substr(0, colon) : "";
  if (good) {
    const auto [end, ec] = std::from_chars(text->data() + colon + 1, text->data() + text->size(), port);
    good = ec == std::errc{} && end == text->data() + text->size() && port <= 65535;
    if (host.starts_with('[') && host.ends_with(']'))
      host = host.substr(1, host.size() - 2);
    else
      good = good && host.find(':') == std::string::npos;
  }
  if (good && !host.empty()) return Address{host, static_cast<std::uint16_t>(port)};
  context.error("wrong-type",
                "`" + std::string(key) + "` is an address and a port such as 127.0.0.1:8787, this is `" + *text + "`",
                map.node().find(key).place());
  return std::nullopt;
}

bool is_loopback(std::string_view host) noexcept {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

std::string url(Context& context, yaml::MapReader& map, std::string_view key) {
  auto text = text_or_none(map, key);
  if (text.empty()) return text;
  const auto place = map.node().find(key).place();
  const bool https = text.starts_with("https://");
  const bool http = text.starts_with("http://");
  const auto begin = https ? 8u : 7u;
  const auto rest = https || http ? text.substr(begin) : "";
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto host = authority.substr(0, authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':'));
  if (host.empty() || host.find_first_of(" @") != std::string::npos) {
    context.error("wrong-type", "`" + std::string(key) + "` is a web address such as https://acme.my.salesforce.com",
                  place);
    return {};
  }
  if (http && !is_loopback(host)) {
    context.error("plain-http", "`" + std::string(key) + "` must begin with https:// (http:// only to this machine)",
                  place);
    return {};
  }
  while (text.ends_with('/')) text.pop_back();
  return text;
}

bool is_email(std::string_view text) noexcept {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.find_first_of(" \t,;<>") == std::string_view::npos;
}

std::vector<std::string> emails(Context& context, yaml::MapReader& map, std::string_view key) {
  auto out = map.words(key);
  const auto node = map.node().find(key);
  const auto items = node.is_list() ? node.items() : std::vector<yaml::Node>{node};
  for (const auto& item : items)
    if (item.is_scalar() && !is_email(item.text()))
      context.error("wrong-type", "`" + std::string(item.text()) + "` is no e-mail address", item.place());
  return out;
}

}  // namespace coachd::settings
