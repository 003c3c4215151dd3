#include "rules/conditions/test.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "rules/conditions/case.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

void Test::instants(const View& v, std::vector<model::Instant>& out) const {
  for (const auto& p : parts()) p->instants(v, out);
}

std::optional<model::Instant> Test::since(const View& v, Truth now_is) const {
  (void)v, (void)now_is;
  return std::nullopt;
}

std::string Test::missing(const View& v) const {
  (void)v;
  return "a value that this test needs";
}

void Test::slots(std::vector<Slot>& out) const {
  for (const auto& p : parts()) p->slots(out);
}

void Test::ties(std::vector<std::string>& out) const {
  for (const auto& p : parts()) p->ties(out);
}

bool Test::names_outcome() const noexcept {
  for (const auto& p : parts())
    if (p->names_outcome()) return true;
  return false;
}

namespace {

void add_told(const Test& t, const View& v, std::vector<std::string>& out) {
  switch (t.shape()) {
    case Test::Shape::all:
    case Test::Shape::any:
      for (const auto& p : t.parts())
        if (p->judge(v) == Truth::yes) add_told(*p, v, out);
      return;
    case Test::Shape::leaf:
    case Test::Shape::negation: break;
  }
  auto text = t.told(v);
  for (const auto& had : out)
    if (had == text) return;
  out.push_back(std::move(text));
}

void add_held(const Test& t, const View& v, Truth wanted, std::vector<Slot>& out) {
  if (t.judge(v) != wanted) return;
  if (t.shape() == Test::Shape::leaf) {
    const auto had = static_cast<std::ptrdiff_t>(out.size());
    t.slots(out);
    for (auto i = out.begin() + had; i != out.end();)  // each field once
      i = std::find(out.begin(), i, *i) != i ? out.erase(i) : i + 1;
    return;
  }
  const Truth inner = t.shape() == Test::Shape::negation ? negate(wanted) : wanted;
  for (const auto& p : t.parts()) add_held(*p, v, inner, out);
}

}  // namespace

std::string why(const Test& t, const View& v) {
  std::vector<std::string> told;
  add_told(t, v, told);
  std::string out;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (i > 0) out += i + 1 == told.size() ? " and " : ", ";
    out += told[i];
  }
  return out;
}

void held_slots(const Test& t, const View& v, std::vector<Slot>& out) {
  add_held(t, v, Truth::yes, out);
}
void failed_slots(const Test& t, const View& v, std::vector<Slot>& out) {
  add_held(t, v, Truth::no, out);
}

}  // namespace coachd::rules
