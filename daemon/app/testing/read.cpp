// The head of a test file: rules, now, stages, people and what else holds for all of its cases.
#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/reading.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/settings/read.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/calendar/calendar.hpp"
#include "rules/calendar/tz.hpp"
#include "rules/loader/parts.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

// `zone: Europe/Berlin`, or `calendar:` as in coachd.yaml.
void read_calendar(Reader& r, yaml::MapReader& map) {
  settings::Context context{r.document, {}, {}};
  settings::CalendarSettings said;
  settings::read_calendar(context, map.optional("calendar"), said);
  auto zone = said.zone;
  auto place = said.zone_place;
  if (const auto text = map.text("zone")) {
    zone = *text;
    place = map.node().find("zone").place();
  }
  calendar::Zone table;
  if (!zone.empty() && !calendar::is_zone(zone))
    r.error("unknown-zone", "unknown time zone `" + zone + "`: a name like Europe/Berlin is expected", place);
  else if (!zone.empty())
    table = calendar::load_zone(zone);
  r.file.calendar =
      calendar::Calendar(std::move(table), said.holidays, std::max(said.fiscal_month, 1), said.fiscal_day);
}

// How much one person gets, as in coachd.yaml.
void read_budget(Reader& r, yaml::MapReader& map) {
  settings::Context context{r.document, {}, {}};
  settings::Budget said;
  settings::read_budget(context, map.optional("budget"), said);
  r.file.budget = {said.per_day, said.per_week};
}

// A list of stages, or one list a pipeline.
void read_stages(Reader& r, const yaml::Node& node) {
  if (!node.is_map()) {
    r.file.pipelines = rules::read_stages(node, r.document);
    return;
  }
  for (const auto& [name, stages] : node.entries())
    for (auto& pipeline : rules::read_stages(stages, r.document)) {
      pipeline.name = pipeline.label = name;
      r.file.pipelines.push_back(std::move(pipeline));
    }
}

void read_people(Reader& r, const yaml::Node& node) {
  for (const auto& [id, said] : entries(r, node, "people", "{ana: {job: rep, manager: li}, li: {job: manager}}")) {
    yaml::MapReader map(r.document, said, "a person");
    model::Person p;
    p.id = model::PersonId(id);
    p.name = map.text("name").value_or(id);
    p.email = map.text("email").value_or(id.find('@') == std::string::npos ? id + "@example.com" : id);
    p.manager = model::PersonId(map.text("manager").value_or(""));
    static constexpr std::initializer_list<std::string_view> jobs = {
        "rep", "manager", "marketing", "customer_success", "finance", "executive", "revops"};
    if (const auto job = one_of(r, map.optional("job"), "job", jobs)) p.job = std::string(jobs.begin()[*job]);
    p.team = map.text("team").value_or("");
    p.language = map.text("language").value_or("");
    p.active = map.boolean("active").value_or(true);
    p.human = map.boolean("human").value_or(true);
    map.finish();
    if (!p.human) r.file.integration_users.push_back(id);
    r.file.people.emplace(id, std::move(p));
  }
  for (const auto& [id, person] : r.file.people) {
    const auto& manager = person.manager.get();
    if (manager.empty() || r.file.people.contains(manager)) continue;
    std::vector<std::string> known;
    for (const auto& [other, p] : r.file.people) known.push_back(other);
    const auto near = yaml::nearest(manager, known);
    r.error("unknown-person",
            "`" + manager + "` is not among `people`" + (near ? ": did you mean `" + *near + "`?" : ""),
            node.find(id).find("manager").place());
  }
}

constexpr std::initializer_list<std::string_view> type_words = {
    "text", "long_text", "picklist",  "multi_picklist", "boolean", "number", "currency", "percent",
    "date", "datetime",  "reference", "phone",          "email",   "url",    "id"};
constexpr model::FieldType types[] = {
    model::FieldType::text,           model::FieldType::long_text, model::FieldType::picklist,
    model::FieldType::multi_picklist, model::FieldType::boolean,   model::FieldType::number,
    model::FieldType::currency,       model::FieldType::percent,   model::FieldType::date,
    model::FieldType::datetime,       model::FieldType::reference, model::FieldType::phone,
    model::FieldType::email,          model::FieldType::url,       model::FieldType::id};
