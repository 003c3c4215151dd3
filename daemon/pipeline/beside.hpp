// What stands beside the records that rules judge: activities, child and associated records. They are read and stored
// like any record; an index (facts of the store: owner = the record they belong to) finds them from there. One whose
// row changed makes the records that it belongs or belonged to due.
#pragma once

#include <cstdint>
#include <map>
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

namespace coachd::pipeline {

struct Context;
struct BuiltCase;

/// An object whose records are read because they stand beside others. Part of a Context.
struct Beside {
  std::string object;                                  ///< canonical
  std::string crm_object;                              ///< the CRM's own name
  std::vector<std::string> columns;                    ///< all that is read of it
  bool judged = false;                                 ///< rules are about it, too
  bool history = false;                                ///< tests look at changes of its fields
  const connectors::ActivitySource* source = nullptr;  ///< null: no row of it tells what a person did
  std::vector<FieldNumber> source_fields;              ///< parallel to the columns of `source`
  struct Link {
    FieldNumber field = 0;        ///< holds the ids of the records that a row belongs to
    std::string fact;             ///< of the index
    std::vector<std::string> to;  ///< canonical objects of those
  };
  std::vector<Link> links;
  std::string whole;  ///< name of the metadata row that stands once all of it has been read
};

/// What one object's records have beside them.
struct Surrounded {
  std::vector<std::string> sources;  ///< canonical objects of the activity sources that can be read
  bool all_sources = false;          ///< these are all that the connection declares, and there is one
  std::vector<std::string> related;  ///< parallel to ObjectPlan::related; "" where the connection cannot tell
};

/// The columns that are read of an object, whatever it is read for; empty where it is not read.
[[nodiscard]] std::vector<std::string> columns_to_read(const Context& context, const std::string& object);

[[nodiscard]] inline bool has_surroundings(const rules::ObjectPlan& plan) noexcept {
  return plan.needs_activities || !plan.related.empty();
}

/// `whole`: see Beside.
[[nodiscard]] bool was_read_whole(const store::Snapshot& snapshot, const std::string& whole);

/// Activities and related records into a case, as far as the connection can tell. Nothing for an object whose rules ask
/// for none.
void fill_surroundings(const Context& context, const rules::ObjectPlan& plan, const store::Snapshot& snapshot,
                       BuiltCase& built);

/// Keeps the index while records change: collects what one unit does to it.
class BesideKeeper {
 public:
  BesideKeeper(const Context& context, const store::Snapshot& snapshot) : context_(context), snapshot_(snapshot) {}

  /// A row as it was stored (null: not known) and as it is now.
  void record(const Beside& beside, const store::SnapshotRow* before, const store::SnapshotRow& now);
  /// A row changed in this unit: what stands beside a record cannot be read from the snapshot alone.
  [[nodiscard]] bool changed() const noexcept { return changed_; }
  /// Adds the rows of the index and the records to make due, and counts those that the unit did not make due already
  /// (`woken_by_surroundings`). Call once, at the end.
  void finish(store::UnitOfWork& unit, model::Instant now);

 private:
  [[nodiscard]] bool whole(const Beside& beside);

  const Context& context_;
  const store::Snapshot& snapshot_;
  bool changed_ = false;
  std::map<std::string, bool> whole_;                                 // by name of the metadata row
  std::map<std::pair<std::string, std::string>, std::string> index_;  // (fact, record) -> owner; "": gone
  std::set<std::pair<std::string, std::string>> woken_;               // object, record
};

}  // namespace coachd::pipeline
