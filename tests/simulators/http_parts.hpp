// Small parts of HTTP that every simulated CRM needs: a request's target cut up, and replies of two kinds. Pure
// functions.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "tests/simulators/http_server.hpp"

namespace coachd::sim {

[[nodiscard]] std::string url_decode(std::string_view text, bool plus_is_space);
// Of a query or a form body; the last of equal names counts.
[[nodiscard]] std::map<std::string, std::string, std::less<>> form_fields(std::string_view form);
[[nodiscard]] http_reply json_reply(int status, std::string body);
[[nodiscard]] http_reply html_reply(int status, std::string body);

}  // namespace coachd::sim
