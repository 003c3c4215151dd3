// What coachd keeps, without a word of SQL: reading is a snapshot of one moment, writing is one call, apply(unit of
// work). An engine (SQLite today) stands behind it; tests/contract/store runs on every engine. Keys begin with the
// connection; times are int64 microseconds UTC. Readers may be used from any one thread each (open one per thread);
// apply may be called from any thread and is carried out by the engine's single writer.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/finding.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"

namespace coachd::store {

using model::Instant;

// ---- rows
// -------------------------------------------------------------------------------------------------------------

/// A change (values and a version) or a hint (put the record on the read list) or a history row, before it is applied.
/// (`key_time`, `key`) tells repeats apart: hash of object, id, version, columns read and values, and a time that comes
/// from the data itself (a record's version, a delivery's first event); an entry whose key was seen is dropped. Keys
/// stand in the order of their times, so that what is new goes to the end of the index. Key 0: known not to be a
/// repeat, taken unseen and not remembered.
struct JournalEntry {
  enum class Kind : std::uint8_t { change = 0, hint = 1, history = 2 };
  std::int64_t position = 0;  ///< given by the store, in commit order
  Kind kind = Kind::change;
  std::string connection;
  std::string object;  ///< canonical
  std::string record;
  std::uint64_t key = 0;
  Instant key_time{};
  Instant received{};
  std::string body;  ///< encoded by the hall; the row goes once it is applied, its key is kept
};

/// One record as last read: a blob of (field number, value) pairs and the set of fields it was read with.
struct SnapshotRow {
  std::string connection, object, record;
  Instant version{};
  Instant created{};
  std::string created_by, modified_by;
  bool deleted = false;  ///< a tombstone: values are gone
  std::string merged_into;
  std::uint32_t read_set = 0;  ///< number of the set of fields (see Dictionary)
  std::string values;          ///< encoded; opaque to the store
  std::int64_t revision = 0;   ///< counted up by every write of this row; expected by evaluation
};

struct StoredHistory {
  std::string connection, object, record;
  std::uint32_t field = 0;  ///< field number
  Instant at{}, seen_at{};
  std::string author;
  model::HistorySource source = model::HistorySource::vendor;
  std::string vendor_id;  ///< "" for diff rows
  model::StoredValue from, to;
};

/// A record that must be evaluated at `at`. Whatever makes it due counts `generation` up; a result is stored only while
/// it is still the generation that the evaluation read.
struct DueRow {
  std::string connection, object, record;
  Instant at{};
  std::int64_t generation = 0;
  std::string cannot_tell{};  ///< read only: what its last evaluation could not tell, encoded
};

/// An open or ended finding. `episode` counts how often it opened on that record. One that a detector made has a
/// `detail`; where it is about no record, `object` is `unit:person`, `unit:field` and so on, and `record` the key of
/// what it is about.
struct FindingRow {
  std::string connection, object, record;
  std::string rule;              ///< rule key: workflow/id
  std::string finding;           ///< `timing.missing:champion`
  std::string owner;             ///< person id on the record when last evaluated
  std::optional<Instant> since;  ///< from data
  Instant first_seen{};
  std::optional<Instant> ended;
  std::string ended_how;  ///< "", mended, overtaken, deleted, rule
  std::int32_t episode = 1;
  bool old_record = false;  ///< counted and never prompted
  std::string detail;       ///< of a detector: what it found, encoded by the hall; empty: a test on the record made it
};

/// One prompt: a record and a person, on one carrier, in one episode, with a line for each finding.
struct PromptRow {
  std::string connection;
  std::string key;  ///< hex
  std::string object, record, person, carrier;
  std::int32_t episode = 1;
  model::PromptState state = model::PromptState::own_list;
  std::string reason;  ///< why it is where it is, one of few fixed texts; "" where the state says all
  Instant opened{};
  Instant changed{};               ///< of the state
  std::optional<Instant> next_at;  ///< own-list day, snooze, delivery window, doubt: when to look again
  std::string crm_id;
  std::optional<Instant> sent_at;
  std::string subject, body;       ///< as last written to the CRM
  std::vector<std::string> lines;  ///< keys of the rules it stands for, sorted
};

/// A call to make, durable before it is made. One per prompt at most.
struct OutboxRow {
  enum class Op : std::uint8_t { create = 0, update = 1, remove = 2 };
  enum class State : std::uint8_t { ready = 0, sent = 1, doubtful = 2 };
  std::string connection;
  std::string prompt;  ///< key
  Op op = Op::create;
  State state = State::ready;
  std::int32_t attempts = 0;
  Instant not_before{};
  Instant since{};  ///< when it entered `state`
};

/// The latest reason of a stage of the hall for a finding: answers `explain` from rows, not from logs.
struct ReasonRow {
  std::string connection, object, record, rule;
  std::string stage;  ///< evaluation, prompting, budget, delivery, resolution
  std::string reason;
  Instant since{};
  std::int64_t count = 1;
};

/// A dated document: people, stages, description, rule sets, map. What is not kept dated cannot be replayed.
struct KeptRow {
  std::string connection, kind;  ///< kind: people, description, rules, ...
  std::string hash;
  Instant at{};
  std::string body;
};

/// A record's part in a fact (owner's mean, same text).
struct FactRow {
  std::string connection, fact, owner, record;
  double value = 0;
  std::uint64_t text_hash = 0;  ///< 0: no text, not counted
};

// ---- writing
// -----------------------------------------------------------------------------------------------------------

/// All that one step of the hall changes: applied whole or not at all. A plain value.
struct UnitOfWork {
  enum class Urgency : std::uint8_t { intake, hall };
  Urgency urgency = Urgency::hall;
  std::int64_t epoch = 0;  ///< of the writer (Store::epoch()); any other is refused (conflict)

