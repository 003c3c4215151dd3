// Records as they are read, and what became of their fields. A record is a row of values over a column list;
// history rows are dated twice (when it happened, when coachd saw it) and name their source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::model {

/// One record as a connector read it. `values` runs parallel to the columns of its page.
struct RecordRow {
  RecordId id;
  Instant version{};  ///< Salesforce SystemModstamp, HubSpot hs_lastmodifieddate
  Instant created{};
  PersonId created_by;
  PersonId modified_by;  ///< who the CRM names as last author; empty: unknown
  bool deleted = false;
  RecordId merged_into;  ///< empty: not merged
  std::vector<StoredValue> values;
};

enum class HistorySource : std::uint8_t {
  vendor,   ///< the CRM's own field history
  diff,     ///< seen between two reads: `at` is the record's version, the author its last author
  created,  ///< the value present when the record was created
};

/// One change of one field.
struct HistoryRow {
  FieldName field;
  Instant at{};
  Instant seen_at{};
  PersonId author;  ///< empty: unknown
  HistorySource source = HistorySource::vendor;
  StoredValue from;
  StoredValue to;
};

}  // namespace coachd::model
