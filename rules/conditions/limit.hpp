// A limit of a test: one length or number, or one per stage (`by_stage`), and the readers of what stands in its place.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

/// A limit that may depend on the record's stage. T is model::Span or double.
template <class T>
class Limit {
 public:
  Limit() = default;
  explicit Limit(T value) : values_{value} {}
  Limit(std::vector<T> values, std::unique_ptr<const StageAnswers> by_stage, std::string words)
      : values_(std::move(values)), by_stage_(std::move(by_stage)), words_(std::move(words)) {}

  /// Null: cannot be told (no entry for this stage and no default, or the stage is not known).
  [[nodiscard]] const T* of(const View& v) const {
    if (!by_stage_) return values_.data();
    const auto& s = v.stage();
    if (s.kind != View::Stage::Kind::found) return nullptr;
    const auto i = by_stage_->at(s);
    return i == none ? nullptr : &values_[i];
  }
  [[nodiscard]] std::string missing(const View& v) const {
    const auto& s = v.stage();
    return s.kind == View::Stage::Kind::found ? "`by_stage` has no entry for the record's stage and no default"
                                              : stage_missing(s);
  }
  /// "14 days", or "the limit of its stage" where `v` is null; the limit itself with a record.
  [[nodiscard]] std::string words(const View* v) const;

  static constexpr std::uint8_t none = 0xff;

 private:
  std::vector<T> values_;
  std::unique_ptr<const StageAnswers> by_stage_;
  std::string words_;
};

using SpanLimit = Limit<model::Span>;
using NumberLimit = Limit<double>;

/// Reads `14d` or `{by_stage: {...}}`; nothing after an error.
[[nodiscard]] std::optional<SpanLimit> parse_span_limit(yaml::Node node, std::string_view key, Builder& b);
[[nodiscard]] std::optional<NumberLimit> parse_number_limit(yaml::Node node, std::string_view key, Builder& b);
/// A plain length, number, count or yes/no; nothing after an error.
[[nodiscard]] std::optional<model::Span> parse_span_at(yaml::Node node, std::string_view key, Builder& b);
[[nodiscard]] std::optional<double> parse_number_at(yaml::Node node, std::string_view key, Builder& b);
[[nodiscard]] std::optional<std::int64_t> parse_count_at(yaml::Node node, std::string_view key, Builder& b);
[[nodiscard]] std::optional<bool> parse_bool_at(yaml::Node node, std::string_view key, Builder& b);
/// At most 200 years: beyond that calendars end.
[[nodiscard]] bool is_sensible(model::Span s) noexcept;
/// A word or a list of words.
[[nodiscard]] std::optional<std::vector<std::string>> parse_words_at(yaml::Node node, std::string_view key, Builder& b);

/// "5", "250,000", "2.5".
[[nodiscard]] std::string in_words(double d);

}  // namespace coachd::rules