  std::vector<JournalEntry> journal;  ///< appended; repeats (connection, key_time, key) dropped
  std::optional<std::pair<std::string, std::int64_t>>
      applied_to;                                            ///< (connection, position): journal is applied up to here
  std::vector<std::pair<std::string, std::string>> cursors;  ///< name -> position; "" erases
  std::vector<SnapshotRow> snapshots;                        ///< upsert; revision counted by the store
  std::vector<StoredHistory> history;  ///< insert; a vendor row replaces the diff row of the same old -> new
  struct KnownSince {
    std::string connection, object;
    std::uint32_t field = 0;
    std::string record;
    Instant at{};
  };
  std::vector<KnownSince>
      known_since;               ///< record "" = of the field; upsert, keeps the earlier for "", sets for a record
  std::vector<DueRow> make_due;  ///< sets at = min(existing, at) and counts generation up
  struct Evaluated {
    std::string connection, object, record;
    std::int64_t revision = 0;
    std::int64_t generation = 0;
    std::optional<Instant> next{};
    std::string cannot_tell;
  };
  std::vector<Evaluated> evaluated;  ///< at most one for a record; guards: revision and generation must be those read,
                                     ///< else Conflict; then due = next; cannot_tell: encoded, for the counts
  struct CannotTellDelta {
    std::string connection, rule, reason;
    std::int64_t delta = 0;
  };
  std::vector<CannotTellDelta> cannot_tell;
  std::vector<FindingRow> findings;  ///< upsert by (connection, object, record, rule, finding)
  std::vector<PromptRow> prompts;    ///< upsert by (connection, key)
  std::vector<OutboxRow> outbox;     ///< upsert by (connection, prompt)
  std::vector<std::pair<std::string, std::string>> outbox_done;  ///< (connection, prompt): removed
  std::vector<ReasonRow> reasons;  ///< upsert; the same reason counts up and keeps `since`
  std::vector<KeptRow> kept;       ///< inserted where the newest of its kind has another hash
  struct KeptGone {
    std::string connection, kind;
    Instant before{};
  };
  std::vector<KeptGone> kept_gone;  ///< rows of that kind older than that are removed, before `kept`
  std::vector<FactRow> facts;       ///< upsert by (connection, fact, record)
  struct FactGone {
    std::string connection, fact, record;
  };
  std::vector<FactGone> facts_gone;
  /// A removal with the generation that was read (see Snapshot::read_list) takes the record away only if nobody
  /// asked for it again meanwhile; with 0 it always does.
  struct ReadList {
    std::string connection, object, record;
    bool add = true;
    std::int64_t generation = 0;
  };
  std::vector<ReadList> read_list;
  struct Counter {
    std::string name;
    std::int64_t delta = 0;
  };
  std::vector<Counter> counters;  ///< kept totals: changes read, evaluations, prompts sent ...
  std::vector<std::pair<std::string, std::string>> metadata;  ///< small facts of the state itself, name -> text

  /// It changes nothing: there is no need to apply it.
  [[nodiscard]] bool empty() const;
  /// About how much memory it holds.
  [[nodiscard]] std::size_t bytes() const;
};

enum class Applied : std::uint8_t {
  done,
  conflict,  ///< an expected revision, generation or epoch was not met: nothing was written
  no_space,  ///< the disk is full: nothing was written; try again later
  failed,    ///< the engine is broken: nothing was written
};

// ---- reading
// -----------------------------------------------------------------------------------------------------------

/// A view of one moment: everything read through it belongs together. Cheap; not thread-safe; do not keep it over an
/// await. REQUIRES: it goes before its reader does, and before that reader's next snapshot is taken.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // journal
  [[nodiscard]] virtual std::vector<JournalEntry> journal_after(std::string_view connection,
                                                                std::size_t limit) const = 0;  ///< not yet applied
  [[nodiscard]] virtual std::int64_t journal_waiting(std::string_view connection) const = 0;
  [[nodiscard]] virtual std::optional<std::string> cursor(std::string_view name) const = 0;
  /// A record that must be read again; a safe removal names the generation.
  struct ReadListRow {
    std::string object, record;
    std::int64_t generation;
  };
  [[nodiscard]] virtual std::vector<ReadListRow> read_list(std::string_view connection, std::size_t limit) const = 0;
  [[nodiscard]] virtual std::int64_t read_list_waiting(std::string_view connection) const = 0;

