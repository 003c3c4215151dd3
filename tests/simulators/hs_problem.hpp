// A refusal of the simulated portal, and how the vendor writes it. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/http_server.hpp"

namespace coachd::sim {

struct hs_problem {
  struct detail {
    std::string code;  // PROPERTY_DOESNT_EXIST
    std::string message;
    std::string property;
  };
  hs_problem() = default;
  hs_problem(int http_status, std::string its_category, std::string its_message, std::vector<detail> its_details = {})
      : status{http_status},
        category{std::move(its_category)},
        message{std::move(its_message)},
        details{std::move(its_details)} {}

  int status = 400;
  std::string category;  // VALIDATION_ERROR
  std::string message;
  std::vector<detail> details;
};

// One whose message lists what is wrong with each property, as the vendor puts it.
[[nodiscard]] hs_problem invalid_properties(std::vector<hs_problem::detail> details);
[[nodiscard]] hs_problem validation(std::string message);
[[nodiscard]] hs_problem no_such_object();
// A whole answer.
[[nodiscard]] http_reply problem_reply(const hs_problem& problem, std::string_view correlation);
// One entry of a batch's `errors`; `context` is a JSON object.
[[nodiscard]] std::string problem_entry(const hs_problem& problem, std::string_view context);

}  // namespace coachd::sim
