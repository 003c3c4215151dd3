#include "tests/simulators/hs_hooks.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/hs_writes.hpp"
#include "tests/simulators/json_text.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t body_size = 100;
constexpr std::size_t most_in_flight = 10;
constexpr int most_retries = 10;

// A change of each is an event of its own; there is no subscription for all.
constexpr std::array<std::string_view, 14> subscribed{"dealname",
                                                      "amount",
                                                      "closedate",
                                                      "dealstage",
                                                      "pipeline",
                                                      "hubspot_owner_id",
                                                      "hs_next_step",
                                                      "hs_manual_forecast_category",
                                                      "champion",
                                                      "procurement_status",
                                                      "implementation_risk",
                                                      "decision_process",
                                                      "loss_reason",
                                                      "legal_status"};

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::uint64_t subscription(std::string_view type, std::string_view property) {
  std::uint64_t h = 2'000'001;
  for (const char c : std::string{type} + std::string{property})
    h = (h * 31 + static_cast<unsigned char>(c)) % 8'999'999;
  return h;
}

}  // namespace

std::string signature_v1(std::string_view secret, std::string_view body) {
  const auto source = std::string{secret} + std::string{body};
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes(source), source.size(), digest.data());
  std::string hex;
  for (const auto b : digest) fmt::format_to(std::back_inserter(hex), "{:02x}", b);
  return hex;
}

std::string signature_v3(std::string_view secret, std::string_view method, std::string_view uri, std::string_view body,
                         std::string_view timestamp) {
  const auto source = fmt::format("{}{}{}{}", method, uri, body, timestamp);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes(source), source.size(), digest.data(),
       &size);
  std::array<unsigned char, std::size_t{2} * EVP_MAX_MD_SIZE> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return {text.begin(), text.begin() + length};
}

std::string signed_uri(std::string_view uri) {
  static constexpr std::string_view decoded = ":/?@!$'()*,;";
  std::string out;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] == '%' && i + 2 < uri.size()) {
      const auto found = std::ranges::find_if(decoded, [&](char c) {
        const auto code = fmt::format("{:02X}", static_cast<unsigned char>(c));
        const auto upper = [](char d) { return d >= 'a' && d <= 'f' ? static_cast<char>(d - 32) : d; };
        return upper(uri[i + 1]) == code[0] && upper(uri[i + 2]) == code[1];
      });
      if (found != decoded.end()) {
        out += *found;
        i += 2;
        continue;
      }
    }
    out += uri[i];
  }
  return out;
}

hs_hooks::hs_hooks(const hs_records& records, fault_switch& faults) : records_{records}, faults_{faults} {}

void hs_hooks::aim(std::string_view uri) {
  uri_ = signed_uri(uri);
  if (!uri_.empty()) return;
  events_.clear();
  queue_.clear();
}

void hs_hooks::add(std::string_view type, const hs_record& deal, const std::string& more, const hs_written& written) {
  const auto& people = records_.people();
  const bool robot = written.by == nullptr || people.integration(written.by);
  const auto source =
      robot ? fmt::format(R"("changeSource":"INTEGRATION","sourceId":"{}")", hs_app_id)
            : fmt::format(R"("changeSource":"CRM_UI","sourceId":"userId:{}")", people.user_id(written.by));
  const auto ms = std::chrono::milliseconds{written.at.time_since_epoch()}.count();
  ++counts_.events;
  events_.push_back(fmt::format(
      R"({{"eventId":{},"subscriptionId":{},"portalId":{},"appId":{},"occurredAt":{},"subscriptionType":"deal.{}",)"
      R"("attemptNumber":#,"objectId":{},{}{}}})",
      ++event_ids_, subscription(type, more.substr(0, more.find(',', 18))), hs_portal_id, hs_app_id, ms, type,
      hs_records::id_of(deal.object, deal.n), source, more));
}

