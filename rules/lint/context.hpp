// What a lint sees of a rule file, and how it says what it found. Inside of the lint room.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/yaml/reader.hpp"

namespace coachd::lint {

/// One place in the file that can ask a person something: a rule with a prompt, or a field card.
struct Ask {
  std::string name;  ///< rule id or field
  bool is_card = false;
  yaml::Node node;    ///< of the rule or card
  yaml::Node prompt;  ///< holds say, ask, gives_back and to; of a card the card itself
  model::Place place;
  std::string to;  ///< `owner` where nothing is said
};

class Context {
 public:
  explicit Context(yaml::Document& document);
  void warn(std::string_view code, std::string message, const model::Place& at);
  [[nodiscard]] const yaml::Node& root() const noexcept { return root_; }
  /// Field cards that ask: neither `retire` nor `keep` alone.
  [[nodiscard]] const std::vector<Ask>& cards() const noexcept { return cards_; }
  /// Rules, prompting or not.
  [[nodiscard]] const std::vector<Ask>& rules() const noexcept { return rules_; }
  /// Cards and rules whose last step is a prompt.
  [[nodiscard]] std::vector<Ask> asks() const;
  /// Steps of a rule or card as written; a card without any has `prompt`.
  [[nodiscard]] static std::vector<std::string> steps(const Ask& ask);

 private:
  yaml::Document& document_;
  yaml::Node root_;
  std::vector<Ask> cards_;
  std::vector<Ask> rules_;
};

// The lints, one file each.
void no_owner(Context& c);
void no_decision(Context& c);
void never_inspected(Context& c);
void mandate_wording(Context& c);
void login_metric(Context& c);
void gives_nothing_back(Context& c);
void hard_control(Context& c);
void hidden_mandate(Context& c);
void not_reviewed_by_job(Context& c);

}  // namespace coachd::lint
