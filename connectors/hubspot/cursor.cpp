#include "connectors/hubspot/cursor.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/hubspot/json.hpp"
#include "connectors/net/cursor_text.hpp"
#include "connectors/net/sweep.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using model::Instant;

namespace {

constexpr std::int64_t version = 1;
/// A look into the recycle bin may take one call in so many seconds, on the average.
constexpr std::chrono::seconds a_call_every{20};

}  // namespace

Cursor Cursor::start(Instant now) {
  Cursor cursor;
  cursor.loading_ = true;
  cursor.began_ = cursor.bin_mark_ = cursor.far_ = now;
  return cursor;
}

std::optional<Cursor> Cursor::parse(std::string_view text_, std::string_view object) {
  const auto found = net::cursor_fields(text_, version, object);
  if (!found) return std::nullopt;
  const json::object& fields = *found;
  const auto mark = instant(fields, "bin");
  if (!mark) return std::nullopt;
  Cursor cursor;
  cursor.bin_mark_ = *mark;
  cursor.bin_began_ = instant(fields, "bin_began");
  cursor.bin_ended_ = instant(fields, "bin_ended").value_or(Instant{});
  cursor.bin_calls_ = integer(fields, "bin_calls").value_or(0);
  cursor.far_ = instant(fields, "far").value_or(Instant{});
  cursor.after_ = std::string(hubspot::text(fields, "after"));
  cursor.turn_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, integer(fields, "turn").value_or(0)));
  if (const auto began = instant(fields, "load")) {
    cursor.loading_ = true;
    cursor.began_ = *began;
    return cursor;
  }
  const auto swept = hubspot::text(fields, "changes");
  auto sweep = net::Sweep::parse(swept, object);
  if (swept.empty() || !sweep) return std::nullopt;
  cursor.sweep_ = std::move(*sweep);
  return cursor;
}

std::string Cursor::text(std::string_view object) const {
  json::object fields;
  fields["v"] = version;
  fields["of"] = object;
  if (loading_)
    fields["load"] = model::to_string(began_);
  else
    fields["changes"] = sweep_.text(object);
  if (!after_.empty()) fields["after"] = after_;
  if (far_ != Instant{}) fields["far"] = model::to_string(far_);
  fields["bin"] = model::to_string(bin_mark_);
  if (bin_began_) fields["bin_began"] = model::to_string(*bin_began_);
  if (bin_ended_ != Instant{}) fields["bin_ended"] = model::to_string(bin_ended_);
  if (bin_calls_ > 0) fields["bin_calls"] = bin_calls_;
  if (turn_ > 0) fields["turn"] = turn_;
  return json::serialize(fields);
}

void Cursor::loaded(std::string after) {
  after_ = std::move(after);
  if (!after_.empty()) return;
  loading_ = false;
  sweep_ = net::Sweep::from(began_);
}

void Cursor::begin_sweep(Instant now, std::chrono::seconds overlap, std::chrono::seconds far_overlap,
                         std::chrono::seconds far_every, std::chrono::seconds lag) {
  if (sweep_.under_way()) return;
  const bool far = now >= far_ + far_every;
  if (far) far_ = now;
  sweep_.begin(now, far ? far_overlap : overlap, lag);
}

bool Cursor::bin_due(Instant now, std::chrono::seconds every) const {
  return bin_ended_ == Instant{} || now >= bin_ended_ + std::max(every, a_call_every * bin_calls_);
}

void Cursor::begin_bin(Instant now) {
  bin_began_ = now;
  bin_calls_ = 0;
  after_.clear();
}

void Cursor::binned(std::string after, Instant now) {
  after_ = std::move(after);
  ++bin_calls_;
  if (!after_.empty()) return;
  bin_mark_ = bin_began_.value_or(now);
  bin_began_.reset();
  bin_ended_ = now;
}

}  // namespace coachd::hubspot
