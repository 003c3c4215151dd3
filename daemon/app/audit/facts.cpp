#include "daemon/app/audit/facts.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "daemon/app/audit/distinct.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t first_slots = 1024;

// Never 0, which stands for none.
std::uint64_t text_key(const rules::Examination::Part& p) {
  const std::uint64_t key = stable_hash(p.owner) * 0x9e3779b97f4a7c15ULL ^ p.text_hash;
  return key == 0 ? 1 : key;
}

std::uint64_t spread(std::uint64_t k) noexcept {
  k ^= k >> 32;
  k *= 0xd6e8feb86659fd93ULL;
  return k ^ (k >> 32);
}

}  // namespace

void FlatCounts::grow() {
  std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.empty() ? first_slots : old.size() * 2, {});
  for (const Slot& s : old) {
    if (s.count == 0) continue;
    std::size_t i = spread(s.key) & (slots_.size() - 1);
    while (slots_[i].count != 0) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = s;
  }
}

void FlatCounts::add(std::uint64_t key) {
  if (used_ * 4 >= slots_.size() * 3) grow();
  std::size_t i = spread(key) & (slots_.size() - 1);
  while (slots_[i].count != 0 && slots_[i].key != key) i = (i + 1) & (slots_.size() - 1);
  if (slots_[i].count == 0) ++used_;
  slots_[i].key = key;
  ++slots_[i].count;
}

std::uint32_t FlatCounts::find(std::uint64_t key) const noexcept {
  if (slots_.empty()) return 0;
  std::size_t i = spread(key) & (slots_.size() - 1);
  while (slots_[i].count != 0 && slots_[i].key != key) i = (i + 1) & (slots_.size() - 1);
  return slots_[i].count;
}

std::size_t text_facts(const rules::ObjectPlan& plan) {
  return static_cast<std::size_t>(std::count_if(plan.facts.begin(), plan.facts.end(), [](const rules::FactSpec& f) {
    return f.kind == rules::FactSpec::Kind::same_text;
  }));
}

void BlockFacts::add(const rules::ObjectPlan& plan, const rules::Examination& record,
                     std::vector<std::uint64_t>& text_keys) {
  sums.resize(plan.facts.size());
  texts.resize(plan.facts.size());
  text_keys.clear();
  for (std::size_t f = 0; f < plan.facts.size(); ++f) {
    const auto given = record.part(f);
    if (plan.facts[f].kind == rules::FactSpec::Kind::same_text) {
      text_keys.push_back(given ? text_key(*given) : 0);
      if (given) texts[f].push_back(text_keys.back());
      continue;
    }
    if (!given) continue;
    auto it = sums[f].find(given->owner);
    if (it == sums[f].end()) it = sums[f].emplace(given->owner, Sum{}).first;
    it->second.sum += given->value;
    ++it->second.count;
  }
}

void FactTables::merge(BlockFacts&& block) {
  if (sums_.size() < block.sums.size()) {
    sums_.resize(block.sums.size());
    texts_.resize(block.sums.size());
  }
  for (std::size_t f = 0; f < block.sums.size(); ++f) {
    for (const auto& [owner, s] : block.sums[f]) {
      auto& total = sums_[f][owner];
      total.sum += s.sum;
      total.count += s.count;
    }
    for (const std::uint64_t key : block.texts[f]) texts_[f].add(key);
  }
}

void FactTables::of(const rules::ObjectPlan& plan, const rules::Case& c, const std::vector<std::uint64_t>& text_keys,
                    rules::Facts& out) const {
  out.assign(plan.facts.size(), {});
  std::size_t text = 0;
  for (std::size_t f = 0; f < plan.facts.size(); ++f) {
    out[f].known = true;
    if (plan.facts[f].kind == rules::FactSpec::Kind::same_text) {
      const std::uint64_t key = text_keys[text++];
      if (key != 0 && f < texts_.size()) out[f].count = texts_[f].find(key);
      continue;
    }
    if (f >= sums_.size()) continue;
    if (plan.owner == rules::no_slot || c.value(plan.owner).kind() != model::Value::Kind::text) continue;
    if (const auto it = sums_[f].find(c.value(plan.owner).as_text()); it != sums_[f].end()) {
      out[f].sum = it->second.sum;
      out[f].count = it->second.count;
    }
  }
}

}  // namespace coachd::app
