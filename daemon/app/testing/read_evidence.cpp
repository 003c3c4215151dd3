// What no record holds: who signed in, what was exported, which tasks an automation made. And how long won records
// stood in their stages, where a test says it outright.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/reading.hpp"
#include "daemon/app/testing/spec.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

// Rows of one table; a table that is named is known, also where it is empty.
template <class Row, class Read>
void read_table(Reader& r, yaml::MapReader& tables, const char* key, std::optional<model::Instant> known_since,
                rules::EvidenceTable<Row>& out, Read read) {
  const auto node = tables.optional(key);
  if (!node) return;
  out.known_since = known_since;
  for (const auto& item : list(r, node, key, "[{by: ana, at: 2026-04-28}]")) {
    yaml::MapReader map(r.document, item, "a row of `" + std::string(key) + '`');
    Row row;
    if (read(map, row)) out.rows.push_back(std::move(row));
    map.finish();
  }
}

bool read_doing(Reader& r, yaml::MapReader& map, std::string& person, model::Instant& at) {
  (void)map.required("by");
  person = read_author(r, map);
  const auto when = required_moment(r, map, "at");
  if (when) at = *when;
  return when && !person.empty();
}

std::optional<std::chrono::seconds> read_age(Reader& r, const yaml::Node& node) {
  const auto span = node.is_scalar() ? model::parse_span(node.text()) : std::nullopt;
  using Unit = model::Span::Unit;
  if (span && span->unit == Unit::seconds) return std::chrono::seconds(span->count);
  if (span && span->unit == Unit::days) return std::chrono::days(span->count);
  r.error("wrong-type", "an age is a number of days, weeks or hours: 10d, 2w, 36h", node.place());
  return std::nullopt;
}

}  // namespace

rules::Evidence read_evidence(Reader& r, const yaml::Node& node, std::optional<model::Instant> known_since) {
  rules::Evidence out;
  if (!node) return out;
  yaml::MapReader tables(r.document, node, "`evidence`");
  if (const auto since = tables.optional("known_since")) known_since = moment(r, since, "known_since");
  if (!known_since) known_since = model::Instant{};  // since ever
  read_table(r, tables, "logins", known_since, out.logins,
             [&](auto& map, rules::Login& row) { return read_doing(r, map, row.person, row.at); });
  read_table(r, tables, "exports", known_since, out.exports,
             [&](auto& map, rules::ExportTaken& row) { return read_doing(r, map, row.person, row.at); });
  read_table(r, tables, "automatic_tasks", known_since, out.automatic_tasks, [&](auto& map, rules::AutomaticTask& row) {
    row.automation = map.required_text("automation");
    row.owner = map.required_text("owner");
    row.record = map.text("record").value_or("");
    const auto created = required_moment(r, map, "created");
    if (created) row.created = *created;
    row.due = moment(r, map.optional("due"), "due");
    row.completed = moment(r, map.optional("completed"), "completed");
    row.followed = map.boolean("followed").value_or(false);
    return created.has_value();
  });
  read_table(r, tables, "files", known_since, out.files, [&](auto& map, rules::AttachedFile& row) {
    row.record = map.text("record").value_or("");
    row.name = map.required_text("name");
    return read_doing(r, map, row.person, row.at);
  });
  read_table(r, tables, "notes", known_since, out.notes, [&](auto& map, rules::WrittenNote& row) {
    row.record = map.text("record").value_or("");
    row.text = map.required_text("text");
    return read_doing(r, map, row.person, row.at);
  });
  read_table(r, tables, "mended", known_since, out.mended, [&](auto& map, rules::MendedPrompt& row) {
    row.person = map.required_text("person");
    row.record = map.text("record").value_or("");
    row.rule = map.required_text("rule");
    const auto sent = required_moment(r, map, "sent");
    const auto mended = required_moment(r, map, "mended");
    if (sent && mended) {
      row.sent = *sent;
      row.mended = *mended;
    }
    return sent && mended;
  });
  tables.finish();
  return out;
}

// `{Negotiation: [10d, {records: 30, age: 12d}]}`, or that below the name of a pipeline.
StageAgesSaid read_stage_ages(Reader& r, const yaml::Node& node) {
  StageAgesSaid out;
  const auto stage = [&](const std::string& pipeline, const std::string& name, const yaml::Node& ages) {
    auto& all = out[{pipeline, name}];
    for (const auto& item : list(r, ages, name, "[10d, {records: 30, age: 12d}]")) {
      if (!item.is_map()) {
        if (const auto age = read_age(r, item)) all.push_back(*age);
        continue;
      }
      yaml::MapReader map(r.document, item, "won records");
      const auto records = map.number("records");
      const auto age = map.required("age");
      map.finish();
      const auto each = age ? read_age(r, age) : std::nullopt;
      if (records && (*records < 1 || *records > 10'000))
        r.error("wrong-type", "`records` lies between 1 and 10000", item.find("records").place());
      else if (each)
        all.insert(all.end(), static_cast<std::size_t>(records.value_or(1)), *each);
    }
    std::sort(all.begin(), all.end());
  };
  for (const auto& [name, below] : entries(r, node, "stage_ages", "{Negotiation: [10d, {records: 30, age: 12d}]}")) {
    if (!below.is_map())
      stage("", name, below);
    else
      for (const auto& [inner, ages] : below.entries()) stage(name, inner, ages);
  }
  return out;
}

}  // namespace coachd::app::rule_tests
