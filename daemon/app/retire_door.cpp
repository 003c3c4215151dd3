#include "daemon/app/retire_door.hpp"

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/connector.hpp"
#include "daemon/app/inbox.hpp"
#include "daemon/app/link.hpp"
#include "daemon/coaching/retirement.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

namespace json = boost::json;
using pipeline::RetireOutcome;
using pipeline::RetireRequest;

std::string text(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}
bool flag(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_bool() && v->get_bool();
}

std::optional<RetireRequest> read(std::string_view body) {
  boost::system::error_code bad;
  const auto document = json::parse(body, bad);
  if (bad || !document.is_object()) return std::nullopt;
  const auto& o = document.get_object();
  RetireRequest r;
  r.connection = text(o, "connection");
  r.object = text(o, "object");
  r.field = text(o, "field");
  r.what = text(o, "what");
  r.by = text(o, "by");
  r.because = text(o, "because");
  r.owner = text(o, "owner");
  r.candidate = flag(o, "candidate");
  r.why_not = text(o, "why_not");
  r.evidence = text(o, "evidence");
  r.review_on = text(o, "review_on");
  r.digest = text(o, "digest");
  r.file = text(o, "file");
  if (const auto* n = o.if_contains("values"); n != nullptr && n->is_int64()) r.values = n->get_int64();
  r.by_package = flag(o, "by_package");
  return r;
}

connectors::FieldChange change_of(const pipeline::FieldChange& c) {
  using Op = connectors::FieldChange::Op;
  Op op = Op::look;
  switch (c.call) {
    case coaching::FieldCall::hide: op = Op::hide; break;
    case coaching::FieldCall::show: op = Op::show; break;
    case coaching::FieldCall::archive: op = Op::archive; break;
    case coaching::FieldCall::look: break;
  }
  return {op, c.crm_object, c.crm_field};
}

}  // namespace

std::string to_json(const RetireRequest& r) {
  return json::serialize(json::object{{"connection", r.connection},
                                      {"object", r.object},
                                      {"field", r.field},
                                      {"what", r.what},
                                      {"by", r.by},
                                      {"because", r.because},
                                      {"owner", r.owner},
                                      {"candidate", r.candidate},
                                      {"why_not", r.why_not},
                                      {"evidence", r.evidence},
                                      {"review_on", r.review_on},
                                      {"digest", r.digest},
                                      {"file", r.file},
                                      {"values", r.values},
                                      {"by_package", r.by_package}});
}

std::string to_json(const RetireOutcome& outcome) {
  json::object o{{"refused", outcome.refused}, {"note", outcome.note}};
  if (outcome.field) o["fields"] = json::parse(pipeline::to_json({{"field", *outcome.field}}));
  return json::serialize(o);
}

RetireOutcome retire_outcome_from_json(std::string_view body) {
  boost::system::error_code bad;
  const auto document = json::parse(body, bad);
  if (bad || !document.is_object()) throw std::runtime_error("the daemon's answer cannot be read");
  const auto& o = document.get_object();
  RetireOutcome outcome;
  outcome.refused = text(o, "refused");
  outcome.note = text(o, "note");
  if (const auto* fields = o.if_contains("fields"))
    outcome.field = pipeline::retirements_from_json(json::serialize(*fields)).at("field");
  return outcome;
}

void RetireDoor::handle(std::string_view body, Done done) {
  auto request = read(body);
  if (!request) return done(400, "{}");
  inbox_.post(Inbox::Item(
      [this, request = std::move(*request), done = std::move(done)](pipeline::Hall& hall, model::Instant now) {
        auto outcome = hall.retire(request, now);
        boost::asio::post(network_, [this, request, outcome = std::move(outcome), done]() mutable {
          if (outcome.change)
            make_change(std::move(request), std::move(outcome), std::move(done));
          else
            done(200, to_json(outcome));
        });
      }));
}

void RetireDoor::make_change(RetireRequest request, RetireOutcome outcome, Done done) {
  auto* link = find_link_(request.connection);
  if (link == nullptr) return done(400, "{}");
  auto settled = [this, request = std::move(request), done = std::move(done)](const connectors::Result<bool>& result) {
    coaching::Called called;
    called.done = result.has_value();
    if (result.has_error()) {
      called.problem = result.error().what;
      called.in_doubt = result.error().may_have_happened;
      if (called.in_doubt) called.problem += ": whether it was done is not known; the same step again settles it";
    }
    inbox_.post(Inbox::Item([this, request, done, called](pipeline::Hall& hall, model::Instant now) {
      const auto outcome = hall.retired(request, called, now);
      boost::asio::post(network_, [done, body = to_json(outcome)] { done(200, body); });
    }));
  };
  spawn_(link->executor(), link->change_field(change_of(*outcome.change), std::move(settled)));
}

}  // namespace coachd::app
