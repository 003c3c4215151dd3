#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::yaml {
namespace {

std::string kind_in_words(const Node& n) {
  switch (n.kind()) {
    case Node::Kind::map: return "a map";
    case Node::Kind::list: return "a list";
    case Node::Kind::scalar: return n.quoted() ? "a text" : "`" + std::string(n.text()) + "`";
    case Node::Kind::null: return n.text().empty() ? "nothing" : "`" + std::string(n.text()) + "`";
    case Node::Kind::missing: break;
  }
  return "nothing";
}

// `key:value` reads as one text: the most frequent slip where a map was meant.
bool lacks_space(const Node& n) {
  if (n.kind() != Node::Kind::scalar || n.quoted()) return false;
  const auto t = n.text();
  const auto colon = t.find(':');
  return colon != std::string_view::npos && colon != 0 && colon + 1 < t.size() && t[colon + 1] != ' ' &&
         t[colon + 1] != '/' && t.substr(0, colon).find(' ') == std::string_view::npos;
}

}  // namespace

MapReader::MapReader(Document& document, Node node, std::string what)
    : document_(&document), node_(node), what_(std::move(what)) {
  if (node_.is_map() || !node_) return;
  const std::string hint = lacks_space(node_) ? "; a space is missing after `:`" : "";
  document_->report(model::Severity::error, "wrong-type",
                    what_ + " is a map (`name: value`), this is " + kind_in_words(node_) + hint, node_.place());
}

Node MapReader::optional(std::string_view key) {
  known_.emplace_back(key);
  return node_.find(key);
}

Node MapReader::required(std::string_view key) {
  const Node n = optional(key);
  if (!n && node_.is_map())
    document_->report(model::Severity::error, "missing-key",
                      "`" + std::string(key) + "` is missing: " + what_ + " needs it", node_.place());
  return n;
}

std::optional<std::string> MapReader::text(std::string_view key) {
  const Node n = optional(key);
  if (!n) return std::nullopt;
  const bool empty = n.kind() == Node::Kind::null && n.text().empty();
  if (n.is_scalar() && !empty) return std::string(n.text());
  document_->report(model::Severity::error, "wrong-type",
                    "`" + std::string(key) + "` is a text, this is " + kind_in_words(n),
                    empty ? node_.key_place(key) : n.place());
  return std::nullopt;
}

std::string MapReader::required_text(std::string_view key) {
  if (!required(key)) return {};
  return text(key).value_or("");
}

std::optional<bool> MapReader::boolean(std::string_view key) {
  const Node n = optional(key);
  if (!n) return std::nullopt;
  if (n.kind() == Node::Kind::scalar && !n.quoted() && (n.text() == "true" || n.text() == "false"))
    return n.text() == "true";
  document_->report(model::Severity::error, "wrong-type",
                    "`" + std::string(key) + "` is true or false, this is " + kind_in_words(n), n.place());
  return std::nullopt;
}

std::optional<double> MapReader::number(std::string_view key) {
  const Node n = optional(key);
  if (!n) return std::nullopt;
  const auto t = n.text();
  double value = 0;
  if (n.kind() == Node::Kind::scalar && !n.quoted() && !t.empty()) {
    const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), value);
    const bool finite = value - value == 0;
    if (ec == std::errc{} && end == t.data() + t.size() && finite) return value;
  }
  const std::string hint = n.quoted() ? " in quotes" : "";
  document_->report(model::Severity::error, "wrong-type",
                    "`" + std::string(key) + "` is a number, this is " + kind_in_words(n) + hint, n.place());
  return std::nullopt;
}

std::vector<std::string> MapReader::words(std::string_view key) {
  const Node n = optional(key);
  if (!n) return {};
  const auto wrong = [&](const Node& at) {
    document_->report(model::Severity::error, "wrong-type",
                      "`" + std::string(key) + "` is a word or a list of words, this is " + kind_in_words(at),
                      at.kind() == Node::Kind::null ? node_.key_place(key) : at.place());
  };
  const auto is_word = [](const Node& w) { return w.is_scalar() && (w.quoted() || !w.text().empty()); };
  if (is_word(n)) return {std::string(n.text())};
  if (!n.is_list()) {
    wrong(n);
    return {};
  }
  std::vector<std::string> out;
  for (const Node& item : n.items()) {
    if (is_word(item))
      out.emplace_back(item.text());
    else
      wrong(item);
  }
  return out;
}

void MapReader::also_known(std::span<const std::string_view> keys) {
  known_.insert(known_.end(), keys.begin(), keys.end());
}

void MapReader::finish() {
  for (const auto& [key, value] : node_.entries()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    std::string message = "unknown key `" + key + "` in " + what_;
    const auto colon = key.find(':');
    if (colon != std::string::npos && std::find(known_.begin(), known_.end(), key.substr(0, colon)) != known_.end())
      message += ": a space is missing after `:`";
    else if (const auto meant = nearest(key, known_))
      message += ": did you mean `" + *meant + "`?";
    document_->report(model::Severity::error, "unknown-key", std::move(message), node_.key_place(key));
  }
}

}  // namespace coachd::yaml
