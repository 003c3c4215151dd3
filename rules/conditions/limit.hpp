// A limit of a test: one length or number, or one per stage (`by_stage`), and the readers of what stands in its place.
// Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

/// A limit that may depend on the record's stage. T is model::Span, double or AgeLimit.
template <class T>
class Limit {
 public:
  static constexpr std::uint8_t none = 0xff;

  Limit() = default;
  explicit Limit(T value) : values_{value} {}
  Limit(std::vector<T> values, std::unique_ptr<const StageAnswers> by_stage, std::uint8_t fallback)
      : values_(std::move(values)), by_stage_(std::move(by_stage)), fallback_(fallback) {}

  /// Null: cannot be told (no entry for this stage and no default, or the stage is not known).
  [[nodiscard]] const T* of(const View& v) const {
    if (!by_stage_) return values_.data();
    const auto& s = v.stage();
    if (s.kind != View::Stage::Kind::found) return nullptr;
    const auto i = by_stage_->at(s);
    return i == none ? nullptr : &values_[i];
  }
  /// What stands under `default:`; null where there is none, or one limit for all.
  [[nodiscard]] const T* fallback() const noexcept { return fallback_ == none ? nullptr : &values_[fallback_]; }
  /// All limits that may count, in the order of the file.
  [[nodiscard]] const std::vector<T>& values() const noexcept { return values_; }
  [[nodiscard]] std::string missing(const View& v) const {
    const auto& s = v.stage();
    return s.kind == View::Stage::Kind::found ? "`by_stage` has no entry for the record's stage and no default"
                                              : stage_missing(s);
  }
  /// "14 days", or "the limit of its stage" where `v` is null; the limit itself with a record.
  [[nodiscard]] std::string words(const View* v) const;

 private:
  std::vector<T> values_;
  std::unique_ptr<const StageAnswers> by_stage_;
  std::uint8_t fallback_ = none;
};

using SpanLimit = Limit<model::Span>;
using NumberLimit = Limit<double>;

/// `by_stage: {STAGE: LIMIT, ..., default: LIMIT}`: the limits as written, and which of them is a stage's.
struct ByStage {
  std::vector<std::pair<std::string, yaml::Node>> limits;
  std::unique_ptr<const StageAnswers> answers;
  std::uint8_t fallback = Limit<double>::none;
};
/// Nothing after an error.
[[nodiscard]] std::optional<ByStage> parse_by_stage(yaml::Node stages, Builder& b);

/// One limit read by `one(node, key, b)`, or one per stage; nothing after an error.
template <class T, class One>
[[nodiscard]] std::optional<Limit<T>> parse_limit(yaml::Node node, std::string_view key, Builder& b, One one) {
  if (!node.is_map()) {
    const auto value = one(node, key, b);
    if (!value) return std::nullopt;
    return Limit<T>(*value);
  }
  yaml::MapReader map(b.document(), node, "a limit");
  if (map.optional("since_meeting")) {
    b.error("wrong-type",
            "`since_meeting` stands where history, activity or a review is looked back at: `" + std::string(key) +
                "` takes no meeting",
            node.key_place("since_meeting"));
    return std::nullopt;
  }
  const auto stages = map.required("by_stage");
  map.finish();
  if (!stages) return std::nullopt;
  auto by_stage = parse_by_stage(stages, b);
  std::vector<T> values;
  bool good = by_stage.has_value();
  if (by_stage)
    for (const auto& [stage, limit] : by_stage->limits) {
      const auto value = one(limit, stage, b);
      good = good && value.has_value();
      values.push_back(value.value_or(T{}));
    }
  if (!good) return std::nullopt;
  return Limit<T>(std::move(values), std::move(by_stage->answers), by_stage->fallback);
}

/// Reads `14d` or `{by_stage: {...}}`; nothing after an error.
[[nodiscard]] std::optional<SpanLimit> parse_span_limit(yaml::Node node, std::string_view key, Builder& b);
[[nodiscard]] std::optional<NumberLimit> parse_number_limit(yaml::Node node, std::string_view key, Builder& b);
/// A whole number of at least `least`.
[[nodiscard]] std::optional<NumberLimit> parse_count_limit(yaml::Node node, std::string_view key, std::int64_t least,
                                                           Builder& b);
/// A plain length, number, count or yes/no; nothing after an error.
[[nodiscard]] std::optional<model::Span> parse_span_at(yaml::Node node, std::string_view key, Builder& b);
[[nodiscard]] std::optional<double> parse_number_at(yaml::Node node, std::string_view key, Builder& b);
[[nodiscard]] std::optional<std::int64_t> parse_count_at(yaml::Node node, std::string_view key, Builder& b,
                                                         std::int64_t least = 1);
[[nodiscard]] std::optional<bool> parse_bool_at(yaml::Node node, std::string_view key, Builder& b);
/// At most 200 years: beyond that calendars end.
[[nodiscard]] bool is_sensible(model::Span s) noexcept;
/// A word or a list of words.
[[nodiscard]] std::optional<std::vector<std::string>> parse_words_at(yaml::Node node, std::string_view key, Builder& b);

/// "5", "250,000", "2.5".
[[nodiscard]] std::string in_words(double d);

}  // namespace coachd::rules
