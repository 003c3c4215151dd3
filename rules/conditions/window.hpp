// How far a test of history, activity or review looks back: a length of time (also by stage), or since a meeting was
// last held (`{since_meeting: NAME}`); for `stage_age` also a percentile. Immutable; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rules/conditions/limit.hpp"

namespace coachd::rules {

/// `14d`, or `p90`: how long so many of 100 won records stood in that stage at most.
struct AgeLimit {
  model::Span span{};
  int percentile = 0;  ///< 0: the span counts
};

/// The limit of `stage_age`: `14d`, `p90`, `{by_stage: {Proposal: p90, default: 14d}}`, or
/// `{percentile: p90, by_stage: {...}}`, where what `by_stage` says counts as long as too few records were won.
class StageAge {
 public:
  StageAge(Limit<AgeLimit> limit, int percentile) : limit_(std::move(limit)), percentile_(percentile) {}
  [[nodiscard]] std::optional<model::Span> of(const View& v) const;
  [[nodiscard]] std::string missing(const View& v) const;
  /// "for more than 14 days", "longer than 90 of 100 won records".
  [[nodiscard]] std::string longer(const View* v) const;
  /// Where the limit came from; "" where it is a plain one.
  [[nodiscard]] std::string saw(const View& v) const;

 private:
  struct Found {
    std::optional<model::Span> span;
    int percentile = 0;    // 0: none was asked for
    std::size_t won = 0;   // records that it rests on
    bool counted = false;  // false: the default counts
  };
  [[nodiscard]] Found find(const View& v) const;
  Limit<AgeLimit> limit_;
  int percentile_;
};

class Window {
 public:
  /// What it comes to on one record.
  struct Reach {
    bool to_meeting = false;
    model::Instant since{};  ///< to_meeting
    model::Span span{};      ///< else
  };
  explicit Window(SpanLimit limit) : kind_(std::move(limit)) {}
  explicit Window(StageAge limit) : kind_(std::move(limit)) {}
  explicit Window(std::string meeting) : kind_(Meeting{std::move(meeting)}) {}

  /// Nothing: cannot be told.
  [[nodiscard]] std::optional<Reach> of(const View& v) const;
  /// REQUIRES: of(v) is nothing.
  [[nodiscard]] std::string missing(const View& v) const;
  void instants(const View& v, std::vector<model::Instant>& out) const;
  /// "for more than 14 days", "since the last forecast call".
  [[nodiscard]] std::string longer(const View* v) const;
  /// "within 14 days", "since the last forecast call".
  [[nodiscard]] std::string within(const View* v) const;
  [[nodiscard]] std::string saw(const View& v) const;

 private:
  struct Meeting {
    std::string name;
  };
  std::variant<SpanLimit, StageAge, Meeting> kind_;
};

/// `14d`, `{by_stage: {...}}` or `{since_meeting: NAME}`; nothing after an error.
[[nodiscard]] std::optional<Window> parse_window(yaml::Node node, std::string_view key, Builder& b);
/// What stands under `stage_age: {above: ...}`; nothing after an error.
[[nodiscard]] std::optional<StageAge> parse_stage_age_limit(yaml::Node node, std::string_view key, Builder& b);

/// As the functions of that name for a length: `from` lies further back than the window reaches.
[[nodiscard]] bool passed(const View& v, model::Instant from, const Window::Reach& r);
/// The end of time where it never will by time alone.
[[nodiscard]] model::Instant passes_at(const View& v, model::Instant from, const Window::Reach& r);
[[nodiscard]] bool reaches_back(const View& v, model::Instant known, const Window::Reach& r);
[[nodiscard]] model::Instant reaches_back_at(const View& v, model::Instant known, const Window::Reach& r);

/// "forecast call" of `forecast-call`.
[[nodiscard]] std::string meeting_in_words(std::string_view name);

}  // namespace coachd::rules
