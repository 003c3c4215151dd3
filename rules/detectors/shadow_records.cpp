// Records kept beside the real one: "Acme (copy)", "Acme - JS", made by one person for their own use.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/view.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/names.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 6> parameters{{
    {.name = "name", .kind = K::field, .usual = "name", .means = "The field that holds the name"},
    {.name = "domain",
     .kind = K::field,
     .usual = "website|Website|domain",
     .means = "The field that holds the web address"},
    {.name = "phone", .kind = K::field, .usual = "phone|Phone", .means = "The field that holds the telephone number"},
    {.name = "parent",
     .kind = K::field,
     .usual = "parent|ParentId|hs_parent_company_id",
     .means = "The parent record: a company's own part is no shadow"},
    {.name = "marks",
     .kind = K::words,
     .usual = "copy|kopie|copia|copie|dup|duplicate|duplikat|duplicado|doublon|backup|temp|tmp|private|privat|personal|"
              "mine|shadow|my copy|do not use|nicht verwenden|old|alt|new|neu|2",
     .means = "What stands behind the name of a shadow"},
    {.name = "initials",
     .kind = K::yes_no,
     .usual = "true",
     .means = "The owner's name or initials behind the name are such a mark, too"},
}};

std::string joined(const std::vector<std::string>& words, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += (out.empty() ? "" : " ") + words[i];
  return out;
}

struct Account {
  std::string id, owner, mark, base;
  std::string domain, phone, parent;
  std::optional<model::Instant> created;
};

class ShadowRecords final : public Detector {
 public:
  explicit ShadowRecords(const Settings& s)
      : settings_(s),
        name_(s.field("name")),
        domain_(s.field("domain")),
        phone_(s.field("phone")),
        parent_(s.field("parent")) {
    for (const std::string& m : s.words("marks")) marks_.push_back(plain_words(m));
  }

  void see(const View& v) override {
    ++seen_;
    if (!is_real(v, name_.slot, name_.state)) return;
    Account a;
    a.id = v.record().id;
    a.owner = owner_of(v);
    a.domain = company_domain(text_of(v, domain_.slot));
    a.phone = phone_.there() ? phone_digits(model::to_string(v.value(phone_.slot))) : std::string();
    a.parent = text_of(v, parent_.slot);
    a.created = v.created();
    const std::string_view name = text_of(v, name_.slot);
    split(name, v.world().person(a.owner), a);
    if (a.mark.empty())
      originals_[company_name(name)].push_back(std::move(a));
    else
      marked_.push_back(std::move(a));
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World&, model::Instant) override {
    Detection out;
    if (!name_.there()) {
      untold(out, "there is no field that holds the name: say `name` under `with`", std::max<std::uint64_t>(1, seen_));
      return out;
    }
    for (const Account& a : marked_) {
      const auto it = originals_.find(a.base);
      if (it == originals_.end()) continue;  // its name only looks so
      const Account* original = nullptr;
      for (const Account& o : it->second)
        if (fits(a, o) && (original == nullptr || o.id < original->id)) original = &o;
      if (original == nullptr) continue;
      Detected f;
      f.unit = Unit::pair;
      f.records = {original->id, a.id};
      f.key = original->id + '|' + a.id;
      f.person = a.owner;
      f.facts = {fact("mark", a.mark)};
      f.why = "it has the name of " + original->id + " with \"" + a.mark +
              "\" behind it, and no web address or number of its own";
      f.since = a.created;
      out.findings.push_back(std::move(f));
    }
    sort_by_key(out);
    return out;
  }

 private:
  // A mark behind the name, or the owner's name or initials.
  void split(std::string_view name, const model::Person* owner, Account& a) const {
    const auto words = plain_words(name);
    const auto ends_with = [&](const std::vector<std::string>& mark) {
      return !mark.empty() && words.size() > mark.size() && std::equal(mark.rbegin(), mark.rend(), words.rbegin());
    };
    const auto take = [&](const std::vector<std::string>& mark) {
      a.mark = joined(mark, mark.size());
      a.base = company_name(joined(words, words.size() - mark.size()));
    };
    for (const auto& m : marks_)
      if (ends_with(m) && m.size() > (a.mark.empty() ? 0u : 1u)) take(m);
    if (!a.mark.empty() || owner == nullptr || !settings_.yes("initials")) return;
    const auto names = plain_words(owner->name);
    std::string initials;
    for (const auto& n : names) initials += n[0];
    for (const auto& n : names)
      if (n.size() > 2 && ends_with({n})) return take({n});
    if (initials.size() > 1 && ends_with({initials})) take({initials});
  }

  static bool fits(const Account& a, const Account& original) {
    if (a.id == original.id || a.parent == original.id || (!a.parent.empty() && a.parent == original.parent))
      return false;
    // With an address or number of its own it is a company of its own.
    if (!a.domain.empty() && a.domain != original.domain) return false;
    if (!a.phone.empty() && a.phone != original.phone) return false;
    if (a.created && original.created && *a.created < *original.created) return false;
    return true;
  }

  const Settings& settings_;
  const ChosenField &name_, &domain_, &phone_, &parent_;
  std::vector<std::vector<std::string>> marks_;
  std::map<std::string, std::vector<Account>> originals_;  // by name
  std::vector<Account> marked_;
  std::uint64_t seen_ = 0;
};

}  // namespace

const DetectorKind shadow_records_detector{
    .name = "shadow-records",
    .unit = Unit::pair,
    .finds =
        "Records kept beside the real one: its name with \"copy\", \"2\" or the owner's initials behind it, younger, "
        "without a web address or number of their own.",
    .may_mean = "somebody needs fields or rights on this record that they do not have, or keeps their own truth.",
    .needs =
        "Names and owners; web address, telephone number, parent and creation make it surer. Initials need the names "
        "of people.",
    .cannot_tell =
        "Without a field that holds the name. Parts of a company, companies with an address of their own and older "
        "records are left alone.",
    .parameters = parameters,
    .uses = {.owner = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<ShadowRecords>(s); },
};

}  // namespace coachd::rules
