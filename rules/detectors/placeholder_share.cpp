// People whose share of placeholders in a field lies surely above that of those around them, or fields that everybody
// fills with placeholders: then the field is at fault, and nobody is found.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/frame.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/detectors/share.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 7> parameters{{
    {.name = "fields", .kind = K::fields, .means = "The fields that are looked at", .required = true},
    {.name = "of", .kind = K::word, .usual = "person", .means = "Whose share it is", .choices = "person|field"},
    {.name = "at_least", .kind = K::count, .usual = "20", .means = "Filled records below which a share says nothing"},
    {.name = "times", .kind = K::number, .usual = "2", .means = "How many times the others' share a person's must be"},
    {.name = "points",
     .kind = K::share,
     .usual = "15%",
     .means = "How far above the others' share it must be at least"},
    {.name = "field_above",
     .kind = K::share,
     .usual = "20%",
     .means = "From this share on, over everybody, the field is at fault and no person is found"},
    {.name = "certainty", .kind = K::share, .usual = "99.9%", .means = "How sure the intervals of the shares are"},
}};

struct Count {
  std::uint64_t filled = 0;
  std::uint64_t placeholders = 0;
  void add(const Count& c) {
    filled += c.filled;
    placeholders += c.placeholders;
  }
  [[nodiscard]] double share() const {
    return filled == 0 ? 0 : static_cast<double>(placeholders) / static_cast<double>(filled);
  }
};

class PlaceholderShare final : public Detector {
 public:
  explicit PlaceholderShare(const Settings& s) : settings_(s), fields_(s.fields("fields")), by_field_(fields_.size()) {}

  void see(const View& v) override {
    const std::string_view owner = owner_of(v);
    std::vector<Count>* person = nullptr;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (!fields_[i].there()) continue;
      const TextState state = v.state(fields_[i].state);
      if (state != TextState::placeholder && state != TextState::real) continue;
      const Count one{1, state == TextState::placeholder ? 1u : 0u};
      by_field_[i].add(one);
      if (owner.empty()) continue;
      if (person == nullptr) {
        auto it = people_.find(owner);
        if (it == people_.end()) it = people_.emplace(std::string(owner), std::vector<Count>(fields_.size())).first;
        person = &it->second;
      }
      (*person)[i].add(one);
    }
  }

  [[nodiscard]] Detection conclude(const Evidence&, const World& world, model::Instant) override {
    Detection out;
    z_ = z_of(settings_.number("certainty"));
    const bool of_person = settings_.word("of") != "field";
    if (of_person && people_.empty()) out.untold.push_back({"no record has an owner", 1});
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const Count& all = by_field_[i];
      const bool field_at_fault = wilson(all.placeholders, all.filled, z_).low >= settings_.number("field_above");
      if (all.filled < at_least()) {
        out.untold.push_back({"fewer filled records than `at_least`", std::max<std::uint64_t>(1, all.filled)});
      } else if (!of_person) {
        if (field_at_fault) say_field(fields_[i], all, out);
      } else if (!field_at_fault) {
        people(i, world, out);
      }
    }
    std::sort(out.findings.begin(), out.findings.end(),
              [](const Detected& a, const Detected& b) { return a.key < b.key; });
    return out;
  }

 private:
  [[nodiscard]] std::uint64_t at_least() const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(1, settings_.count("at_least")));
  }

  // Each person against the others of the team; where the team alone says too little, against everybody else.
  void people(std::size_t i, const World& world, Detection& out) {
    std::map<std::string_view, Count> teams;
    for (const auto& [id, counts] : people_) teams[team_of(world, id)].add(counts[i]);
    for (const auto& [id, counts] : people_) {
      const Count& own = counts[i];
      if (own.filled < at_least() || !is_person(world, id)) continue;
      const auto others_of = [&](const Count& all) {
        return Count{all.filled - own.filled, all.placeholders - own.placeholders};
      };
      const std::string_view team = team_of(world, id);
      Count others = others_of(team.empty() ? by_field_[i] : teams[team]);
      const bool team_tells = !team.empty() && others.filled >= 2 * at_least();
      if (!team_tells) others = others_of(by_field_[i]);
      if (others.filled < at_least()) continue;
      const Interval mine = wilson(own.placeholders, own.filled, z_);
      const Interval theirs = wilson(others.placeholders, others.filled, z_);
      if (mine.low <= theirs.high || own.share() < settings_.number("times") * others.share() ||
          own.share() < others.share() + settings_.number("points"))
        continue;
      Detected f;
      f.unit = Unit::person;
      f.person = id;
      f.field = fields_[i].crm_name;
      f.key = id + '|' + f.field;
      f.facts = {{"share", model::StoredValue(model::Value::number(own.share()))},
                 {"records", model::StoredValue(model::Value::number(static_cast<double>(own.filled)))},
                 {"others_share", model::StoredValue(model::Value::number(others.share()))}};
      f.why = std::to_string(own.placeholders) + " of " + std::to_string(own.filled) + " values of " +
              fields_[i].label + " are placeholders; " + (team_tells ? "in the team" : "with everybody else") +
              " it is " + std::to_string(percent(others.share())) + " %";
      out.findings.push_back(std::move(f));
    }
  }

  static void say_field(const ChosenField& field, const Count& all, Detection& out) {
    Detected f;
    f.unit = Unit::field;
    f.field = f.key = field.crm_name;
    f.facts = {{"share", model::StoredValue(model::Value::number(all.share()))},
               {"records", model::StoredValue(model::Value::number(static_cast<double>(all.filled)))}};
    f.why = std::to_string(all.placeholders) + " of " + std::to_string(all.filled) + " values of " + field.label +
            " are placeholders, with everybody: the question comes too early, or nobody can answer it";
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  std::vector<Count> by_field_;
  std::map<std::string, std::vector<Count>, std::less<>> people_;
  double z_ = 0;
};

}  // namespace

const DetectorKind placeholder_share_detector{
    .name = "placeholder-share",
    .unit = Unit::person,
    .finds =
        "A person whose share of placeholders in a field lies surely above the team's; with `of: field`, a field that "
        "everybody fills with placeholders.",
    .may_mean =
        "the question is asked before this person can know the answer; a field that everybody fills so is asked too "
        "early or of the wrong people.",
    .needs =
        "The fields and the owner of the records. Shares are compared by Wilson's interval: few records prove nothing.",
    .cannot_tell =
        "Below `at_least` filled records, without an owner, or where there is nobody to compare with. Where the field "
        "is at fault no person is found.",
    .parameters = parameters,
    .uses = {.owner = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<PlaceholderShare>(s); },
};

}  // namespace coachd::rules
