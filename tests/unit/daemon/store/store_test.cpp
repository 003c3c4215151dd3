#include "daemon/store/store.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include "rules/model/value.hpp"

namespace coachd::store {
namespace {

// What one change makes of an empty unit.
template <class Change>
UnitOfWork with(Change change) {
  UnitOfWork unit;
  change(unit);
  return unit;
}

TEST(UnitOfWork, SaysNothingOnlyWithoutASingleRow) {
  EXPECT_TRUE(UnitOfWork{}.empty());
  EXPECT_TRUE(with([](auto& u) { u.epoch = 7; }).empty()) << "who writes is no change";

  EXPECT_FALSE(with([](auto& u) { u.applied_to.emplace("acme", 3); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.journal.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.cursors.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.snapshots.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.history.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.known_since.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.make_due.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.evaluated.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.cannot_tell.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.findings.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.prompts.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.outbox.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.outbox_done.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.reasons.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.kept.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.kept_gone.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.facts.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.facts_gone.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.read_list.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.counters.emplace_back(); }).empty());
  EXPECT_FALSE(with([](auto& u) { u.metadata.emplace_back(); }).empty());
}

TEST(UnitOfWork, CountsRowsAndTheirLongTexts) {
  const auto nothing = UnitOfWork{}.bytes();
  EXPECT_GE(with([](auto& u) { u.outbox_done.resize(100); }).bytes(), nothing + std::size_t{200} * sizeof(std::string));
  EXPECT_GE(with([](auto& u) { u.journal.emplace_back().body.assign(10'000, 'x'); }).bytes(), nothing + 10'000);
  EXPECT_GE(with([](auto& u) { u.findings.emplace_back().detail.assign(10'000, 'x'); }).bytes(), nothing + 10'000);
  EXPECT_GE(
      with([](auto& u) { u.history.emplace_back().to = model::StoredValue::text(std::string(10'000, 'x')); }).bytes(),
      nothing + 10'000);
}

}  // namespace
}  // namespace coachd::store
