// One cell of the simulated CRM in 16 bytes, and the pool that owns the texts behind it. Values are cheap to copy and
// live as long as their pool. Not thread safe: the company is guarded by one lock.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/simulators/instants.hpp"

namespace coachd::sim {

class value {
 public:
  enum class type : std::uint8_t { null, boolean, number, text, at, date };

  value() = default;
  [[nodiscard]] static value of(bool b);
  [[nodiscard]] static value of(double n);
  [[nodiscard]] static value of(instant at);
  [[nodiscard]] static value of(day d);
  // `text` must outlive the value; equal texts of one pool have one address.
  [[nodiscard]] static value of(const std::string* text);

  [[nodiscard]] type kind() const { return type_; }
  [[nodiscard]] bool is_null() const { return type_ == type::null; }
  // Each accessor gives the type's own zero (false, 0, "", the epoch) when the value is of another type.
  [[nodiscard]] bool boolean() const { return type_ == type::boolean && whole_ != 0; }
  [[nodiscard]] double number() const { return type_ == type::number ? number_ : 0; }
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] const std::string* text_ref() const { return type_ == type::text ? text_ : nullptr; }
  [[nodiscard]] instant at() const;
  [[nodiscard]] day date() const;

  friend bool operator==(const value& a, const value& b);

 private:
  type type_ = type::null;
  union {
    std::int64_t whole_ = 0;
    double number_;
    const std::string* text_;
  };
};

// Owns each distinct text once. Addresses are stable.
class text_pool {
 public:
  [[nodiscard]] const std::string* keep(std::string_view text);
  // Null when no row ever held that text.
  [[nodiscard]] const std::string* find(std::string_view text) const;

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, const std::string*> known_;
};

}  // namespace coachd::sim
