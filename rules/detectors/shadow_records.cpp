// Records kept beside the real one: "Acme (copy)", "Acme - JS", made by one person for their own use.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

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

// What is kept of every record, and of one with a mark behind its name. Hashes; 0: none.
struct Original {
  std::uint64_t name = 0, domain = 0, phone = 0, parent = 0, id = 0;
  std::uint32_t id_at = 0;  // in the ids
  std::uint32_t id_size = 0;
  std::optional<model::Instant> created;
};
struct Marked {
  Original same;  // its name without the mark
  std::string owner, mark;
};

std::uint64_t hash_of(std::string_view t) {
  return t.empty() ? 0 : std::max<std::uint64_t>(1, text::fold_key(t));
}

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
    // One with an address or a parent of its own is no shadow: unread, it may have either.
    if (any_unread(v, {name_.slot, domain_.slot, phone_.slot, parent_.slot})) {
      ++unread_;
      return;
    }
    if (!is_real(v, name_.slot, name_.state)) return;
    Original a;
    a.id = hash_of(v.record().id);
    a.id_at = static_cast<std::uint32_t>(ids_.size());
    a.id_size = static_cast<std::uint32_t>(v.record().id.size());
    ids_ += v.record().id;
    a.domain = hash_of(company_domain(text_of(v, domain_.slot)));
    if (phone_.there()) a.phone = hash_of(phone_digits(model::to_string(v.value(phone_.slot))));
    a.parent = hash_of(id_of(v, parent_.slot));
    a.created = v.created();
    const std::string_view owner = owner_of(v);
    const Parts parts = split(text_of(v, name_.slot), v.world().person(owner));
    a.name = hash_of(parts.base);
    if (parts.mark.empty())
      originals_.push_back(a);
    else
      marked_.push_back({a, std::string(owner), parts.mark});
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World&, model::Instant) override {
    Detection out;
    if (!name_.there()) {
      untold(out, "there is no field that holds the name: say `name` under `with`", std::max<std::uint64_t>(1, seen_));
      return out;
    }
    untold(out, "what tells a company from a copy of it: not read yet", unread_);
    std::sort(originals_.begin(), originals_.end(),
              [&](const Original& a, const Original& b) { return a.name != b.name ? a.name < b.name : id(a) < id(b); });
    for (const Marked& m : marked_) {
      auto it = std::lower_bound(originals_.begin(), originals_.end(), m.same.name,
                                 [](const Original& o, std::uint64_t name) { return o.name < name; });
      while (it != originals_.end() && it->name == m.same.name && !fits(m.same, *it)) ++it;
      if (it == originals_.end() || it->name != m.same.name) continue;  // its name only looks so
      Detected f;
      f.unit = Unit::pair;
      f.records = {std::string(id(*it)), std::string(id(m.same))};
      f.key = f.records[0] + '|' + f.records[1];
      f.person = m.owner;
      f.facts = {fact("mark", m.mark)};
      f.why = "it has the name of " + f.records[0] + " with \"" + m.mark +
              "\" behind it, and no web address or number of its own";
      f.since = m.same.created;
      out.findings.push_back(std::move(f));
    }
    sort_by_key(out);
    return out;
  }

 private:
  struct Parts {
    std::string base, mark;
  };
  [[nodiscard]] std::string_view id(const Original& o) const {
    return std::string_view(ids_).substr(o.id_at, o.id_size);
  }

  // A mark behind the name, or the owner's name or initials.
  [[nodiscard]] Parts split(std::string_view name, const model::Person* owner) const {
    const auto words = plain_words(name);
    const auto ends_with = [&](const std::vector<std::string>& mark) {
      return !mark.empty() && words.size() > mark.size() && std::equal(mark.rbegin(), mark.rend(), words.rbegin());
    };
    std::vector<std::string> mark;  // the longest that fits
    for (const auto& m : marks_)
      if (m.size() > mark.size() && ends_with(m)) mark = m;
    if (mark.empty() && owner != nullptr && settings_.yes("initials")) {
      const auto names = plain_words(owner->name);
      std::string initials;
      for (const auto& n : names) {
        initials += n[0];
        if (n.size() > 2 && ends_with({n})) mark = {n};
      }
      if (mark.empty() && initials.size() > 1 && ends_with({initials})) mark = {initials};
    }
    if (mark.empty()) return {company_name(name), {}};
    return {company_name(joined(words, words.size() - mark.size())), joined(mark, mark.size())};
  }

  static bool fits(const Original& a, const Original& original) {
    if (a.parent != 0 && (a.parent == original.id || a.parent == original.parent)) return false;
    // With an address or number of its own it is a company of its own.
    if (a.domain != 0 && a.domain != original.domain) return false;
    if (a.phone != 0 && a.phone != original.phone) return false;
    return !(a.created && original.created && *a.created < *original.created);
  }

  const Settings& settings_;
  const ChosenField &name_, &domain_, &phone_, &parent_;
  std::vector<std::vector<std::string>> marks_;
  std::vector<Original> originals_;
  std::vector<Marked> marked_;
  std::string ids_;
  std::uint64_t seen_ = 0, unread_ = 0;
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
