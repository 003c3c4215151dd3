// What `coachd help CODE` says: for each code of a diagnostic what it means, a bad and a better example. Data only;
// every example is run by a test. A new code is one line in the table of its kind.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::help {

/// Where an example stands: what is shown is the part of a file that matters.
enum class Part : std::uint8_t {
  file,           ///< a whole file
  workflow,       ///< lines at the top of a rule file
  card,           ///< below `fields:`
  criterion,      ///< one of `done_means:`
  rule,           ///< one or more of `rules:`
  condition,      ///< of a rule, as in `when:`
  configuration,  ///< lines at the top of coachd.yaml
  connection,     ///< lines of a connection in coachd.yaml
  people,         ///< a people file (CSV)
  test,           ///< lines at the top of a test of rules
  shell,          ///< a command line: seen by none of the readers
};
/// "In a rule", for a person.
[[nodiscard]] std::string_view in_words(Part part);

struct Topic {
  std::string_view code;
  std::string_view says;  ///< what it means and what to do, in a few sentences
  Part part = Part::file;
  std::string_view bad;
  std::string_view better;
};

[[nodiscard]] std::span<const Topic> file_topics();           ///< how any file is written
[[nodiscard]] std::span<const Topic> rule_topics();           ///< rules, cards, conditions
[[nodiscard]] std::span<const Topic> lint_topics();           ///< well-formed, and still a bad idea
[[nodiscard]] std::span<const Topic> configuration_topics();  ///< coachd.yaml, people
[[nodiscard]] std::span<const Topic> test_topics();           ///< tests of rules
[[nodiscard]] std::span<const Topic> export_topics();         ///< maps of exports, audits

/// Null where no diagnostic has that code.
[[nodiscard]] const Topic* find(std::string_view code);
/// Every code, in alphabetical order.
[[nodiscard]] std::vector<std::string> codes();
/// The page of a topic.
[[nodiscard]] std::string page(const Topic& topic);

}  // namespace coachd::help
