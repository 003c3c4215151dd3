#include "rules/model/description.hpp"
#include <string_view>

namespace coachd::model {

const FieldDescription* ObjectDescription::find(std::string_view field_name) const noexcept {
  for (const auto& f : fields)
    if (f.name == field_name) return &f;
  return nullptr;
}

}  // namespace coachd::model
