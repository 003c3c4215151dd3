#include "connectors/hubspot/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/hubspot/json.hpp"
#include "connectors/net/failure.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using model::CrmError;
using model::Failure;

namespace {

struct Said {
  std::vector<std::string> codes;  // category first, then codes of its errors
  std::string message, policy;
  std::vector<std::string> scopes;  // of MISSING_SCOPES
  bool rate_limit = false;
  [[nodiscard]] bool has(std::string_view code) const {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  }
};

[[nodiscard]] bool is_scope(std::string_view text) {
  return text.size() >= 3 && text.size() <= 80 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

void add_code(Said& said, std::string_view code) {
  if (net::is_code(code) && !said.has(code)) said.codes.emplace_back(code);
}

void add_scopes(Said& said, const json::object& error) {
  const json::object* const context = object_at(error, "context");
  if (context == nullptr) return;
  for (const char* const key : {"requiredGranularScopes", "requiredScopes"})
    if (const json::array* const scopes = array_at(*context, key))
      for (const json::value& scope : *scopes)
        if (scope.is_string() && is_scope(std::string_view(scope.get_string())))
          said.scopes.emplace_back(scope.get_string());
}

void add(Said& said, const json::object& error) {
  add_code(said, text(error, "category"));
  add_code(said, text(error, "code"));
  add_scopes(said, error);
  const std::string_view message = text(error, "message");
  if (!said.message.empty() && !message.empty()) said.message += "; ";
  said.message += message;
  if (said.message.size() > net::longest_detail) said.message.resize(net::longest_detail);
}

[[nodiscard]] Said read(const net::Response& answer) {
  Said said;
  if (!is_json(answer)) {
    said.message = answer.body.substr(0, 300);  // a page of the edge, or nothing
    return said;
  }
  boost::system::error_code failed;
  const json::value document = json::parse(answer.body, failed);
  if (failed || !document.is_object()) return said;
  const json::object& body = document.get_object();
  add(said, body);
  said.policy = std::string(text(body, "policyName"));
  const std::string_view type = text(body, "errorType");
  said.rate_limit = type == "RATE_LIMIT" || said.has("RATE_LIMITS") || said.has("RATE_LIMIT");
  if (const json::array* const errors = array_at(body, "errors"))
    for (const json::value& error : *errors)
      if (error.is_object()) add(said, error.get_object());
  return said;
}

[[nodiscard]] std::string sentence(std::string_view what, const Said& said, int status) {
  if (said.codes.empty()) return fmt::format("HubSpot {} (HTTP {})", what, status);
  return fmt::format("HubSpot {}: {} (HTTP {})", what, fmt::join(said.codes, ", "), status);
}

void read_limit(const Said& said, std::optional<std::chrono::seconds> until_midnight, Refusal& refusal) {
  using namespace std::chrono_literals;
  CrmError& error = refusal.error;
  error.failure = Failure::throttled;
  std::chrono::microseconds wait = 1s;
  if (said.policy == "DAILY" || said.message.find("daily limit") != std::string::npos) {
    refusal.daily = true;
    error.what = "the account has used up its API calls of the day (DAILY)";
    wait = until_midnight.value_or(15min);
  } else if (said.policy.starts_with("TEN_SECONDLY") || said.message.find("ten_secondly") != std::string::npos) {
    refusal.burst = true;
    error.what = "HubSpot asks for a pause: too many calls in ten seconds (TEN_SECONDLY_ROLLING)";
    wait = 10s;
  } else {  // SECONDLY, or none named: searches
    refusal.search = true;
    error.what = "HubSpot asks for a pause: too many calls in a second (HTTP 429)";
  }
  error.retry_after_us = wait.count();
}

void read_auth(const Said& said, int status, CrmError& error) {
  error.failure = Failure::auth;
  if (said.has("MISSING_SCOPES")) {
    error.what = said.scopes.empty()
                     ? "HubSpot refuses the token: a scope is missing (MISSING_SCOPES)"
                     : fmt::format("HubSpot refuses the token: one of these scopes is missing: {} (MISSING_SCOPES)",
                                   fmt::join(said.scopes, ", "));
  } else if (said.has("EXPIRED_AUTHENTICATION")) {
    error.what = "HubSpot refuses the token: it has ended (EXPIRED_AUTHENTICATION)";
  } else if (status == 401) {
    error.what = "HubSpot refuses the token: it is wrong or was taken back (HTTP 401)";
  } else {
    error.what = sentence("refuses the token", said, status);
  }
}

}  // namespace

bool is_json(const net::Response& answer) {
  const std::string_view type = answer.header("content-type");
  return type.find("json") != std::string_view::npos;
}

Refusal read_refusal(const net::Response& answer, bool write, std::optional<std::chrono::seconds> until_midnight) {
  const Said said = read(answer);
  Refusal refusal;
  CrmError& error = refusal.error;
  error.failure = Failure::permanent;
  error.what = sentence("refused the request", said, answer.status);
  error.detail = said.message;

  const int status = answer.status;
  if (status == 429 || (status >= 500 && said.rate_limit)) {
    read_limit(said, until_midnight, refusal);
  } else if (status == 401 || status == 403) {
    read_auth(said, status, error);
  } else if (status == 423) {
    error.failure = Failure::throttled;  // a lock lasts 2 s
    error.what = "HubSpot asks for a pause: too many writes on the same data (HTTP 423)";
    error.retry_after_us = 2'000'000;
  } else if (status == 477) {
    error.failure = Failure::throttled;
    error.what = "HubSpot is moving the account to another region (HTTP 477)";
    error.retry_after_us = 600'000'000;
  } else if (status >= 500 || status == 408) {
    error.failure = Failure::transient;
    error.what = sentence("could not answer", said, status);
    error.may_have_happened = write;  // a server error may come after the commit
  } else if (status == 414) {
    error.what = "the request is too long for HubSpot: too many fields at once (HTTP 414)";
  } else if (status < 400) {
    error.what = fmt::format("the address answers with a redirection (HTTP {}): is it HubSpot's API?", status);
  }

  net::heed_retry_after(answer, error);
  return refusal;
}

CrmError read_item_error(const json::object& entry) {
  Said said;
  add(said, entry);
  if (const json::array* const errors = array_at(entry, "errors"))
    for (const json::value& error : *errors)
      if (error.is_object()) add(said, error.get_object());
  CrmError error{Failure::permanent, "", said.message, 0, false};
  error.what = said.codes.empty() ? "HubSpot refused the task"
                                  : fmt::format("HubSpot refused the task: {}", fmt::join(said.codes, ", "));
  if (said.has("RATE_LIMITS")) {
    error.failure = Failure::throttled;
  } else if (said.has("LOCKED")) {
    error.failure = Failure::transient;
  } else if (said.has("INTERNAL_ERROR")) {
    error.failure = Failure::transient;
    error.may_have_happened = true;  // as where a whole call ends so
  }
  return error;
}

bool is_not_found(const json::object& error) {
  return text(error, "category") == "OBJECT_NOT_FOUND" || text(error, "subCategory").ends_with("NOT_FOUND");
}

bool is_hidden(const CrmError& error) {
  const bool token = error.what.find("HTTP 401") != std::string::npos || net::has_code(error, "EXPIRED_AUTHENTICATION");
  return error.failure == Failure::permanent || (error.failure == Failure::auth && !token);
}

CrmError unreadable(std::string_view what, bool write) {
  return {Failure::corrupt, fmt::format("the answer of HubSpot cannot be read: {}", what), "", 0, write};
}

}  // namespace coachd::hubspot
