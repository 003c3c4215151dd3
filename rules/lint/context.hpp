// What a lint sees of a rule file, and how it says what it found. Inside of the lint room.
#pragma once

#include <set>
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
  /// Fields of the same object that other files ask for.
  [[nodiscard]] const std::set<std::string>& asked_elsewhere() const noexcept { return asked_elsewhere_; }
  void asked_elsewhere(std::set<std::string> fields) { asked_elsewhere_ = std::move(fields); }
  [[nodiscard]] bool voluntary() const { return root_.find("voluntary").text() == "true"; }

 private:
  yaml::Document& document_;
  yaml::Node root_;
  std::vector<Ask> cards_;
  std::vector<Ask> rules_;
  std::set<std::string> asked_elsewhere_;
};

/// The job whose people are asked; "" where `to:` names somebody in particular.
[[nodiscard]] std::string job_of(const Ask& ask);
/// The fields that cards, rules and criteria of a file ask for.
[[nodiscard]] std::set<std::string> fields_asked_for(const Context& c);

// The lints, one file each.
void no_owner(Context& c);
void no_decision(Context& c);
void never_inspected(Context& c);
void mandate_wording(Context& c);
void login_metric(Context& c);
void gives_nothing_back(Context& c);
void hidden_mandate(Context& c);
void not_reviewed_by_job(Context& c);
void asks_before_knowable(Context& c);
void manager_before_rep(Context& c);
void too_many_asks(Context& c);
void blank_hides(Context& c);
void prompt_unused(Context& c);
void never_holds(Context& c);
/// Looks at all files of a set together.
void too_broad(std::vector<Context>& all);

}  // namespace coachd::lint
