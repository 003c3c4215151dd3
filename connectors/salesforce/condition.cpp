#include "connectors/salesforce/condition.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace coachd::salesforce {

Condition Condition::of(bool yes) {
  Condition c;
  c.kind_ = yes ? Kind::yes : Kind::no;
  return c;
}

Condition Condition::atom(std::string words, std::string denied, Of of) {
  Condition c;
  c.kind_ = Kind::atom;
  c.words_ = std::move(words);
  c.denied_ = std::move(denied);
  c.of_ = of;
  return c;
}

Condition Condition::unread(std::string why) {
  Condition c;
  c.kind_ = Kind::unread;
  c.words_ = std::move(why);
  return c;
}

Condition Condition::negated() const {
  Condition c = *this;
  switch (kind_) {
    case Kind::no: c.kind_ = Kind::yes; break;
    case Kind::yes: c.kind_ = Kind::no; break;
    case Kind::atom: std::swap(c.words_, c.denied_); break;
    case Kind::unread: break;
    case Kind::all:
    case Kind::any:
      c.kind_ = kind_ == Kind::all ? Kind::any : Kind::all;
      for (Condition& part : c.parts_) part = part.negated();
      break;
  }
  return c;
}

std::size_t Condition::size() const {
  std::size_t n = kind_ == Kind::atom ? 1 : 0;
  for (const Condition& part : parts_) n += part.size();
  return n;
}

// `neutral` says nothing, `decisive` settles it: yes and no of `all`, no and yes of `any`.
Condition Condition::join(Kind kind, std::vector<Condition> parts) {
  const Kind neutral = kind == Kind::all ? Kind::yes : Kind::no;
  const Kind decisive = kind == Kind::all ? Kind::no : Kind::yes;
  Condition out;
  out.kind_ = kind;
  const auto add = [&](Condition part) {
    if (part.kind_ == neutral) return true;
    if (part.kind_ == decisive) return false;
    if (std::find(out.parts_.begin(), out.parts_.end(), part) != out.parts_.end()) return true;
    if (part.kind_ == Kind::atom && std::find(out.parts_.begin(), out.parts_.end(), part.negated()) != out.parts_.end())
      return false;
    out.parts_.push_back(std::move(part));
    return true;
  };
  for (Condition& part : parts) {
    bool goes_on = true;
    if (part.kind_ == kind) {
      for (Condition& inner : part.parts_) goes_on = goes_on && add(std::move(inner));
    } else {
      goes_on = add(std::move(part));
    }
    if (!goes_on) return of(decisive == Kind::yes);
  }
  if (out.parts_.empty()) return of(neutral == Kind::yes);
  if (out.parts_.size() == 1) {
    Condition only = std::move(out.parts_.front());
    return only;
  }
  if (out.size() > largest) return unread("it weighs too many conditions at once");
  return out;
}

std::string Condition::why_unread() const {
  if (kind_ == Kind::unread) return words_;
  for (const Condition& part : parts_)
    if (auto why = part.why_unread(); !why.empty()) return why;
  return {};
}

std::string Condition::words() const {
  if (kind_ == Kind::atom) return words_;
  std::string out;
  for (const Condition& part : parts_) {
    if (!out.empty()) out += kind_ == Kind::all ? " and " : " or ";
    out += part.parts_.empty() ? part.words() : '(' + part.words() + ')';
  }
  return out;
}

bool Condition::of_record() const {
  return (kind_ == Kind::atom && of_ == Of::record) ||
         std::any_of(parts_.begin(), parts_.end(), [](const Condition& part) { return part.of_record(); });
}

Condition Condition::beyond(const Condition& other) const {
  if (kind_ != Kind::any) return *this;
  std::vector<Condition> left;
  std::copy_if(parts_.begin(), parts_.end(), std::back_inserter(left), [&](const Condition& part) {
    return part != other && (other.kind_ != Kind::any ||
                             std::find(other.parts_.begin(), other.parts_.end(), part) == other.parts_.end());
  });
  return any(std::move(left));
}

}  // namespace coachd::salesforce
