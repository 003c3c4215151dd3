#include "connectors/net/token.hpp"

#include <algorithm>
#include <cstdint>

#include "connectors/net/retry.hpp"
#include "rules/model/error.hpp"

namespace coachd::net {

TokenStep TokenKeeper::need(SteadyTime now) {
  if (signing_in_) return TokenStep::wait;
  if (good_ && now - got_ < policy_.longest_use) return TokenStep::use;
  if (quiet_until_ && now < *quiet_until_) return TokenStep::refused;
  signing_in_ = true;
  return TokenStep::sign_in;
}

void TokenKeeper::signed_in(SteadyTime now) {
  signing_in_ = false;
  good_ = true;
  got_ = now;
  ++generation_;
  quiet_until_.reset();
  quiet_ = std::chrono::seconds{0};
}

void TokenKeeper::refused(const model::CrmError& error, SteadyTime now) {
  signing_in_ = false;
  good_ = false;
  error_ = error;
  if (error.failure == model::Failure::transient || error.failure == model::Failure::throttled) return;
  quiet_ = quiet_.count() == 0 ? policy_.first_quiet : std::min(policy_.longest_quiet, quiet_ * 2);
  quiet_until_ = now + quiet_;
}

void TokenKeeper::rejected(std::uint64_t generation) noexcept {
  if (generation == generation_) good_ = false;
}

}  // namespace coachd::net
