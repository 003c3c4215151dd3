#include "daemon/store/sqlite/schema.hpp"

#include <array>
#include <span>

namespace coachd::store::sqlite {
namespace {

// Times are int64 microseconds UTC, hashes the same 64 bits signed. What a row means is its key; the journal and its
// keys stand by row numbers that say it.
constexpr const char* step_1 = R"sql(
-- the state itself
CREATE TABLE state(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES('epoch', 0), ('read_list', 0);
CREATE TABLE metadata(name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE cursor(name TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE field(number INTEGER NOT NULL, connection TEXT NOT NULL, object TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY(number)) WITHOUT ROWID;
CREATE TABLE field_set(number INTEGER NOT NULL, fields TEXT NOT NULL, PRIMARY KEY(number)) WITHOUT ROWID;

-- intake: positions of a connection are dense, so what waits is last - applied
CREATE TABLE journal_state(connection TEXT PRIMARY KEY, last INTEGER NOT NULL, applied INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE journal(connection TEXT NOT NULL, position INTEGER NOT NULL, kind INTEGER NOT NULL, object TEXT NOT NULL,
  record TEXT NOT NULL, key INTEGER NOT NULL, received INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(connection, position)) WITHOUT ROWID;
CREATE TABLE journal_key(connection TEXT NOT NULL, key INTEGER NOT NULL, received INTEGER NOT NULL,
  PRIMARY KEY(connection, key)) WITHOUT ROWID;
CREATE INDEX journal_key_age ON journal_key(received);
CREATE TABLE read_list(connection TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL, generation INTEGER NOT NULL,
  PRIMARY KEY(connection, object, record)) WITHOUT ROWID;

-- records
CREATE TABLE record(connection TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
  version INTEGER NOT NULL, created INTEGER NOT NULL, created_by TEXT NOT NULL, modified_by TEXT NOT NULL,
  deleted INTEGER NOT NULL, merged_into TEXT NOT NULL, read_set INTEGER NOT NULL, "values" BLOB NOT NULL,
  PRIMARY KEY(connection, object, id)) WITHOUT ROWID;
CREATE TABLE record_count(connection TEXT NOT NULL, object TEXT NOT NULL, live INTEGER NOT NULL,
  PRIMARY KEY(connection, object)) WITHOUT ROWID;
-- n tells rows of the same instant apart, in the order of their arrival
CREATE TABLE history(connection TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL,
  field INTEGER NOT NULL, seen_at INTEGER NOT NULL, author TEXT NOT NULL, source INTEGER NOT NULL, vendor_id TEXT NOT NULL,
  "from" BLOB NOT NULL, "to" BLOB NOT NULL,
  PRIMARY KEY(connection, object, record, at, n)) WITHOUT ROWID;
CREATE TABLE known_since(connection TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL, field INTEGER NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY(connection, object, record, field)) WITHOUT ROWID;
-- a row stays when nothing is due any more (at NULL): its generation must never start again
CREATE TABLE due(connection TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL, at INTEGER, generation INTEGER NOT NULL,
  cannot_tell BLOB NOT NULL, PRIMARY KEY(connection, object, record)) WITHOUT ROWID;
CREATE INDEX due_at ON due(at) WHERE at IS NOT NULL;
CREATE TABLE cannot_tell(connection TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(connection, rule, reason)) WITHOUT ROWID;

-- findings, prompts, outbox
CREATE TABLE finding(connection TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL, rule TEXT NOT NULL, finding TEXT NOT NULL,
  owner TEXT NOT NULL, since INTEGER, first_seen INTEGER NOT NULL, ended INTEGER, ended_how TEXT NOT NULL, episode INTEGER NOT NULL,
  old_record INTEGER NOT NULL, PRIMARY KEY(connection, object, record, rule, finding)) WITHOUT ROWID;
CREATE INDEX finding_open ON finding(connection, object, record, rule, finding) WHERE ended IS NULL;
CREATE TABLE prompt(connection TEXT NOT NULL, key TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL, person TEXT NOT NULL,
  carrier TEXT NOT NULL, episode INTEGER NOT NULL, state INTEGER NOT NULL, reason TEXT NOT NULL, opened INTEGER NOT NULL,
  changed INTEGER NOT NULL, next_at INTEGER, crm_id TEXT NOT NULL, sent_at INTEGER, subject TEXT NOT NULL, body TEXT NOT NULL,
  lines TEXT NOT NULL, PRIMARY KEY(connection, key)) WITHOUT ROWID;
CREATE INDEX prompt_record ON prompt(connection, object, record);
CREATE INDEX prompt_person ON prompt(connection, person);
CREATE INDEX prompt_state ON prompt(connection, state, opened);
CREATE INDEX prompt_next ON prompt(next_at) WHERE next_at IS NOT NULL;
CREATE INDEX prompt_sent ON prompt(connection, person, sent_at) WHERE sent_at IS NOT NULL;
CREATE TABLE outbox(connection TEXT NOT NULL, prompt TEXT NOT NULL, op INTEGER NOT NULL, state INTEGER NOT NULL,
  attempts INTEGER NOT NULL, not_before INTEGER NOT NULL, since INTEGER NOT NULL, PRIMARY KEY(connection, prompt)) WITHOUT ROWID;
CREATE INDEX outbox_at ON outbox(not_before);
CREATE INDEX outbox_connection_at ON outbox(connection, not_before);
CREATE TABLE reason(connection TEXT NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL, rule TEXT NOT NULL, stage TEXT NOT NULL,
  reason TEXT NOT NULL, since INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(connection, object, record, rule, stage)) WITHOUT ROWID;

-- kept dated
CREATE TABLE kept(connection TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, hash TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(connection, kind, at)) WITHOUT ROWID;

-- facts: sum is exact (see exact_sum), so that it is the same whatever the order of the changes
CREATE TABLE fact(connection TEXT NOT NULL, fact TEXT NOT NULL, record TEXT NOT NULL, owner TEXT NOT NULL, value REAL NOT NULL,
  text_hash INTEGER NOT NULL, PRIMARY KEY(connection, fact, record)) WITHOUT ROWID;
CREATE INDEX fact_value ON fact(connection, fact, owner, value);
CREATE INDEX fact_text_hash ON fact(connection, fact, owner, text_hash) WHERE text_hash <> 0;
CREATE TABLE fact_owner(connection TEXT NOT NULL, fact TEXT NOT NULL, owner TEXT NOT NULL, sum BLOB NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(connection, fact, owner)) WITHOUT ROWID;
CREATE TABLE fact_text(connection TEXT NOT NULL, fact TEXT NOT NULL, owner TEXT NOT NULL, text_hash INTEGER NOT NULL,
  count INTEGER NOT NULL, PRIMARY KEY(connection, fact, owner, text_hash)) WITHOUT ROWID;
)sql";

// Keys begin with their time. Those of before are forgotten: a repeat of what they stood for changes nothing, only
// costs.
constexpr const char* step_2 = R"sql(
ALTER TABLE journal ADD COLUMN key_time INTEGER NOT NULL DEFAULT 0;
DROP TABLE journal_key;
CREATE TABLE journal_key(connection TEXT NOT NULL, key_time INTEGER NOT NULL, key INTEGER NOT NULL, received INTEGER NOT NULL,
  PRIMARY KEY(connection, key_time, key)) WITHOUT ROWID;
CREATE INDEX journal_key_age ON journal_key(received);
)sql";

// What is due is asked for by connection: one that is still being read must not stand in the way of the others.
constexpr const char* step_3 = R"sql(
DROP INDEX due_at;
CREATE INDEX due_connection_at ON due(connection, at) WHERE at IS NOT NULL;
)sql";

// A journal by row numbers (see journal_line.hpp), its newest entry found at its end, and keys without an index by age:
// a commit at the door writes a third of the pages that it did.
constexpr const char* step_4 = R"sql(
ALTER TABLE journal RENAME TO journal_before;
ALTER TABLE journal_state RENAME TO journal_state_before;
CREATE TABLE journal_state(number INTEGER PRIMARY KEY, connection TEXT NOT NULL UNIQUE, applied INTEGER NOT NULL);
INSERT INTO journal_state(connection,applied) SELECT connection,applied FROM journal_state_before;
CREATE TABLE journal(row INTEGER PRIMARY KEY, kind INTEGER NOT NULL, object TEXT NOT NULL, record TEXT NOT NULL,
  key INTEGER NOT NULL, key_time INTEGER NOT NULL, received INTEGER NOT NULL, body BLOB NOT NULL);
INSERT INTO journal SELECT (number<<40)+position,kind,object,record,key,key_time,received,body
  FROM journal_before JOIN journal_state USING(connection);
DROP TABLE journal_before;
DROP TABLE journal_state_before;
DROP INDEX journal_key_age;
)sql";

// Keys by place (see journal_key.hpp). Those of before are forgotten, as in step 2.
constexpr const char* step_5 = R"sql(
DROP TABLE journal_key;
CREATE TABLE journal_key(place INTEGER PRIMARY KEY, connection INTEGER NOT NULL, key INTEGER NOT NULL,
  received INTEGER NOT NULL);
)sql";

// What detectors found is walked over once a day, in the order of its rules.
constexpr const char* step_6 = R"sql(
ALTER TABLE finding ADD COLUMN detail BLOB NOT NULL DEFAULT x'';
CREATE INDEX finding_detected ON finding(connection, rule, object, record, finding)
  WHERE ended IS NULL AND detail <> x'';
)sql";

// Nobody asks for the prompts of a person but by the time they were sent.
constexpr const char* step_7 = R"sql(
DROP INDEX prompt_person;
)sql";

// Only texts that several records share are counted; see write_facts.cpp.
constexpr const char* step_8 = R"sql(
DELETE FROM fact_text WHERE count<2;
)sql";

constexpr std::array<const char*, 8> steps{step_1, step_2, step_3, step_4, step_5, step_6, step_7, step_8};

}  // namespace

std::span<const char* const> schema_steps() noexcept {
  return steps;
}

}  // namespace coachd::store::sqlite