  // records
  [[nodiscard]] virtual std::optional<SnapshotRow> record(std::string_view connection, std::string_view object,
                                                          std::string_view id) const = 0;
  [[nodiscard]] virtual std::vector<SnapshotRow> records_after(std::string_view connection, std::string_view object,
                                                               std::string_view after_id, std::size_t limit) const = 0;
  [[nodiscard]] virtual std::int64_t record_count(std::string_view connection,
                                                  std::string_view object) const = 0;  ///< without tombstones
  [[nodiscard]] virtual std::vector<StoredHistory> history(std::string_view connection, std::string_view object,
                                                           std::string_view id) const = 0;  ///< ascending by at
  struct FieldKnown {
    std::uint32_t field;
    std::string record;
    Instant at;
  };
  [[nodiscard]] virtual std::vector<FieldKnown> known_since(
      std::string_view connection, std::string_view object,
      std::string_view id) const = 0;  ///< of the fields and of this record

  // scheduling
  [[nodiscard]] virtual std::vector<DueRow> due(std::string_view connection, Instant until,
                                                std::size_t limit) const = 0;
  [[nodiscard]] virtual std::optional<Instant> next_due(std::string_view connection) const = 0;
  [[nodiscard]] virtual std::optional<Instant> next_due() const = 0;  ///< of all connections
  /// As it stands, due or not: without `at`; generation 0 where nothing ever made it due.
  [[nodiscard]] virtual DueRow due_of(std::string_view connection, std::string_view object,
                                      std::string_view id) const = 0;
  [[nodiscard]] virtual std::vector<UnitOfWork::CannotTellDelta> cannot_tell() const = 0;  ///< delta holds the count

  // facts
  struct Mean {
    double sum = 0;
    std::int64_t count = 0;
  };
  /// `added`: what a unit that is not written yet adds to the sum, one by one; the count stays as it is kept.
  [[nodiscard]] virtual Mean fact_mean(std::string_view connection, std::string_view fact, std::string_view owner,
                                       std::span<const double> added = {}) const = 0;
  [[nodiscard]] virtual std::int64_t fact_count(std::string_view connection, std::string_view fact,
                                                std::string_view owner, std::uint64_t text_hash) const = 0;
  [[nodiscard]] virtual std::optional<FactRow> fact_of(std::string_view connection, std::string_view fact,
                                                       std::string_view record) const = 0;
  /// Records of an owner whose value lies in (low, high]: a range query on an index.
  [[nodiscard]] virtual std::vector<std::string> fact_between(std::string_view connection, std::string_view fact,
                                                              std::string_view owner, double low,
                                                              double high) const = 0;
  [[nodiscard]] virtual std::vector<std::string> fact_with_text(std::string_view connection, std::string_view fact,
                                                                std::string_view owner, std::uint64_t text_hash,
                                                                std::size_t limit) const = 0;

