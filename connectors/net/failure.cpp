#include "connectors/net/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "connectors/net/http.hpp"
#include "connectors/net/http_date.hpp"
#include "rules/model/error.hpp"

namespace coachd::net {

using model::CrmError;
using model::Failure;

CrmError from_network(const Error& error, bool write) {
  CrmError out{Failure::transient, error.what, "", 0, write && error.may_have_happened};
  switch (error.code) {
    case errc::bad_url:
    case errc::plain_http:
    case errc::certificate: out.failure = Failure::auth; break;  // nothing but a person can mend it
    case errc::too_large:
      out.failure = Failure::permanent;
      out.what += fmt::format(" ({})", too_large_code);
      break;
    case errc::corrupt: out.failure = Failure::corrupt; break;
    case errc::not_resolved:
    case errc::refused:
    case errc::timed_out:
    case errc::tls:
    case errc::cut:
    case errc::busy:
    case errc::cancelled: break;
  }
  return out;
}

bool has_code(const CrmError& error, std::string_view code) {
  return error.what.find(code) != std::string_view::npos;
}

void heed_retry_after(const Response& answer, CrmError& error) {
  const auto wish = answer.header("retry-after");
  if (wish.empty() || (error.failure != Failure::throttled && answer.status != 503)) return;
  const auto date = parse_http_date(answer.header("date"));
  if (const auto wait = parse_retry_after(wish, date.value_or(std::chrono::sys_seconds{}))) {
    error.failure = Failure::throttled;
    error.retry_after_us = std::chrono::microseconds(*wait).count();
  }
}

bool is_code(std::string_view text) {
  return text.size() >= 3 && text.size() <= 80 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

void ServerClock::note(const Response& answer, std::chrono::steady_clock::time_point now) {
  if (const auto date = parse_http_date(answer.header("date"))) {
    date_ = *date;
    seen_ = now;
  }
}

std::chrono::sys_seconds ServerClock::now(std::chrono::steady_clock::time_point at) const {
  return date_ + std::chrono::floor<std::chrono::seconds>(at - seen_);
}

}  // namespace coachd::net
