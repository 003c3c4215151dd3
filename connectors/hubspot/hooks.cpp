#include "connectors/hubspot/hooks.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {
namespace {

using connectors::Hint;
using connectors::HookRequest;
using connectors::HookVerdict;
using model::Instant;
namespace dom = simdjson::dom;

// ---- the signature

struct MacFree {
  void operator()(EVP_MAC_CTX* c) const noexcept { EVP_MAC_CTX_free(c); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, MacFree>;

MacContext keyed(const std::string& secret) {
  if (secret.empty()) throw std::invalid_argument("webhooks need a secret");
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), &EVP_MAC_free);
  MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> params{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                         OSSL_PARAM_construct_end()};
  if (!context || EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
                               params.data()) != 1)
    throw std::runtime_error("OpenSSL has no HMAC-SHA256");
  return context;
}

void add(EVP_MAC_CTX* c, std::string_view part) {
  if (EVP_MAC_update(c, reinterpret_cast<const unsigned char*>(part.data()), part.size()) != 1)
    throw std::runtime_error("OpenSSL: HMAC failed");
}

constexpr std::size_t signature_length = 44;  // 32 bytes in base64
constexpr std::size_t raw_length = 32;
using Signature = std::array<char, signature_length + 1>;

/// Signs with one key, from any thread.
class Signer {
 public:
  explicit Signer(const std::string& secret) : key_(keyed(secret)) {}
  ~Signer() { MacFree{}(spare_.load()); }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  [[nodiscard]] Signature sign(std::string_view method, std::string_view uri, std::string_view body,
                               std::string_view timestamp) const {
    auto c = context();
    for (const auto part : {method, uri, body, timestamp}) add(c.get(), part);
    std::array<unsigned char, raw_length> raw{};
    std::size_t length = 0;
    if (EVP_MAC_final(c.get(), raw.data(), &length, raw.size()) != 1 || length != raw.size())
      throw std::runtime_error("OpenSSL: HMAC failed");
    MacFree{}(spare_.exchange(c.release()));
    Signature text{};
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw.data(), static_cast<int>(raw.size()));
    return text;
  }

 private:
  // In the state after the key's own block. A copy of the context costs as much as the signature of a short body, so
  // the one that is done is kept for the next; a thread that comes meanwhile makes its own.
  [[nodiscard]] MacContext context() const {
    MacContext spare(spare_.exchange(nullptr));
    if (spare && EVP_MAC_init(spare.get(), nullptr, 0, nullptr) == 1) return spare;
    MacContext copy(EVP_MAC_CTX_dup(key_.get()));
    if (!copy) throw std::bad_alloc();
    return copy;
  }

  MacContext key_;
  mutable std::atomic<EVP_MAC_CTX*> spare_ = nullptr;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The header's decimal milliseconds, of this time and not of any number.
