// A formula worked out for a record that stands in one stage, with one field blank or filled and nothing else known.
// Pure. Inner header of salesforce/.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "connectors/salesforce/condition.hpp"
#include "connectors/salesforce/formula.hpp"
#include "rules/model/description.hpp"

namespace coachd::salesforce {

/// What formulas may name: the object's fields without case, record types by their names. The description must outlive
/// it.
class FormulaWorld {
 public:
  FormulaWorld(const model::ObjectDescription& object, const std::map<std::string, std::string>& developer_names);
  [[nodiscard]] const model::FieldDescription* field(std::string_view lower_name) const;
  /// "" where the record type has none, or it is not known.
  [[nodiscard]] std::string developer_name(const std::string& record_type) const;

 private:
  std::map<std::string, const model::FieldDescription*, std::less<>> fields_;
  const std::map<std::string, std::string>& developer_names_;
};

/// Null both where the object has no stages.
struct FormulaStanding {
  const model::Pipeline* pipeline = nullptr;
  const model::Stage* stage = nullptr;
};

struct FormulaSubject {
  const model::FieldDescription* field;
  std::string name;          ///< lower case
  std::string relationship;  ///< how a path through it begins, with the dot; "" = it is no lookup
  bool filled;
};

/// `steps` counts up with every part that is worked out.
[[nodiscard]] Condition work_out(const FormulaNode& root, const FormulaWorld& world, const FormulaSubject& subject,
                                 const FormulaStanding& at, std::size_t& steps);

}  // namespace coachd::salesforce
