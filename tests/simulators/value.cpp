#include "tests/simulators/value.hpp"
#include <string>
#include <string_view>
#include "tests/simulators/instants.hpp"

namespace coachd::sim {

value value::of(bool b) {
  value v;
  v.type_ = type::boolean;
  v.whole_ = b ? 1 : 0;
  return v;
}

value value::of(double n) {
  value v;
  v.type_ = type::number;
  v.number_ = n;
  return v;
}

value value::of(instant at) {
  value v;
  v.type_ = type::at;
  v.whole_ = at.time_since_epoch().count();
  return v;
}

value value::of(day d) {
  value v;
  v.type_ = type::date;
  v.whole_ = d.time_since_epoch().count();
  return v;
}

value value::of(const std::string* text) {
  value v;
  if (text != nullptr) {
    v.type_ = type::text;
    v.text_ = text;
  }
  return v;
}

const std::string& value::text() const {
  static const std::string none;
  return type_ == type::text ? *text_ : none;
}

instant value::at() const {
  return instant{std::chrono::seconds{type_ == type::at ? whole_ : 0}};
}

day value::date() const {
  return day{std::chrono::days{type_ == type::date ? whole_ : 0}};
}

bool operator==(const value& a, const value& b) {
  if (a.type_ != b.type_) return false;
  switch (a.type_) {
    case value::type::null: return true;
    case value::type::number: return a.number_ == b.number_;
    case value::type::text: return a.text_ == b.text_ || *a.text_ == *b.text_;
    default: return a.whole_ == b.whole_;
  }
}

const std::string* text_pool::keep(std::string_view text) {
  if (const auto known = known_.find(text); known != known_.end()) return known->second;
  const auto& own = texts_.emplace_back(text);
  known_.emplace(own, &own);
  return &own;
}

const std::string* text_pool::find(std::string_view text) const {
  const auto known = known_.find(text);
  return known == known_.end() ? nullptr : known->second;
}

}  // namespace coachd::sim
