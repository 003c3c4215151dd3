// Small parts that the sources of the REST API share: a request cut up, and the shapes of its answers.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/sf_rest.hpp"

namespace coachd::sim {

struct sf_rest::parsed {
  std::string base;                // http://HOST of the request
  std::string path;                // decoded, without the query
  std::vector<std::string> parts;  // of the path after /services/data/vXX.X/
  std::string version;             // "63.0"; empty outside of /services/data/vXX.X
  std::map<std::string, std::string, std::less<>> query;
  [[nodiscard]] std::string value(std::string_view name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string{} : found->second;
  }
};

// [{"message":..,"errorCode":..}]
[[nodiscard]] http_reply error_reply(int status, std::string_view code, std::string_view message,
                                     const std::vector<std::string>& fields = {});
[[nodiscard]] http_reply not_found();

}  // namespace coachd::sim
