#include "rules/conditions/combine.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

// The order in which parts are written must not show, also not here: the smallest text of the parts that cannot be
// told.
std::string missing_of(std::span<const TestPtr> parts, const View& v) {
  std::string out;
  for (const auto& p : parts) {
    if (p->judge(v) != Truth::unknown) continue;
    auto m = p->missing(v);
    if (out.empty() || m < out) out = std::move(m);
  }
  return out;
}

std::optional<model::Instant> latest(std::span<const TestPtr> parts, const View& v, Truth t) {
  std::optional<model::Instant> out;
  for (const auto& p : parts)
    if (const auto s = p->since(v, t); s && (!out || *s > *out)) out = s;
  return out;
}

std::optional<model::Instant> earliest(std::span<const TestPtr> parts, const View& v, Truth t) {
  std::optional<model::Instant> out;
  for (const auto& p : parts)
    if (p->judge(v) == t)
      if (const auto s = p->since(v, t); s && (!out || *s < *out)) out = s;
  return out;
}

class Group : public Test {
 public:
  explicit Group(std::vector<TestPtr> parts) : parts_(std::move(parts)) {}
  [[nodiscard]] std::string missing(const View& v) const override { return missing_of(parts_, v); }
  [[nodiscard]] std::span<const TestPtr> parts() const noexcept override { return parts_; }
  [[nodiscard]] bool stage_only() const noexcept override {
    return std::all_of(parts_.begin(), parts_.end(), [](const TestPtr& p) { return p->stage_only(); });
  }

 protected:
  std::string joined(const char* with) const {
    std::string out;
    for (const auto& p : parts_) {
      if (!out.empty()) out += with;
      const bool nested = p->shape() == Shape::all || p->shape() == Shape::any;
      out += nested ? '(' + p->words() + ')' : p->words();
    }
    return out;
  }
  std::vector<TestPtr> parts_;
};

class All final : public Group {
 public:
  using Group::Group;
  [[nodiscard]] Truth judge(const View& v) const override {
    Truth out = Truth::yes;
    for (const auto& p : parts_) {
      const Truth t = p->judge(v);
      if (t == Truth::no) return Truth::no;
      out = std::min(out, t);
    }
    return out;
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth t) const override {
    return t == Truth::yes ? latest(parts_, v, t) : earliest(parts_, v, t);
  }
  [[nodiscard]] std::string words() const override { return joined(" and "); }
  [[nodiscard]] std::string told(const View& v) const override { return why(*this, v); }
  [[nodiscard]] Shape shape() const noexcept override { return Shape::all; }
};

class Any final : public Group {
 public:
  using Group::Group;
  [[nodiscard]] Truth judge(const View& v) const override {
    Truth out = Truth::no;
    for (const auto& p : parts_) {
      const Truth t = p->judge(v);
      if (t == Truth::yes) return Truth::yes;
      out = std::max(out, t);
    }
    return out;
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth t) const override {
    return t == Truth::no ? latest(parts_, v, t) : earliest(parts_, v, t);
  }
  [[nodiscard]] std::string words() const override { return joined(" or "); }
  [[nodiscard]] std::string told(const View& v) const override { return why(*this, v); }
  [[nodiscard]] Shape shape() const noexcept override { return Shape::any; }
};

class Not final : public Group {
 public:
  using Group::Group;
  [[nodiscard]] Truth judge(const View& v) const override { return negate(parts_.front()->judge(v)); }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth t) const override {
    return parts_.front()->since(v, negate(t));
  }
  [[nodiscard]] std::string words() const override {
    const auto& part = *parts_.front();
    const bool nested = part.shape() == Shape::all || part.shape() == Shape::any;
    return nested ? "it is not so that " + joined("") : part.denied();
  }
  [[nodiscard]] std::string denied() const override { return parts_.front()->words(); }
  [[nodiscard]] Shape shape() const noexcept override { return Shape::negation; }
};

}  // namespace

TestPtr all_of(std::vector<TestPtr> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return std::make_unique<All>(std::move(parts));
}

TestPtr any_of(std::vector<TestPtr> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return std::make_unique<Any>(std::move(parts));
}

TestPtr not_of(TestPtr part) {
  std::vector<TestPtr> parts;
  parts.push_back(std::move(part));
  return std::make_unique<Not>(std::move(parts));
}

}  // namespace coachd::rules
