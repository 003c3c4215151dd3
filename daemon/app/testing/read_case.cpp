// One case of a test file: the record, what became of it, what is expected, and the steps after it.
#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/reading.hpp"
#include "daemon/app/testing/spec.hpp"
#include "rules/conditions/case.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

using rules::Activity;

// A record as `{name: Acme, stage: Proposal, account: {health_score: 40}}`.
void read_fields(Reader& r, const yaml::Node& node, const std::string& above, RawFields& out) {
  for (const auto& [name, v] : node.entries()) {
    const std::string whole = above + name;
    if (v.is_map())
      read_fields(r, v, whole + ".", out);
    else if (auto raw = value(r, v, whole))
      out[whole] = std::move(*raw);
  }
}

// What stands in a record but is no field of the rules alone: taken out or read besides.
struct Special {
  std::string id;
  std::optional<model::Instant> created, modified;
  std::string created_by;
};
Special take_special(Reader& r, const yaml::Node& node, RawFields& fields) {
  Special out;
  const auto text = [&](const char* name) {
    const auto it = fields.find(name);
    return it == fields.end() || it->second.null ? std::string() : it->second.text;
  };
  const auto at = [&](const char* name) {
    const auto it = fields.find(name);
    return it == fields.end() || it->second.null ? std::nullopt : moment(r, node.find(name), name);
  };
  out.id = text("id");
  out.created = at("created");
  out.modified = at("modified");
  out.created_by = text("created_by");
  return out;
}

std::vector<HistoryLine> read_history(Reader& r, const yaml::Node& node) {
  std::vector<HistoryLine> out;
  for (const auto& item : list(r, node, "history", "[{field: stage, to: Proposal, at: 2026-04-20}]")) {
    yaml::MapReader map(r.document, item, "a line of history");
    HistoryLine line;
    line.place = item.place();
    line.field = map.required_text("field");
    if (const auto from = map.optional("from")) line.from = value(r, from, "from");
    const auto to = value(r, map.required("to"), "to");
    const auto at = required_moment(r, map, "at");
    line.by = read_author(r, map);
    map.finish();
    if (line.field.empty() || !to || !at) continue;
    line.to = *to;
    line.at = *at;
    out.push_back(std::move(line));
  }
  sort_by_time(out);
  return out;
}

std::vector<ActivityLine> read_activities(Reader& r, const yaml::Node& node) {
  std::vector<ActivityLine> out;
  for (const auto& item : list(r, node, "activities", "[{kind: call, by: ana, at: 2026-04-28}]")) {
    yaml::MapReader map(r.document, item, "an activity");
    ActivityLine line;
    const auto kind = one_of(r, map.required("kind"), "kind", {"call", "meeting", "email", "note", "task"});
    if (kind) line.kind = static_cast<Activity::Kind>(*kind);
    if (const auto on = one_of(r, map.optional("on"), "on", {"record", "contacts", "account"}))
      line.on = static_cast<Activity::On>(*on);
    const auto at = required_moment(r, map, "at");
    line.by = read_author(r, map);
    line.done = map.boolean("done");
    map.finish();
    if (!kind || !at) continue;
    line.at = *at;
    out.push_back(std::move(line));
  }
  sort_by_time(out);
  return out;
}

std::vector<ReviewLine> read_reviews(Reader& r, const yaml::Node& node) {
  std::vector<ReviewLine> out;
  for (const auto& item : list(r, node, "reviews", "[{by: li, at: 2026-04-28}]")) {
    yaml::MapReader map(r.document, item, "a review");
    ReviewLine line;
    (void)map.required("by");
    line.by = read_author(r, map);
    const auto at = required_moment(r, map, "at");
    map.finish();
    if (line.by.empty() || !at) continue;
    line.at = *at;
    out.push_back(std::move(line));
  }
  sort_by_time(out);
  return out;
}

