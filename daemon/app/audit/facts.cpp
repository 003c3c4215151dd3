#include "daemon/app/audit/facts.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/app/audit/distinct.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t ahead = 8;  // keys between the one that is expected and the one that is asked for

// 0 stands for none.
std::uint64_t key_of(std::string_view owner) noexcept {
  return std::max<std::uint64_t>(1, stable_hash(owner));
}
std::uint64_t key_of(std::uint64_t owner, std::uint64_t text_key) noexcept {
  return std::max<std::uint64_t>(1, owner * 0x9e3779b97f4a7c15ULL ^ text_key);
}

bool counts_texts(const rules::ObjectPlan& plan, std::size_t fact) noexcept {
  return plan.facts[fact].kind == rules::FactSpec::Kind::same_text;
}

}  // namespace

void BlockFacts::add(const rules::ObjectPlan& plan, const rules::Case& c, const rules::Examination& record,
                     FactKeys& keys) {
  sums.resize(plan.facts.size());
  texts.resize(plan.facts.size());
  keys.assign(plan.facts.size(), 0);
  if (plan.owner == rules::no_slot || c.value(plan.owner).kind() != model::Value::Kind::text) return;
  const std::uint64_t owner = key_of(c.value(plan.owner).as_text());
  for (std::size_t f = 0; f < plan.facts.size(); ++f) {
    const auto given = record.part(f);
    if (counts_texts(plan, f)) {
      if (!given) continue;
      keys[f] = key_of(owner, given->text_key);
      texts[f].push_back(keys[f]);
    } else {
      keys[f] = owner;
      if (!given) continue;
      Sum& s = sums[f].at(owner);
      s.sum += given->value;
      ++s.count;
    }
  }
}

void BlockFacts::clear() noexcept {
  for (auto& s : sums) s.clear();
  for (auto& t : texts) t.clear();
}

void FactTables::merge(const BlockFacts& block) {
  if (sums_.size() < block.sums.size()) {
    sums_.resize(block.sums.size());
    texts_.resize(block.sums.size());
  }
  for (std::size_t f = 0; f < block.sums.size(); ++f) {
    block.sums[f].each([&](std::uint64_t owner, const BlockFacts::Sum& s) {
      BlockFacts::Sum& total = sums_[f].at(owner);
      total.sum += s.sum;
      total.count += s.count;
    });
    const auto& keys = block.texts[f];
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i + ahead < keys.size()) texts_[f].expect(keys[i + ahead]);
      ++texts_[f].at(keys[i]);
    }
  }
}

void FactTables::of(const rules::ObjectPlan& plan, std::span<const std::uint64_t> keys, rules::Facts& out) const {
  out.resize(plan.facts.size());
  for (std::size_t f = 0; f < plan.facts.size(); ++f) {
    rules::FactValue& fact = out[f];
    fact = {.known = true};
    if (keys[f] == 0 || f >= sums_.size()) continue;
    if (counts_texts(plan, f)) {
      if (const std::uint32_t* n = texts_[f].find(keys[f])) fact.count = *n;
    } else if (const BlockFacts::Sum* s = sums_[f].find(keys[f])) {
      fact.sum = s->sum;
      fact.count = s->count;
    }
  }
}

void FactTables::expect(const rules::ObjectPlan& plan, std::span<const std::uint64_t> keys) const noexcept {
  for (std::size_t f = 0; f < keys.size() && f < texts_.size(); ++f)
    if (counts_texts(plan, f) && keys[f] != 0) texts_[f].expect(keys[f]);
}

}  // namespace coachd::app
