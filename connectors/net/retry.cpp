#include "connectors/net/retry.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

#include "rules/model/error.hpp"

namespace coachd::net {

using std::chrono::milliseconds;

Retry::Retry(RetryPolicy policy, bool repeatable, SteadyTime started, std::uint32_t seed)
    : policy_(policy), repeatable_(repeatable), started_(started), random_(seed) {}

RetryAction Retry::failed(const model::CrmError& error, SteadyTime now) {
  ++calls_;
  if (calls_ >= policy_.attempts) return {};
  switch (error.failure) {
    case model::Failure::auth:
    case model::Failure::permanent: return {};
    case model::Failure::corrupt:
      if (corrupt_before_) return {};
      corrupt_before_ = true;
      break;
    case model::Failure::transient:
    case model::Failure::throttled: break;
  }
  if (error.may_have_happened && !repeatable_) return {};

  const milliseconds ceiling =
      std::min(policy_.longest_wait, policy_.first_wait * (std::int64_t{1} << std::min(calls_ - 1, 20)));
  milliseconds wait{std::uniform_int_distribution<std::int64_t>(0, ceiling.count())(random_)};
  if (error.failure == model::Failure::throttled && error.retry_after_us > 0) {
    // never earlier than asked; the jitter keeps many callers from coming back in the same instant
    wait += std::chrono::ceil<milliseconds>(std::chrono::microseconds{error.retry_after_us});
  }
  if (now + wait > started_ + policy_.total) return {};
  return {true, wait};
}

}  // namespace coachd::net
