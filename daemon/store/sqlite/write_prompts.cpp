#include <string>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/encoding.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

void write_finding(Connection& c, const FindingRow& f) {
  Query(
      c,
      "INSERT INTO "
      "finding(connection,object,record,rule,finding,owner,since,first_seen,ended,ended_how,episode,old_record,detail) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(connection,object,record,rule,finding) DO UPDATE SET "
      "owner=excluded.owner,"
      "since=excluded.since,first_seen=excluded.first_seen,ended=excluded.ended,ended_how=excluded.ended_how,episode="
      "excluded.episode,"
      "old_record=excluded.old_record,detail=excluded.detail",
      f.connection, f.object, f.record, f.rule, f.finding, f.owner, f.since, f.first_seen, f.ended, f.ended_how,
      f.episode, f.old_record, Blob{f.detail})
      .run();
}

// What nearly every write of a prompt changes, without the columns of the indexes by record, person and day of sending:
// SQLite writes an index anew where a column of it is set, whether or not to something else. False: it needs the whole.
bool advance_prompt(Connection& c, const PromptRow& p, const std::string& lines) {
  return Query(c,
               "UPDATE prompt SET carrier=?,episode=?,state=?,reason=?,changed=?,next_at=?,crm_id=?,subject=?,body=?,"
               "lines=? WHERE connection=? AND key=? AND object=? AND record=? AND person=? AND opened=? AND "
               "sent_at IS ?",
               p.carrier, p.episode, static_cast<int>(p.state), p.reason, p.changed, p.next_at, p.crm_id, p.subject,
               p.body, lines, p.connection, p.key, p.object, p.record, p.person, p.opened, p.sent_at)
             .run() > 0;
}

void write_prompt(Connection& c, const PromptRow& p) {
  const std::string lines = encode_lines(p.lines);
  if (advance_prompt(c, p, lines)) return;
  Query(c,
        "INSERT INTO "
        "prompt(connection,key,object,record,person,carrier,episode,state,reason,opened,changed,next_at,crm_id,sent_at,"
        "subject,"
        "body,lines) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(connection,key) DO UPDATE SET "
        "object=excluded.object,"
        "record=excluded.record,person=excluded.person,carrier=excluded.carrier,episode=excluded.episode,state="
        "excluded.state,"
        "reason=excluded.reason,opened=excluded.opened,changed=excluded.changed,next_at=excluded.next_at,crm_id="
        "excluded.crm_id,"
        "sent_at=excluded.sent_at,subject=excluded.subject,body=excluded.body,lines=excluded.lines",
        p.connection, p.key, p.object, p.record, p.person, p.carrier, p.episode, static_cast<int>(p.state), p.reason,
        p.opened, p.changed, p.next_at, p.crm_id, p.sent_at, p.subject, p.body, lines)
      .run();
}

void write_outbox(Connection& c, const OutboxRow& o) {
  Query(c,
        "INSERT INTO outbox(connection,prompt,op,state,attempts,not_before,since) VALUES(?,?,?,?,?,?,?) ON "
        "CONFLICT(connection,prompt) "
        "DO UPDATE SET "
        "op=excluded.op,state=excluded.state,attempts=excluded.attempts,not_before=excluded.not_before,since=excluded."
        "since",
        o.connection, o.prompt, static_cast<int>(o.op), static_cast<int>(o.state), o.attempts, o.not_before, o.since)
      .run();
}

void write_reason(Connection& c, const ReasonRow& r) {
  Query(c,
        "INSERT INTO reason(connection,object,record,rule,stage,reason,since,count) VALUES(?,?,?,?,?,?,?,?) "
        "ON CONFLICT(connection,object,record,rule,stage) DO UPDATE SET "
        "count=CASE WHEN reason=excluded.reason THEN count+excluded.count ELSE excluded.count END,"
        "since=CASE WHEN reason=excluded.reason THEN since ELSE excluded.since END, reason=excluded.reason",
        r.connection, r.object, r.record, r.rule, r.stage, r.reason, r.since, r.count)
      .run();
}

}  // namespace

void write_prompts(Connection& c, const UnitOfWork& unit) {
  for (const auto& f : unit.findings) write_finding(c, f);
  for (const auto& p : unit.prompts) write_prompt(c, p);
  for (const auto& [connection, prompt] : unit.outbox_done)
    Query(c, "DELETE FROM outbox WHERE connection=? AND prompt=?", connection, prompt).run();
  for (const auto& o : unit.outbox) write_outbox(c, o);
  for (const auto& r : unit.reasons) write_reason(c, r);
}

}  // namespace coachd::store::sqlite
