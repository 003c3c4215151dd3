// The SOQL that clients of the simulator send, as a syntax tree: SELECT fields or COUNT() FROM one object WHERE with
// AND, OR, NOT, brackets, = != < > <= >= IN, NOT IN, LIKE; ORDER BY, LIMIT, OFFSET. Pure; knows no schema.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/instants.hpp"

namespace coachd::sim::soql {

enum class literal_type { null, boolean, number, text, date, datetime, word };

struct literal {
  literal_type type = literal_type::null;
  bool boolean = false;
  double number = 0;
  std::string text;  // the unescaped text of a quoted one, the spelling of the others
  instant at{};
  day date{};
};

enum class comparison { eq, ne, lt, gt, le, ge, in, not_in, like };

struct condition {
  enum class type { all, any, negated, test };
  type kind = type::test;
  std::vector<condition> parts;  // of all, any; one of negated
  std::string field;
  comparison op = comparison::eq;
  std::vector<literal> values;  // one, or those of a list
};

struct order {
  std::string field;
  bool descending = false;
  bool nulls_last = false;
};

struct query {
  std::vector<std::string> fields;
  bool count = false;
  std::string object;
  std::optional<condition> where;
  std::vector<order> orders;
  std::optional<std::uint64_t> limit;
  std::uint64_t offset = 0;
};

// What the vendor answers as an error: a code and a message with the place.
struct problem {
  std::string code;
  std::string message;
};

// MALFORMED_QUERY with the column for everything that is not this grammar.
[[nodiscard]] boost::system::result<query, problem> parse(std::string_view text);

}  // namespace coachd::sim::soql
