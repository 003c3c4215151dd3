#include "rules/model/finding.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace coachd::model {
namespace {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

template <class E, std::size_t N>
std::string_view name_of(const Names<E, N>& names, E e) {
  for (const auto& [value, name] : names)
    if (value == e) return name;
  return "unknown";
}

template <class E, std::size_t N>
std::optional<E> value_of(const Names<E, N>& names, std::string_view s) {
  for (const auto& [value, name] : names)
    if (name == s) return value;
  return std::nullopt;
}

constexpr Names<Outcome, 4> outcomes{{{Outcome::ok, "ok"},
                                      {Outcome::finding, "finding"},
                                      {Outcome::cannot_tell, "cannot_tell"},
                                      {Outcome::broken, "broken"}}};

constexpr Names<RuleKind, 8> kinds{{{RuleKind::timing, "timing"},
                                    {RuleKind::stale, "stale"},
                                    {RuleKind::fake_adoption, "fake-adoption"},
                                    {RuleKind::acceptance, "acceptance"},
                                    {RuleKind::duplicate, "duplicate"},
                                    {RuleKind::friction, "friction"},
                                    {RuleKind::workaround, "workaround"},
                                    {RuleKind::win, "win"}}};

constexpr Names<PromptState, 18> states{{{PromptState::own_list, "own_list"},
                                         {PromptState::held, "held"},
                                         {PromptState::intent, "intent"},
                                         {PromptState::sending, "sending"},
                                         {PromptState::doubtful, "doubtful"},
                                         {PromptState::live, "live"},
                                         {PromptState::updating, "updating"},
                                         {PromptState::withdrawing, "withdrawing"},
                                         {PromptState::withdrawn, "withdrawn"},
                                         {PromptState::done, "done"},
                                         {PromptState::dismissed, "dismissed"},
                                         {PromptState::replied, "replied"},
                                         {PromptState::snoozed, "snoozed"},
                                         {PromptState::expired, "expired"},
                                         {PromptState::ignored, "ignored"},
                                         {PromptState::moved, "moved"},
                                         {PromptState::dropped, "dropped"},
                                         {PromptState::blocked, "blocked"}}};

}  // namespace

std::string_view to_string(Outcome o) {
  return name_of(outcomes, o);
}
std::string_view to_string(RuleKind k) {
  return name_of(kinds, k);
}
std::string_view to_string(PromptState s) {
  return name_of(states, s);
}
std::optional<RuleKind> parse_rule_kind(std::string_view s) {
  return value_of(kinds, s);
}
std::optional<PromptState> parse_prompt_state(std::string_view s) {
  return value_of(states, s);
}

bool in_crm(PromptState s) {
  switch (s) {
    case PromptState::sending:
    case PromptState::doubtful:
    case PromptState::live:
    case PromptState::updating:
    case PromptState::withdrawing: return true;
    default: return false;
  }
}

bool ended(PromptState s) {
  switch (s) {
    case PromptState::withdrawn:
    case PromptState::done:
    case PromptState::dismissed:
    case PromptState::expired:
    case PromptState::ignored:
    case PromptState::moved:
    case PromptState::dropped:
    case PromptState::blocked: return true;
    default: return false;
  }
}

}  // namespace coachd::model
