// What makes a form hard to fill: options that nobody can tell apart, too many required fields, questions whose answer
// the person has just written into a note.
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/conditions/frame.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/due_day.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/names.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/promises.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/detectors/share.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 8> parameters{{
    {.name = "signs",
     .kind = K::words,
     .usual = "labels|required|noted",
     .means = "Which signs are looked for",
     .choices = "labels|required|noted"},
    {.name = "choices",
     .kind = K::fields,
     .usual = "source|loss_reason|type|procurement_status",
     .means = "Fields whose options are compared: by the description, else by the values that occur"},
    {.name = "alike", .kind = K::share, .usual = "85%", .means = "How alike two options must be"},
    {.name = "required",
     .kind = K::count,
     .usual = "8",
     .means = "So many required fields on one object, or in one of its stages, are many"},
    {.name = "asked",
     .kind = K::fields,
     .usual = "next_step|competitor",
     .means = "Fields that a note may answer already"},
    {.name = "recent", .kind = K::span, .usual = "14d", .means = "How young such a note must be"},
    {.name = "noted_from",
     .kind = K::share,
     .usual = "30%",
     .means = "From this share of the blank fields with such a note on, asking again is friction"},
    {.name = "at_least",
     .kind = K::count,
     .usual = "30",
     .means = "Blank fields with a note at all below which nothing is said"},
}};

// The words in capitals, as "SVP" in "SVP, Production".
std::string abbreviations(std::string_view label) {
  std::string out;
  while (!label.empty()) {
    const auto end = std::min(label.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), label.size());
    const bool whole = end > 1 && (end == label.size() || label[end] < 'a' || label[end] > 'z');
    if (whole) out.append(label.substr(0, end)) += ' ';
    label.remove_prefix(end);
    label.remove_prefix(std::min(label.find_first_of(" ,/-"), label.size()));
    label.remove_prefix(std::min(label.find_first_not_of(" ,/-"), label.size()));
  }
  return out;
}

struct Label {
  std::string plain;
  std::string shown;
  auto operator<=>(const Label&) const = default;
};

// Two writings of one option: the same letters and digits, one letter apart, or a plural. A VP is no SVP.
bool near_equal(const Label& one, const Label& other, double alike) {
  const std::string& a = one.plain;
  const std::string& b = other.plain;
  if (a == b) return true;
  const auto short_form = abbreviations(one.shown);
  if (!short_form.empty() && short_form != abbreviations(other.shown)) return false;
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter < 4) return false;
  return likeness(a, b) >= alike;
}

class Friction final : public Detector {
 public:
  explicit Friction(const Settings& s)
      : settings_(s),
        choices_(s.fields("choices")),
        asked_(s.fields("asked")),
        values_(choices_.size()),
        too_many_(choices_.size()),
        competitors_(asked_.size()) {}

  void see(const View& v) override {
    if (settings_.has_word("signs", "labels"))
      for (std::size_t i = 0; i < choices_.size(); ++i) {
        if (!choices_[i].options.empty() || too_many_[i] || !choices_[i].there()) continue;
        const std::string_view t = text::trim(text_of(v, choices_[i].slot));
        if (!t.empty()) ++values_[i][std::string(t)];
        if (values_[i].size() > most_values) {  // free text: it has no options
          too_many_[i] = true;
          values_[i].clear();
        }
      }
    if (!settings_.has_word("signs", "noted") || v.standing() != View::Standing::open) return;
    Record r;
    r.owner = owner_of(v);
    for (std::size_t i = 0; i < asked_.size() && i < 64; ++i) {
      const TextState state = asked_[i].there() ? v.state(asked_[i].state) : TextState::unread;
      if (state == TextState::blank) r.blank |= std::uint64_t{1} << i;
      // What stands in this field elsewhere is what a note may name.
      if (state == TextState::real && asked_[i].name != "next_step" && competitors_[i].size() < most_values)
        competitors_[i].insert(plain_line(text_of(v, asked_[i].slot)));
    }
    if (r.blank != 0) records_.emplace(std::string(v.record().id), std::move(r));
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant now) override {
    Detection out;
    if (settings_.has_word("signs", "labels")) labels(out);
    if (settings_.has_word("signs", "required")) required(evidence, out);
    if (settings_.has_word("signs", "noted")) noted(evidence, world, now, out);
    sort_by_key(out);
    return out;
  }

