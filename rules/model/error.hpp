// Errors that depend on input: a message for a person, a place in a file, and the class of what a CRM answered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace coachd::model {

/// A place in a text that a person wrote. Line and column count from 1; 0 means "the whole file".
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Place&) const = default;
};

enum class Severity : std::uint8_t { error, warning, note };

/// One thing that is wrong in a rule file, map or configuration: what, where, and what to do.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string
      code;  ///< stable, kebab-case: `unknown-key`, `wrong-type`, `never-inspected`; `coachd help CODE` explains it
  std::string message;  ///< one sentence without the place, with the nearest valid name where there is one
  Place place;
  std::string line_text;  ///< the line as it was written, for the caret; may be empty
};

/// What the answer of a CRM (or of the network before it) means for the caller.
enum class Failure : std::uint8_t {
  transient,  ///< try again with back-off: time-out, connection cut, 5xx, row lock
  throttled,  ///< try again not before `retry_at`: rate or daily limit
  auth,       ///< the sign-in was refused: a person must act
  permanent,  ///< the same request will fail again
  corrupt,    ///< the answer cannot be read as what it should be
};

/// `detail` is the CRM's own text: untrusted, may hold customer data, never logged whole.
struct CrmError {
  Failure failure = Failure::transient;
  std::string what;                 ///< our own sentence: safe to log and to show
  std::string detail;               ///< theirs
  std::int64_t retry_after_us = 0;  ///< throttled only; 0: unknown
  bool may_have_happened = false;   ///< a write whose answer was lost: look before sending again
};

}  // namespace coachd::model
