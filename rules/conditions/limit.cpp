#include "rules/conditions/limit.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/stage_words.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

// For each stage of a pipeline the number of the entry that stands for it: the one that names the stage exactly, else
// one that names a milestone or another spelling of it, else the default.
class Entries final : public StageAnswers::Maker {
 public:
  Entries(std::vector<std::string> words, std::optional<std::uint8_t> fallback, Milestones milestones)
      : words_(std::move(words)), fallback_(fallback), milestones_(std::move(milestones)) {}

  [[nodiscard]] std::vector<std::uint8_t> answers(const model::Pipeline& p) const override {
    std::vector<std::uint8_t> out(p.stages.size(), fallback_.value_or(SpanLimit::none));
    for (const bool exact : {false, true})
      for (std::size_t w = 0; w < words_.size(); ++w)
        for (const auto i : places(p, words_[w], milestones_)) {
          const bool named = p.stages[i].name == words_[w] || p.stages[i].label == words_[w];
          if (named == exact) out[i] = static_cast<std::uint8_t>(w);
        }
    return out;
  }

 private:
  std::vector<std::string> words_;
  std::optional<std::uint8_t> fallback_;
  Milestones milestones_;
};

constexpr const char* of_its_stage = "the limit of its stage";

}  // namespace

std::optional<ByStage> parse_by_stage(yaml::Node stages, Builder& b) {
  if (!stages.is_map() || stages.entries().empty() || stages.entries().size() > 250) {
    b.error("wrong-type", "`by_stage` is a map from stages to limits, such as `{Prospecting: 30d, default: 14d}`",
            stages.place());
    return std::nullopt;
  }
  if (!b.has_stages()) {
    b.error("no-stages", "`by_stage` needs an object with stages", stages.place());
    return std::nullopt;
  }
  ByStage out;
  std::vector<std::string> words;
  std::optional<std::uint8_t> fallback;
  bool good = true;
  for (auto& [stage, limit] : stages.entries()) {
    // Where stages are known another word is an unknown stage.
    constexpr std::string_view otherwise = "default";
    static const std::vector<std::string> words_for_others{std::string(otherwise)};
    if (stage != otherwise && b.known_stages().empty() && yaml::nearest(stage, words_for_others)) {
      b.error("unknown-stage", '`' + stage + "` under `by_stage`: did you mean `default`?", stages.key_place(stage));
      good = false;
    }
    if (stage == otherwise)
      fallback = static_cast<std::uint8_t>(out.limits.size());
    else
      good = b.check_stage(stage, stages.key_place(stage)) && good;
    // "default" stands in the list, too: it never matches a stage of that name before its own entry does.
    words.push_back(stage == "default" ? std::string{} : stage);
    out.limits.emplace_back(stage, limit);
  }
  if (!good) return std::nullopt;
  out.fallback = fallback.value_or(SpanLimit::none);
  out.answers = std::make_unique<StageAnswers>(std::make_unique<Entries>(std::move(words), fallback, b.milestones()),
                                               b.known_stages());
  return out;
}

bool is_sensible(model::Span s) noexcept {
  switch (s.unit) {
    case model::Span::Unit::seconds: return true;
    case model::Span::Unit::days: return s.count <= 73'050;
    case model::Span::Unit::months: return s.count <= 2'400;
    case model::Span::Unit::business_days: return s.count <= 52'000;
  }
  return false;
}

template <>
std::string Limit<model::Span>::words(const View* v) const {
  if (v != nullptr)
    if (const auto* s = of(*v)) return in_words(*s);
  return by_stage_ ? of_its_stage : in_words(values_.front());
}

template <>
std::string Limit<double>::words(const View* v) const {
  if (v != nullptr)
    if (const auto* d = of(*v)) return in_words(*d);
  return by_stage_ ? of_its_stage : in_words(values_.front());
}

std::optional<model::Span> parse_span_at(yaml::Node node, std::string_view key, Builder& b) {
  const auto span = node.is_scalar() ? model::parse_span(node.text()) : std::nullopt;
  if (span && !is_sensible(*span)) {
    b.error("too-long", '`' + std::string(key) + "` takes at most 200 years", node.place());
    return std::nullopt;
  }
  if (span) {
    // Up to a year of them: nobody means so few minutes.
    constexpr std::int32_t a_year = 12 * 60;
    if (const auto t = node.text(); t.ends_with('m') && span->count <= a_year)
      b.warn("minutes-or-months", '`' + std::string(t) + "` are minutes; months are written `" + std::string(t) + "o`",
             node.place());
    return span;
  }
  b.error("wrong-type", '`' + std::string(key) + "` takes a length of time such as 14d, 2w, 3mo, 10bd or 6h",
          node.place());
  return std::nullopt;
}

std::optional<double> parse_number_at(yaml::Node node, std::string_view key, Builder& b) {
  if (node.is_scalar() && !node.quoted())
    if (const auto d = as_number(model::Value::text(node.text()))) return d;
  b.error("wrong-type", '`' + std::string(key) + "` takes a number", node.place());
  return std::nullopt;
}

std::optional<std::int64_t> parse_count_at(yaml::Node node, std::string_view key, Builder& b, std::int64_t least) {
  std::int64_t n = 0;
  const auto t = node.text();
  const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), n);
  if (node.is_scalar() && ec == std::errc{} && end == t.data() + t.size() && n >= least) return n;
  b.error("wrong-type", '`' + std::string(key) + "` takes a whole number of at least " + std::to_string(least),
          node.place());
  return std::nullopt;
}

std::optional<bool> parse_bool_at(yaml::Node node, std::string_view key, Builder& b) {
  if (node.is_scalar() && !node.quoted()) {
    if (node.text() == "true") return true;
    if (node.text() == "false") return false;
  }
  b.error("wrong-type", '`' + std::string(key) + "` takes true or false", node.place());
  return std::nullopt;
}

std::optional<std::vector<std::string>> parse_words_at(yaml::Node node, std::string_view key, Builder& b) {
  std::vector<std::string> out;
  bool good = node.is_scalar() || (node.is_list() && !node.items().empty());
  if (node.is_scalar()) out.emplace_back(node.text());
  for (const auto& item : node.items()) {
    good = good && item.is_scalar();
    out.emplace_back(item.text());
  }
  if (good) return out;
  b.error("wrong-type", '`' + std::string(key) + "` takes a list of words", node.place());
  return std::nullopt;
}

std::string in_words(double d) {
  return model::to_string(model::Value::number(d));
}

std::optional<SpanLimit> parse_span_limit(yaml::Node node, std::string_view key, Builder& b) {
  return parse_limit<model::Span>(node, key, b, parse_span_at);
}

std::optional<NumberLimit> parse_number_limit(yaml::Node node, std::string_view key, Builder& b) {
  return parse_limit<double>(node, key, b, parse_number_at);
}

std::optional<NumberLimit> parse_count_limit(yaml::Node node, std::string_view key, std::int64_t least, Builder& b) {
  return parse_limit<double>(node, key, b, [least](yaml::Node n, std::string_view k, Builder& builder) {
    const auto count = parse_count_at(n, k, builder, least);
    return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
  });
}

}  // namespace coachd::rules
