#include "connectors/hubspot/search.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/batch.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/sweep.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using model::Instant;

namespace {

constexpr std::size_t limit = 200;
constexpr const char* first_id = "0";  // before every id

[[nodiscard]] std::string milliseconds(Instant at) {
  return std::to_string(std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count());
}

[[nodiscard]] json::object filter(const std::string& property, const char* op, std::string value) {
  return {{"propertyName", property}, {"operator", op}, {"value", std::move(value)}};
}

[[nodiscard]] std::string body_of(const SearchIn& in, const net::Sweep& sweep) {
  json::array filters;
  const bool by_id = !sweep.id().empty();
  if (by_id && sweep.at()) {
    filters.push_back(filter(in.modified, "EQ", milliseconds(*sweep.at())));
    filters.push_back(filter("hs_object_id", "GT", sweep.id()));
  } else {
    if (sweep.at()) filters.push_back(filter(in.modified, "GTE", milliseconds(*sweep.at())));
    filters.push_back(filter(in.modified, "LTE", milliseconds(sweep.upper())));
  }
  for (const Filter& f : in.filters) {
    json::object more{{"propertyName", f.property}, {"operator", f.op}};
    if (!f.value.empty()) more["value"] = f.value;
    filters.push_back(std::move(more));
  }
  json::object body;
  body["filterGroups"] = json::array{json::object{{"filters", std::move(filters)}}};
  body["sorts"] =
      json::array{json::object{{"propertyName", by_id ? "hs_object_id" : in.modified}, {"direction", "ASCENDING"}}};
  json::array properties{json::string(in.modified)};
  if (!in.shown.empty()) properties.emplace_back(in.shown);
  body["properties"] = std::move(properties);
  body["limit"] = limit;
  return json::serialize(body);
}

}  // namespace

Task<Found> search_page(Session& session, SearchIn in, const net::Sweep& sweep) {
  const Call call{.op = Op::search, .target = session.path(Op::search, {in.object}), .body = body_of(in, sweep)};
  for (int attempt = 1;; ++attempt) {
    const auto answer = co_await session.call(call);
    if (!answer) co_return answer.error();
    const auto records = read_results(*answer);
    if (!records) {
      if (records.error().failure == model::Failure::corrupt && attempt == 1) continue;  // cut short
      co_return records.error();
    }
    Found found;
    for (const json::object* const record : records->rows) {
      const json::object* const properties = object_at(*record, "properties");
      auto modified = properties == nullptr ? std::nullopt : instant(*properties, in.modified);
      if (!modified) modified = instant(*record, "updatedAt");
      Hit hit{id(*record, "id"), modified.value_or(Instant{}), ""};
      if (properties != nullptr && !in.shown.empty()) hit.shown = text(*properties, in.shown);
      if (hit.id.empty() || !modified) co_return unreadable("a record without id or time of change", false);
      found.hits.push_back(std::move(hit));
    }
    if (sweep.at() && !found.hits.empty() && found.hits.back().modified < *sweep.at())
      co_return unreadable("rows are not in the order asked for", false);
    found.full = found.hits.size() >= limit || !next_page(root(records->document)).empty();
    co_return found;
  }
}

bool step(net::Sweep& sweep, const Found& found, Instant now, std::chrono::seconds lag) {
  const std::optional<Instant> last = found.hits.empty() ? std::nullopt : std::optional(found.hits.back().modified);
  if (!sweep.id().empty() && sweep.at()) {
    if (found.full && last) return sweep.advance(sweep.at(), found.hits.back().id, true, now, lag);
    return sweep.advance(*sweep.at() + std::chrono::milliseconds{1}, "", true, now, lag);  // this instant is done
  }
  // one instant fills the page: the same question would bring the same rows
  const bool tie = found.full && last && found.hits.front().modified == *last;
  return sweep.advance(last, tie ? first_id : "", found.full, now, lag);
}

}  // namespace coachd::hubspot
