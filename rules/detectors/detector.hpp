// What a detector is: it sees the records of one object one by one, in any order and each once, and says at the end
// what it found about persons, fields, automations, meetings, pairs or records, or what it cannot tell. Pure: no I/O,
// no clock; the same records and evidence give the same answer. One detector is one file, listed in registry.cpp. One
// thread a detector.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/view.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

/// What a finding is about. One about a person goes to that person only, one about a field, an automation or a meeting
/// to its owner.
enum class Unit : std::uint8_t { person, field, automation, meeting, pair, record };
[[nodiscard]] std::string_view to_string(Unit u);

struct Detected {
  Unit unit = Unit::record;
  std::string key;  ///< stable: the person's, record's or field's id; both ids of a pair, `|` between
  /// The person whom it is about, and who alone may be told; for a record its owner; "" otherwise or unknown.
  std::string person;
  std::string field;                                              ///< the CRM's own name; "" where it is about no field
  std::vector<std::string> records;                               ///< that it rests on, few, in order of their ids
  std::vector<std::pair<std::string, model::StoredValue>> facts;  ///< by name: `share`, `records`
  std::string why;  ///< in words, for {why}: "7 of 9 open records have the same next step"
  std::optional<model::Instant> since;
};

struct Untold {
  std::string why;  ///< one of few fixed texts
  std::uint64_t count = 1;
};

struct Detection {
  std::vector<Detected> findings;  ///< by key
  std::vector<Untold> untold;
};

class Detector {
 public:
  Detector() = default;
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  virtual ~Detector() = default;

  /// One record within the rule's `for`. Texts of the view are valid during the call.
  virtual void see(const View& v) { (void)v; }
  /// Said once, after the last record.
  [[nodiscard]] virtual Detection conclude(const Evidence& evidence, const World& world, model::Instant now) = 0;
};

/// What of a record's surroundings a detector reads beside its fields; the loader asks the host for them.
struct Uses {
  bool owner = false;
  bool owner_history = false;
  bool stages = false;
  bool activities = false;
  bool reviews = false;
  bool notes = false;  ///< Evidence::notes: the texts of what people wrote
  bool tasks = false;  ///< Evidence::automatic_tasks
  bool logins = false;
  bool exports = false;
  bool setup = false;
  /// Evidence::files, where these settings look at them; null: never.
  bool (*files)(const Settings&) = nullptr;
};

struct DetectorKind {
  std::string_view name;
  Unit unit = Unit::record;
  std::string_view finds;        ///< one or two sentences for a person
  std::string_view may_mean;     ///< product feedback, not guilt
  std::string_view needs;        ///< what it reads
  std::string_view cannot_tell;  ///< when it says nothing
  std::span<const Parameter> parameters;
  Uses uses;
  std::unique_ptr<Detector> (*make)(const Settings&);  ///< the settings outlive the detector
};

/// All there are, by name.
[[nodiscard]] std::span<const DetectorKind* const> detectors();
[[nodiscard]] const DetectorKind* find_detector(std::string_view name);
/// What `coachd help NAME` says: unit, parameters with defaults, what it needs and what it cannot tell.
[[nodiscard]] std::string help_text(const DetectorKind& kind);

}  // namespace coachd::rules