  // findings, prompts, outbox
  [[nodiscard]] virtual std::vector<FindingRow> findings_of(std::string_view connection, std::string_view object,
                                                            std::string_view id) const = 0;  ///< open and ended
  [[nodiscard]] virtual std::vector<FindingRow> open_findings(std::string_view connection,
                                                              std::size_t limit) const = 0;  ///< "" = all connections
  [[nodiscard]] virtual std::vector<PromptRow> prompts_of(std::string_view connection, std::string_view object,
                                                          std::string_view id) const = 0;
  [[nodiscard]] virtual std::optional<PromptRow> prompt(std::string_view connection, std::string_view key) const = 0;
  [[nodiscard]] virtual std::optional<PromptRow> prompt_by_short_key(std::string_view connection,
                                                                     std::string_view short_key) const = 0;
  [[nodiscard]] virtual std::vector<PromptRow> prompts(std::string_view connection,
                                                       std::optional<model::PromptState> state,
                                                       std::size_t limit) const = 0;
  struct PromptCount {
    model::PromptState state;
    std::int64_t count;
  };
  [[nodiscard]] virtual std::vector<PromptCount> prompt_counts(
      std::string_view connection) const = 0;  ///< of states that have any
  [[nodiscard]] virtual std::int64_t open_finding_count(std::string_view connection) const = 0;
  struct DetectedKey {
    std::string rule, object, record, finding;
    auto operator<=>(const DetectedKey&) const = default;
  };
  /// Open findings with a detail, in the order of their keys.
  [[nodiscard]] virtual std::vector<FindingRow> detected_after(std::string_view connection, const DetectedKey& after,
                                                               std::size_t limit) const = 0;
  /// Open and ended, of what is about no record (`unit:`).
  [[nodiscard]] virtual std::vector<FindingRow> findings_of_units(std::string_view connection) const = 0;
  struct DetectedCount {
    std::string rule, object;
    std::int64_t count;
  };
  [[nodiscard]] virtual std::vector<DetectedCount> detected_counts(std::string_view connection) const = 0;
  [[nodiscard]] virtual std::vector<PromptRow> prompts_waiting(Instant until,
                                                               std::size_t limit) const = 0;  ///< next_at <= until
  [[nodiscard]] virtual std::optional<Instant> next_prompt_at() const = 0;
  [[nodiscard]] virtual std::vector<OutboxRow> outbox(std::string_view connection, Instant until,
                                                      std::size_t limit) const = 0;
  [[nodiscard]] virtual std::optional<OutboxRow> outbox_of(std::string_view connection,
                                                           std::string_view prompt) const = 0;
  [[nodiscard]] virtual std::optional<Instant> next_outbox_at() const = 0;
  [[nodiscard]] virtual std::int64_t sent_between(std::string_view connection, std::string_view person, Instant from,
                                                  Instant to) const = 0;  ///< prompts with sent_at in [from, to)
  [[nodiscard]] virtual std::vector<ReasonRow> reasons_of(std::string_view connection, std::string_view object,
                                                          std::string_view id) const = 0;

  // the rest
  [[nodiscard]] virtual std::optional<KeptRow> newest(std::string_view connection, std::string_view kind) const = 0;
  [[nodiscard]] virtual std::optional<KeptRow> kept_at(std::string_view connection, std::string_view kind,
                                                       Instant at) const = 0;
  [[nodiscard]] virtual std::optional<std::string> metadata(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::int64_t>> counters() const = 0;
};

class Reader {
 public:
  virtual ~Reader() = default;
  /// Throws where the engine is broken, and while an earlier snapshot of this reader lives (one statement may take only
  /// one).
  [[nodiscard]] virtual std::unique_ptr<Snapshot> snapshot() = 0;
};

/// The numbers of field names and of sets of fields. Numbers are given once and never change their meaning.
class Dictionary {
 public:
  virtual ~Dictionary() = default;
  /// Thread-safe; durable with the first row that uses the number: ask before the unit is handed over, the engine
  /// writes the name in its transaction or before.
  [[nodiscard]] virtual std::uint32_t field(std::string_view connection, std::string_view object,
                                            std::string_view name) = 0;
  [[nodiscard]] virtual std::string field_name(std::uint32_t number) const = 0;
  [[nodiscard]] virtual std::uint32_t set(
      std::vector<std::uint32_t> fields) = 0;  ///< sorted or not: the same set has one number
  [[nodiscard]] virtual std::vector<std::uint32_t> fields_of_set(std::uint32_t number) const = 0;
};

/// By what the hall measures its steps: short ones while somebody waits at a door.
struct Pace {
  std::chrono::microseconds last_hall_unit{};  ///< what the writer spent on it, without the commit
  bool door_busy = false;                      ///< deliveries come by the dozen
};

class Store {
 public:
  virtual ~Store() = default;
  /// Queues the unit; `done` is called on the store's thread after its commit is durable (or was refused). Intake goes
  /// first; whatever waits when a commit ends goes into the next one together; a conflict undoes its own unit only.
  virtual void apply(UnitOfWork unit, std::function<void(Applied)> done) = 0;
  [[nodiscard]] virtual std::unique_ptr<Reader> open_reader() = 0;
  [[nodiscard]] virtual Dictionary& dictionary() = 0;
  [[nodiscard]] virtual std::int64_t epoch() const = 0;        ///< this writer's number; older writers are refused
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;  ///< of units not yet committed
  /// How long the writer has had something to do and has done none of it. Any thread.
  [[nodiscard]] virtual std::chrono::nanoseconds still() const = 0;
  /// True from the first unit that found no room until there is room again. Any thread.
  [[nodiscard]] virtual bool full() const noexcept = 0;
  [[nodiscard]] virtual Pace pace() const = 0;  ///< any thread
  /// Lets what is queued be committed, then stops the threads. Idempotent.
  virtual void stop() = 0;
};

/// Waits for the commit: for tests and commands, never on the network thread.
[[nodiscard]] Applied apply_and_wait(Store& store, UnitOfWork unit);

}  // namespace coachd::store