std::map<std::string, std::vector<RelatedRecord>> read_related(Reader& r, const yaml::Node& node) {
  std::map<std::string, std::vector<RelatedRecord>> out;
  for (const auto& [object, records] : entries(r, node, "related", "{contact_role: [{role: Champion}]}")) {
    auto& all = out[object];
    for (const auto& item : list(r, records, object, "[{role: Champion}]")) {
      if (!item.is_map()) {
        r.error("wrong-type", "a related record is a map of its fields: `{role: Champion}`", item.place());
        continue;
      }
      RelatedRecord one;
      read_fields(r, item, {}, one.fields);
      const auto special = take_special(r, item, one.fields);
      one.id = special.id;
      one.created = special.created;
      all.push_back(std::move(one));
    }
  }
  return out;
}

Events read_events(Reader& r, yaml::MapReader& map) {
  Events out;
  out.history = read_history(r, map.optional("history"));
  const auto activities = map.optional("activities");
  out.activities = read_activities(r, activities);
  out.says_activities = static_cast<bool>(activities);
  out.reviews = read_reviews(r, map.optional("reviews"));
  if (const auto related = map.optional("related")) out.related = read_related(r, related);
  return out;
}

void read_record(Reader& r, const yaml::Node& node, Subject& out) {
  out.place = node.place();
  if (!node.is_map()) {
    if (node) r.error("wrong-type", "a record is a map of its fields: `{id: 006A, stage: Proposal}`", node.place());
    return;
  }
  read_fields(r, node, {}, out.fields);
  auto special = take_special(r, node, out.fields);
  out.id = std::move(special.id);
  out.created = special.created;
  out.modified = special.modified;
  out.created_by = std::move(special.created_by);
}

// The keys of a record's past, beside `record`.
void read_past(Reader& r, yaml::MapReader& map, Subject& out) {
  if (const auto since = map.optional("known_since")) out.known_since = moment(r, since, "known_since");
  out.events = read_events(r, map);
  for (auto& n : names(r, map.optional("unread"), "unread")) out.unread.push_back({n.name, false, n.place});
}

