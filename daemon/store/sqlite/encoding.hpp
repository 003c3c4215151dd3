// How values, lists of lines and exact sums look in a column. Plain functions over plain values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/model/value.hpp"

namespace coachd::store::sqlite {

/// One value as bytes: a letter for its kind, then its content. Equal values have equal bytes (-0 is kept as 0).
[[nodiscard]] std::string encode_value(const model::StoredValue& v);
/// Throws std::runtime_error on bytes that encode_value does not write.
[[nodiscard]] model::StoredValue decode_value(std::string_view bytes);

/// Lines joined by line feeds, readable by people; line feeds and backslashes inside a line are escaped.
[[nodiscard]] std::string encode_lines(const std::vector<std::string>& lines);
[[nodiscard]] std::vector<std::string> decode_lines(std::string_view text);

/// A sum of doubles without rounding (Shewchuk's expansion, as in Python's fsum): adding and taking away in any order
/// gives the same bits as adding what is left from scratch. A running sum of rounded doubles would not, and tests
/// against an owner's mean would then depend on the past.
class ExactSum {
 public:
  ExactSum() = default;
  /// Reads what bytes() wrote.
  explicit ExactSum(std::string_view bytes);

  void add(double x);
  /// The sum, rounded once to the nearest double.
  [[nodiscard]] double value() const;
  [[nodiscard]] std::string bytes() const;

 private:
  std::vector<double> parts_;  // non-overlapping, ascending in magnitude
};

}  // namespace coachd::store::sqlite
