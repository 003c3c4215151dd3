// The words of the simulated company: names, next steps, champions, risks in real, varied sentences; and the junk that
// people type instead. Pure functions of the dice.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tests/simulators/dice.hpp"

namespace coachd::sim {

[[nodiscard]] std::string first_name(dice& d);
[[nodiscard]] std::string last_name(dice& d);
[[nodiscard]] std::string account_name(dice& d);
[[nodiscard]] std::string product(dice& d);
[[nodiscard]] std::string next_step(dice& d);
[[nodiscard]] std::string champion(dice& d);
[[nodiscard]] std::string implementation_risk(dice& d);
[[nodiscard]] std::string decision_process(dice& d);
[[nodiscard]] std::string activity_subject(dice& d, bool meeting);

// What people type to get past a field. One per person who has the habit.
[[nodiscard]] std::span<const std::string_view> placeholder_words();

// Texts are the same next step when they differ in case, spaces or punctuation only.
[[nodiscard]] std::string bare(std::string_view text);

}  // namespace coachd::sim