// Another record: its fields, or `{record: {...}, history: [...]}` where it has a past, `times` over.
void read_other(Reader& r, const yaml::Node& node, std::vector<Subject>& out) {
  Subject one;
  const auto record = node.find("record");
  std::size_t times = 1;
  if (!record || !record.is_map()) {
    read_record(r, node, one);
  } else {
    yaml::MapReader map(r.document, node, "another record");
    read_record(r, map.required("record"), one);
    read_past(r, map, one);
    if (const auto n = map.number("times")) {
      times = static_cast<std::size_t>(std::clamp(*n, 1.0, 1'000.0));
      if (*n != static_cast<double>(times))
        r.error("wrong-type", "`times` is a whole number from 1 to 1000", node.find("times").place());
    }
    map.finish();
  }
  if (one.id.empty()) one.id = "other " + std::to_string(out.size() + 1);
  const auto id = one.id;
  for (std::size_t i = 1; i <= times; ++i) {
    if (i > 1) one.id = id + " (" + std::to_string(i) + ')';
    out.push_back(one);
  }
}

Expectations read_expectations(Reader& r, yaml::MapReader& map) {
  Expectations out;
  const auto listed = [&](const char* key) -> std::optional<std::vector<Named>> {
    const auto node = map.optional(key);
    if (!node) return std::nullopt;
    return names(r, node, key);
  };
  out.findings = listed("expect");
  out.others = listed("expect_others");
  out.untold = listed("cannot_tell");
  const auto prompts = map.optional("expect_prompt");
  for (const auto& [finding, text] :
       entries(r, prompts, "expect_prompt", "{commit-without-evidence: \"Acme is in commit\"}")) {
    Expectations::Prompt p;
    p.finding = {finding, prompts.key_place(finding)};
    for (auto& one : names(r, text, finding)) p.contains.push_back(std::move(one.name));
    out.prompts.push_back(std::move(p));
  }
  return out;
}

std::vector<Step> read_steps(Reader& r, const yaml::Node& node, std::optional<model::Instant> before) {
  std::vector<Step> out;
  for (const auto& item : list(r, node, "then", "[{at: 2026-05-05T09:00:00Z, set: {stage: Proposal}, expect: []}]")) {
    yaml::MapReader map(r.document, item, "a step of `then`");
    Step step;
    step.place = item.place();
    const auto at = required_moment(r, map, "at");
    const auto set = map.optional("set");
    if (set.is_map())
      read_fields(r, set, {}, step.set);
    else if (set)
      r.error("wrong-type", "`set` is a map of fields: `{next_step: Call on Friday}`", set.place());
    step.by = read_author(r, map);
    step.events = read_events(r, map);
    if (const auto held = map.optional("meetings")) step.meetings = meetings(r, held);
    step.expect = read_expectations(r, map);
    map.finish();
    if (!item.is_map()) continue;
    if (step.set.contains("id") || step.set.contains("created"))
      r.error("wrong-type", "`id` and `created` of a record stay what they are", set.place());
    if (!step.expect.any())
      r.error("expects-nothing", "this step expects nothing: say what is found then, `expect: []` where nothing is",
              item.place());
    if (!at) continue;
    step.at = *at;
    if (before && *at < *before)
      r.error("wrong-order", "this is before what stands above: steps go forward in time", item.find("at").place());
    before = at;
    out.push_back(std::move(step));
  }
  return out;
}

}  // namespace

std::vector<PromptCount> read_counts(Reader& r, const yaml::Node& node) {
  std::vector<PromptCount> out;
  for (const auto& [person, said] : entries(r, node, "prompts", "{ana: {per_week: 2}}")) {
    yaml::MapReader map(r.document, said, "a number of prompts");
    PromptCount count;
    count.person = {person, node.key_place(person)};
    const auto whole = [&](const char* key) -> std::optional<int> {
      const auto n = map.number(key);
      if (!n) return std::nullopt;
      if (*n >= 0 && *n <= 10'000 && *n == static_cast<int>(*n)) return static_cast<int>(*n);
      r.error("wrong-type", "`" + std::string(key) + "` is a whole number", said.find(key).place());
      return std::nullopt;
    };
    count.per_day = whole("per_day");
    count.per_week = whole("per_week");
    map.finish();
    if (said.is_map() && !said.find("per_day") && !said.find("per_week"))
      r.error("missing-key", "say how many prompts: `{per_week: 2}` or `{per_day: 1}`", said.place());
    out.push_back(std::move(count));
  }
  return out;
}

std::optional<TestCase> test_case(Reader& r, const yaml::Node& node) {
  yaml::MapReader map(r.document, node, "a case");
  if (!node.is_map()) return std::nullopt;
  TestCase out;
  out.place = node.place();
  out.name = map.required_text("name");
  out.object = map.text("object").value_or("");
  if (const auto now = map.optional("now")) out.now = moment(r, now, "now");
  read_record(r, map.required("record"), out.record);
  read_past(r, map, out.record);
  for (const auto& other : list(r, map.optional("others"), "others", "[{id: 006B, owner: ana, amount: 1000}]"))
    read_other(r, other, out.others);
  if (const auto held = map.optional("meetings")) out.meetings = meetings(r, held);
  out.evidence = read_evidence(r, map.optional("evidence"), out.record.known_since);
  out.expect = read_expectations(r, map);
  if (const auto prompts = map.optional("prompts")) out.prompts = read_counts(r, prompts);
  out.then = read_steps(r, map.optional("then"), out.now ? out.now : std::optional(r.file.now));
  map.finish();
  if (out.name.empty()) return std::nullopt;
  if (!out.expect.any() && out.prompts.empty() && out.then.empty())
    r.error("expects-nothing",
            "this case expects nothing and cannot fail: say what is found, `expect: []` where "
            "nothing is",
            node.place());
  if (out.record.id.empty()) out.record.id = "record";
  return out;
}

}  // namespace coachd::app::rule_tests
