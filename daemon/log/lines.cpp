#include "daemon/log/lines.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
#include "daemon/log/log.hpp"
#include "rules/model/time.hpp"

namespace coachd::log {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out.push_back(c);
  }
  return out + "\"";
}

struct Shown {
  bool json;
  std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
  std::string operator()(double v) const { return !std::isfinite(v) && json ? "null" : fmt::format("{}", v); }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(model::Instant v) const { return json ? quoted(model::to_string(v)) : model::to_string(v); }
  std::string operator()(std::string_view v) const {
    return json || v.find(' ') != std::string_view::npos ? quoted(v) : std::string(v);
  }
  std::string operator()(const std::string& v) const { return (*this)(std::string_view(v)); }
};

std::string message_and_fields(const Entry& e) {
  std::string out(e.message);
  for (const auto& f : e.fields) out += fmt::format(" {}={}", f.name.get(), std::visit(Shown{false}, f.value.get()));
  return out;
}

// The journal's names are capitals; an underscore in front is reserved for journald.
std::string journal_name(std::string_view name) {
  std::string out = "COACHD_";
  for (const char c : name) out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return out;
}

int priority(Level level) {  // syslog's numbers
  switch (level) {
    case Level::debug: return 7;
    case Level::info: return 6;
    case Level::warning: return 4;
    case Level::error: return 3;
  }
  return 6;
}

}  // namespace

std::string json_line(const Entry& e) {
  std::string out = fmt::format(R"({{"time":{},"level":{},"message":{})", quoted(model::to_string(e.at)),
                                quoted(to_string(e.level)), quoted(e.message));
  for (const auto& f : e.fields)
    out += fmt::format(",{}:{}", quoted(f.name.get()), std::visit(Shown{true}, f.value.get()));
  return out + "}";
}

std::string text_line(const Entry& e) {
  return fmt::format("{} {:<7} {}", model::to_string(e.at), to_string(e.level), message_and_fields(e));
}

std::vector<std::string> journal_fields(const Entry& e) {
  std::vector<std::string> out{"MESSAGE=" + message_and_fields(e), fmt::format("PRIORITY={}", priority(e.level)),
                               "SYSLOG_IDENTIFIER=coachd"};
  for (const auto& f : e.fields) {
    auto text = std::visit(Shown{false}, f.value.get());
    if (const auto* literal = std::get_if<std::string_view>(&f.value.get()))
      text = *literal;  // no quotes: a field is one value
    out.push_back(journal_name(f.name.get()) + "=" + text);
  }
  return out;
}

}  // namespace coachd::log
