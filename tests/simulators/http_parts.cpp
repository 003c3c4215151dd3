#include "tests/simulators/http_parts.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tests/simulators/http_server.hpp"

namespace coachd::sim {

std::string url_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::map<std::string, std::string, std::less<>> form_fields(std::string_view form) {
  std::map<std::string, std::string, std::less<>> fields;
  while (!form.empty()) {
    const auto end = std::min(form.find('&'), form.size());
    const auto pair = form.substr(0, end);
    const auto equal = std::min(pair.find('='), pair.size());
    fields.insert_or_assign(url_decode(pair.substr(0, equal), true),
                            url_decode(pair.substr(std::min(equal + 1, pair.size())), true));
    form.remove_prefix(std::min(end + 1, form.size()));
  }
  return fields;
}

http_reply json_reply(int status, std::string body) {
  http_reply r;
  r.status = status;
  r.headers.emplace_back("Content-Type", "application/json;charset=UTF-8");
  r.body = std::move(body);
  return r;
}

http_reply html_reply(int status, std::string body) {
  http_reply r;
  r.status = status;
  r.headers.emplace_back("Content-Type", "text/html;charset=UTF-8");
  r.body = std::move(body);
  return r;
}

}  // namespace coachd::sim
