// One text pasted over several open records of one owner.
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

#include "rules/conditions/past.hpp"
#include "rules/conditions/view.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
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

struct Use {
  std::vector<std::string> accounts;  // different ones
  std::vector<std::string> records;
  std::vector<model::Instant> since;  // of each record, where known
};

class PastedText final : public Detector {
 public:
  explicit PastedText(const Settings& s)
      : settings_(s), fields_(s.fields("fields")), account_(s.field("account")), texts_(fields_.size()) {}

  void see(const View& v) override {
    if (v.standing() == View::Standing::unknown) {
      ++unknown_stage_;
      return;
    }
    const std::string_view owner = owner_of(v);
    if (v.standing() != View::Standing::open || owner.empty()) return;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const ChosenField& f = fields_[i];
      if (!is_real(v, f.slot, f.state)) continue;
      const std::string plain = text::squash(text_of(v, f.slot));
      if (plain.size() < static_cast<std::size_t>(settings_.count("letters"))) continue;
      // What somebody else wrote before the record changed hands, or a machine, is not this owner's paste.
      const FieldChange* change = last_change(v, f.slot);
      if (change != nullptr && !change->author.empty() && change->author != owner) continue;
      Use& use = texts_[i][text::fold_hash(plain)][std::string(owner)];
      const std::string_view account = text_of(v, account_.slot);
      const std::string one(account.empty() ? v.record().id : account);
      if (std::find(use.accounts.begin(), use.accounts.end(), one) == use.accounts.end()) use.accounts.push_back(one);
      use.records.emplace_back(v.record().id);
      if (const auto at = change != nullptr ? std::optional(change->at) : v.created()) use.since.push_back(*at);
    }
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant) override {
    Detection out;
    untold(out, "the stage of the record", unknown_stage_);
    if (fields_.empty()) untold(out, "there is no text to compare: say `fields` under `with`", 1);
    const auto enough = static_cast<std::size_t>(std::max<std::int64_t>(2, settings_.count("records")));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      std::map<std::string_view, Use*> worst;  // by person: the text that stands on most records
      for (auto& [hash, owners] : texts_[i]) {
        if (owners.size() >= static_cast<std::size_t>(std::max<std::int64_t>(2, settings_.count("owners")))) continue;
        for (auto& [owner, use] : owners) {
          if (use.accounts.size() < enough || !is_person(world, owner)) continue;
          Use*& had = worst[owner];
          if (had == nullptr || had->accounts.size() < use.accounts.size()) had = &use;
        }
      }
      for (auto& [owner, use] : worst) say(fields_[i], std::string(owner), *use, enough, out);
    }
    sort_by_key(out);
    return out;
  }

 private:
  static void say(const ChosenField& field, std::string owner, Use& use, std::size_t enough, Detection& out) {
    Detected f;
    f.unit = Unit::person;
    f.person = std::move(owner);
    f.field = field.crm_name;
    f.key = f.person + '|' + f.field;
    f.facts = {fact("records", use.records.size())};
    f.why = counted(use.records.size(), "open record") + " have the same " + field.label;
    std::sort(use.records.begin(), use.records.end());
    use.records.resize(std::min<std::size_t>(use.records.size(), 10));
    f.records = use.records;
    std::sort(use.since.begin(), use.since.end());
    if (use.since.size() >= enough) f.since = use.since[enough - 1];
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  const ChosenField& account_;
  std::vector<std::map<std::uint64_t, std::map<std::string, Use>>> texts_;  // by field: text -> owner -> use
  std::uint64_t unknown_stage_ = 0;
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
