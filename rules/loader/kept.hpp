// Keys of a rule file that no test needs: definitions, owners, meetings, how controls climb. Each is read for its shape
// and kept as written, for lint and lists. The tables are what the schema is made from, too. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rules/conditions/builder.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {

/// How such a key must look.
enum class Shape : std::uint8_t {
  text,           ///< a text, or one per language
  words,          ///< a word or a list of words
  uses,           ///< the same, each a meeting or free text behind its kind
  percent,        ///< 90%
  span,           ///< 14d
  yes_no,         ///< true or false
  address,        ///< an e-mail address; the lint speaks of what is none
  people_by_job,  ///< {rep: [EMAIL]}
  map,            ///< the keys of `inside`; any where there are none
};
struct KeptKey {
  std::string_view key;
  Shape shape;
  std::string_view says;  ///< one line for editors
  std::span<const KeptKey> inside = {};
};

[[nodiscard]] std::span<const KeptKey> kept_of_workflow();
[[nodiscard]] std::span<const KeptKey> kept_of_card();
[[nodiscard]] std::span<const KeptKey> kept_of_rule();
[[nodiscard]] std::span<const KeptKey> kept_of_criterion();

/// Marks the keys as known and reports those of the wrong shape.
void read_kept(yaml::MapReader& map, std::span<const KeptKey> keys, Builder& b);

/// A share such as 90%, from 0 to 1; nothing after an error.
[[nodiscard]] std::optional<double> parse_percent_at(yaml::Node node, std::string_view key, Builder& b);

/// Reports a name that is no job, with the nearest; false then.
bool check_job(std::string_view job, const model::Place& at, Builder& b);

}  // namespace coachd::rules
