// Promises with a date that people wrote into their own notes, on the day, for nobody but themselves.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/due_day.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/people.hpp"
#include "rules/detectors/promises.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 5> parameters{{
    {.name = "text",
     .kind = K::field,
     .usual = "description|body|text|Description|Body|hs_note_body|hs_task_body",
     .means = "The text of a note"},
    {.name = "about",
     .kind = K::field,
     .usual = "record|WhatId|ParentId|deal",
     .means = "The record that a note is about"},
    {.name = "ahead", .kind = K::span, .usual = "1d", .means = "How long before its day a promise is shown"},
    {.name = "overdue", .kind = K::span, .usual = "14d", .means = "How long after its day an open one is still shown"},
    {.name = "kept_from",
     .kind = K::span,
     .usual = "2d",
     .means = "A later note of the same person on the same record, from so long before the day on, keeps the promise"},
}};

struct Said {
  std::string id, person, record;
  model::Day written{};
  Promise promise;
};

// What these records describe is not a note: their notes are the host's to hand over.
bool is_no_note(std::string_view object) {
  for (const std::string_view o : {"opportunity", "account", "lead", "contact", "case"})
    if (object == o) return true;
  return false;
}

class PromisedFollowups final : public Detector {
 public:
  explicit PromisedFollowups(const Settings& s) : settings_(s), text_(s.field("text")), about_(s.field("about")) {}

  void see(const View& v) override {
    ++seen_;
    if (!text_.there() || is_no_note(v.frame().object)) return;
    ++notes_;
    const auto at = v.created();
    if (!at) {
      ++undated_;
      return;
    }
    const std::string_view by = v.record().created_by;
    add(v.record().id, by.empty() ? owner_of(v) : by, id_of(v, about_.slot), text_of(v, text_.slot),
        v.world().calendar.today(*at), v.world(), v.now());
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant now) override {
    Detection out;
    for (const WrittenNote& n : evidence.notes.rows)
      add(n.record + '@' + model::to_string(n.at), n.person, n.record, n.text, world.calendar.today(n.at), world, now);
    if ((!text_.there() || notes_ == 0) && !evidence.notes.known_since) {
      untold(out, "there are no notes to read: a rule about notes says which field is their `text`",
             std::max<std::uint64_t>(1, seen_));
      return out;
    }
    untold(out, "when the note was written", undated_);
    const auto& calendar = world.calendar;
    const model::Day today = calendar.today(now);
    std::uint64_t loose = 0;
    for (const Said& s : said_) {
      if (!is_person(world, s.person)) continue;
      if (calendar.shift(s.promise.due, settings_.span("ahead"), -1) > today) continue;
      if (calendar.shift(s.promise.due, settings_.span("overdue"), 1) < today) continue;
      if (s.record.empty()) {
        ++loose;
        continue;
      }
      const auto last = last_note_.find({s.person, s.record});
      const auto from = calendar.shift(s.promise.due, settings_.span("kept_from"), -1);
      if (last != last_note_.end() && last->second >= from && last->second > s.written) continue;
      Detected f;
      f.unit = Unit::person;
      f.person = s.person;
      f.key = s.id + '|' + model::to_string(s.promise.due);
      f.records = {s.record};
      f.facts = {fact("due", model::to_string(s.promise.due)), fact("note", s.promise.quote)};
      f.why = "a note of " + model::to_string(s.written) + " promises something for " + model::to_string(s.promise.due);
      f.since = calendar.zone().start_of(s.promise.due);
      out.findings.push_back(std::move(f));
    }
    untold(out, "which record the note is about", loose);
    sort_by_key(out);
    return out;
  }

 private:
  void add(std::string_view id, std::string_view person, std::string_view record, std::string_view text,
           model::Day written, const World& world, model::Instant now) {
    if (person.empty()) return;
    const auto& calendar = world.calendar;
    const model::Day oldest = calendar.shift(calendar.today(now), settings_.span("overdue"), -1);
    // Only a note of these days can keep a promise that is still shown.
    if (!record.empty() && written >= calendar.shift(oldest, settings_.span("kept_from"), -1)) {
      auto& last = last_note_.try_emplace({std::string(person), std::string(record)}, written).first->second;
      last = std::max(last, written);
    }
    if (written + longest_promise < oldest) return;
    for (Promise& p : promises_in(text, written))
      if (p.due >= oldest)
        said_.push_back({std::string(id), std::string(person), std::string(record), written, std::move(p)});
  }

  const Settings& settings_;
  const ChosenField &text_, &about_;
  std::vector<Said> said_;
  std::map<std::pair<std::string, std::string>, model::Day> last_note_;
  std::uint64_t seen_ = 0, notes_ = 0, undated_ = 0;
};

}  // namespace

const DetectorKind promised_followups_detector{
    .name = "promised-followups",
    .unit = Unit::person,
    .finds =
        "What a person promised in a note of their own for a day that has come: \"I'll send the offer on Friday\". "
        "English, German, Spanish, French, Portuguese.",
    .may_mean = "it helps the person who wrote it, and nobody else sees it.",
    .needs = "Notes with their text, author, day and the record that they are about.",
    .cannot_tell =
        "Dates of which day and month cannot be told apart (03/04), and notes on no record. Promises of others, "
        "refusals and what was done are left alone.",
    .parameters = parameters,
    .uses = {.owner = true, .notes = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<PromisedFollowups>(s); },
};

}  // namespace coachd::rules
