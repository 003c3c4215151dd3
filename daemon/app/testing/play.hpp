// Plays one case: the record, the others and the world around them as time goes by, and at each moment what the rules
// say against what the test expects. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/testing/counts.hpp"
#include "daemon/app/testing/played.hpp"
#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/testing.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/finding.hpp"

namespace coachd::app::rule_tests {

class Play {
 public:
  /// REQUIRES: scene.rules. All must outlive it.
  Play(TestFile& file, const Scene& scene, const TestCase& test);
  [[nodiscard]] std::vector<Mismatch> run();
  /// Once it ran; only where the test asks for numbers.
  [[nodiscard]] const Prompted& prompted() const noexcept { return prompted_; }

 private:
  /// What a detector found.
  struct Detected {
    std::uint32_t rule = 0;
    bool here = false;       ///< about this record, or a pair with it
    bool elsewhere = false;  ///< about a field, a person, a meeting or an automation
    std::string key, person, why;
  };
  /// Found about a field, a person, a meeting or an automation.
  struct Elsewhere {
    std::uint32_t rule = 0;
    std::string id;   ///< of a detector: the rule's
    std::string key;  ///< of a detector: whom or what it is about
    std::string why;
  };
  struct Said {  // of one record at one moment
    std::vector<model::Verdict> verdicts;
    rules::Facts facts;
    std::vector<Detected> detected;               ///< asked of the record of the case only
    std::map<std::uint32_t, std::string> untold;  ///< detectors: why
  };
  /// Something found about this record.
  struct Got {
    std::uint32_t rule = 0;
    std::string id;
    std::string why;  ///< of a detector
  };
  /// Whether a finding is asked for, of whom, and in which words.
  struct Asked {
    std::string person;  ///< empty: nobody
    std::string reason;  ///< then: why
    std::string text;
  };

  // The stage: the world, and what rules say in it (play.cpp).
  void hold(const Meetings& meetings);
  void refresh_world();
  [[nodiscard]] rules::Facts facts_of(const Played& record) const;
  [[nodiscard]] Said ask_rules(const Played& record) const;
  void ask_detectors(Said& said) const;
  [[nodiscard]] std::string id_of(const model::Verdict& v) const;
  [[nodiscard]] std::vector<Got> found_here(const Said& said) const;
  [[nodiscard]] std::vector<Elsewhere> found_elsewhere(const Said& said) const;
  [[nodiscard]] Asked asked(const Played& record, const Said& said, const model::Verdict& v) const;
  [[nodiscard]] rules::Explained why(std::uint32_t rule, const Said& said) const;
  void count_prompts();

  // What is expected, against what there is (expect.cpp).
  /// The rules that a name stands for; none is reported.
  [[nodiscard]] std::set<std::uint32_t> rules_of(const Named& named);
  [[nodiscard]] bool stands_for(std::string_view name, std::uint32_t rule, std::string_view id) const;
  void look(const Expectations& expect, const model::Place& place, bool later);
  void look_at_findings(const Expectations& expect, const Said& said);
  void look_at_untold(const Expectations& expect, const Said& said);
  void look_at_prompts(const Expectations& expect, const Said& said);
  void look_at_others(const Expectations& expect, const Said& said);
  [[nodiscard]] std::string why_not(std::uint32_t rule, const Said& said) const;
  Mismatch& mismatch(std::string what, std::string expected, std::string got);
  /// Adds the tests of rules; of each once a moment.
  void explain(Mismatch& m, const std::set<std::uint32_t>& rules, const Said& said);

  TestFile& file_;
  const Scene& scene_;
  const TestCase& test_;
  rules::World world_;
  model::Instant begins_, now_;
  Meetings held_;
  Played record_;
  std::vector<std::unique_ptr<Played>> others_;
  model::Place place_;
  std::string moment_;
  std::set<std::uint32_t> explained_;  // at this moment
  std::vector<Mismatch> found_;
  Prompted prompted_;
};

}  // namespace coachd::app::rule_tests
