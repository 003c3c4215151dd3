#include "connectors/salesforce/soql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "connectors/net/sweep.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {

std::string quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\'': out += "\\'"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        else
          out += c;
    }
  }
  return out + "'";
}

std::string quote_list(std::span<const std::string> texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += ',';
    out += quote(text);
  }
  return out;
}

std::string datetime(model::Instant at) {
  using namespace std::chrono;
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{floor<milliseconds>(at - day)};
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                time.hours().count(), time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) out += fmt::format(".{:03}", time.subseconds().count());
  return out + "Z";
}

std::string condition(const net::Sweep& sweep, std::string_view stamp) {
  std::string bound = fmt::format("{} <= {}", stamp, datetime(sweep.upper()));
  if (!sweep.at()) return bound;
  const std::string at = datetime(*sweep.at());
  if (sweep.id().empty()) return fmt::format("{} >= {} AND {}", stamp, at, bound);
  return fmt::format("(({0} = {1} AND Id > {2}) OR {0} > {1}) AND {3}", stamp, at, quote(sweep.id()), bound);
}

bool is_name(std::string_view text) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto part = [&](std::string_view name) {
    return !name.empty() && name.size() <= 80 && letter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
  };
  const auto dot = text.find('.');
  return dot == std::string_view::npos ? part(text) : part(text.substr(0, dot)) && part(text.substr(dot + 1));
}

std::string joined(std::span<const std::string> names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace coachd::salesforce
