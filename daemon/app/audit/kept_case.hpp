// A case as bytes: what the first pass over an export hands to the second, so that the export is parsed once. Only this
// process reads what it wrote.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/conditions/case.hpp"

namespace coachd::app {

/// A record and the keys of its texts in facts (see FactTables): 0 where it has none.
void keep(const rules::Case& c, const std::vector<std::uint64_t>& text_keys, std::string& out);

/// Reads back what `keep` appended, in order. Texts are views into `bytes`.
class KeptCases {
 public:
  KeptCases(std::string_view bytes, std::size_t slots, std::size_t text_keys);
  /// Fills `c` (all but connection, object and past) and `text_keys`; false at the end.
  [[nodiscard]] bool next(rules::Case& c, std::vector<std::uint64_t>& text_keys);

 private:
  const char* at_;
  const char* end_;
  std::size_t slots_;
  std::size_t text_keys_;
};

}  // namespace coachd::app
