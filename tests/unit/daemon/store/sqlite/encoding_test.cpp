#include "daemon/store/sqlite/encoding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace coachd::store::sqlite {
namespace {

using model::StoredValue;
using model::Value;

TEST(EncodeValue, EqualValuesHaveEqualBytes) {
  EXPECT_EQ(encode_value(StoredValue(Value::number(0.0))), encode_value(StoredValue(Value::number(-0.0))));
  EXPECT_NE(encode_value(StoredValue::text("1")), encode_value(StoredValue(Value::number(1))));
  EXPECT_NE(encode_value(StoredValue(Value::blank())), encode_value(StoredValue()));
}

TEST(EncodeValue, BrokenBytesAreRefused) {
  EXPECT_THROW(static_cast<void>(decode_value("")), std::runtime_error);
  EXPECT_THROW(static_cast<void>(decode_value("x")), std::runtime_error);
  EXPECT_THROW(static_cast<void>(decode_value("n123")), std::runtime_error);
}

TEST(EncodeLines, AnyLinesComeBack) {
  for (const auto& lines :
       std::vector<std::vector<std::string>>{{}, {""}, {"", ""}, {"a", "b\nc", "\\n", "\\", "d\\\\n\n"}})
    EXPECT_EQ(decode_lines(encode_lines(lines)), lines);
  EXPECT_EQ(encode_lines({"a|b", "c|d"}), "a|b\nc|d\n");
}

double sum_of(const std::vector<double>& values) {
  ExactSum sum;
  for (const double v : values) sum.add(v);
  return sum.value();
}

TEST(ExactSum, LosesNothing) {
  EXPECT_EQ(sum_of({1e100, 1.0, -1e100}), 1.0);
  EXPECT_EQ(sum_of({0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}), 1.0);
  EXPECT_EQ(sum_of({}), 0.0);
}

// Known answers of a correctly rounded sum: ties go to even unless what is below decides.
TEST(ExactSum, IsRoundedOnceToTheNearest) {
  EXPECT_EQ(sum_of({0x1p53, 1.0}), 0x1p53);
  EXPECT_EQ(sum_of({0x1p53, 1.0, 0x1p-30}), 0x1p53 + 2);
  EXPECT_EQ(sum_of({0x1p53, 1.0, -0x1p-30}), 0x1p53);
  EXPECT_EQ(sum_of({-0x1p53, -1.0, -0x1p-30}), -0x1p53 - 2);
}

TEST(ExactSum, IsTheSameInEveryOrderAndThroughItsBytes) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<int> exponent(-60, 60);
  std::uniform_real_distribution<double> fraction(-1, 1);
  std::vector<double> values(200);
  for (auto& v : values) v = std::ldexp(fraction(random), exponent(random));
  const double expected = sum_of(values);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(values.begin(), values.end(), random);
    ExactSum sum;
    for (const double v : values) {
      sum.add(12345.678);
      sum.add(v);
      sum = ExactSum(sum.bytes());
      sum.add(-12345.678);
    }
    ASSERT_EQ(sum.value(), expected);
  }
}

TEST(ExactSum, WhatIsTakenAwayLeavesNothing) {
  ExactSum sum;
  for (const double v : {0.1, 1e17, -3.3}) sum.add(v);
  for (const double v : {1e17, -3.3, 0.1}) sum.add(-v);
  EXPECT_EQ(sum.value(), 0.0);
  EXPECT_EQ(sum.bytes(), "");
}

}  // namespace
}  // namespace coachd::store::sqlite
