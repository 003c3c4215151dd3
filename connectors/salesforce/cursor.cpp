#include "connectors/salesforce/cursor.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/net/cursor_text.hpp"
#include "connectors/net/sweep.hpp"
#include "connectors/salesforce/rows.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using model::Instant;

namespace {

constexpr std::int64_t version = 1;
constexpr std::chrono::seconds worth_a_sweep{30};

}  // namespace

Cursor Cursor::start(Instant now) {
  Cursor cursor;
  cursor.began_ = now;
  return cursor;
}

std::optional<Cursor> Cursor::parse(std::string_view text, std::string_view object) {
  Cursor cursor;
  const auto fields = net::cursor_fields(text, version, object);
  if (fields && fields->contains("load")) {
    cursor.began_ = instant(*fields, "load");
    if (!cursor.began_) return std::nullopt;
    cursor.after_ = salesforce::text(*fields, "after");
    return cursor;
  }
  auto sweep = net::Sweep::parse(text, object);
  if (!sweep) return std::nullopt;
  cursor.sweep_ = std::move(*sweep);
  return cursor;
}

std::string Cursor::text(std::string_view object) const {
  if (!began_) return sweep_.text(object);
  json::object fields;
  fields["v"] = version;
  fields["of"] = object;
  fields["load"] = model::to_string(*began_);
  fields["after"] = after_;
  return json::serialize(fields);
}

bool Cursor::loaded(const std::string& last_id, bool full, Instant now) {
  if (full && !last_id.empty()) {
    after_ = last_id;
    return true;
  }
  const bool long_ago = now > *began_ + worth_a_sweep;
  sweep_ = net::Sweep::from(*began_);
  began_.reset();
  after_.clear();
  return long_ago;
}

}  // namespace coachd::salesforce
