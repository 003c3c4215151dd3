// What the doors refused: counted by reason, told to a log at most once a minute and reason. Reasons are fixed texts of
// the program; nothing of a request is kept. Thread rule: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace coachd::http {

class Refusals {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `times`: how often since it was told last.
  using Tell = std::function<void(std::string_view reason, int status, std::uint64_t times)>;
  explicit Refusals(Tell tell, std::chrono::seconds every = std::chrono::seconds(60))
      : tell_(std::move(tell)), every_(every) {}

  void add(std::string_view reason, int status, Time now);
  struct Row {
    int status = 0;  ///< 0: closed without an answer
    std::uint64_t count = 0, told = 0;
    Time told_at{};
  };
  [[nodiscard]] const std::map<std::string, Row, std::less<>>& rows() const noexcept { return rows_; }

 private:
  Tell tell_;
  std::chrono::seconds every_;
  std::map<std::string, Row, std::less<>> rows_;
};

}  // namespace coachd::http
