// When to sign in: the life of one access token, driven by 401 and by an age limit of our own (there is no expires_in).
// A machine without I/O: the caller signs in when told so and reports back. At most one sign-in is under way; a refused
// one is not repeated in a loop. One per connection; thread rule: the network thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "connectors/net/retry.hpp"
#include "rules/model/error.hpp"

namespace coachd::net {

struct TokenPolicy {
  std::chrono::minutes longest_use{90};
  std::chrono::seconds first_quiet{60};  ///< after a refusal; doubles up to `longest_quiet`
  std::chrono::seconds longest_quiet{900};
};

enum class TokenStep : std::uint8_t {
  use,      ///< the token is good, as far as we know
  sign_in,  ///< the caller signs in now, and answers with `signed_in` or `refused`
  wait,     ///< somebody else is signing in
  refused,  ///< the last sign-in was refused and it is too early for another: `error()`
};

class TokenKeeper {
 public:
  explicit TokenKeeper(TokenPolicy policy) : policy_(policy) {}

  /// Before each call.
  [[nodiscard]] TokenStep need(SteadyTime now);
  /// The sign-in that `need` asked for succeeded.
  void signed_in(SteadyTime now);
  /// It failed. Transient failures may be tried again at once (the caller's retry spaces them); others keep quiet.
  void refused(const model::CrmError& error, SteadyTime now);
  /// A call with the token of `generation` was answered 401. Only the token that failed is given up: a newer one stays.
  void rejected(std::uint64_t generation) noexcept;

  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  [[nodiscard]] const model::CrmError& error() const noexcept { return error_; }

 private:
  TokenPolicy policy_;
  std::uint64_t generation_ = 0;  // counts the tokens got
  bool good_ = false;
  bool signing_in_ = false;
  SteadyTime got_{};
  std::optional<SteadyTime> quiet_until_;
  std::chrono::seconds quiet_{0};
  model::CrmError error_;
};

}  // namespace coachd::net
