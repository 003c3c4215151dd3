// What all tests on one field share: its slot and label, what it saw, and "has not been read yet".
#pragma once

#include "rules/conditions/builder.hpp"
#include "rules/conditions/past.hpp"

namespace coachd::rules {

class FieldLeaf : public Test {
 public:
  explicit FieldLeaf(const Field& f) : slot_(f.slot), label_(f.label) {}
  void slots(std::vector<Slot>& out) const override { out.push_back(slot_); }
  [[nodiscard]] std::string missing(const View& v) const override {
    (void)v;
    return "`" + label_ + "` has not been read yet";
  }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return "not read yet";
    if (value.is_blank()) return "blank";
    return '"' + model::to_string(value) + '"';
  }

 protected:
  Slot slot_;
  std::string label_;
};

/// A test on the field's value alone: since when it holds is read from the values before.
class ValueLeaf : public FieldLeaf {
 public:
  using FieldLeaf::FieldLeaf;
  /// The answer for a value that is not unread; `unknown` where it cannot be told.
  [[nodiscard]] virtual Truth judge_value(const View& v, const model::Value& value) const = 0;
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    return value.is_unread() ? Truth::unknown : judge_value(v, value);
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth now_is) const override {
    return value_since(v, slot_, [&](const model::Value& value) { return judge_value(v, value) == now_is; });
  }
};

/// A ValueLeaf that is judged without a second virtual call: most of all judging is done here.
template <class Leaf>
class DirectLeaf : public ValueLeaf {
  friend Leaf;
  explicit DirectLeaf(const Field& f) : ValueLeaf(f) {}

 public:
  [[nodiscard]] Truth judge(const View& v) const final {
    const auto value = v.value(slot_);
    return value.is_unread() ? Truth::unknown : static_cast<const Leaf&>(*this).Leaf::judge_value(v, value);
  }
};

/// "is" and "is not", by what the rule wants.
[[nodiscard]] inline std::string is_or_not(bool is) {
  return is ? " is " : " is not ";
}

}  // namespace coachd::rules
