// login-metric: signing in as a measure of adoption. Who signs in every day and changes nothing has adopted nothing.
// Bad: `{field: last_login, older_than: 7d}`. Better: what the workflow needs: `{field: next_step, changed_within:
// 14d}`.
#include <string>
#include <string_view>

#include "rules/lint/context.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

bool speaks_of_logins(std::string_view name) {
  std::string small;
  for (const char ch : name)
    if (ch != '_' && ch != ' ' && ch != '-') small += ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch - 'A' + 'a') : ch;
  return small.find("login") != std::string::npos || small.find("signin") != std::string::npos;
}

void look(Context& c, const yaml::Node& node) {
  for (const auto& [key, value] : node.entries()) {
    if (key == "field" && value.is_scalar() && speaks_of_logins(value.text()))
      c.warn("login-metric",
             "`" + std::string(value.text()) + "` measures signing in, not work: judge what the workflow needs instead",
             value.place());
    look(c, value);
  }
  for (const auto& item : node.items()) look(c, item);
}

}  // namespace

void login_metric(Context& c) {
  for (const std::string_view key : {"for", "fields", "done_means", "rules", "segments"}) look(c, c.root().find(key));
}

}  // namespace coachd::lint