 private:
  static constexpr std::size_t most_values = 300;
  struct Record {
    std::string owner;
    std::uint64_t blank = 0;  // by field
  };

  void labels(Detection& out) const {
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      const ChosenField& f = choices_[i];
      if (!f.there()) continue;
      if (too_many_[i]) {
        untold(out,
               "the options of " + f.label + ": it holds more than " + std::to_string(most_values) + " different texts",
               1);
        continue;
      }
      std::vector<Label> options;
      for (const auto& o : f.options)
        if (o.active) options.push_back({std::string(text::trim(plain_line(o.label))), o.label});
      for (const auto& [value, n] : values_[i]) options.push_back({std::string(text::trim(plain_line(value))), value});
      std::sort(options.begin(), options.end());
      for (std::size_t a = 0; a < options.size(); ++a)
        for (std::size_t b = a + 1; b < options.size(); ++b) {
          if (!near_equal(options[a], options[b], settings_.number("alike"))) continue;
          Detected d;
          d.unit = Unit::field;
          d.field = f.crm_name;
          d.key = f.crm_name + "|labels|" + options[a].shown + '|' + options[b].shown;
          d.facts = {fact("one", options[a].shown), fact("other", options[b].shown)};
          d.why = "\"" + options[a].shown + "\" and \"" + options[b].shown + "\" of " + f.label +
                  " can hardly be told apart";
          out.findings.push_back(std::move(d));
        }
    }
  }

  // The object's own description among those that the host has: what every save needs, else the first stage that needs
  // too much.
  void required(const Evidence& evidence, Detection& out) const {
    if (!evidence.after) {
      untold(out, "which fields the CRM requires", 1);
      return;
    }
    for (const auto& [name, object] : evidence.after->description.objects) {
      if (const auto n = too_many(object, nullptr, nullptr); !n.empty()) {
        say_required(*evidence.after, name, name + "|required", name, n, out);
        continue;
      }
      bool found = false;
      for (const auto& p : object.pipelines)
        for (const auto& s : p.stages) {
          if (found || !s.active) continue;
          const auto n = too_many(object, &p, &s);
          if (n.empty()) continue;
          found = true;
          const std::string stage = (s.label.empty() ? s.name : s.label) + (p.label.empty() ? "" : " of " + p.label);
          say_required(*evidence.after, name, name + "|required|" + p.name + ':' + s.name, name + " in " + stage, n,
                       out);
        }
    }
  }

  // The labels of the fields that a save needs, in this stage or (null) in any; none where they are not many.
  [[nodiscard]] std::vector<std::string> too_many(const model::ObjectDescription& object, const model::Pipeline* p,
                                                  const model::Stage* s) const {
    std::vector<std::string> labels;
    for (const auto& f : object.fields) {
      if (f.type == model::FieldType::boolean || f.type == model::FieldType::id || !f.updateable) continue;
      const bool asked =
          f.required || std::any_of(f.required_where.begin(), f.required_where.end(), [&](const auto& r) {
            if (!r.unread.empty() || r.of_record) return false;
            const bool here = p != nullptr && (r.pipeline.empty() || r.pipeline == p->name) &&
                              std::find(r.stages.begin(), r.stages.end(), s->name) != r.stages.end();
            return here || (r.stages.empty() && (r.pipeline.empty() || (p != nullptr && r.pipeline == p->name)));
          });
      if (asked) labels.push_back(f.label.empty() ? f.name : f.label);
    }
    const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(1, settings_.count("required")));
    return labels.size() < limit ? std::vector<std::string>() : labels;
  }

  static void say_required(const DescribedDay& day, const std::string& object, std::string key, const std::string& what,
                           const std::vector<std::string>& labels, Detection& out) {
    std::string list;
    for (std::size_t i = 0; i < labels.size() && i < 12; ++i) list += (i == 0 ? "" : ", ") + labels[i];
    Detected d;
    d.unit = Unit::field;
    d.key = std::move(key);
    d.facts = {fact("required", labels.size()), fact("object", object)};
    d.why = what + " cannot be saved without " + counted(labels.size(), "field") + ": " + list;
    d.since = day.at;
    out.findings.push_back(std::move(d));
  }

  void noted(const Evidence& evidence, const World& world, model::Instant now, Detection& out) const {
    if (records_.empty()) return;
    if (!evidence.notes.known_since) {
      untold(out, "the notes on the records", records_.size());
      return;
    }
    const auto from = world.calendar.shift(now, settings_.span("recent"), -1);
    std::vector<std::map<std::string_view, bool>> answered(asked_.size());  // by field: record -> a note answers it
    for (const WrittenNote& n : evidence.notes.rows) {
      const auto r = records_.find(n.record);
      if (r == records_.end() || n.at < from || n.at > now || n.person != r->second.owner) continue;
      for (std::size_t i = 0; i < asked_.size() && i < 64; ++i)
        if ((r->second.blank >> i & 1U) != 0) {
          bool& yes = answered[i][n.record];
          yes = yes || answers(i, n, world);
        }
    }
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      const auto all = answered[i].size();
      if (all < static_cast<std::size_t>(std::max<std::int64_t>(1, settings_.count("at_least")))) continue;
      const auto yes = static_cast<std::size_t>(
          std::count_if(answered[i].begin(), answered[i].end(), [](const auto& a) { return a.second; }));
      if (wilson(yes, all, z_of(0.95)).low < settings_.number("noted_from")) continue;
      Detected d;
      d.unit = Unit::field;
      d.field = asked_[i].crm_name;
      d.key = d.field + "|noted";
      d.facts = {fact("records", all), fact("noted", yes)};
      d.why = "on " + std::to_string(yes) + " of " + counted(all, "record") +
              " with a recent note the owner has written down what " + asked_[i].label +
              " asks for: quote the note in place of asking";
      out.findings.push_back(std::move(d));
    }
  }

  // A next step is what the owner promised with a day; any other field, what stands in it on other records.
  [[nodiscard]] bool answers(std::size_t i, const WrittenNote& n, const World& world) const {
    if (asked_[i].name == "next_step") return !promises_in(n.text, world.calendar.today(n.at)).empty();
    const std::string line = plain_line(n.text);
    return std::any_of(competitors_[i].begin(), competitors_[i].end(),
                       [&](const std::string& c) { return c.size() > 5 && line.find(c) != std::string::npos; });
  }

  const Settings& settings_;
  const std::vector<ChosenField>&choices_, &asked_;
  std::vector<std::map<std::string, std::uint64_t>> values_;  // by field of choices_
  std::vector<bool> too_many_;
  std::vector<std::set<std::string>> competitors_;  // by field of asked_: plain lines
  std::unordered_map<std::string, Record> records_;
};

}  // namespace

const DetectorKind friction_detector{
    .name = "friction",
    .unit = Unit::field,
    .finds =
        "Options of a field that can hardly be told apart, objects with many required fields, and fields that are "
        "asked for although the owner's recent note holds the answer.",
    .may_mean = "the form costs more than it gives: merge options, ask later, quote the note.",
    .needs =
        "The fields, with their options where a description has them; the CRM's description for required fields; notes "
        "with their authors.",
    .cannot_tell =
        "Required fields without a description, notes that the connection does not show, and fields that hold more "
        "than 300 different texts.",
    .parameters = parameters,
    .uses = {.owner = true, .stages = true, .notes = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<Friction>(s); },
};

}  // namespace coachd::rules
