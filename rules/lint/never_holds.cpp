// never-holds: tests of one field that exclude each other.
// Bad: `{field: amount, above: 100, below: 50}`. Better: `{field: amount, above: 50, below: 100}`.
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "rules/lint/context.hpp"
#include "rules/model/time.hpp"
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

// A date that is written out, or a length of time in days.
std::optional<model::Day> day(const yaml::Node& condition, std::string_view one, std::string_view other) {
  for (const auto word : {one, other})
    if (const auto d = model::parse_day(condition.find(word).text())) return d;
  return std::nullopt;
}
std::optional<std::int32_t> days(const yaml::Node& condition, std::string_view word) {
  const auto span = model::parse_span(condition.find(word).text());
  return span && span->unit == model::Span::Unit::days ? std::optional(span->count) : std::nullopt;
}

// Of dates and history: a day after the later one, an age on both sides, changed and unchanged.
bool excludes_in_time(const yaml::Node& condition) {
  const auto from = day(condition, "after", "on_or_after");
  const auto to = day(condition, "before", "on_or_before");
  const bool open_end = condition.find("after") || condition.find("before");
  if (from && to && (*from > *to || (*from == *to && open_end))) return true;
  const auto older = days(condition, "older_than"), newer = days(condition, "newer_than");
  if (older && newer && *older >= *newer) return true;
  const auto still = days(condition, "unchanged_for"), moved = days(condition, "changed_within");
  return still && moved && *still >= *moved;
}

bool excludes_by_word(const yaml::Node& condition) {
  const auto is = condition.find("is"), is_not = condition.find("is_not");
  return is.is_scalar() && is_not.is_scalar() && !is.text().empty() && is.text() == is_not.text();
}

// A record is open, won or lost.
bool is_two_at_once(const yaml::Node& condition) {
  int standing = 0;
  for (const auto word : {"open", "won", "lost"}) standing += condition.find(word).text() == "true" ? 1 : 0;
  return standing > 1;
}

void look(Context& c, const yaml::Node& node) {
  if (is_two_at_once(node))
    c.warn("never-holds", "no record is two of open, won and lost at once: write `any: [{won: true}, {lost: true}]`",
           node.place());
  if (const auto field = node.find("field");
      field.is_scalar() && (excludes(node) || excludes_in_time(node) || excludes_by_word(node)))
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
