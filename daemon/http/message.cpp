#include "daemon/http/message.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace coachd::http {

std::string_view phrase(int status) noexcept {
  static constexpr std::array<std::pair<int, std::string_view>, 12> known{{{200, "OK"},
                                                                           {400, "Bad Request"},
                                                                           {401, "Unauthorized"},
                                                                           {403, "Forbidden"},
                                                                           {404, "Not Found"},
                                                                           {405, "Method Not Allowed"},
                                                                           {408, "Request Timeout"},
                                                                           {413, "Content Too Large"},
                                                                           {429, "Too Many Requests"},
                                                                           {431, "Request Header Fields Too Large"},
                                                                           {500, "Internal Server Error"},
                                                                           {503, "Service Unavailable"}}};
  const auto* const found = std::find_if(known.begin(), known.end(), [&](const auto& k) { return k.first == status; });
  return found == known.end() ? std::string_view{"Answer"} : found->second;
}

void render(std::string& out, const Response& response, bool keep_alive, bool with_body, std::string_view date) {
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += phrase(response.status);
  out += "\r\nDate: ";
  out += date;
  out += "\r\nContent-Length: ";
  out += std::to_string(response.body.size());
  if (!response.body.empty()) {
    out += "\r\nContent-Type: ";
    out += response.content_type.empty() ? std::string_view{"text/plain; charset=utf-8"} : response.content_type;
  }
  for (const auto& [name, value] : response.headers) {
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  if (!keep_alive) out += "\r\nConnection: close";
  out += "\r\n\r\n";
  if (with_body) out += response.body;
}

}  // namespace coachd::http
