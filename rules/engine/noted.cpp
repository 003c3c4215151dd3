#include "rules/engine/noted.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rules/conditions/case.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/due_day.hpp"
#include "rules/detectors/promises.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

bool is_next_step(const SlotInfo& field) {
  return field.name == "next_step" || field.crm_name == "NextStep" || field.crm_name == "hs_next_step";
}

// "Champion: Petra Lang" names the field and says something.
bool begins_with_name(std::string_view sentence, const SlotInfo& field) {
  const auto colon = sentence.find(':');
  if (colon == std::string_view::npos || text::squash(sentence.substr(colon + 1)).size() < 2) return false;
  const auto name = plain_line(sentence.substr(0, colon));
  return name == plain_line(field.label) || name == plain_line(field.name);
}

bool answers(std::string_view sentence, const SlotInfo& field, model::Day written) {
  if (begins_with_name(sentence, field)) return true;
  const auto line = plain_line(sentence);
  const bool named =
      line.find(plain_line(field.label)) != std::string::npos || line.find(plain_line(field.name)) != std::string::npos;
  if (is_date(field.type)) return named && due_day(sentence, written).has_value();
  if (!named && field.name != "competitor") return false;
  return std::any_of(field.options.begin(), field.options.end(), [&](const std::string& option) {
    return text::squash(option).size() > 2 && line.find(plain_line(option)) != std::string::npos;
  });
}

// Whole words, as many as fit into a prompt.
std::string shortened(std::string_view sentence) {
  constexpr std::size_t longest = 140;
  if (sentence.size() <= longest) return std::string(sentence);
  const auto blank = sentence.rfind(' ', longest);
  auto end = blank == std::string_view::npos || blank == 0 ? longest : blank;
  while (end > 0 && (static_cast<unsigned char>(sentence[end]) & 0xC0U) == 0x80U) --end;  // not within a character
  return std::string(sentence.substr(0, end)) + "…";
}

}  // namespace

std::optional<Noted> noted_answer(const View& v, const SlotInfo& field, std::string_view person, model::Span within) {
  const auto& calendar = v.world().calendar;
  const auto from = calendar.shift(v.now(), within, -1);
  const auto& notes = v.record().notes;
  for (auto note = notes.rbegin(); note != notes.rend(); ++note) {
    if (note->at < from || note->at > v.now() || note->by != person) continue;
    const auto written = calendar.today(note->at);
    if (is_next_step(field))
      if (const auto promises = promises_in(note->text, written); !promises.empty())
        return Noted{note->at, shortened(promises.front().quote)};
    for (const auto sentence : sentences_of(note->text))
      if (answers(sentence, field, written)) return Noted{note->at, shortened(sentence)};
  }
  return std::nullopt;
}

}  // namespace coachd::rules
