// What a field of a record holds. `Value` is a 16-byte view for evaluation (its text lives in the case or
// buffer it was read from); `StoredValue` owns its text and is what travels between threads and to disk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "rules/model/time.hpp"

namespace coachd::model {

class Value {
 public:
  enum class Kind : std::uint8_t {
    unread,   ///< the snapshot was read without this field: tests on it cannot be told, it is never blank
    blank,    ///< null, empty or white space only
    boolean,  ///< a checkbox; never blank
    number,
    text,
    day,
    instant,
  };

  constexpr Value() noexcept : number_(0), kind_(Kind::unread) {}
  static constexpr Value unread() noexcept { return {}; }
  static constexpr Value blank() noexcept { return Value(Kind::blank); }
  static constexpr Value boolean(bool b) noexcept {
    Value v(Kind::boolean);
    v.ticks_ = b ? 1 : 0;
    return v;
  }
  static constexpr Value number(double d) noexcept {
    Value v(Kind::number);
    v.number_ = d;
    return v;
  }
  /// REQUIRES: `text` outlives the value. White space only is the caller's to turn into blank (see `text_or_blank`).
  static constexpr Value text(std::string_view t) noexcept {
    Value v(Kind::text);
    v.data_ = t.data();
    v.size_ = static_cast<std::uint32_t>(t.size());
    return v;
  }
  static constexpr Value day(Day d) noexcept {
    Value v(Kind::day);
    v.ticks_ = d.time_since_epoch().count();
    return v;
  }
  static constexpr Value instant(Instant i) noexcept {
    Value v(Kind::instant);
    v.ticks_ = i.time_since_epoch().count();
    return v;
  }
  /// Text, or blank where it is empty or ASCII white space only.
  static constexpr Value text_or_blank(std::string_view t) noexcept {
    for (const char c : t)
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return text(t);
    return blank();
  }

  [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
  [[nodiscard]] constexpr bool is_unread() const noexcept { return kind_ == Kind::unread; }
  [[nodiscard]] constexpr bool is_blank() const noexcept { return kind_ == Kind::blank; }
  // Each accessor REQUIRES the kind of its name.
  [[nodiscard]] constexpr bool as_boolean() const noexcept { return ticks_ != 0; }
  [[nodiscard]] constexpr double as_number() const noexcept { return number_; }
  [[nodiscard]] constexpr std::string_view as_text() const noexcept { return {data_, size_}; }
  [[nodiscard]] constexpr Day as_day() const noexcept { return Day(std::chrono::days(ticks_)); }
  [[nodiscard]] constexpr Instant as_instant() const noexcept { return Instant(std::chrono::microseconds(ticks_)); }

  /// Same kind and same content, text byte by byte.
  friend constexpr bool operator==(const Value& a, const Value& b) noexcept {
    if (a.kind_ != b.kind_) return false;
    switch (a.kind_) {
      case Kind::unread:
      case Kind::blank: return true;
      case Kind::number: return a.number_ == b.number_;
      case Kind::text: return a.as_text() == b.as_text();
      case Kind::boolean:
      case Kind::day:
      case Kind::instant: return a.ticks_ == b.ticks_;
    }
    return false;
  }

 private:
  constexpr explicit Value(Kind k) noexcept : ticks_(0), kind_(k) {}
  union {
    double number_;
    std::int64_t ticks_;
    const char* data_;
  };
  std::uint32_t size_ = 0;
  Kind kind_;
};
static_assert(sizeof(Value) == 16);

/// A value that owns its text.
class StoredValue {
 public:
  StoredValue() = default;
  explicit StoredValue(Value v) : value_(v) {
    if (v.kind() == Value::Kind::text) text_ = std::string(v.as_text());
  }
  static StoredValue text(std::string t) {
    StoredValue v;
    v.text_ = std::move(t);
    v.value_ = Value::text(v.text_);
    return v;
  }
  /// A view that is valid while this object lives and is not assigned to.
  [[nodiscard]] Value view() const noexcept { return value_.kind() == Value::Kind::text ? Value::text(text_) : value_; }
  friend bool operator==(const StoredValue& a, const StoredValue& b) noexcept { return a.view() == b.view(); }

 private:
  Value value_;  // of a text only the kind is read: the view is made anew from text_, which moves with the object
  std::string text_;
};

/// The text by which a value is shown to people and in evidence: dates ISO, numbers shortest, blank and unread empty.
[[nodiscard]] std::string to_string(const Value& v);

}  // namespace coachd::model
