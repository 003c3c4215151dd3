#include "tests/simulators/hs_problem.hpp"

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/json_text.hpp"

namespace coachd::sim {

hs_problem invalid_properties(std::vector<hs_problem::detail> details) {
  std::string list = "Property values were not valid: [";
  for (std::size_t i = 0; i < details.size(); ++i) {
    const auto& d = details[i];
    if (i > 0) list += ',';
    list += R"({"isValid":false,"message":)";
    write_json_text(list, d.message);
    fmt::format_to(std::back_inserter(list), R"(,"error":"{}","name":)", d.code);
    write_json_text(list, d.property);
    list += '}';
  }
  return {400, "VALIDATION_ERROR", list + "]", std::move(details)};
}

hs_problem validation(std::string message) {
  return {400, "VALIDATION_ERROR", std::move(message)};
}

hs_problem no_such_object() {
  return {404, "OBJECT_NOT_FOUND", "Object not found. objectId is usually positive."};
}

http_reply problem_reply(const hs_problem& problem, std::string_view correlation) {
  std::string body = R"({"status":"error","message":)";
  write_json_text(body, problem.message);
  fmt::format_to(std::back_inserter(body), R"(,"correlationId":"{}")", correlation);
  if (!problem.details.empty()) {
    body += R"(,"errors":[)";
    for (std::size_t i = 0; i < problem.details.size(); ++i) {
      const auto& d = problem.details[i];
      body += i > 0 ? R"(,{"message":)" : R"({"message":)";
      write_json_text(body, d.message);
      fmt::format_to(std::back_inserter(body), R"(,"code":"{}","context":{{"propertyName":[)", d.code);
      write_json_text(body, d.property);
      body += "]}}";
    }
    body += ']';
  }
  fmt::format_to(std::back_inserter(body), R"(,"category":"{}"}})", problem.category);
  return json_reply(problem.status, std::move(body));
}

std::string problem_entry(const hs_problem& problem, std::string_view context) {
  std::string out = fmt::format(R"({{"status":"error","category":"{}","message":)", problem.category);
  write_json_text(out, problem.message);
  fmt::format_to(std::back_inserter(out), R"(,"context":{}}})", context);
  return out;
}

}  // namespace coachd::sim
