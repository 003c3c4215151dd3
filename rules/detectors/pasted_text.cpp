// One text pasted over several open records of one owner.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/heap.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 5> parameters{{
    {.name = "fields",
     .kind = K::fields,
     .usual = "next_step",
     .means = "The texts that are compared",
     .history = true},
    {.name = "records",
     .kind = K::count,
     .usual = "3",
     .means = "On how many open records of one owner, of different accounts, the text must stand"},
    {.name = "letters",
     .kind = K::count,
     .usual = "12",
     .means = "Texts with fewer letters and digits are words that anybody uses again"},
    {.name = "owners",
     .kind = K::count,
     .usual = "4",
     .means = "A text that so many owners use is the company's wording, and nobody's paste"},
    {.name = "account",
     .kind = K::field,
     .usual = "account|AccountId",
     .means = "Several records of one account count as one"},
}};

// One record's text, as little as is needed of it: there are as many as open records.
struct Use {
  std::uint64_t text = 0;     // hash of its letters and digits
  std::uint64_t account = 0;  // hash; of the record itself where there is none
  std::uint32_t field = 0;
  std::uint32_t owner = 0;
  std::uint32_t id_at = 0;  // in the ids
  std::uint32_t id_size = 0;
  std::optional<model::Instant> since;
};

class PastedText final : public Detector {
 public:
  explicit PastedText(const Settings& s) : settings_(s), fields_(s.fields("fields")), account_(s.field("account")) {}

  void see(const View& v) override {
    if (v.standing() == View::Standing::unknown) {
      ++unknown_stage_;
      return;
    }
    const std::string_view owner = owner_of(v);
    if (v.standing() != View::Standing::open || owner.empty()) return;
    if (any_unread(v, {account_.slot})) {  // the records may be one account's
      ++unread_account_;
      return;
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const ChosenField& f = fields_[i];
      if (!is_real(v, f.slot, f.state)) continue;
      const std::string plain = text::squash(text_of(v, f.slot));
      if (plain.size() < static_cast<std::size_t>(settings_.count("letters"))) continue;
      // What somebody else wrote before the record changed hands, or a machine, is not this owner's paste.
      const FieldChange* change = last_change(v, f.slot);
      if (change != nullptr && !change->author.empty() && change->author != owner) continue;
      const std::string account = id_of(v, account_.slot);
      const std::string_view id = v.record().id;
      Use use;
      use.text = text::fold_hash(plain);
      use.account = text::fold_hash(account.empty() ? id : std::string_view(account));
      use.field = static_cast<std::uint32_t>(i);
      use.owner = number_of(owner);
      use.id_at = static_cast<std::uint32_t>(ids_.size());
      use.id_size = static_cast<std::uint32_t>(id.size());
      ids_ += id;
      use.since = change != nullptr ? std::optional(change->at) : v.created();
      uses_.push_back(use);
    }
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant) override {
    Detection out;
    untold(out, "the stage of the record", unknown_stage_);
    untold(out, "the account of the record: not read yet", unread_account_);
    if (fields_.empty()) untold(out, "there is no text to compare: say `fields` under `with`", 1);
    std::sort(uses_.begin(), uses_.end(), [&](const Use& a, const Use& b) {
      return std::tuple(a.field, a.text, a.owner, id(a)) < std::tuple(b.field, b.text, b.owner, id(b));
    });
    // Of each person and field, the text that stands on most records.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::span<const Use>> worst;
    for (std::size_t from = 0; from < uses_.size();) {
      std::size_t to = from;
      while (to < uses_.size() && uses_[to].field == uses_[from].field && uses_[to].text == uses_[from].text) ++to;
      of_one_text(std::span<const Use>(uses_).subspan(from, to - from), world, worst);
      from = to;
    }
    for (const auto& [who, uses] : worst) say(fields_[who.second], people_[who.first], uses, out);
    sort_by_key(out);
    return out;
  }

 private:
  using Worst = std::map<std::pair<std::uint32_t, std::uint32_t>, std::span<const Use>>;

  [[nodiscard]] std::string_view id(const Use& u) const { return std::string_view(ids_).substr(u.id_at, u.id_size); }
  std::uint32_t number_of(std::string_view owner) {
    const auto it = numbers_.find(owner);
    if (it != numbers_.end()) return it->second;
    people_.emplace_back(owner);
    return numbers_.emplace(people_.back(), static_cast<std::uint32_t>(people_.size() - 1)).first->second;
  }
  [[nodiscard]] std::size_t enough() const { return settings_.at_least_two("records"); }

  // `uses`: all of one field and text, by owner.
  void of_one_text(std::span<const Use> uses, const World& world, Worst& worst) const {
    std::vector<std::span<const Use>> owners;
    for (std::size_t from = 0; from < uses.size();) {
      std::size_t to = from;
      while (to < uses.size() && uses[to].owner == uses[from].owner) ++to;
      owners.push_back(uses.subspan(from, to - from));
      from = to;
    }
    if (owners.size() >= settings_.at_least_two("owners")) return;
    for (const auto& own : owners) {
      if (own.size() < enough() || !is_person(world, people_[own.front().owner])) continue;
      std::set<std::uint64_t> accounts;
      for (const Use& u : own) accounts.insert(u.account);
      if (accounts.size() < enough()) continue;
      auto& had = worst[{own.front().owner, own.front().field}];
      if (had.size() < own.size()) had = own;
    }
  }

  void say(const ChosenField& field, const std::string& owner, std::span<const Use> uses, Detection& out) const {
    std::vector<std::string> records;
    std::vector<model::Instant> since;
    for (const Use& u : uses) {
      records.emplace_back(id(u));
      if (u.since) since.push_back(*u.since);
    }
    auto f = heap_of(owner, field, std::move(records), std::move(since), enough());
    f.facts = {fact("records", uses.size())};
    f.why = counted(uses.size(), "open record") + " have the same " + field.label;
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  const ChosenField& account_;
  std::vector<Use> uses_;
  std::string ids_;
  std::vector<std::string> people_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;  // places in people_
  std::uint64_t unknown_stage_ = 0;
  std::uint64_t unread_account_ = 0;
};

}  // namespace

const DetectorKind pasted_text_detector{
    .name = "pasted-text",
    .unit = Unit::person,
    .finds = "The same text on several open records of one owner and of different accounts.",
    .may_mean = "the field is asked for on every record, and there is nothing to say on most of them.",
    .needs = "The texts, owner and stage; the account and the history of the text where there are any.",
    .cannot_tell =
        "Records whose stage is not known. Short texts, texts that many owners share, and what somebody else wrote are "
        "left alone.",
    .parameters = parameters,
    .uses = {.owner = true, .stages = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<PastedText>(s); },
};

}  // namespace coachd::rules
