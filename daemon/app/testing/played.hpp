// One record of a case as time goes by: what it holds, what became of it, and the case that rules see at an instant.
// One thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "rules/conditions/case.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::app::rule_tests {

class Played {
 public:
  /// The record as it stands at `now`, after its history. All must outlive it. What contradicts itself is reported.
  /// `known_since`: of the case, for another record that does not say its own.
  /// `notes`: what people wrote on records, as far as the case tells.
  Played(TestFile& file, const Scene& scene, const rules::ObjectPlan& plan, const Subject& subject,
         const std::vector<rules::WrittenNote>& notes, model::Instant now,
         std::optional<model::Instant> known_since = {});
  Played(const Played&) = delete;
  Played& operator=(const Played&) = delete;

  /// What a step of `then` changes. Steps come in the order of time.
  void apply(const Step& step);
  /// The record as rules see it now; valid until the next step.
  [[nodiscard]] const rules::Case& view() const noexcept { return case_; }
  [[nodiscard]] const rules::ObjectPlan& plan() const noexcept { return plan_; }
  /// The day on which its rules went live: that of `known_since`, else of its creation.
  [[nodiscard]] std::optional<model::Day> live_since() const;

 private:
  struct Change {
    model::Instant at{};
    std::string author;
    model::HistorySource source = model::HistorySource::vendor;
    model::StoredValue from, to;
  };
  struct Past {
    std::vector<Change> changes;
  };
  struct Row {  // a related record
    std::string id;
    std::optional<model::Instant> created;
    std::map<std::string, model::StoredValue> values;
  };

  void add_history(const std::vector<HistoryLine>& lines, bool begins);
  void add_events(const Events& events, model::Instant now);
  void set_unread(const std::vector<Raw>& names);
  [[nodiscard]] std::string owner_at(model::Instant at) const;
  [[nodiscard]] bool is_person(std::string_view by) const;
  /// Views into `c`.
  [[nodiscard]] rules::FieldChange change_of(const Change& c) const;
  void build();
  void build_fields();
  void build_related();

  TestFile& file_;
  const Scene& scene_;
  const rules::ObjectPlan& plan_;
  const Subject& subject_;
  const std::vector<rules::WrittenNote>& notes_;
  std::optional<model::Instant> known_since_, created_, modified_;
  std::string created_by_;
  std::set<std::string> unread_;
  std::map<std::string, model::StoredValue> values_;
  std::map<std::string, Past> past_;
  std::vector<ActivityLine> activities_;
  std::vector<ReviewLine> reviews_;
  std::map<std::string, std::vector<Row>> related_;
  rules::Case case_;
};

}  // namespace coachd::app::rule_tests
