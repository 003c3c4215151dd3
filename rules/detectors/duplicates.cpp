// Pairs of records that are probably one company: by name, domain and telephone number. Records are compared only
// within blocks that share one of these, so that a million take seconds.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/names.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 9> parameters{{
    {.name = "name", .kind = K::field, .usual = "name", .means = "The field that holds the name"},
    {.name = "domain",
     .kind = K::field,
     .usual = "website|Website|domain",
     .means = "The field that holds the web address or an e-mail"},
    {.name = "phone", .kind = K::field, .usual = "phone|Phone", .means = "The field that holds the telephone number"},
    {.name = "apart",
     .kind = K::field,
     .usual = "city|BillingCity",
     .means = "Filled and different in both, records with the same name and domain are sites of one company"},
    {.name = "parent",
     .kind = K::field,
     .usual = "parent|ParentId|hs_parent_company_id",
     .means = "The parent record: a company and its own parts are no duplicates"},
    {.name = "alike",
     .kind = K::share,
     .usual = "85%",
     .means = "How alike two names must be where the domain or the number is the same"},
    {.name = "name_alone",
     .kind = K::count,
     .usual = "3",
     .means = "Where at most so many records share a name and no sign contradicts, the name is enough; 0: it never is"},
    {.name = "created_within",
     .kind = K::span,
     .means = "Only where the younger of the two was created within that time"},
    {.name = "block",
     .kind = K::count,
     .usual = "64",
     .means = "Up to so many records with one domain or number are all compared with each other; in larger blocks only "
              "neighbours by name"},
}};

struct Account {
  std::uint64_t name = 0, domain = 0, phone = 0, apart = 0, parent = 0, id = 0;  // hashes; 0: none
  std::uint32_t id_at = 0, name_at = 0;                                          // in the texts
  std::uint32_t owner_at = 0;
  std::uint16_t id_size = 0, name_size = 0, owner_size = 0;
  std::optional<model::Instant> created;
};

std::uint64_t hash_of(std::string_view t) {
  return t.empty() ? 0 : std::max<std::uint64_t>(1, std::hash<std::string_view>{}(t));
}

class Duplicates final : public Detector {
 public:
  explicit Duplicates(const Settings& s)
      : settings_(s),
        name_(s.field("name")),
        domain_(s.field("domain")),
        phone_(s.field("phone")),
        apart_(s.field("apart")),
        parent_(s.field("parent")) {}

  void see(const View& v) override {
    // Two of one name may be parts of a company, or stand at different addresses.
    if (any_unread(v, {name_.slot, domain_.slot, phone_.slot, apart_.slot, parent_.slot})) {
      ++unread_;
      return;
    }
    if (!name_.there() || !is_real(v, name_.slot, name_.state)) {
      ++without_name_;
      return;
    }
    const std::string name = company_name(text_of(v, name_.slot));
    if (name.empty()) {
      ++without_name_;
      return;
    }
    Account a;
    a.name = hash_of(name);
    if (domain_.there()) a.domain = hash_of(company_domain(model::to_string(v.value(domain_.slot))));
    if (phone_.there()) a.phone = hash_of(phone_digits(model::to_string(v.value(phone_.slot))));
    if (apart_.there()) a.apart = hash_of(company_name(text_of(v, apart_.slot)));
    if (parent_.there()) a.parent = hash_of(id_of(v, parent_.slot));
    a.id = hash_of(v.record().id);
    keep(v.record().id, a.id_at, a.id_size);
    keep(name, a.name_at, a.name_size);
    keep(owner_of(v), a.owner_at, a.owner_size);
    a.created = v.created();
    accounts_.push_back(a);
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant now) override {
    Detection out;
    if (!name_.there()) {
      out.untold.push_back({"there is no field that holds the name: say `name` under `with`",
                            std::max<std::uint64_t>(1, without_name_)});
      return out;
    }
    untold(out, "what tells one company from another: not read yet", unread_);
    if (without_name_ > 0) out.untold.push_back({"no real name", without_name_});
    if (!domain_.there() && !phone_.there())
      out.untold.push_back(
          {"neither web address nor telephone number: only equal names can be told", accounts_.size()});
    std::sort(accounts_.begin(), accounts_.end(), [&](const Account& a, const Account& b) { return id(a) < id(b); });
    joined_.resize(accounts_.size());
    std::iota(joined_.begin(), joined_.end(), 0u);
    by_sign(&Account::domain);
    by_sign(&Account::phone);
    by_name();
    say(out, world, now);
    return out;
  }

