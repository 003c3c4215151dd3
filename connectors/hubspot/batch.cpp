#include "connectors/hubspot/batch.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/wire.hpp"
#include "connectors/net/failure.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::hubspot {

namespace json = boost::json;

namespace {

[[nodiscard]] std::string body_of(const BatchRead& read) {
  json::object body;
  json::array inputs;
  for (const std::string& id : read.ids) inputs.push_back(json::object{{"id", id}});
  body["inputs"] = std::move(inputs);
  body["properties"] = json::array(read.properties.begin(), read.properties.end());
  // always there: the recorded schema requires it
  body["propertiesWithHistory"] = json::array(read.with_history.begin(), read.with_history.end());
  if (!read.id_property.empty()) body["idProperty"] = read.id_property;
  return json::serialize(body);
}

}  // namespace

connectors::Result<Records> read_results(const net::Response& answer) {
  auto document = parse(answer);
  if (!document) return document.error();
  Records records{std::move(*document), {}};
  const json::object& body = root(records.document);
  // 200, 201 and 207 alike
  if (const json::array* const errors = array_at(body, "errors"))
    for (const json::value& error : *errors) {
      if (!error.is_object()) return unreadable("an error is no object", false);
      if (!is_not_found(error.get_object())) return read_item_error(error.get_object());
    }
  const json::array* const results = array_at(body, "results");
  if (results == nullptr) return unreadable("no list of records", false);
  records.rows.reserve(results->size());
  for (const json::value& record : *results) {
    if (!record.is_object()) return unreadable("a record is no object", false);
    records.rows.push_back(&record.get_object());
  }
  return records;
}

Task<Records> batch_read(Session& session, BatchRead read) {
  Call call{.op = Op::batch_read, .target = session.path(Op::batch_read, {read.object}), .body = body_of(read)};
  if (read.archived) call.target += "?archived=true";
  for (int attempt = 1;; ++attempt) {
    const auto answer = co_await session.call(call);
    if (!answer) {
      if (net::has_code(answer.error(), "OBJECT_NOT_FOUND")) co_return Records{};  // none of them is there
      co_return answer.error();
    }
    auto records = read_results(*answer);
    if (!records && records.error().failure == model::Failure::corrupt && attempt == 1) continue;  // cut short
    co_return records;
  }
}

}  // namespace coachd::hubspot
