// Of which type each field of a test is, and its values as that. A field is what the test says under `fields:`; else
// canonical fields have their natural type; every other is judged by its values, as a column of an export is. Made
// once per file, immutable afterwards.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "connectors/file/values.hpp"
#include "daemon/app/testing/spec.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::app::rule_tests {

class Types {
 public:
  /// `object`: where a case names none.
  Types(const TestFile& file, const std::string& object);

  [[nodiscard]] model::FieldType of(const std::string& object, const std::string& field) const;
  /// What does not fit the type is reported in the file's document, and text then.
  [[nodiscard]] model::StoredValue value(TestFile& file, const std::string& object, const std::string& field,
                                         const Raw& raw) const;
  /// The fields that the test names, by object.
  [[nodiscard]] const std::map<std::string, std::map<std::string, model::FieldType>>& all() const noexcept {
    return types_;
  }

 private:
  file::Reading reading_;
  std::map<std::string, std::map<std::string, model::FieldType>> types_;
};

/// Every value that stands in a test: object, field, value.
void each_value(const TestFile& file, const std::string& object,
                const std::function<void(const std::string&, const std::string&, const Raw&)>& visit);

}  // namespace coachd::app::rule_tests
