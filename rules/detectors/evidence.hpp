// What no record holds and some detectors need: who signed in, what was exported, which meetings were held. A host
// fills the tables that it can read; a table without `known_since` is one that it cannot, and then what rests on it
// cannot be told. Plain values, no thread rule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

template <class Row>
struct EvidenceTable {
  std::optional<model::Instant> known_since;  ///< complete from here on; nothing: the host has no such table
  std::vector<Row> rows;                      ///< in any order
  std::string why_not{};                      ///< where it has none, and knows why: one of few fixed sentences
};

/// What cannot be told of a table without `known_since`, with the reason where the host gives one.
template <class Row>
[[nodiscard]] std::string unknown_of(const EvidenceTable<Row>& table, std::string what) {
  if (!table.why_not.empty()) what += ": " + table.why_not;
  return what;
}

struct Login {
  std::string person;
  model::Instant at{};
};

/// A report or list that somebody took out of the CRM.
struct ExportTaken {
  std::string person;
  model::Instant at{};
};

struct HeldMeeting {
  std::string meeting;  ///< as under `meetings:`
  std::string manager;  ///< person id; "" where the meeting is not one a manager
  model::Instant at{};
};

/// A task that an automation made for a person.
struct AutomaticTask {
  std::string automation;  ///< what made it: a flow, a workflow, a sequence
  std::string owner;
  std::string record;  ///< what it is about
  model::Instant created{};
  std::optional<model::Instant> due;
  std::optional<model::Instant> completed;
  bool followed = false;  ///< the owner did something on the record between its creation and a day after its end
};

/// A file that a person attached to a record.
struct AttachedFile {
  std::string person;
  std::string record;
  std::string name;
  model::Instant at{};
};

/// A note that a person wrote on a record.
struct WrittenNote {
  std::string person;
  std::string record;
  std::string text;
  model::Instant at{};
};

/// A prompt that its person answered by doing what it asked.
struct MendedPrompt {
  std::string person;
  std::string record;
  std::string rule;
  model::Instant sent{};
  model::Instant mended{};
};

/// A change of the CRM's set-up, as its audit trail tells.
struct SetupEvent {
  std::string object;
  std::string field;  ///< the CRM's own name; "" where it is about the object
  std::string person;
  model::Instant at{};
};

/// What the CRM said about itself on a day.
struct DescribedDay {
  model::Instant at{};
  model::Description description;
};

struct Evidence {
  EvidenceTable<Login> logins;
  EvidenceTable<ExportTaken> exports;
  EvidenceTable<HeldMeeting> meetings;
  EvidenceTable<AutomaticTask> automatic_tasks;
  EvidenceTable<AttachedFile> files;
  EvidenceTable<WrittenNote> notes;
  EvidenceTable<MendedPrompt> mended;
  EvidenceTable<SetupEvent> setup;
  std::optional<DescribedDay> before, after;  ///< of crm-changes: the older and the newer
};

}  // namespace coachd::rules
