// What stands beside the records that rules judge: activities, child and associated records, contacts, and the record
// one step up. They are read and stored like any record; an index (facts of the store: owner = the record that a row
// names) finds them from there. One whose row changed makes the records due for which it counts or counted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {

struct Context;
struct BuiltCase;

/// From a record that a row names on to judged records: contact -> its deals, account -> its deals.
struct Onward {
  std::string object;      ///< canonical, of the judged records
  std::string fact;        ///< of the index that has the ids named; empty: the row of `join` with that id
  std::string join;        ///< canonical object of the rows in that index; empty: the judged records themselves
  FieldNumber record = 0;  ///< of a join: the field that names the judged record

  bool operator==(const Onward&) const = default;
};

/// A column of judged records that names others: its account, its contacts.
struct Naming {
  FieldNumber field = 0;
  std::string column;
  std::string fact;  ///< of the index
};

/// An object whose records are read because they stand beside others. Part of a Context.
struct Beside {
  std::string object;                                  ///< canonical
  std::string crm_object;                              ///< the CRM's own name
  std::vector<std::string> columns;                    ///< all that is read of it
  bool judged = false;                                 ///< rules are about it, too
  bool history = false;                                ///< tests look at changes of its fields
  const connectors::ActivitySource* source = nullptr;  ///< null: no row of it tells what a person did
  std::vector<FieldNumber> source_fields;              ///< parallel to the columns of `source`
  std::optional<FieldNumber> text;                     ///< what a person wrote in it, where a detector reads that
  bool tasks = false;                                  ///< a detector asks which of them automations made
  struct Link {
    FieldNumber field = 0;        ///< holds the ids of the records that a row belongs to
    std::string fact;             ///< of the index
    std::vector<std::string> to;  ///< canonical objects of those, as far as they are judged
    std::vector<Onward> onward;   ///< where those it names are contacts or accounts of judged records
  };
  std::vector<Link> links;
  std::vector<Onward> children;  ///< of judged records that it stands one step above
  std::string whole;             ///< name of the metadata row that stands once all of it has been read
};

/// Contacts or accounts whose activities count for records of one object.
struct Around {
  bool told = false;               ///< everything that may have been done with them can be read
  bool itself = false;             ///< the record is one of them
  FieldNumber field = 0;           ///< that names them: of the record, or of the rows of `join`
  std::string join;                ///< canonical object of rows that name them; empty: the record does
  std::string join_fact;           ///< of a join: index from the record to its rows
  bool rows = false;               ///< of a join: the rows are themselves the ones
  std::vector<std::string> facts;  ///< of the indexes from one of them to its activities; parallel to `sources`, or ""
};

/// A record one step up whose fields tests look at.
struct Parent {
  std::string object;     ///< canonical
  FieldNumber field = 0;  ///< of the child: names it
};

/// Rows in which people write on a record.
struct Written {
  std::string object;     ///< canonical
  FieldNumber field = 0;  ///< holds the text
};

/// What one object's records have beside them.
struct Surrounded {
  std::vector<std::string> sources;         ///< canonical objects of the activity sources that can be read
  bool all_sources = false;                 ///< these are all that the connection declares, and there is one
  std::vector<std::string> note_sources;    ///< the same of sources of notes, where a test asks who spoke of a record
  bool all_note_sources = false;            ///< as all_sources
  std::vector<std::string> related;         ///< parallel to ObjectPlan::related; "" where the connection cannot tell
  std::optional<Around> contacts, account;  ///< where tests look at what was done with them
  std::vector<Written> notes;               ///< that prompts quote
  std::vector<Parent> parents;
  std::vector<Naming> naming;  ///< what is read of the records for all this, and kept in an index
};

/// The columns that are read of an object, whatever it is read for; empty where it is not read.
[[nodiscard]] std::vector<std::string> columns_to_read(const Context& context, const std::string& object);

[[nodiscard]] inline bool has_surroundings(const rules::ObjectPlan& plan) noexcept {
  return plan.needs_activities || plan.needs_reviews || plan.needs_notes || plan.detects_notes || plan.detects_tasks ||
         !plan.related.empty() || plan.has_parents();
}
/// Activity sources are read beside its records.
[[nodiscard]] inline bool reads_sources(const rules::ObjectPlan& plan) noexcept {
  return plan.needs_activities || plan.needs_reviews || plan.needs_notes || plan.detects_notes || plan.detects_tasks;
}

/// `whole`: see Beside.
[[nodiscard]] bool was_read_whole(const store::Snapshot& snapshot, const std::string& whole);

/// What coachd made is nobody's work, whoever completed it since.
[[nodiscard]] bool is_own(const Context& context, const Beside& beside, const store::SnapshotRow& row);
/// What a row's `source` is asked with; texts point into the row.
[[nodiscard]] std::vector<model::Value> source_values(const Context& context, const Beside& beside,
                                                      const store::SnapshotRow& row);
/// What a person wrote into one field of a row, without the marks of a web page, in which HubSpot keeps notes; empty
/// where it holds no text.
[[nodiscard]] std::string written_text(const store::SnapshotRow& row, FieldNumber field);
/// The person of the company who did it, as the world holds their id, "" for somebody outside; nothing where it was
/// nobody of these.
[[nodiscard]] std::optional<std::string_view> person_of(const Context& context, const connectors::Deed& deed,
                                                        std::string_view created_by);
/// When it was done, or is to be.
[[nodiscard]] model::Instant moment_of(const Context& context, const model::Value& at);
/// The ids in one field of a row; none where it is deleted.
[[nodiscard]] std::vector<std::string> ids_in(const store::SnapshotRow& row, FieldNumber field);
/// Whose rows name a record, by an index.
[[nodiscard]] std::vector<std::string> naming(const Context& context, const store::Snapshot& snapshot,
                                              const std::string& fact, const std::string& id);

/// Keeps the index while records change: collects what one unit does to it.
class BesideKeeper {
 public:
  BesideKeeper(const Context& context, const store::Snapshot& snapshot) : context_(context), snapshot_(snapshot) {}

  /// A row as it was stored (null: not known) and as it is now.
  void record(const Beside& beside, const store::SnapshotRow* before, const store::SnapshotRow& now);
  /// A judged record, the same way: whom it names.
  void judged(const Surrounded& around, const store::SnapshotRow* before, const store::SnapshotRow& now);
  /// A row changed in this unit: what stands beside a record cannot be read from the snapshot alone.
  [[nodiscard]] bool changed() const noexcept { return changed_; }
  /// Adds the rows of the index and the records to make due, and counts those that the unit did not make due already
  /// (`woken_by_surroundings`). Call once, at the end.
  void finish(store::UnitOfWork& unit, model::Instant now);

 private:
  [[nodiscard]] bool whole(const Beside& beside);
  void reindex(const std::string& fact, FieldNumber field, const store::SnapshotRow* before,
               const store::SnapshotRow& now);
  void go_on(const Onward& onward, const std::string& id);

  const Context& context_;
  const store::Snapshot& snapshot_;
  bool changed_ = false;
  std::map<std::string, bool> whole_;                                    // by name of the metadata row
  std::map<std::pair<std::string, std::string>, std::string> index_;     // (fact, record) -> owner; "": gone
  std::set<std::pair<std::string, std::string>> woken_;                  // object, record
  std::map<std::pair<std::string, std::string>, const Onward*> onward_;  // (where to, id named)
};

}  // namespace coachd::pipeline