void hs_hooks::note(const hs_written& written) {
  if (uri_.empty() || written.record.object != hs_object::deals) return;
  const auto& deal = written.record;
  if (written.merged) {
    const auto id = hs_records::id_of(deal.object, deal.n);
    return add("merge", deal,
               fmt::format(R"(,"primaryObjectId":{0},"mergedObjectIds":[{1}],"newObjectId":{0},)"
                           R"("numberOfPropertiesMoved":0)",
                           id, hs_records::id_of(deal.object, *written.merged)),
               written);
  }
  if (written.archived) return add("deletion", deal, R"(,"changeFlag":"DELETED")", written);
  if (written.before == nullptr) add("creation", deal, R"(,"changeFlag":"NEW")", written);
  for (const auto name : subscribed) {
    const auto& p = *records_.schema().get(hs_object::deals).find(name);
    std::string before;
    std::string after;
    if (written.before != nullptr) {
      const auto column = static_cast<std::size_t>(p.column);
      if ((*written.before)[column] == (*deal.cells)[column]) continue;
      records_.append_text(before, {deal.object, deal.n, written.before}, p);
    }
    records_.append_text(after, deal, p);
    if (before == after) continue;
    auto more = fmt::format(R"(,"propertyName":"{}","propertyValue":)", name);
    write_json_text(more, after);
    add("propertyChange", deal, more, written);
  }
}

// Gathers what waits into bodies; the faults of the way strike here.
void hs_hooks::pack(std::chrono::steady_clock::time_point now) {
  while (!events_.empty()) {
    hook_body body;
    body.due = now;
    while (!events_.empty() && body.events.size() < body_size) {
      body.events.push_back(std::move(events_.front()));
      events_.pop_front();
    }
    if (faults_.strikes("hook-drop")) {
      ++counts_.dropped;
      continue;
    }
    if (body.events.size() > 1 && faults_.strikes("hook-shuffle")) std::ranges::reverse(body.events);
    const auto late = faults_.seconds("hook-late", 5);
    if (faults_.strikes("hook-late")) body.due += std::chrono::milliseconds{static_cast<std::int64_t>(late * 1000)};
    body.bad_signature = faults_.strikes("hook-bad-signature");
    if (faults_.strikes("hook-old")) body.stamp_shift = -10min;
    if (faults_.strikes("hook-future")) body.stamp_shift = 10min;
    if (faults_.strikes("hook-double")) queue_.push_back(body);
    queue_.push_back(std::move(body));
  }
}

std::vector<hook_body> hs_hooks::take(std::chrono::steady_clock::time_point now) {
  pack(now);
  std::vector<hook_body> due;
  for (auto i = queue_.begin(); i != queue_.end() && in_flight_ < most_in_flight;) {
    if (i->due > now) {
      ++i;
      continue;
    }
    ++in_flight_;
    ++counts_.sent;
    if (i->attempt > 0) ++counts_.retried;
    due.push_back(std::move(*i));
    i = queue_.erase(i);
  }
  return due;
}

void hs_hooks::done(hook_body body, bool accepted, std::chrono::steady_clock::time_point now) {
  --in_flight_;
  if (accepted) {
    ++counts_.accepted;
    return;
  }
  ++counts_.refused;
  if (++body.attempt > most_retries) {
    ++counts_.given_up;
    return;
  }
  // The vendor spreads ten over a day; here the day is half a minute. What was wrong once is right the next time.
  body.due = now + std::min<std::chrono::steady_clock::duration>(100ms * (1 << std::min(body.attempt, 6)), 5s);
  body.bad_signature = false;
  body.stamp_shift = 0s;
  queue_.push_back(std::move(body));
}

hook_request hs_hooks::request(const hook_body& body, std::chrono::system_clock::time_point now) const {
  hook_request out;
  out.body = "[";
  for (const auto& e : body.events) {
    if (out.body.size() > 1) out.body += ',';
    constexpr std::string_view place = R"("attemptNumber":#)";
    const auto at = e.find(place) + place.size() - 1;
    out.body.append(e, 0, at);
    fmt::format_to(std::back_inserter(out.body), "{}", body.attempt);
    out.body.append(e, at + 1);
  }
  out.body += ']';
  const auto stamp = fmt::to_string(
      std::chrono::duration_cast<std::chrono::milliseconds>((now + body.stamp_shift).time_since_epoch()).count());
  const auto* secret = body.bad_signature ? "another-secret" : hook_secret.data();
  out.headers = {{"Content-Type", "application/json"},
                 {"X-HubSpot-Signature", signature_v1(secret, out.body)},
                 {"X-HubSpot-Signature-Version", "v1"},
                 {"X-HubSpot-Signature-v3", signature_v3(secret, "POST", uri_, out.body, stamp)},
                 {"X-HubSpot-Request-Timestamp", stamp},
                 {"User-Agent", "HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client)"}};
  return out;
}

hook_counts hs_hooks::counts() const {
  auto c = counts_;
  c.waiting = queue_.size() + in_flight_ + (events_.empty() ? 0 : 1);
  return c;
}

}  // namespace coachd::sim
