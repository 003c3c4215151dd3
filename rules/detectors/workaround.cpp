// Clues that work is done beside the CRM: a spreadsheet attached, a note in place of a field, a personal list of tasks.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
#include "rules/detectors/people.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;
constexpr std::array<Parameter, 6> parameters{{
    {.name = "clues",
     .kind = K::words,
     .usual = "spreadsheet|note-instead|task-list",
     .means = "Which clues are looked for",
     .choices = "spreadsheet|note-instead|task-list"},
    {.name = "fields",
     .kind = K::fields,
     .usual = "next_step|champion|decision_process|competitor",
     .means = "Fields that a note may stand in for: a line `LABEL: ...` while the field is blank"},
    {.name = "about", .kind = K::field, .usual = "record|WhatId", .means = "Of tasks: the record that they are about"},
    {.name = "within", .kind = K::span, .usual = "90d", .means = "How far back is looked"},
    {.name = "tasks", .kind = K::count, .usual = "20", .means = "Tasks of a person below which no list is seen"},
    {.name = "loose",
     .kind = K::share,
     .usual = "80%",
     .means = "So many of them about no record make it a personal list"},
}};

bool is_spreadsheet(std::string_view name) {
  const std::string folded = text::fold(name);
  for (const std::string_view end : {".xlsx", ".xls", ".xlsm", ".csv", ".ods", ".numbers", ".gsheet", ".tsv"})
    if (folded.ends_with(end)) return true;
  return folded.find("docs.google.com/spreadsheets") != std::string::npos;
}

class Workaround final : public Detector {
 public:
  explicit Workaround(const Settings& s) : settings_(s), fields_(s.fields("fields")), about_(s.field("about")) {
    for (const ChosenField& f : fields_) labels_.push_back({plain_line(f.label), plain_line(f.name)});
  }

  void see(const View& v) override {
    const std::string_view owner = owner_of(v);
    if (v.frame().object == "task") {
      see_task(v, owner);
      return;
    }
    // Only what notes and files can speak of is kept: open records, and which of the fields are blank.
    if (v.standing() != View::Standing::open) return;
    Record r;
    r.owner = owner;
    for (std::size_t i = 0; i < fields_.size() && i < 64; ++i)
      if (fields_[i].there() && v.state(fields_[i].state) == TextState::blank) r.blank |= std::uint64_t{1} << i;
    records_.emplace(std::string(v.record().id), std::move(r));
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World& world, model::Instant now) override {
    Detection out;
    const auto from = world.calendar.shift(now, settings_.span("within"), -1);
    if (settings_.has_word("clues", "spreadsheet")) spreadsheets(evidence, from, out);
    if (settings_.has_word("clues", "note-instead")) notes(evidence, from, out);
    if (settings_.has_word("clues", "task-list")) task_lists(world, out);
    sort_by_key(out);
    return out;
  }

 private:
  struct Record {
    std::string owner;
    std::uint64_t blank = 0;  // by field
  };
  struct Tasks {
    std::uint64_t all = 0, loose = 0;
  };

  void see_task(const View& v, std::string_view owner) {
    if (!about_.there() || owner.empty()) return;
    const auto created = v.created();
    if (!created || *created < v.world().calendar.shift(v.now(), settings_.span("within"), -1)) return;
    const std::string_view by = v.record().created_by;
    if (!by.empty() && by != owner) return;
    const auto it = tasks_.find(owner);
    Tasks& t = it == tasks_.end() ? tasks_[std::string(owner)] : it->second;
    ++t.all;
    t.loose += v.value(about_.slot).is_blank() ? 1 : 0;
  }

  void spreadsheets(const Evidence& evidence, model::Instant from, Detection& out) const {
    if (records_.empty()) return;
    if (!evidence.files.known_since) {
      untold(out, unknown_of(evidence.files, "which files are attached to records"), 1);
      return;
    }
    std::map<std::string_view, std::pair<const AttachedFile*, std::size_t>> by_record;
    for (const AttachedFile& f : evidence.files.rows) {
      const auto r = records_.find(f.record);
      if (f.at < from || r == records_.end() || f.person != r->second.owner || !is_spreadsheet(f.name)) continue;
      auto& [last, n] = by_record[f.record];
      if (last == nullptr || f.at > last->at) last = &f;
      ++n;
    }
    for (const auto& [record, file] : by_record)
      say(std::string(record), "spreadsheet", "",
          "a spreadsheet is attached by its owner (" + file.first->name +
              "): what does it hold that the record cannot?",
          file.first->at, out);
  }

