// Records as they change, and records by id. Inner header of hubspot/. Thread rule: the network thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/cursor.hpp"
#include "connectors/hubspot/rows.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

/// Which versions of which records were read in the overlap that every poll looks back over, so that they are not read
/// again. It holds only for a caller who comes back with the very cursor that was handed out with them: then their rows
/// are stored. Losing it costs calls, never a change.
class Seen {
 public:
  using Versions = std::unordered_multimap<std::string, model::Instant>;
  /// Whether that version of that record is among them.
  [[nodiscard]] static bool holds(const Versions& versions, const std::string& record, model::Instant version);
  [[nodiscard]] Versions take(const std::string& reading, std::string_view cursor);
  [[nodiscard]] std::uint64_t next_turn() noexcept { return ++turn_; }
  void keep(const std::string& reading, std::string cursor, Versions versions, model::Instant older_than);

 private:
  struct Kept {
    std::string cursor;
    Versions versions;
  };
  std::uint64_t turn_ = 0;
  std::map<std::string, Kept> readings_;  // by object and columns
};

/// One page of a reading. Properties that the account lacks come back as unread values.
[[nodiscard]] Task<connectors::Page> read_changes(Session& session, Catalog& catalog, Seen& seen,
                                                  connectors::ReadRequest request);
/// Any number of ids; what was deleted comes as deleted while the recycle bin holds it.
[[nodiscard]] Task<connectors::Page> fetch_records(Session& session, Catalog& catalog, std::string object,
                                                   std::vector<model::RecordId> ids, std::vector<std::string> columns);

/// Records of the ids that are there, with values and history, in no order.
[[nodiscard]] Task<connectors::Page> read_by_id(Session& session, Selection selection, std::vector<std::string> ids);

}  // namespace coachd::hubspot
