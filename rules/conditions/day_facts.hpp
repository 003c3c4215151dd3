// Statistical facts about the records of one connection: made once a day and at reload, frozen between. Part
// of the World. ONE MORE such fact is: a member of DayFacts here, its tally and whose answers rest on it in
// rules/engine/day_facts.cpp, and its bytes in encode/decode of daemon/pipeline/codec.cpp; the daily study, the store
// and the hall need no change.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/coverage.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

/// How long the won records of one stage had stood in it. Add them all, then finish; read after that.
class StayLengths {
 public:
  static constexpr std::size_t fewest = 30;  ///< records below which no percentile is told

  StayLengths() = default;
  /// Finished, of these lengths.
  StayLengths(std::vector<std::chrono::seconds> lengths);
  /// As `marks` gave them, of so many records.
  StayLengths(std::size_t won, std::vector<std::chrono::seconds> marks) : won_(won), marks_(std::move(marks)) {}

  void add(std::chrono::seconds length) {
    marks_.push_back(length);
    ++won_;
  }
  /// Of more than a hundred lengths only the hundred are kept that percentiles are read from.
  void finish();

  [[nodiscard]] std::size_t won() const noexcept { return won_; }
  /// The nearest rank, 1 <= p <= 99; nothing where too few records were won.
  [[nodiscard]] std::optional<std::chrono::seconds> percentile(int p) const;
  [[nodiscard]] const std::vector<std::chrono::seconds>& marks() const noexcept { return marks_; }
  bool operator==(const StayLengths&) const = default;

 private:
  std::size_t won_ = 0;
  std::vector<std::chrono::seconds> marks_;  // ascending once finished
};

/// By pipeline and stage as stored: of the last 18 months.
using StageAges = std::map<std::pair<std::string, std::string>, StayLengths, std::less<>>;

struct DayFacts {
  std::optional<model::Day> facts_day;                       ///< on which they were made; nothing: never
  std::map<std::string, StageAges, std::less<>> stage_ages;  ///< by canonical object
  ActivityCoverage activity_coverage;                        ///< where it is poor, "no activity" cannot be told
  bool operator==(const DayFacts&) const = default;
};

}  // namespace coachd::rules
