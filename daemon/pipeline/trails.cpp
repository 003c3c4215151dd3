#include "daemon/pipeline/trails.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "connectors/trails.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

using connectors::Trace;
using connectors::Trail;
using model::Instant;
using std::chrono::days;
using std::chrono::milliseconds;

constexpr std::size_t days_a_step = 10;
constexpr days patience{3};  // so long a trail that cannot be reached just now counts as known

// As long as detectors look back when nobody says otherwise, and some more: HubSpot shows sign-ins of 90 days, an
// export counts before the last meetings, which may be months apart, and a change of the set-up is shown for 30 days.
constexpr days kept_for(Trail trail) {
  switch (trail) {
    case Trail::logins:
    case Trail::files: return days{100};
    case Trail::exports: return days{200};
    case Trail::setup: break;
  }
  return days{60};
}

std::string kind_of(Trail trail) {
  return "trail " + std::string(connectors::to_string(trail));
}

std::string state_row(const std::string& connection, Trail trail) {
  return "trail: " + connection + " " + std::string(connectors::to_string(trail));
}

std::string_view cut(std::string_view& rest, char at) {
  const auto end = std::min(rest.find(at), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

// A day's rows as lines of fields with tabs between: names of files may hold anything.
std::string plain(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return out;
}

using Rows = std::set<std::pair<std::string, std::string>>;  // person and the rest; of sign-ins one a person

std::string rest_of(Trail trail, const Trace& t, Instant day) {
  std::string out = std::to_string(std::chrono::floor<milliseconds>(t.at - day).count());
  if (trail == Trail::setup) out += '\t' + plain(t.object) + '\t' + plain(t.field);
  if (trail == Trail::files) out += '\t' + plain(t.record.get()) + '\t' + plain(t.name);
  return out;
}

void add(Trail trail, Rows& rows, std::string person, std::string rest) {
  if (trail == Trail::logins) {
    const auto had = rows.lower_bound({person, ""});
    if (had != rows.end() && had->first == person) {
      if (number(had->second) <= number(rest)) return;
      rows.erase(had);
    }
  }
  rows.emplace(std::move(person), std::move(rest));
}

std::string encode(const Rows& rows) {
  std::string body;
  for (const auto& [person, rest] : rows) body += person + '\t' + rest + '\n';
  return body;
}

template <class Do>
void each_line(std::string_view body, Do action) {
  while (!body.empty()) {
    auto line = cut(body, '\n');
    const auto person = cut(line, '\t');
    action(person, line);
  }
}

void tell(Trail trail, std::string_view person, std::string_view rest, Instant day, rules::Evidence& out) {
  const auto offset = number(cut(rest, '\t'));
  if (!offset) return;
  const Instant at = day + milliseconds(*offset);
  switch (trail) {
    case Trail::logins: out.logins.rows.push_back({std::string(person), at}); break;
    case Trail::exports: out.exports.rows.push_back({std::string(person), at}); break;
    case Trail::setup: {
      const auto object = cut(rest, '\t');
      out.setup.rows.push_back({std::string(object), std::string(rest), std::string(person), at});
      break;
    }
    case Trail::files: {
      const auto record = cut(rest, '\t');
      out.files.rows.push_back({std::string(person), std::string(record), std::string(rest), at});
      break;
    }
  }
}

void known(Trail trail, std::optional<Instant> since, std::string why_not, rules::Evidence& out) {
  const auto set = [&](auto& table) {
    table.known_since = since;
    table.why_not = std::move(why_not);
  };
  switch (trail) {
    case Trail::logins: return set(out.logins);
    case Trail::exports: return set(out.exports);
    case Trail::setup: return set(out.setup);
    case Trail::files: return set(out.files);
  }
}

Instant start_of(const Context& context, model::Day day) {
  return context.world->calendar.zone().start_of(day);
}

}  // namespace

bool wants_trail(const rules::RuleSet& rules, Trail trail) {
  return std::any_of(rules.objects.begin(), rules.objects.end(), [&](const auto& one) {
    const rules::ObjectPlan& plan = one.second;
    switch (trail) {
      case Trail::logins: return plan.detects_logins;
      case Trail::exports: return plan.detects_exports;
      case Trail::setup: return plan.detects_setup;
      case Trail::files: return plan.detects_files;
    }
    return false;
  });
}

Instant trail_from(const Context& context, Trail trail, Instant now) {
  return start_of(context, context.world->calendar.today(now) - kept_for(trail));
}

std::optional<TrailState> trail_state(const store::Snapshot& snapshot, const std::string& connection, Trail trail) {
  const auto text = snapshot.metadata(state_row(connection, trail));
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  const auto day = model::parse_day(cut(rest, '\t'));
  if (!day) return std::nullopt;
  TrailState state{*day, std::nullopt, {}};
  if (const auto since = number(cut(rest, '\t'))) state.known_since = Instant(std::chrono::microseconds(*since));
  state.why_not = rest;
  return state;
}

bool trail_kept(const store::Snapshot& snapshot, const std::string& connection, Trail trail) {
  return trail_state(snapshot, connection, trail) || snapshot.newest(connection, kind_of(trail));
}

bool trails_read(const Context& context, const store::Snapshot& snapshot, Instant now) {
  return std::all_of(connectors::every_trail.begin(), connectors::every_trail.end(), [&](Trail trail) {
    if (!wants_trail(context, trail)) return true;
    const auto state = trail_state(snapshot, context.connection, trail);
    return state && state->is_of_today(context, now);
  });
}

std::string trail_cursor(const std::string& connection, Trail trail) {
  return state_row(connection, trail);
}

store::UnitOfWork take_trail(const Context& context, const store::Snapshot& snapshot, Trail trail,
                             const connectors::TrailPage& page, Instant now) {
  store::UnitOfWork unit;
  const auto kind = kind_of(trail);
  const auto from = trail_from(context, trail, now);
  std::map<Instant, Rows> by_day;
  for (const auto& trace : page.rows) {
    if (trace.person.empty() || trace.at < from || trace.at > now + days(1)) continue;
    const auto day = start_of(context, context.world->calendar.today(trace.at));
    add(trail, by_day[day], plain(trace.person.get()), rest_of(trail, trace, day));
  }
  for (auto& [day, rows] : by_day) {
    const auto had = snapshot.kept_at(context.connection, kind, day);
    const bool same_day = had && had->at == day;
    if (same_day)
      each_line(had->body, [&](std::string_view person, std::string_view rest) {
        add(trail, rows, std::string(person), std::string(rest));
      });
    auto body = encode(rows);
    if (same_day && had->body == body) continue;
    // Two days may hold the same: each has a hash of its own.
    auto hash = std::to_string(stable_hash(body, static_cast<std::uint64_t>(day.time_since_epoch().count())));
    unit.kept.push_back({context.connection, kind, std::move(hash), day, std::move(body)});
  }
  if (page.more) return unit;
  unit.kept_gone.push_back({context.connection, kind, from});
  unit.cursors.emplace_back(trail_cursor(context.connection, trail), page.next);
  auto since = page.known_since;
  if (!since && page.why_not.empty())
    if (const auto had = trail_state(snapshot, context.connection, trail)) since = had->known_since;
  auto text = model::to_string(context.world->calendar.today(now)) + '\t';
  if (since) text += std::to_string(since->time_since_epoch().count());
  unit.metadata.emplace_back(state_row(context.connection, trail), text + '\t' + plain(page.why_not));
  return unit;
}

store::UnitOfWork forget_trail(const std::string& connection, Trail trail) {
  store::UnitOfWork unit;
  unit.kept_gone.push_back({connection, kind_of(trail), Instant::max()});
  unit.cursors.emplace_back(trail_cursor(connection, trail), "");
  unit.metadata.emplace_back(state_row(connection, trail), "");
  return unit;
}

void TrailReader::begin(const store::Snapshot& snapshot, rules::Evidence& out) {
  const auto trail = connectors::every_trail.at(at_);
  before_ = Instant::min();  // nothing to be read
  if (!wants_trail(context_, trail)) return;
  const auto state = trail_state(snapshot, context_.connection, trail);
  if (!state) return;
  if (!state->known_since || !state->why_not.empty()) return known(trail, std::nullopt, state->why_not, out);
  if (context_.world->calendar.today(now_) - state->read_on > patience)
    return known(trail, std::nullopt, "it could not be read for more than three days", out);
  known(trail, std::max(*state->known_since, trail_from(context_, trail, now_)), {}, out);
  before_ = Instant::max();
}

bool TrailReader::step(const store::Snapshot& snapshot, rules::Evidence& out) {
  if (at_ == connectors::every_trail.size()) return false;
  if (!before_) begin(snapshot, out);
  const auto trail = connectors::every_trail.at(at_);
  const auto from = trail_from(context_, trail, now_);
  for (std::size_t n = 0; n < days_a_step && *before_ > from; ++n) {
    const auto row = snapshot.kept_at(context_.connection, kind_of(trail), *before_ - std::chrono::microseconds(1));
    if (!row || row->at < from) {
      before_ = Instant::min();
      break;
    }
    each_line(row->body,
              [&](std::string_view person, std::string_view rest) { tell(trail, person, rest, row->at, out); });
    before_ = row->at;
  }
  if (*before_ > from) return true;
  before_.reset();
  ++at_;
  return true;
}

}  // namespace coachd::pipeline