std::optional<std::int64_t> timestamp_ms(std::string_view text) {
  if (text.empty() || text.size() > 15 || text.front() == '-') return std::nullopt;
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

// ---- the body

/// A number or a text of the body; nothing else is looked at. `text` is a view into the parsed document.
struct Scalar {
  enum class Kind : std::uint8_t { none, number, text };
  Kind kind = Kind::none;
  std::uint64_t number = 0;
  std::string_view text;

  /// An id or an account in digits, however it was written; empty where it is neither.
  [[nodiscard]] std::string digits() const {
    if (kind == Kind::number) return std::to_string(number);
    const bool all = !text.empty() && text.size() <= 20 &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return all ? std::string(text) : std::string{};
  }
  bool operator==(const Scalar&) const = default;
};

Scalar scalar(dom::element e) {
  if (e.is_string()) return {Scalar::Kind::text, 0, e.get_string().value_unsafe()};
  if (e.is_uint64()) return {Scalar::Kind::number, e.get_uint64().value_unsafe(), {}};
  return {};
}

Instant occurred(const Scalar& ms) {
  constexpr std::uint64_t most = 9'000'000'000'000;  // the year 2255: in microseconds it still fits
  if (ms.kind != Scalar::Kind::number || ms.number > most) return Instant{};
  return Instant(std::chrono::milliseconds(ms.number));
}

/// One event.
struct Event {
  Scalar portal, subscription, object, property, occurred_at, id, type, event_type, object_type;
  Scalar from, to, association, primary, merged_into;
  std::vector<Scalar> merged;
};

struct FieldOf {
  std::string_view name;
  Scalar Event::* where;
};
constexpr std::array<FieldOf, 14> fields{{{"portalId", &Event::portal},
                                          {"subscriptionId", &Event::subscription},
                                          {"objectId", &Event::object},
                                          {"propertyName", &Event::property},
                                          {"occurredAt", &Event::occurred_at},
                                          {"eventId", &Event::id},
                                          {"subscriptionType", &Event::type},
                                          {"eventType", &Event::event_type},
                                          {"objectTypeId", &Event::object_type},
                                          {"fromObjectId", &Event::from},
                                          {"toObjectId", &Event::to},
                                          {"associationType", &Event::association},
                                          {"primaryObjectId", &Event::primary},
                                          {"newObjectId", &Event::merged_into}}};

Event read_event(dom::object object) {
  Event e;
  for (const auto [name, value] : object) {
    for (const auto& f : fields)
      if (f.name == name) {
        e.*f.where = scalar(value);
        break;
      }
    if (dom::array ids; name == "mergedObjectIds" && value.get(ids) == simdjson::SUCCESS)
      for (const auto id : ids) e.merged.push_back(scalar(id));
  }
  return e;
}

/// The events of a body in turn; false where it is no array of objects. `each` may end it by returning false.
bool for_each_event(std::string_view body, auto each) {
  constexpr std::size_t kept = std::size_t{256} * 1024;
  // A parser's buffers are most of its cost. They go again after a body that is far larger than what is usual.
  thread_local dom::parser parser;
  const auto done = [](bool answer) {
    if (parser.capacity() > kept) parser = dom::parser();
    return answer;
  };
  dom::array events;
  if (parser.parse(body.data(), body.size()).get(events) != simdjson::SUCCESS) return done(false);
  for (const auto element : events) {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return done(false);
    if (!each(read_event(object))) break;
  }
  return done(true);
}

class Hash {
 public:
  void add(const Scalar& s) {
    step(static_cast<std::uint64_t>(s.kind));
    step(s.number);
    for (const char c : s.text) step(static_cast<unsigned char>(c));
  }
  [[nodiscard]] std::uint64_t value() const { return h_ ^ (h_ >> 29); }

 private:
  void step(std::uint64_t part) {
    h_ = (h_ ^ part) * 0x9e3779b97f4a7c15ULL;
    h_ ^= h_ >> 32;
  }
  std::uint64_t h_ = 0xcbf29ce484222325ULL;
};

// Everything but the number of the attempt that tells events apart.
void add(Hash& hash, const Event& e) {
  for (const auto* part : {&e.portal, &e.subscription, &e.object, &e.property, &e.occurred_at, &e.id, &e.from, &e.to,
                           &e.primary, &e.merged_into})
    hash.add(*part);
}

// ---- the hints

/// The API's own name of an object that events name in the singular or by its number; custom objects keep their number.
std::string_view object_name(std::string_view singular, std::string_view type_id) {
  struct Known {
    std::string_view singular, type_id, name;
  };
  static constexpr std::array<Known, 7> known{{{"deal", "0-3", "deals"},
                                               {"contact", "0-1", "contacts"},
                                               {"company", "0-2", "companies"},
                                               {"ticket", "0-5", "tickets"},
                                               {"product", "0-7", "products"},
                                               {"line_item", "0-8", "line_items"},
                                               {"lead", "0-136", "leads"}}};
  for (const auto& k : known)
    if (singular == k.singular) return k.name;
  if (singular != "object") return {};
  for (const auto& k : known)
    if (type_id == k.type_id) return k.name;
  return type_id;
}

void add_hint(std::vector<Hint>& out, std::string_view object, const Scalar& id, Instant at) {
  if (object.empty()) return;
  if (auto digits = id.digits(); !digits.empty())
    out.push_back({std::string(object), model::RecordId(std::move(digits)), at});
}

// `DEAL_TO_CONTACT`: the objects on both ends.
std::pair<std::string_view, std::string_view> ends(std::string_view association) {
  std::string lower(association);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto cut = lower.find("_to_");
  if (cut == std::string::npos) return {};
  const std::string_view text(lower);
  return {object_name(text.substr(0, cut), {}), object_name(text.substr(cut + 4), {})};
}

void add_hints(std::vector<Hint>& out, const Event& e) {
  const auto type = e.type.text.empty() ? e.event_type.text : e.type.text;
  const auto dot = type.find('.');
  if (dot == std::string_view::npos) return;
  const auto object = object_name(type.substr(0, dot), e.object_type.text);
  const auto what = type.substr(dot + 1);
  const auto at = occurred(e.occurred_at);
  if (what == "associationChange") {
    const auto [from, to] = ends(e.association.text);
    add_hint(out, from.empty() ? object : from, e.from, at);
    add_hint(out, to, e.to, at);
    return;
  }
  add_hint(out, object, e.object, at);
  if (what != "merge") return;
  if (e.primary != e.object) add_hint(out, object, e.primary, at);
  if (e.merged_into != e.object && e.merged_into != e.primary) add_hint(out, object, e.merged_into, at);
  for (const auto& id : e.merged) add_hint(out, object, id, at);
}

HookVerdict refused(int status, std::string_view reason) {
  HookVerdict v;
  v.status = status;
  v.reason = reason;
  return v;
}

class HubSpotHooks final : public connectors::Hooks {
 public:
  explicit HubSpotHooks(HooksOptions options) : options_(std::move(options)), signer_(options_.secret) {}

  [[nodiscard]] HookVerdict check(const HookRequest& request, Instant now) const override {
    if (request.method != "POST") return refused(405, "wrong method");
    if (const auto bad = check_signature(request, now)) return *bad;
    return check_body(request.body);
  }

  [[nodiscard]] connectors::Result<std::vector<Hint>> split(std::string_view body) const override {
    std::vector<Hint> hints;
    const bool read = for_each_event(body, [&](const Event& e) {
      add_hints(hints, e);
      return true;
    });
    if (!read) return model::CrmError{model::Failure::corrupt, "a webhook's body cannot be read", {}, 0, false};
    return hints;
  }

 private:
  [[nodiscard]] std::optional<HookVerdict> check_signature(const HookRequest& request, Instant now) const {
    const auto signature = request.header("x-hubspot-signature-v3");
    const auto timestamp = request.header("x-hubspot-request-timestamp");
    if (signature.empty() || timestamp.empty()) return refused(401, "no signature");
    const auto ms = timestamp_ms(timestamp);
    if (!ms) return refused(401, "unreadable timestamp");
    const Instant at{std::chrono::milliseconds(*ms)};
    if (now - at > options_.oldest) return refused(401, "signature too old");
    if (at - now > options_.furthest_ahead) return refused(401, "signature of the future");
    const bool plain = request.url.find('%') == std::string_view::npos;
    const auto expected = plain ? signer_.sign(request.method, request.url, request.body, timestamp)
                                : signer_.sign(request.method, signed_uri(request.url), request.body, timestamp);
    if (signature.size() != signature_length || CRYPTO_memcmp(expected.data(), signature.data(), signature_length) != 0)
      return refused(401, "wrong signature");
    return std::nullopt;
  }

  [[nodiscard]] HookVerdict check_body(std::string_view body) const {
    HookVerdict v;
    Hash hash;
    bool foreign = false;
    const bool read = for_each_event(body, [&](const Event& e) {
      foreign = foreign || (!options_.portal.empty() && e.portal.digits() != options_.portal);
      if (v.events == 0) v.at = occurred(e.occurred_at);
      add(hash, e);
      return ++v.events <= options_.most_events && !foreign;
    });
    if (!read) return refused(400, "not an array of events");
    if (v.events > options_.most_events) return refused(400, "too many events");
    if (foreign) return refused(403, "another portal");
    if (v.events == 0) return refused(400, "no events");
    v.key = hash.value();
    return v;
  }

  HooksOptions options_;
  Signer signer_;
};

}  // namespace

std::unique_ptr<connectors::Hooks> make_hooks(HooksOptions options) {
  return std::make_unique<HubSpotHooks>(std::move(options));
}

std::string signed_uri(std::string_view url) {
  constexpr std::string_view decoded = ":/?@!$'()*,;";
  std::string out;
  out.reserve(url.size());
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] == '%' && i + 2 < url.size()) {
      const int high = hex_digit(url[i + 1]), low = hex_digit(url[i + 2]);
      const char c = high < 0 || low < 0 ? '\0' : static_cast<char>(high * 16 + low);
      if (c != '\0' && decoded.find(c) != std::string_view::npos) {
        out.push_back(c);
        i += 2;
        continue;
      }
    }
    out.push_back(url[i]);
  }
  return out;
}

}  // namespace coachd::hubspot
