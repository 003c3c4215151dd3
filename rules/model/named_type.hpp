// A strong type over a plain one: ids, names and cursors of different meaning never mix.
// Value semantics, ordered, hashable; as cheap as what it wraps. No thread rule: plain values.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace coachd::model {

template <class T, class Tag>
class named_type {
 public:
  using type = T;

  named_type() = default;
  explicit named_type(T value) : value_(std::move(value)) {}

  [[nodiscard]] const T& get() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept
    requires requires(const T& t) { t.empty(); }
  {
    return value_.empty();
  }

  auto operator<=>(const named_type&) const = default;

 private:
  T value_{};
};

}  // namespace coachd::model

template <class T, class Tag>
struct std::hash<coachd::model::named_type<T, Tag>> {
  std::size_t operator()(const coachd::model::named_type<T, Tag>& v) const noexcept { return std::hash<T>{}(v.get()); }
};
