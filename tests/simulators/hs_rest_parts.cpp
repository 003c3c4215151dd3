#include "tests/simulators/hs_rest_parts.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"

namespace coachd::sim {

namespace json = boost::json;

std::string hs_correlation(std::uint64_t request) {
  return fmt::format("019db16f-{:04x}-7000-8000-{:012x}", request >> 48U, request & 0xffffffffffffU);
}

http_reply hs_no_page() {
  return html_reply(404,
                    "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\"/>\n"
                    "<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404</h2></body>\n</html>\n");
}

http_reply hs_wrong_verb() {
  return html_reply(405,
                    "<html>\n<head>\n<title>Error 405 Method Not Allowed</title>\n</head>\n"
                    "<body><h2>HTTP ERROR 405</h2></body>\n</html>\n");
}

std::vector<std::string> hs_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string hs_text(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) return {};
  if (v->is_string()) return std::string{v->get_string()};
  if (v->is_int64()) return fmt::to_string(v->get_int64());
  if (v->is_uint64()) return fmt::to_string(v->get_uint64());
  if (v->is_double()) return fmt::to_string(v->get_double());
  if (v->is_bool()) return v->get_bool() ? "true" : "false";
  return {};
}

std::vector<std::string> hs_texts(const json::object& o, std::string_view key) {
  std::vector<std::string> found;
  const auto* v = o.if_contains(key);
  if (v == nullptr || !v->is_array()) return found;
  for (const auto& one : v->get_array()) {
    if (one.is_string()) found.emplace_back(one.get_string());
  }
  return found;
}

}  // namespace coachd::sim
