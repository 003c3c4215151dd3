// never-holds: tests of one field that exclude each other.
// Bad: `{field: amount, above: 100, below: 50}`. Better: `{field: amount, above: 50, below: 100}`.
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "rules/lint/context.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

struct Bound {
  double value = 0;
  bool strict = false;
};

std::optional<Bound> bound(const yaml::Node& condition, std::string_view strict, std::string_view loose) {
  for (const auto word : {strict, loose}) {
    const auto text = condition.find(word).text();
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!text.empty() && ec == std::errc{} && end == text.data() + text.size()) return Bound{value, word == strict};
  }
  return std::nullopt;
}

bool excludes(const yaml::Node& condition) {
  const auto is = [&](std::string_view word, std::string_view value) { return condition.find(word).text() == value; };
  if (is("filled", "false") && (is("real", "true") || is("placeholder", "true"))) return true;
  if (is("real", "true") && is("placeholder", "true")) return true;
  const auto low = bound(condition, "above", "at_least");
  const auto high = bound(condition, "below", "at_most");
  if (!low || !high) return false;
  return low->value > high->value || (low->value >= high->value && (low->strict || high->strict));
}

void look(Context& c, const yaml::Node& node) {
  if (const auto field = node.find("field"); field.is_scalar() && excludes(node))
    c.warn("never-holds", "no value of `" + std::string(field.text()) + "` passes all of these tests at once",
           field.place());
  for (const auto& [key, value] : node.entries()) look(c, value);
  for (const auto& item : node.items()) look(c, item);
}

}  // namespace

void never_holds(Context& c) {
  for (const std::string_view key : {"for", "fields", "done_means", "rules", "segments"}) look(c, c.root().find(key));
}

}  // namespace coachd::lint
