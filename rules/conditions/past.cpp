#include "rules/conditions/past.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/test.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {

using model::Instant;
using model::Value;
using std::chrono::floor;
using std::chrono::seconds;

bool same_content(const Value& a, const Value& b, const calendar::Zone& zone) {
  if (a.kind() == Value::Kind::text && b.kind() == Value::Kind::text)
    return text::same_content(a.as_text(), b.as_text());
  if (a.kind() == b.kind()) return a == b;
  if (a.is_blank() || b.is_blank() || a.is_unread() || b.is_unread()) return false;
  // History may keep as text what the record keeps as a date or number.
  if (const auto x = as_number(a), y = as_number(b); x && y) return *x == *y;
  if (const auto x = as_day(a, zone), y = as_day(b, zone); x && y) return *x == *y;
  return false;
}

const FieldChange* last_change(const View& v, Slot s) {
  const auto* past = v.past(s);
  if (past == nullptr) return nullptr;
  const auto& zone = v.world().calendar.zone();
  for (auto it = past->changes.rbegin(); it != past->changes.rend(); ++it)
    if (it->source != model::HistorySource::created && !same_content(it->from, it->to, zone)) return &*it;
  return nullptr;
}

std::vector<Move> moves(const View& v, Slot s) {
  std::vector<Move> out;
  const auto* past = v.past(s);
  if (past == nullptr) return out;
  const auto& zone = v.world().calendar.zone();
  const auto created = created_of(v, s);
  constexpr auto correction = std::chrono::hours(1);
  // Who set the value that stands before the next save; of the first one known only where history begins with the
  // record.
  std::string_view setter = unknown_before(v, s) ? std::string_view{} : v.record().created_by;
  for (const auto& change : past->changes) {
    if (change.source == model::HistorySource::created) continue;
    const auto before = std::exchange(setter, change.author);
    if (created && floor<seconds>(change.at) <= floor<seconds>(*created)) continue;
    // Who created the record corrects their own entry.
    if (created && !change.author.empty() && change.author == v.record().created_by &&
        change.at - *created <= correction)
      continue;
    if (!out.empty() && !change.author.empty() && out.back().author == change.author &&
        change.at - out.back().at <= correction) {
      out.back().to = change.to;
      continue;
    }
    out.push_back({change.at, change.author, change.from, change.to, change.origin, before});
  }
  std::erase_if(out, [&](const Move& m) { return same_content(m.from, m.to, zone); });
  return out;
}

Truth returned(const View& v, Slot s, const std::vector<Move>& moves, std::size_t i) {
  const auto& zone = v.world().calendar.zone();
  for (std::size_t k = 0; k < i; ++k)
    if (same_content(moves[k].from, moves[i].to, zone) || (k + 1 < i && same_content(moves[k].to, moves[i].to, zone)))
      return Truth::yes;
  return unknown_before(v, s) ? Truth::unknown : Truth::no;
}

std::optional<Instant> created_of(const View& v, Slot s) {
  const auto* past = v.past(s);
  return past != nullptr && past->holder ? past->holder->created : v.created();
}

std::optional<Instant> modified_of(const View& v, Slot s) {
  const auto* past = v.past(s);
  return past != nullptr && past->holder ? past->holder->modified : v.record().modified;
}

std::optional<Instant> unknown_before(const View& v, Slot s) {
  const auto created = created_of(v, s);
  const auto modified = modified_of(v, s);
  if (created && modified && floor<seconds>(*modified) <= floor<seconds>(*created)) return std::nullopt;
  const auto* past = v.past(s);
  if (past == nullptr || !past->known_since) return Instant::max();
  if (created && *past->known_since <= *created) return std::nullopt;
  return past->known_since;
}

Value value_at(const View& v, Slot s, Instant at) {
  const auto* past = v.past(s);
  if (past == nullptr) return v.value(s);
  for (const auto& change : past->changes)
    if (change.at > at && change.source != model::HistorySource::created) return change.from;
  return v.value(s);
}

Case rolled_back(const Case& c, Instant to) {
  Case before = c;
  for (std::size_t slot = 0; slot < before.past.size(); ++slot) {
    auto& changes = before.past[slot].changes;
    const auto first = std::find_if(changes.begin(), changes.end(), [&](const auto& change) { return change.at > to; });
    if (first == changes.end()) continue;
    before.values[slot] = first->from;
    changes.erase(first, changes.end());
  }
  const auto later = [&](const auto& item) { return item.at > to; };
  std::erase_if(before.activities.items, later);
  std::erase_if(before.reviews, later);
  std::erase_if(before.notes, later);
  return before;
}

bool saved_together(const FieldChange& change, Instant at, std::string_view author) noexcept {
  const auto apart = change.at > at ? change.at - at : at - change.at;
  return apart <= seconds(2) && (change.author == author || change.author.empty() || author.empty());
}

}  // namespace coachd::rules