static_assert(std::size(types) == type_words.size());

// `score: number`, or `{type: picklist, label: Where it stands, options: [Open, Done]}`.
void read_fields(Reader& r, const yaml::Node& node) {
  for (const auto& [name, said] : entries(r, node, "fields", "{score: number}")) {
    FieldSaid field;
    const auto type = [&](const yaml::Node& n) {
      if (const auto i = one_of(r, n, "type", type_words)) field.type = types[*i];
    };
    if (said.is_map()) {
      yaml::MapReader map(r.document, said, "a field");
      type(map.optional("type"));
      field.label = map.text("label").value_or("");
      field.required = map.boolean("required").value_or(false);
      for (auto& option : map.words("options")) field.options.push_back({option, option, true});
      map.finish();
      if (!field.options.empty() && !said.find("type")) field.type = model::FieldType::picklist;
    } else {
      type(said);
    }
    r.file.fields.emplace(name, std::move(field));
  }
}

void read_cases(Reader& r, const yaml::Node& node) {
  const auto items = list(r, node, "cases", "- name: a deal without a next step is asked for one");
  if (node.is_list() && items.empty()) r.error("no-cases", "`cases` is empty: nothing would be tested", node.place());
  std::vector<std::string> seen;
  for (const auto& item : items) {
    auto one = test_case(r, item);
    if (!one) continue;
    if (std::find(seen.begin(), seen.end(), one->name) != seen.end())
      r.error("duplicate-name", "another case is called `" + one->name + "`, too: nobody could tell them apart",
              item.find("name").place());
    seen.push_back(one->name);
    r.file.cases.push_back(std::move(*one));
  }
}

}  // namespace

bool TestFile::broken() const {
  const auto& all = document->diagnostics();
  return std::any_of(all.begin(), all.end(), [](const auto& d) { return d.severity == model::Severity::error; });
}

void TestFile::error(std::string code, std::string message, const model::Place& at) {
  document->report(model::Severity::error, std::move(code), std::move(message), at);
}

void TestFile::warn(std::string code, std::string message, const model::Place& at) {
  document->report(model::Severity::warning, std::move(code), std::move(message), at);
}

TestFile read_test(const std::string& path, std::string text) {
  TestFile file;
  file.document = yaml::Document::parse(path, std::move(text));
  const auto root = file.document->root();
  Reader r{file, *file.document};
  if (!root.is_map()) {
    if (file.document->diagnostics().empty())
      r.error("wrong-type", "a rule test is a map that begins with `rules:`", root.place());
    return file;
  }
  if (root.find("workflow") && !root.find("cases")) {
    r.error("no-test", "these are rules, no test of them: a test has `cases:` and names its rules under `rules:`",
            root.key_place("workflow"));
    return file;
  }
  yaml::MapReader map(*file.document, root, "a rule test");
  (void)map.optional("version");
  file.rules = names(r, map.required("rules"), "rules");
  file.object = map.text("object").value_or("");
  file.currency = map.text("currency").value_or("");
  read_calendar(r, map);  // before every instant
  if (const auto now = required_moment(r, map, "now")) file.now = *now;
  read_budget(r, map);
  if (const auto stages = map.optional("stages")) read_stages(r, stages);
  if (const auto milestones = map.optional("milestones"))
    file.milestones = rules::read_milestones(milestones, *file.document);
  if (const auto people = map.optional("people")) read_people(r, people);
  if (const auto held = map.optional("meetings")) file.meetings = meetings(r, held);
  if (const auto ages = map.optional("stage_ages")) file.stage_ages = read_stage_ages(r, ages);
  if (const auto fields = map.optional("fields")) read_fields(r, fields);
  read_cases(r, map.required("cases"));
  if (const auto prompts = map.optional("prompts")) file.prompts = read_counts(r, prompts);
  map.finish();
  return file;
}

}  // namespace coachd::app::rule_tests
