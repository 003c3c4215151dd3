#include "connectors/salesforce/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/failure.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using model::CrmError;
using model::Failure;

namespace {

struct Said {
  std::vector<std::string> codes;
  std::string messages;
  [[nodiscard]] bool has(std::string_view code) const {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  }
  [[nodiscard]] bool mentions(std::string_view words) const { return messages.find(words) != std::string::npos; }
};

[[nodiscard]] std::string_view text_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

void add(Said& said, const json::object& item) {
  std::string_view code = text_of(item, "errorCode");
  if (code.empty()) code = text_of(item, "statusCode");
  if (net::is_code(code) && !said.has(code)) said.codes.emplace_back(code);
  const std::string_view message = text_of(item, "message");
  if (!said.messages.empty() && !message.empty()) said.messages += "; ";
  said.messages += message;
  if (said.messages.size() > net::longest_detail) said.messages.resize(net::longest_detail);
}

[[nodiscard]] Said read(std::string_view body) {
  Said said;
  boost::system::error_code error;
  const json::value document = json::parse(body, error);
  if (error) {
    said.messages = std::string(body.substr(0, 300));  // HTML of a proxy, or nothing
  } else if (document.is_array()) {
    for (const json::value& item : document.get_array())
      if (item.is_object()) add(said, item.get_object());
  } else if (document.is_object()) {
    add(said, document.get_object());
  }
  return said;
}

[[nodiscard]] bool is_transient(const Said& said) {
  static constexpr std::array<std::string_view, 5> codes{"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT",
                                                         "UNKNOWN_EXCEPTION", "REQUEST_RUNNING_TOO_LONG"};
  return std::any_of(codes.begin(), codes.end(), [&](std::string_view code) { return said.has(code); });
}

[[nodiscard]] std::string sentence(std::string_view what, const Said& said, int status) {
  if (said.codes.empty()) return fmt::format("Salesforce {} (HTTP {})", what, status);
  return fmt::format("Salesforce {}: {} (HTTP {})", what, fmt::join(said.codes, ", "), status);
}

/// The daily limit and the one on calls at the same time bear one code; only the words tell.
void read_limit(const Said& said, Refusal& refusal) {
  refusal.error.failure = Failure::throttled;
  if (said.mentions("Concurrent")) {
    refusal.error.what = "Salesforce refused the request: too many calls at the same time (REQUEST_LIMIT_EXCEEDED)";
    refusal.error.retry_after_us = 5'000'000;
  } else {
    refusal.error.what = "the organisation has used up its API calls of 24 hours (REQUEST_LIMIT_EXCEEDED)";
    refusal.limit_used_up = true;
  }
}

}  // namespace

Refusal read_refusal(const net::Response& answer, bool write) {
  const Said said = read(answer.body);
  Refusal refusal;
  CrmError& error = refusal.error;
  error.failure = Failure::permanent;
  error.what = sentence("refused the request", said, answer.status);
  error.detail = said.messages;

  const bool hopeless =
      said.mentions("not valid for use with the REST API") || said.mentions("Connected app is not attached to Agent");
  if (said.has("REQUEST_LIMIT_EXCEEDED")) {
    read_limit(said, refusal);
  } else if (hopeless) {
    error.failure = Failure::auth;
    error.what = "Salesforce does not accept this sign-in for the REST API: the app or its user lacks API access";
  } else if (said.has("INVALID_SESSION_ID") || said.has("URL_NOT_RESET") || answer.status == 401) {
    error.failure = Failure::auth;
    error.what = "Salesforce rejects an access token that it has just given";
    refusal.expired = true;
  } else if (said.has("API_DISABLED_FOR_ORG") || said.has("API_CURRENTLY_DISABLED")) {
    error.failure = Failure::auth;
    error.what = sentence("has API access switched off", said, answer.status);
  } else if (answer.status == 429) {
    error.failure = Failure::throttled;
    error.what = "Salesforce asks for a pause (HTTP 429)";
  } else if (answer.status >= 500 || answer.status == 408 || answer.status == 420) {
    error.failure = Failure::transient;
    error.what = sentence("could not answer", said, answer.status);
    error.may_have_happened = write;  // a server error may come after the commit
  } else if (answer.status == 406 || is_transient(said)) {
    error.failure = Failure::transient;
  } else if (answer.status == 414 || answer.status == 431) {
    error.what = "the query is too long for Salesforce: too many fields at once";
  } else if (answer.status < 400) {
    error.what = fmt::format("the address answers with a redirection (HTTP {}): is it the organisation's My Domain?",
                             answer.status);
  }

  net::heed_retry_after(answer, error);
  return refusal;
}

CrmError read_sign_in_refusal(const net::Response& answer) {
  if (answer.status >= 500) return read_refusal(answer, false).error;
  boost::system::error_code failed;
  const json::value document = json::parse(answer.body, failed);
  if (failed || !document.is_object()) {
    if (answer.status >= 300 && answer.status != 404) return read_refusal(answer, false).error;
    return {Failure::auth,
            fmt::format("nothing at the login address signs in (HTTP {}): is it the organisation's My Domain?",
                        answer.status),
            "", 0, false};
  }
  const std::string_view error = text_of(document.get_object(), "error");
  const std::string_view description = text_of(document.get_object(), "error_description");
  CrmError refused{Failure::auth, "", std::string(description.substr(0, net::longest_detail)), 0, false};
  const auto describes = [&](std::string_view words) { return description.find(words) != std::string_view::npos; };
  if (error == "invalid_client_id" || error == "invalid_client" || error == "invalid_client_credentials") {
    refused.what = "Salesforce refused the sign-in: client id or client secret is wrong";
  } else if (describes("no client credentials user")) {
    refused.what = "Salesforce refused the sign-in: the app has no run-as user for client credentials";
  } else if (describes("not supported on this domain")) {
    refused.what =
        "Salesforce refused the sign-in: client credentials work only at the organisation's own My Domain address";
  } else if (error == "inactive_user" || error == "inactive_org") {
    refused.what = "Salesforce refused the sign-in: its user or organisation is not active";
  } else if (error == "rate_limit_exceeded") {
    refused.failure = Failure::throttled;
    refused.what = "Salesforce refused the sign-in: too many sign-ins for now";
    refused.retry_after_us = 60'000'000;
  } else {
    const bool word = !error.empty() && error.size() <= 60 &&
                      error.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
    refused.what = fmt::format("Salesforce refused the sign-in ({})", word ? error : "no reason given");
  }
  return refused;
}

CrmError read_item_errors(const json::array& errors) {
  Said said;
  for (const json::value& item : errors)
    if (item.is_object()) add(said, item.get_object());
  CrmError error{Failure::permanent, "", said.messages, 0, false};
  error.what = said.codes.empty() ? "Salesforce refused the task"
                                  : fmt::format("Salesforce refused the task: {}", fmt::join(said.codes, ", "));
  if (said.has("REQUEST_LIMIT_EXCEEDED"))
    error.failure = Failure::throttled;
  else if (is_transient(said))
    error.failure = Failure::transient;
  return error;
}

CrmError unreadable(std::string_view what, bool write) {
  return {Failure::corrupt, fmt::format("the answer of Salesforce cannot be read: {}", what), "", 0, write};
}

}  // namespace coachd::salesforce
