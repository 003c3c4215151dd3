#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/encoding.hpp"
#include "daemon/store/sqlite/snapshot.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/finding.hpp"

namespace coachd::store::sqlite {
namespace {

#define FINDING_COLUMNS                                                                                            \
  "SELECT connection,object,record,rule,finding,owner,since,first_seen,ended,ended_how,episode,old_record,detail " \
  "FROM finding "
#define PROMPT_COLUMNS                                                                                              \
  "SELECT "                                                                                                         \
  "connection,key,object,record,person,carrier,episode,state,reason,opened,changed,next_at,crm_id,sent_at,subject," \
  "body,lines FROM "                                                                                                \
  "prompt "
#define OUTBOX_COLUMNS "SELECT connection,prompt,op,state,attempts,not_before,since FROM outbox "

FindingRow finding_row(Query& q) {
  return FindingRow{q.text(0),
                    q.text(1),
                    q.text(2),
                    q.text(3),
                    q.text(4),
                    q.text(5),
                    q.maybe_instant(6),
                    q.instant(7),
                    q.maybe_instant(8),
                    q.text(9),
                    static_cast<std::int32_t>(q.integer(10)),
                    q.integer(11) != 0,
                    q.text(12)};
}

PromptRow prompt_row(Query& q) {
  PromptRow p;
  p.connection = q.text(0);
  p.key = q.text(1);
  p.object = q.text(2);
  p.record = q.text(3);
  p.person = q.text(4);
  p.carrier = q.text(5);
  p.episode = static_cast<std::int32_t>(q.integer(6));
  p.state = static_cast<model::PromptState>(q.integer(7));
  p.reason = q.text(8);
  p.opened = q.instant(9);
  p.changed = q.instant(10);
  p.next_at = q.maybe_instant(11);
  p.crm_id = q.text(12);
  p.sent_at = q.maybe_instant(13);
  p.subject = q.text(14);
  p.body = q.text(15);
  p.lines = decode_lines(q.text(16));
  return p;
}

OutboxRow outbox_row(Query& q) {
  return OutboxRow{q.text(0),
                   q.text(1),
                   static_cast<OutboxRow::Op>(q.integer(2)),
                   static_cast<OutboxRow::State>(q.integer(3)),
                   static_cast<std::int32_t>(q.integer(4)),
                   q.instant(5),
                   q.instant(6)};
}

}  // namespace

// INDEXED BY: without statistics SQLite takes `connection=?` for narrow and walks the table by its key, although one
// connection may hold nearly every row.
std::vector<FindingRow> SqliteSnapshot::findings_of(std::string_view connection, std::string_view object,
                                                    std::string_view id) const {
  return rows_of(c_, finding_row, FINDING_COLUMNS "WHERE connection=? AND object=? AND record=? ORDER BY rule,finding",
                 connection, object, id);
}

std::vector<FindingRow> SqliteSnapshot::open_findings(std::string_view connection, std::size_t limit) const {
  if (connection.empty())
    return rows_of(c_, finding_row,
                   FINDING_COLUMNS "WHERE ended IS NULL ORDER BY connection,object,record,rule,finding LIMIT ?", limit);
  return rows_of(
      c_, finding_row,
      FINDING_COLUMNS
      "INDEXED BY finding_open WHERE ended IS NULL AND connection=? ORDER BY object,record,rule,finding LIMIT ?",
      connection, limit);
}

std::vector<PromptRow> SqliteSnapshot::prompts_of(std::string_view connection, std::string_view object,
                                                  std::string_view id) const {
  return rows_of(c_, prompt_row,
                 PROMPT_COLUMNS
                 "INDEXED BY prompt_record WHERE connection=? AND object=? AND record=? ORDER BY opened,key",
                 connection, object, id);
}

std::optional<PromptRow> SqliteSnapshot::prompt(std::string_view connection, std::string_view key) const {
  return row_of(c_, prompt_row, PROMPT_COLUMNS "WHERE connection=? AND key=?", connection, key);
}

// The short key is how a key begins; keys are hex, so 'g' ends the range. Of several, the one opened last.
std::optional<PromptRow> SqliteSnapshot::prompt_by_short_key(std::string_view connection,
                                                             std::string_view short_key) const {
  if (short_key.empty()) return std::nullopt;
  return row_of(c_, prompt_row,
                PROMPT_COLUMNS "WHERE connection=?1 AND key>=?2 AND key<?2||'g' ORDER BY opened DESC,key LIMIT 1",
                connection, short_key);
}

std::vector<PromptRow> SqliteSnapshot::prompts(std::string_view connection, std::optional<model::PromptState> state,
                                               std::size_t limit) const {
  if (state)
    return rows_of(c_, prompt_row, PROMPT_COLUMNS "WHERE connection=? AND state=? ORDER BY opened,key LIMIT ?",
                   connection, static_cast<int>(*state), limit);
  return rows_of(c_, prompt_row, PROMPT_COLUMNS "WHERE connection=? ORDER BY opened,key LIMIT ?", connection, limit);
}

std::vector<PromptRow> SqliteSnapshot::prompts_waiting(Instant until, std::size_t limit) const {
  return rows_of(c_, prompt_row,
                 PROMPT_COLUMNS "WHERE next_at IS NOT NULL AND next_at<=? ORDER BY next_at,connection,key LIMIT ?",
                 until, limit);
}

std::optional<Instant> SqliteSnapshot::next_prompt_at() const {
  return row_of(
      c_, [](Query& q) { return q.instant(0); },
      "SELECT next_at FROM prompt WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1");
}

std::vector<OutboxRow> SqliteSnapshot::outbox(std::string_view connection, Instant until, std::size_t limit) const {
  return rows_of(c_, outbox_row,
                 OUTBOX_COLUMNS "WHERE connection=? AND not_before<=? ORDER BY not_before,prompt LIMIT ?", connection,
                 until, limit);
}

std::optional<OutboxRow> SqliteSnapshot::outbox_of(std::string_view connection, std::string_view prompt) const {
  return row_of(c_, outbox_row, OUTBOX_COLUMNS "WHERE connection=? AND prompt=?", connection, prompt);
}

std::optional<Instant> SqliteSnapshot::next_outbox_at() const {
  return row_of(c_, [](Query& q) { return q.instant(0); }, "SELECT not_before FROM outbox ORDER BY not_before LIMIT 1");
}

std::vector<Snapshot::PromptCount> SqliteSnapshot::prompt_counts(std::string_view connection) const {
  return rows_of(
      c_, [](Query& q) { return PromptCount{static_cast<model::PromptState>(q.integer(0)), q.integer(1)}; },
      "SELECT state,count(*) FROM prompt INDEXED BY prompt_state WHERE connection=? GROUP BY state", connection);
}

std::vector<FindingRow> SqliteSnapshot::detected_after(std::string_view connection, const DetectedKey& after,
                                                       std::size_t limit) const {
  return rows_of(c_, finding_row,
                 FINDING_COLUMNS
                 "INDEXED BY finding_detected WHERE ended IS NULL AND detail<>x'' AND connection=? AND "
                 "(rule,object,record,finding)>(?,?,?,?) ORDER BY rule,object,record,finding LIMIT ?",
                 connection, after.rule, after.object, after.record, after.finding, limit);
}

std::vector<FindingRow> SqliteSnapshot::findings_of_units(std::string_view connection) const {
  return rows_of(c_, finding_row,
                 FINDING_COLUMNS
                 "WHERE connection=? AND object>='unit:' AND object<'unit;' ORDER BY object,record,rule,finding",
                 connection);
}

std::vector<Snapshot::DetectedCount> SqliteSnapshot::detected_counts(std::string_view connection) const {
  return rows_of(
      c_, [](Query& q) { return DetectedCount{q.text(0), q.text(1), q.integer(2)}; },
      "SELECT rule,object,count(*) FROM finding INDEXED BY finding_detected WHERE ended IS NULL AND detail<>x'' AND "
      "connection=? GROUP BY rule,object",
      connection);
}

std::int64_t SqliteSnapshot::open_finding_count(std::string_view connection) const {
  return row_of(
             c_, [](Query& q) { return q.integer(0); },
             "SELECT count(*) FROM finding INDEXED BY finding_open WHERE ended IS NULL AND connection=?", connection)
      .value_or(0);
}

std::int64_t SqliteSnapshot::sent_between(std::string_view connection, std::string_view person, Instant from,
                                          Instant to) const {
  return row_of(
             c_, [](Query& q) { return q.integer(0); },
             "SELECT count(*) FROM prompt WHERE connection=? AND person=? AND sent_at IS NOT NULL AND sent_at>=? AND "
             "sent_at<?",
             connection, person, from, to)
      .value_or(0);
}

std::vector<ReasonRow> SqliteSnapshot::reasons_of(std::string_view connection, std::string_view object,
                                                  std::string_view id) const {
  const auto row = [](Query& q) {
    return ReasonRow{q.text(0), q.text(1), q.text(2), q.text(3), q.text(4), q.text(5), q.instant(6), q.integer(7)};
  };
  return rows_of(c_, row,
                 "SELECT connection,object,record,rule,stage,reason,since,count FROM reason WHERE connection=? AND "
                 "object=? AND record=? "
                 "ORDER BY rule,stage",
                 connection, object, id);
}

}  // namespace coachd::store::sqlite
