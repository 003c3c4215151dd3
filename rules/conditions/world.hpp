// The surroundings of an evaluation: calendar, stages and people of one connection. Immutable, versioned, swapped
// whole.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/conditions/day_facts.hpp"  // IWYU pragma: export
#include "rules/model/description.hpp"

namespace coachd::rules {

/// The stages of one object's pipelines, made for fast look-up by what stands on a record.
class StageTable {
 public:
  struct Position {
    const model::Pipeline* pipeline = nullptr;
    std::uint16_t index = 0;  ///< order within the pipeline
    const model::Stage* stage = nullptr;
  };
  StageTable() = default;
  explicit StageTable(std::vector<model::Pipeline> pipelines);

  [[nodiscard]] bool empty() const noexcept { return pipelines_.empty(); }
  /// Equal where names, order, won and lost of all stages are equal: compiled tests keep their answers per stage under
  /// it.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return fingerprint_; }
  [[nodiscard]] const std::vector<model::Pipeline>& pipelines() const noexcept { return pipelines_; }
  /// Where a stage stands. `pipeline` is what the record says ("" where the object has none); one whose pipeline is
  /// unknown but whose stage name occurs in a single pipeline, or everywhere at the same place, is found; else nothing
  /// (cannot be told).
  [[nodiscard]] std::optional<Position> find(std::string_view pipeline, std::string_view stage) const {
    if (pipelines_.size() == 1)
      if (const std::uint16_t i = guess(0, stage); i != 0) return position(0, i - 1u);
    return search(pipeline, stage);
  }

 private:
  // Number of the stage of exactly that name plus one, or 0: then it may still be there.
  [[nodiscard]] std::uint16_t guess(std::size_t pipeline, std::string_view stage) const noexcept {
    const std::uint16_t i = guess_[pipeline][shape_of(stage)];
    return i != 0 && pipelines_[pipeline].stages[i - 1u].name == stage ? i : std::uint16_t{0};
  }
  [[nodiscard]] Position position(std::size_t pipeline, std::size_t stage) const noexcept {
    const model::Pipeline& p = pipelines_[pipeline];
    return {&p, static_cast<std::uint16_t>(stage), &p.stages[stage]};
  }
  [[nodiscard]] std::optional<Position> search(std::string_view pipeline, std::string_view stage) const;
  // Of 64; tells most names of a pipeline apart.
  static std::size_t shape_of(std::string_view name) noexcept {
    if (name.empty()) return 0;
    const std::size_t first = static_cast<unsigned char>(name.front());
    const std::size_t last = static_cast<unsigned char>(name.back());
    return (name.size() * 7 + first * 3 + last) & 63;
  }
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  using Index = std::unordered_map<std::string, std::uint16_t, Hash, std::equal_to<>>;
  std::vector<model::Pipeline> pipelines_;
  std::vector<Index> by_name_;  // parallel to pipelines_
  // By length, first and last character of the stored name: number of a stage plus one; parallel to pipelines_.
  std::vector<std::array<std::uint16_t, 64>> guess_;
  std::uint64_t fingerprint_ = 0;
};

/// When a meeting is held: ascending; the last ones, and those to come as far ahead as the host knows them. What lies
/// after the moment that is judged is not held yet, and the engine knows that it will be.
class MeetingTimes {
 public:
  MeetingTimes() = default;
  MeetingTimes(model::Instant once) : at_{once} {}
  MeetingTimes(std::vector<model::Instant> ascending) : at_(std::move(ascending)) {}
  [[nodiscard]] const std::vector<model::Instant>& all() const noexcept { return at_; }
  /// The last one until `now`.
  [[nodiscard]] std::optional<model::Instant> last(model::Instant now) const noexcept;

 private:
  std::vector<model::Instant> at_;
};

/// With `manager: each` there is one a manager, by the manager's person id; else one under "".
using MeetingHeld = std::map<std::string, MeetingTimes, std::less<>>;

struct World : DayFacts {
  std::uint64_t version = 0;
  calendar::Calendar calendar;
  std::map<std::string, StageTable, std::less<>> stages;     ///< by canonical object
  std::map<std::string, model::Person, std::less<>> people;  ///< by the CRM's person id
  std::vector<std::string> integration_users;                ///< ids whose writes are `by: integration`
  std::vector<std::string> unread_captures;  ///< they gather activities where nobody can read them, an admin says
  std::map<std::string, MeetingHeld, std::less<>> meetings;  ///< by name; absent: never held

  /// That nothing happened can be told of a record at all.
  [[nodiscard]] bool silence_tells() const noexcept { return activity_coverage.tells() && unread_captures.empty(); }
  /// REQUIRES: !silence_tells(). "activities: Einstein Activity Capture keeps some of them where they cannot be read".
  [[nodiscard]] std::string why_silence_is_untold() const;
  [[nodiscard]] const model::Person* person(std::string_view id) const noexcept;
  [[nodiscard]] const StageTable* stages_of(std::string_view object) const noexcept;
};

}  // namespace coachd::rules
