// Values that a rule compares with: `is`, `in`, `from`, `to`. Options match by stored value or label, numbers as
// numbers, dates as days, text without case and outer white space; the forecast categories in the spellings of both
// CRMs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

class Literals {
 public:
  /// True where the value is one of them; a multiple choice where any of its values is. Blank values never are.
  [[nodiscard]] bool contain(const View& v, const model::Value& value) const;
  [[nodiscard]] std::string words() const;

  friend std::optional<Literals> parse_literals(const Field& f, yaml::Node node, std::string_view key, Builder& b);

 private:
  [[nodiscard]] bool contain_text(std::string_view t) const;
  struct Spelling {
    std::string text;
    std::string folded;   // "" where it is not ASCII: such a one takes the long way
    char initial = '\0';  // lower case; 0 where it is no ASCII letter or digit
  };
  struct One {
    std::vector<Spelling> spellings;
    std::optional<double> number;
    std::optional<model::Day> day;
    std::optional<bool> boolean;
  };
  std::vector<One> ones_;
  std::vector<std::string> written_;
  bool multiple_ = false;
  bool numeric_ = false;
};

/// One value or a list of values; nothing after an error (a value that cannot stand in the field).
[[nodiscard]] std::optional<Literals> parse_literals(const Field& f, yaml::Node node, std::string_view key, Builder& b);

/// The canonical word of a forecast category as either CRM writes it: `commit`, `best_case`; "" where it is none.
[[nodiscard]] std::string_view forecast_category_of(std::string_view written);

/// True for number, currency and percent.
[[nodiscard]] bool is_numeric(model::FieldType t) noexcept;
[[nodiscard]] bool is_date(model::FieldType t) noexcept;

}  // namespace coachd::rules
