// Parts that the sources of the HubSpot REST API share: a request cut up, and the words of bodies. Pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "tests/simulators/hs_rest.hpp"

namespace coachd::sim {

inline constexpr std::uint64_t hs_burst_limit = 190;  // calls in 10 s

struct hs_rest::call {
  std::string method;
  std::string path;  // decoded, without the query
  std::string text;  // "GET /path?query", decoded
  std::string base;  // http://HOST
  resource what{};
  std::string_view version;                               // v3, 2026-03 or 2026-09
  std::vector<std::string> parts;                         // of the path after the resource
  std::map<std::string, std::string, std::less<>> query;  // repeated names joined by a comma
  const boost::json::object* body = nullptr;              // empty where none was sent
  std::string raw;
  // Search has limits of its own.
  [[nodiscard]] bool search() const { return what == resource::objects && parts.size() == 2 && parts[1] == "search"; }
  [[nodiscard]] std::string value(std::string_view name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string{} : found->second;
  }
};

struct hs_association_type {
  int id;
  std::string_view label;  // empty for the unlabelled one
};
// Of links in that direction; none when both cannot be associated.
[[nodiscard]] std::vector<hs_association_type> hs_association_types(hs_object from, hs_object to);

// A known path with the verb that nobody serves, and a path that does not exist: HTML pages, as the edge has them.
[[nodiscard]] http_reply hs_wrong_verb();
[[nodiscard]] http_reply hs_no_page();
[[nodiscard]] std::vector<std::string> hs_words(std::string_view comma_separated);
[[nodiscard]] std::string hs_text(const boost::json::object& o, std::string_view key);  // numbers and booleans as text
[[nodiscard]] std::vector<std::string> hs_texts(const boost::json::object& o, std::string_view key);
[[nodiscard]] std::string hs_correlation(std::uint64_t request);

}  // namespace coachd::sim
