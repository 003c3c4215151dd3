// What is left of a formula once a record's stage and one blank field are known: always so, never so, so under
// conditions in words, or resting on something that is not read. Simplified as it is put together; bounded in size.
// Pure values. Inner header of salesforce/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace coachd::salesforce {

class Condition {
 public:
  enum class Kind : std::uint8_t { no, yes, atom, unread, all, any };
  /// What an atom rests on: who saves, and whether it is new or moves on; or the record's other data.
  enum class Of : std::uint8_t { moment, record };

  [[nodiscard]] static Condition of(bool yes);
  /// `denied` says that it does not hold.
  [[nodiscard]] static Condition atom(std::string words, std::string denied, Of of);
  [[nodiscard]] static Condition unread(std::string why);
  [[nodiscard]] static Condition all(std::vector<Condition> parts) { return join(Kind::all, std::move(parts)); }
  [[nodiscard]] static Condition any(std::vector<Condition> parts) { return join(Kind::any, std::move(parts)); }
  [[nodiscard]] Condition negated() const;

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is(Kind k) const noexcept { return kind_ == k; }
  /// The first reason in it why it cannot be told; "" = there is none.
  [[nodiscard]] std::string why_unread() const;
  /// REQUIRES: an atom, all or any.
  [[nodiscard]] std::string words() const;
  [[nodiscard]] bool of_record() const;
  /// Without the parts that hold in `other` as well, where either would do: what is left is what this one adds.
  [[nodiscard]] Condition beyond(const Condition& other) const;
  friend bool operator==(const Condition&, const Condition&) = default;

  static constexpr std::size_t largest = 60;  ///< atoms; beyond that it is unread

 private:
  [[nodiscard]] static Condition join(Kind kind, std::vector<Condition> parts);
  [[nodiscard]] std::size_t size() const;

  Kind kind_ = Kind::no;
  Of of_ = Of::moment;
  std::string words_, denied_;  // of unread: the reason in words_
  std::vector<Condition> parts_;
};

}  // namespace coachd::salesforce
