// How records travel through the journal and stand in snapshots: a compact, self-delimiting byte form of
// (field number, value) pairs. Written and read by the hall only; the store sees opaque bytes. A body that does not
// decode is corrupt and throws std::runtime_error: it was written by us.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/store/store.hpp"
#include "rules/conditions/day_facts.hpp"
#include "rules/model/record.hpp"

namespace coachd::pipeline {

using FieldNumber = std::uint32_t;
using NumberedValues = std::vector<std::pair<FieldNumber, model::Value>>;

/// Blank values are left out: a field of the read set without an entry is blank.
[[nodiscard]] std::string encode_values(const NumberedValues& values);
/// Texts are views into `blob`.
[[nodiscard]] NumberedValues decode_values(std::string_view blob);

/// A record as it entered the journal.
struct JournalChange {
  model::Instant version{}, created{};
  std::string created_by, modified_by;
  bool deleted = false;
  std::string merged_into;
  std::uint32_t read_set = 0;
  std::string values;  ///< encode_values
};
[[nodiscard]] std::string encode(const JournalChange& change);
[[nodiscard]] JournalChange decode_change(std::string_view body);

/// Vendor history rows of one record.
struct JournalHistoryRow {
  FieldNumber field = 0;
  model::Instant at{};
  std::string author, vendor_id;
  model::StoredValue from, to;
};
[[nodiscard]] std::string encode(const std::vector<JournalHistoryRow>& rows);
/// Appends one more to `body`. Of `row` the field is not looked at.
void encode_onto(std::string& body, FieldNumber field, const model::HistoryRow& row, std::string_view vendor_id);
[[nodiscard]] std::vector<JournalHistoryRow> decode_history(std::string_view body);

/// The statistical facts of a day, as they are kept dated.
[[nodiscard]] std::string encode(const rules::DayFacts& facts);
/// Nothing where another version wrote them: they are made anew.
[[nodiscard]] std::optional<rules::DayFacts> decode_day_facts(std::string_view body);

/// What a detector found, as it stands in FindingRow::detail.
struct Detail {
  std::string why;                   ///< in words
  std::string to;                    ///< who is told beside the person whom it is about: an e-mail or a person id
  std::string field;                 ///< the CRM's own name; "" where it is about no field
  std::vector<std::string> records;  ///< that it rests on
  std::vector<std::pair<std::string, model::StoredValue>> facts;
};
[[nodiscard]] std::string encode(const Detail& detail);
[[nodiscard]] Detail decode_detail(std::string_view body);

/// A 64-bit hash that is the same on every machine and in every version (it stands in the store). FNV-1a with a final
/// mix.
[[nodiscard]] std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0);
/// 32 hexadecimal digits of two such hashes: the key of a prompt.
[[nodiscard]] std::string stable_key(std::string_view bytes);

}  // namespace coachd::pipeline
