#include "rules/conditions/literal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {

using model::FieldType;
using model::Value;

bool is_numeric(FieldType t) noexcept {
  return t == FieldType::number || t == FieldType::currency || t == FieldType::percent;
}
bool is_date(FieldType t) noexcept {
  return t == FieldType::date || t == FieldType::datetime;
}

namespace {

// Canonical word first. Salesforce stores ForecastCategory as `Forecast`, ForecastCategoryName as `Commit`.
constexpr std::array<std::array<std::string_view, 5>, 6> forecast_words{{
    {"omitted", "Omitted", "OMIT", "OMITTED", ""},
    {"pipeline", "Pipeline", "PIPELINE", "", ""},
    {"best_case", "BestCase", "Best Case", "BEST_CASE", ""},
    {"most_likely", "MostLikely", "Most Likely", "MOST_LIKELY", ""},
    {"commit", "Commit", "Forecast", "COMMIT", ""},
    {"closed", "Closed", "CLOSED", "", ""},
}};

bool is_forecast_category(const Field& f) {
  for (const auto* name : {&f.name, &f.crm_name})
    for (const std::string_view known :
         {"forecast_category", "ForecastCategory", "ForecastCategoryName", "hs_manual_forecast_category"})
      if (*name == known) return true;
  return false;
}

// A letter or digit of ASCII in lower case, else 0.
constexpr char initial(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '\0';
}

void add_forecast_spellings(std::vector<std::string>& spellings) {
  for (const auto& words : forecast_words)
    for (const auto& w : words)
      if (!w.empty() && text::same(w, spellings.front())) {
        for (const auto& other : words)
          if (!other.empty()) spellings.emplace_back(other);
        return;
      }
}

}  // namespace

std::string_view forecast_category_of(std::string_view written) {
  for (const auto& words : forecast_words)
    for (const auto& w : words)
      if (!w.empty() && text::same(w, written)) return words.front();
  return {};
}

bool Literals::contain_text(std::string_view t) const {
  // Most texts differ in their first letter already; white space and what ASCII does not know takes the long way.
  const char first = t.empty() ? '\0' : initial(t.front());
  for (const auto& one : ones_) {
    for (const auto& s : one.spellings) {
      if (first != '\0' && s.initial != '\0' && first != s.initial) continue;
      const std::string_view trimmed = text::trim(t);
      if (!s.folded.empty() && text::is_folded(trimmed, s.folded)) return true;
      if ((s.folded.empty() || !text::is_ascii(trimmed)) && text::same(trimmed, s.text)) return true;
    }
    if (one.number && numeric_)
      if (const auto d = as_number(Value::text(t)); d && *d == *one.number) return true;
  }
  return false;
}

bool Literals::contain(const View& v, const Value& value) const {
  switch (value.kind()) {
    case Value::Kind::unread:
    case Value::Kind::blank: return false;
    case Value::Kind::number:
      return std::any_of(ones_.begin(), ones_.end(),
                         [&](const One& o) { return o.number && *o.number == value.as_number(); });
    case Value::Kind::boolean:
      return std::any_of(ones_.begin(), ones_.end(),
                         [&](const One& o) { return o.boolean && *o.boolean == value.as_boolean(); });
    case Value::Kind::day:
    case Value::Kind::instant: {
      const auto day = as_day(value, v.world().calendar.zone());
      return std::any_of(ones_.begin(), ones_.end(), [&](const One& o) { return o.day && *o.day == *day; });
    }
    case Value::Kind::text: break;
  }
  auto rest = value.as_text();
  if (!multiple_) return contain_text(rest);
  while (true) {
    const auto end = rest.find(';');
    if (contain_text(rest.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    rest.remove_prefix(end + 1);
  }
}

std::string Literals::words() const {
  std::string out;
  for (std::size_t i = 0; i < written_.size(); ++i)
    out += (i == 0 ? "\"" : i + 1 == written_.size() ? " or \"" : ", \"") + written_[i] + '"';
  return out;
}

std::optional<Literals> parse_literals(const Field& f, yaml::Node node, std::string_view key, Builder& b) {
  auto words = parse_words_at(node, key, b);
  if (!words) return std::nullopt;
  Literals out;
  out.multiple_ = f.type == FieldType::multi_picklist;
  out.numeric_ = is_numeric(f.type);
  const auto items = node.is_list() ? node.items() : std::vector<yaml::Node>{node};
  bool good = true;
  for (std::size_t i = 0; i < words->size(); ++i) {
    const auto& word = (*words)[i];
    Literals::One one;
    std::vector<std::string> spellings{word};
    one.number = as_number(Value::text(word));
    one.day = model::parse_day(word);
    if (word == "true" || word == "false") one.boolean = word == "true";
    const auto wrong = [&](const std::string& what) {
      b.error("wrong-type", '`' + f.name + "` is a " + what + ": `" + word + "` can never stand in it",
              items[i].place());
      good = false;
    };
    for (const std::string_view quote : {"\u201c", "\u201d", "\u201e", "\u00ab", "\u2018", "\u2019"})
      if (word.starts_with(quote))
        b.warn("typographic-quotes", "these quotes are part of the text: write `\"` around a text, or nothing",
               items[i].place());
    if (is_numeric(f.type) && !one.number) wrong("number");
    if (is_date(f.type) && !one.day) wrong("date (2026-01-31)");
    if (f.type == FieldType::boolean && !one.boolean) wrong("checkbox (true or false)");
    const bool forecast = is_forecast_category(f);
    if (forecast) add_forecast_spellings(spellings);
    if (f.options != nullptr && !f.options->empty() &&
        (f.type == FieldType::picklist || f.type == FieldType::multi_picklist)) {
      bool known = false;
      const auto spelled = spellings;
      for (const auto& option : *f.options)
        for (const auto& s : spelled) {
          if (!text::same(option.value, s) && !text::same(option.label, s)) continue;
          known = true;
          spellings.push_back(option.value);
          spellings.push_back(option.label);
        }
      if (!known && !forecast) {
        std::vector<std::string> names;
        for (const auto& option : *f.options) names.push_back(option.label.empty() ? option.value : option.label);
        const auto near = yaml::nearest(word, names);
        b.warn("unknown-option",
               '`' + word + "` is no option of `" + f.name + '`' + (near ? ": did you mean `" + *near + "`?" : ""),
               items[i].place());
      }
    }
    // Spellings that differ by case only are one comparison.
    for (auto& text : spellings) {
      if (std::any_of(one.spellings.begin(), one.spellings.end(),
                      [&](const Literals::Spelling& s) { return text::same(s.text, text); }))
        continue;
      Literals::Spelling s;
      s.folded = text::is_ascii(text) ? text::fold(text) : std::string();
      s.initial = text.empty() ? '\0' : initial(text.front());
      s.text = std::move(text);
      one.spellings.push_back(std::move(s));
    }
    out.ones_.push_back(std::move(one));
  }
  out.written_ = std::move(*words);
  if (!good) return std::nullopt;
  return out;
}

}  // namespace coachd::rules
