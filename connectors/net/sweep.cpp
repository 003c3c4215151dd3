#include "connectors/net/sweep.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/cursor_text.hpp"
#include "rules/model/time.hpp"

namespace coachd::net {

namespace json = boost::json;
using model::Instant;

namespace {

constexpr std::int64_t version = 1;
constexpr std::chrono::seconds worth_stretching{30};

[[nodiscard]] bool read_instant(const json::object& object, std::string_view key, std::optional<Instant>& into) {
  const json::value* const value = object.if_contains(key);
  if (value == nullptr) return true;
  if (!value->is_string()) return false;
  into = model::parse_instant(std::string_view(value->get_string()));
  return into.has_value();
}

[[nodiscard]] std::string datetime(Instant at) {
  return model::to_string(Instant(std::chrono::floor<std::chrono::milliseconds>(at)));
}

}  // namespace

Sweep Sweep::from(Instant mark) {
  Sweep sweep;
  sweep.mark_ = mark;
  return sweep;
}

std::optional<Sweep> Sweep::parse(std::string_view cursor, std::string_view name) {
  Sweep sweep;
  if (cursor.empty()) return sweep;
  const auto fields = cursor_fields(cursor, version, name);
  if (!fields) return std::nullopt;
  const json::object& object = *fields;
  if (!read_instant(object, "mark", sweep.mark_) || !read_instant(object, "upper", sweep.upper_) ||
      !read_instant(object, "at", sweep.at_) || !read_instant(object, "ground", sweep.ground_))
    return std::nullopt;
  if (const json::value* const id = object.if_contains("id")) {
    if (!id->is_string()) return std::nullopt;
    sweep.id_ = std::string(id->get_string());
  }
  return sweep;
}

std::string Sweep::text(std::string_view name) const {
  json::object object;
  object["v"] = version;
  object["of"] = name;
  if (mark_) object["mark"] = datetime(*mark_);
  if (upper_) {
    object["upper"] = datetime(*upper_);
    if (at_) object["at"] = datetime(*at_);
    if (!id_.empty()) object["id"] = id_;
    if (ground_) object["ground"] = datetime(*ground_);
  }
  return json::serialize(object);
}

void Sweep::begin(Instant now, std::chrono::seconds overlap, std::chrono::seconds lag) {
  if (under_way()) return;
  upper_ = now - lag;
  ground_.reset();
  id_.clear();
  at_.reset();
  // a clock of the CRM that was set back must not leave a hole either
  if (mark_) at_ = std::min(*mark_, *upper_) - overlap;
}

bool Sweep::advance(std::optional<Instant> last_stamp, const std::string& last_id, bool full, Instant now,
                    std::chrono::seconds lag) {
  if (last_stamp) {
    at_ = last_stamp;
    id_ = last_id;
  }
  if (full && last_stamp) return true;
  const Instant end = upper_.value_or(now - lag);  // REQUIRES begin(): there is a bound
  if (!ground_ && now - lag > end + worth_stretching) {
    ground_ = end;
    upper_ = now - lag;
    if (!last_stamp) {
      at_ = end;
      id_.clear();
    }
    return true;
  }
  mark_ = ground_.value_or(end);
  ground_.reset();
  upper_.reset();
  at_.reset();
  id_.clear();
  return false;
}

}  // namespace coachd::net
