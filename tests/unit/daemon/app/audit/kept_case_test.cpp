// A record that is kept comes back as it was, whatever its values are.
#include "daemon/app/audit/kept_case.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/app/audit/facts.hpp"
#include "rules/conditions/case.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::app {
namespace {

using model::Value;

model::Instant at(const char* text) {
  return *model::parse_instant(text);
}

void expect_same(const rules::Case& a, const rules::Case& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.created, b.created);
  EXPECT_EQ(a.modified, b.modified);
  EXPECT_EQ(a.created_by, b.created_by);
  ASSERT_EQ(a.values.size(), b.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    EXPECT_EQ(a.values[i].kind(), b.values[i].kind()) << i;
    EXPECT_EQ(model::to_string(a.values[i]), model::to_string(b.values[i])) << i;
  }
}

TEST(KeptCase, EveryKindOfValueComesBack) {
  const std::string long_text(70'000, 'x');
  const std::string at_the_edge(255, 'y');  // the first length that takes more than one byte
  rules::Case full;
  full.id = "0065f000000000FAAQ";
  full.created = at("2025-07-23T21:20:33.123Z");
  full.modified = at("1969-12-31T23:59:59Z");
  full.created_by = "ana";
  full.values = {Value::unread(),
                 Value::blank(),
                 Value::boolean(true),
                 Value::boolean(false),
                 Value::number(-129500.5),
                 Value::text(""),
                 Value::text(long_text),
                 Value::text(at_the_edge),
                 Value::day(*model::parse_day("1960-02-29")),
                 Value::instant(at("2026-01-15T00:00:00Z"))};
  rules::Case bare;
  bare.id = "line 17";
  bare.values.assign(full.values.size(), Value::blank());
  bare.values[1] = Value::text(std::string_view("with\0zero", 9));

  std::string bytes(3, '#');  // what is not used yet is written over
  std::size_t used = 0;
  keep(full, FactKeys{1, ~std::uint64_t{0}}, bytes, used);
  keep(bare, FactKeys{0, 7}, bytes, used);
  keep(full, FactKeys{2, 3}, bytes, used);
  ASSERT_LE(used, bytes.size());
  bytes.resize(used);

  KeptCases kept(bytes, full.values.size(), 2);
  rules::Case c;
  FactKeys keys;
  ASSERT_TRUE(kept.next(c, keys));
  expect_same(c, full);
  EXPECT_EQ(keys, (FactKeys{1, ~std::uint64_t{0}}));
  ASSERT_TRUE(kept.next(c, keys));  // nothing of the one before stays
  expect_same(c, bare);
  EXPECT_EQ(keys, (FactKeys{0, 7}));
  ASSERT_TRUE(kept.next(c, keys));
  expect_same(c, full);
  EXPECT_FALSE(kept.next(c, keys));
}

}  // namespace
}  // namespace coachd::app
