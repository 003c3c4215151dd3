// A compiled test: a node of a condition. Judging reads a View (one record at one instant) and allocates nothing.
// Immutable; any number of threads may judge with the same test.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rules/conditions/view.hpp"

namespace coachd::rules {

/// Kleene's three: `all` is the smallest of its parts, `any` the greatest, `not` leaves `unknown` as it is.
enum class Truth : std::uint8_t { no = 0, unknown = 1, yes = 2 };
[[nodiscard]] constexpr Truth negate(Truth t) noexcept {
  return static_cast<Truth>(2 - static_cast<int>(t));
}
[[nodiscard]] constexpr Truth truth(bool b) noexcept {
  return b ? Truth::yes : Truth::no;
}

class Test;
using TestPtr = std::unique_ptr<const Test>;

class Test {
 public:
  enum class Shape : std::uint8_t { leaf, all, any, negation };

  Test() = default;
  Test(const Test&) = delete;
  Test& operator=(const Test&) = delete;
  virtual ~Test() = default;

  /// Holds, does not hold, or cannot be told.
  [[nodiscard]] virtual Truth judge(const View& v) const = 0;

  /// Adds every instant after `v.now()` at which the answer may change though no data does. More than needed is
  /// harmless (each is tried), one too few makes an evaluation late.
  virtual void instants(const View& v, std::vector<model::Instant>& out) const;

  /// Since when the answer has been `now_is`, as far as data tells. REQUIRES: judge(v) == now_is.
  [[nodiscard]] virtual std::optional<model::Instant> since(const View& v, Truth now_is) const;

  /// What is missing, one of few fixed texts. REQUIRES: judge(v) == Truth::unknown.
  [[nodiscard]] virtual std::string missing(const View& v) const;

  /// As the rule says it: "Next Step is not real".
  [[nodiscard]] virtual std::string words() const = 0;
  /// That it does not hold: "Next Step is really answered".
  [[nodiscard]] virtual std::string denied() const { return "it is not so that " + words(); }
  /// As it is so on this record: "Next Step is blank". REQUIRES: judge(v) == Truth::yes.
  [[nodiscard]] virtual std::string told(const View& v) const {
    (void)v;
    return words();
  }
  /// The value that it sees.
  [[nodiscard]] virtual std::string saw(const View& v) const {
    (void)v;
    return {};
  }

  [[nodiscard]] virtual Shape shape() const noexcept { return Shape::leaf; }
  [[nodiscard]] virtual std::span<const TestPtr> parts() const noexcept { return {}; }
  /// The fields that it reads.
  virtual void slots(std::vector<Slot>& out) const;
  /// What else its names stand for in this connection, for the rule's hash: objects beside the record and their fields.
  virtual void ties(std::vector<std::string>& out) const;
  /// True where the answer rests on nothing but where the record stands, as long as its stage is known.
  [[nodiscard]] virtual bool stage_only() const noexcept { return false; }
  /// True where it speaks of open, won, lost or a closed stage.
  [[nodiscard]] virtual bool names_outcome() const noexcept;
};

/// The tests that hold, in words, joined with "and": what `{why}` says.
[[nodiscard]] std::string why(const Test& t, const View& v);
/// The fields of the leaf tests that hold (of `not`: that do not).
void held_slots(const Test& t, const View& v, std::vector<Slot>& out);
/// The fields of the leaf tests for which it does not hold.
void failed_slots(const Test& t, const View& v, std::vector<Slot>& out);

}  // namespace coachd::rules