 private:
  void keep(std::string_view t, std::uint32_t& at, std::uint16_t& size) {
    t = t.substr(0, 0xffff);
    at = static_cast<std::uint32_t>(texts_.size());
    size = static_cast<std::uint16_t>(t.size());
    texts_ += t;
  }
  [[nodiscard]] std::string_view id(const Account& a) const {
    return std::string_view(texts_).substr(a.id_at, a.id_size);
  }
  [[nodiscard]] std::string_view name(const Account& a) const {
    return std::string_view(texts_).substr(a.name_at, a.name_size);
  }
  [[nodiscard]] std::string_view owner(const Account& a) const {
    return std::string_view(texts_).substr(a.owner_at, a.owner_size);
  }

  // Accounts by a hash, in blocks of equal ones of at least two.
  template <class Use>
  void blocks(std::uint64_t Account::* sign, const Use& use) {
    std::vector<std::uint32_t> order;
    order.reserve(accounts_.size());
    for (std::uint32_t i = 0; i < accounts_.size(); ++i)
      if (accounts_[i].*sign != 0) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) {
      const Account& a = accounts_[x];
      const Account& b = accounts_[y];
      return a.*sign != b.*sign ? a.*sign < b.*sign : x < y;
    });
    for (std::size_t from = 0; from < order.size();) {
      std::size_t to = from + 1;
      while (to < order.size() && accounts_[order[to]].*sign == accounts_[order[from]].*sign) ++to;
      if (to - from > 1) use(std::span(order).subspan(from, to - from));
      from = to;
    }
  }

  [[nodiscard]] static bool related(const Account& a, const Account& b) {
    if (a.parent != 0 && (a.parent == b.id || a.parent == b.parent)) return true;
    return b.parent != 0 && b.parent == a.id;
  }
  [[nodiscard]] static bool differ(std::uint64_t a, std::uint64_t b) { return a != 0 && b != 0 && a != b; }

  // Two that share a domain or a number.
  void compare(std::uint32_t x, std::uint32_t y) {
    const Account& a = accounts_[x];
    const Account& b = accounts_[y];
    if (related(a, b) || differ(a.apart, b.apart)) return;
    // A shared switchboard or agency proves little where the other sign says otherwise.
    if (differ(a.domain, b.domain)) return;
    if (a.name == b.name || likeness(name(a), name(b)) >= settings_.number("alike")) join(x, y);
  }

  void by_sign(std::uint64_t Account::* sign) {
    const auto all = settings_.at_least_two("block");
    constexpr std::size_t neighbours = 8;
    blocks(sign, [&](std::span<std::uint32_t> block) {
      if (block.size() > all)
        std::sort(block.begin(), block.end(), [&](std::uint32_t x, std::uint32_t y) {
          const auto a = name(accounts_[x]);
          const auto b = name(accounts_[y]);
          return a != b ? a < b : x < y;
        });
      for (std::size_t i = 0; i < block.size(); ++i) {
        const std::size_t end = block.size() > all ? std::min(block.size(), i + 1 + neighbours) : block.size();
        for (std::size_t j = i + 1; j < end; ++j) compare(block[i], block[j]);
      }
    });
  }

  void by_name() {
    const auto few = static_cast<std::size_t>(std::max<std::int64_t>(0, settings_.count("name_alone")));
    blocks(&Account::name, [&](std::span<std::uint32_t> block) {
      if (block.size() > few) return;
      for (std::size_t i = 0; i < block.size(); ++i)
        for (std::size_t j = i + 1; j < block.size(); ++j) {
          const Account& a = accounts_[block[i]];
          const Account& b = accounts_[block[j]];
          if (related(a, b) || differ(a.apart, b.apart) || differ(a.domain, b.domain) || differ(a.phone, b.phone))
            continue;
          join(block[i], block[j]);
        }
    });
  }

  [[nodiscard]] std::uint32_t root(std::uint32_t x) {
    while (joined_[x] != x) {
      joined_[x] = joined_[joined_[x]];
      x = joined_[x];
    }
    return x;
  }
  void join(std::uint32_t x, std::uint32_t y) {
    const std::uint32_t a = root(x);
    const std::uint32_t b = root(y);
    joined_[std::max(a, b)] = std::min(a, b);
  }
  [[nodiscard]] bool older(const Account& a, const Account& b) const {
    if (a.created && b.created && *a.created != *b.created) return *a.created < *b.created;
    return id(a) < id(b);
  }

  // Each record of a group with its oldest one.
  void say(Detection& out, const World& world, model::Instant now) {
    std::vector<std::uint32_t> oldest(accounts_.size());
    std::iota(oldest.begin(), oldest.end(), 0u);
    for (std::uint32_t i = 0; i < accounts_.size(); ++i) {
      auto& first = oldest[root(i)];
      if (older(accounts_[i], accounts_[first])) first = i;
    }
    const auto& within = settings_.values.find("created_within")->second;
    const bool recent_only = within.span.count > 0;
    const model::Instant from = recent_only ? world.calendar.shift(now, within.span, -1) : model::Instant{};
    for (std::uint32_t i = 0; i < accounts_.size(); ++i) {
      const std::uint32_t first = oldest[root(i)];
      if (first == i) continue;
      const Account& b = accounts_[i];
      const Account& a = accounts_[first];
      if (recent_only && (!b.created || *b.created <= from)) continue;
      Detected f;
      f.unit = Unit::pair;
      f.records = {std::string(id(a)), std::string(id(b))};
      f.key = f.records[0] + '|' + f.records[1];
      f.person = owner(b);
      const bool same_name = a.name == b.name;
      const bool same_domain = a.domain != 0 && a.domain == b.domain;
      const bool same_phone = a.phone != 0 && a.phone == b.phone;
      f.facts = {{"same_name", model::StoredValue(model::Value::boolean(same_name))},
                 {"same_domain", model::StoredValue(model::Value::boolean(same_domain))},
                 {"same_phone", model::StoredValue(model::Value::boolean(same_phone))}};
      f.why = same_name ? "they have the same name" : "their names are nearly the same";
      if (same_domain) f.why += " and the same web address";
      if (same_phone) f.why += " and the same telephone number";
      f.since = b.created;
      out.findings.push_back(std::move(f));
    }
    std::sort(out.findings.begin(), out.findings.end(),
              [](const Detected& a, const Detected& b) { return a.key < b.key; });
  }

  const Settings& settings_;
  const ChosenField &name_, &domain_, &phone_, &apart_, &parent_;
  std::vector<Account> accounts_;
  std::string texts_;
  std::vector<std::uint32_t> joined_;
  std::uint64_t without_name_ = 0, unread_ = 0;
};

}  // namespace

const DetectorKind duplicates_detector{
    .name = "duplicates",
    .unit = Unit::pair,
    .finds =
        "Pairs of records that are probably one company: the same or nearly the same name, and the same web address or "
        "telephone number.",
    .may_mean = "people cannot find the record that there is, or it belongs to somebody else.",
    .needs =
        "A field with the name; web address and telephone number make it surer. Legal forms, accents, case and "
        "free-mail domains are looked through.",
    .cannot_tell =
        "Records without a real name; without web address and telephone number only equal names are told. Pairs under "
        "one parent and sites in two places are left alone.",
    .parameters = parameters,
    .uses = {.owner = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<Duplicates>(s); },
};

}  // namespace coachd::rules