  void notes(const Evidence& evidence, model::Instant from, Detection& out) const {
    if (records_.empty() || fields_.empty()) return;
    if (!evidence.notes.known_since) {
      untold(out, "the notes on the records", 1);
      return;
    }
    std::map<std::pair<std::string, std::size_t>, model::Instant> found;
    for (const WrittenNote& n : evidence.notes.rows) {
      const auto r = records_.find(n.record);
      if (n.at < from || r == records_.end() || n.person != r->second.owner) continue;
      std::string_view rest = n.text;
      while (!rest.empty()) {
        const auto nl = rest.find('\n');
        const std::string_view line = rest.substr(0, nl);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && colon < 60 && !text::trim(line.substr(colon + 1)).empty()) {
          const std::string label = plain_line(line.substr(0, colon));
          for (std::size_t i = 0; i < labels_.size() && i < 64; ++i)
            if ((r->second.blank >> i & 1U) != 0 && (label == labels_[i].first || label == labels_[i].second))
              found.try_emplace({n.record, i}, n.at);
        }
        if (nl == std::string_view::npos) break;
        rest.remove_prefix(nl + 1);
      }
    }
    for (const auto& [what, at] : found)
      say(what.first, "note-instead|" + fields_[what.second].crm_name, fields_[what.second].crm_name,
          fields_[what.second].label + " is blank, and a note of the owner holds it: the field may be hard to reach",
          at, out);
  }

  void task_lists(const World& world, Detection& out) const {
    for (const auto& [person, t] : tasks_) {
      if (!is_person(world, person) ||
          t.all < static_cast<std::uint64_t>(std::max<std::int64_t>(1, settings_.count("tasks"))))
        continue;
      if (static_cast<double>(t.loose) < settings_.number("loose") * static_cast<double>(t.all)) continue;
      Detected f;
      f.unit = Unit::person;
      f.person = person;
      f.key = person + "|task-list";
      f.facts = {fact("tasks", t.all), fact("loose", t.loose)};
      f.why = std::to_string(t.loose) + " of " + counted(t.all, "task") +
              " are about no record: a list of one's own may be what the CRM lacks";
      out.findings.push_back(std::move(f));
    }
  }

  void say(const std::string& record, const std::string& clue, const std::string& field, std::string why,
           model::Instant at, Detection& out) const {
    Detected f;
    f.unit = Unit::record;
    f.key = record + '|' + clue;
    f.records = {record};
    f.person = records_.at(record).owner;
    f.field = field;
    f.facts = {fact("clue", clue.substr(0, clue.find('|')))};
    f.why = std::move(why);
    f.since = at;
    out.findings.push_back(std::move(f));
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  const ChosenField& about_;
  std::vector<std::pair<std::string, std::string>> labels_;
  std::unordered_map<std::string, Record> records_;
  std::map<std::string, Tasks, std::less<>> tasks_;
};

}  // namespace

const DetectorKind workaround_detector{
    .name = "workaround",
    .unit = Unit::record,
    .finds =
        "Clues that work is done beside the CRM: a spreadsheet that the owner attached, a note that holds what a blank "
        "field asks for, a personal list of tasks about no record (told to that person only).",
    .may_mean =
        "a field is missing or hard to reach, a list view does not show what is needed: feedback on the product, not "
        "guilt. Exports and shadow records have detectors of their own.",
    .needs = "Open records, files and notes with their authors; for task lists a table of tasks.",
    .cannot_tell =
        "Files and notes where the connection does not show them. What others attach or note, and closed records, are "
        "left alone.",
    .parameters = parameters,
    .uses = {.owner = true,
             .stages = true,
             .notes = true,
             .files = [](const Settings& s) { return s.has_word("clues", "spreadsheet"); }},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<Workaround>(s); },
};

}  // namespace coachd::rules
