// A case as bytes: what the first pass over an export hands to the second, so that the export is parsed once. Only this
// process reads what it wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/audit/facts.hpp"
#include "rules/conditions/case.hpp"

namespace coachd::app {

/// Writes a record and what it counts under in facts behind the `used` bytes of `out`, and counts its own among them.
/// `out` grows ahead of what is used, so that its memory is not set anew for each record.
void keep(const rules::Case& c, const FactKeys& keys, std::string& out, std::size_t& used);

/// Reads back what `keep` wrote, in order. Texts are views into `bytes`.
class KeptCases {
 public:
  KeptCases(std::string_view bytes, std::size_t slots, std::size_t facts);
  /// Fills `c` (all but connection, object and past) and `keys`; false at the end.
  [[nodiscard]] bool next(rules::Case& c, FactKeys& keys);

 private:
  const char* at_;
  const char* end_;
  std::size_t slots_;
  std::size_t facts_;
};

}  // namespace coachd::app
