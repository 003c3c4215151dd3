#include "connectors/file/map.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "connectors/file/dates.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::file {
namespace {

using model::Severity;
using yaml::Document;
using yaml::MapReader;
using yaml::Node;

model::Stage stage(Document& doc, Node n) {
  model::Stage s;
  if (n.is_scalar()) {
    s.name = std::string(n.text());
  } else {
    MapReader r(doc, n, "a stage");
    s.name = r.required_text("name");
    s.won = r.boolean("won").value_or(false);
    s.lost = r.boolean("lost").value_or(false);
    r.finish();
    if (s.won && s.lost) doc.report(Severity::error, "contradiction", "a stage cannot be both won and lost", n.place());
  }
  if (s.name.empty()) doc.report(Severity::error, "wrong-type", "a stage needs a name", n.place());
  s.label = s.name;
  return s;
}

model::Pipeline pipeline(Document& doc, Node list, std::string name) {
  model::Pipeline p;
  p.name = p.label = std::move(name);
  for (const Node& n : list.items()) {
    p.stages.push_back(stage(doc, n));
    const auto twin = std::find_if(p.stages.begin(), p.stages.end() - 1,
                                   [&](const auto& s) { return s.name == p.stages.back().name; });
    if (twin != p.stages.end() - 1)
      doc.report(Severity::error, "duplicate", "stage `" + twin->name + "` stands twice", n.place());
  }
  return p;
}

void stages(Document& doc, Node n, ExportMap& m) {
  if (!n) return;
  if (n.is_list()) {
    m.pipelines.push_back(pipeline(doc, n, ""));
  } else if (n.is_map()) {
    for (const auto& [name, list] : n.entries()) {
      if (list.is_list())
        m.pipelines.push_back(pipeline(doc, list, name));
      else
        doc.report(Severity::error, "wrong-type", "the stages of `" + name + "` are a list", list.place());
    }
  } else {
    doc.report(Severity::error, "wrong-type", "`stages` is a list of stages in their order", n.place());
  }
}

std::vector<std::string> names(Document& doc, Node n, std::string_view what) {
  std::vector<std::string> out;
  if (n.is_scalar()) {
    out.emplace_back(n.text());
  } else if (n.is_list()) {
    for (const Node& item : n.items()) out.emplace_back(item.text());
  } else if (n) {
    doc.report(Severity::error, "wrong-type", std::string(what) + " is a name or a list of names", n.place());
  }
  return out;
}

void milestones(Document& doc, Node n, ExportMap& m) {
  if (!n) return;
  if (!n.is_map()) {
    doc.report(Severity::error, "wrong-type", "`milestones` names a stage for each milestone", n.place());
    return;
  }
  for (const auto& [key, value] : n.entries()) {
    if (value.is_map())
      for (const auto& [milestone, s] : value.entries()) m.milestones[key][milestone] = names(doc, s, "a milestone");
    else
      m.milestones[""][key] = names(doc, value, "a milestone");
  }
}

char mark(Document& doc, MapReader& r, std::string_view key, char otherwise) {
  const Node n = r.optional(key);
  if (!n) return otherwise;
  const std::string_view t = n.text();
  if (t.empty()) return 0;
  if (t.size() == 1 && (t[0] == '.' || t[0] == ',' || t[0] == '\'' || t[0] == ' ')) return t[0];
  doc.report(Severity::error, "wrong-type", "`" + std::string(key) + "` is one of . , ' and a space", n.place());
  return otherwise;
}

void numbers(Document& doc, Node n, ExportMap& m) {
  if (!n) return;
  MapReader r(doc, n, "`numbers`");
  m.numbers.decimal = mark(doc, r, "decimal", '.');
  m.numbers.thousands = mark(doc, r, "thousands", 0);
  r.finish();
  if (m.numbers.decimal == m.numbers.thousands)
    doc.report(Severity::error, "contradiction", "`decimal` and `thousands` are the same", n.place());
}

void history(Document& doc, Node n, ExportMap& m) {
  if (!n) return;
  MapReader r(doc, n, "`history`");
  HistoryMap h;
  h.file = r.required_text("file");
  h.key = r.required_text("key");
  h.at = r.required_text("at");
  h.field = r.text("field").value_or("");
  h.from = r.text("from").value_or("");
  h.to = r.text("to").value_or("");
  h.by = r.text("by").value_or("");
  r.finish();
  const int given =
      static_cast<int>(!h.field.empty()) + static_cast<int>(!h.from.empty()) + static_cast<int>(!h.to.empty());
  if (given != 0 && given != 3)
    doc.report(Severity::error, "missing-key", "`field`, `from` and `to` go together: the columns of a list of changes",
               n.place());
  m.history = std::move(h);
}

void fields(Document& doc, Node n, ExportMap& m) {
  if (!n) return;
  if (!n.is_map()) {
    doc.report(Severity::error, "wrong-type", "`fields` names a column for each canonical name", n.place());
    return;
  }
  for (const auto& [name, column] : n.entries()) {
    if (!column.is_scalar() || column.text().empty())
      doc.report(Severity::error, "wrong-type", "`" + name + "` names one column", column.place());
    else
      m.fields[name] = std::string(column.text());
  }
}

}  // namespace

ReadMap read_map(const std::string& path, const std::string& text) {
  ReadMap out;
  const auto doc = Document::parse(path, text);
  if (doc->root()) {
    ExportMap m;
    m.path = path;
    MapReader r(*doc, doc->root(), "the map of an export");
    m.object = r.required_text("object");
    const Node key = r.optional("key");
    m.key = names(*doc, key, "`key`");
    if (const Node version = r.optional("version"); version && version.text() != "1")
      doc->report(Severity::error, "wrong-version", "this program reads maps of `version: 1`", version.place());
    fields(*doc, r.optional("fields"), m);
    stages(*doc, r.optional("stages"), m);
    milestones(*doc, r.optional("milestones"), m);
    const Node dates = r.optional("dates");
    m.dates = names(*doc, dates, "`dates`");
    for (const std::string& f : m.dates)
      if (const std::string wrong = Dates::check(f); !wrong.empty())
        doc->report(Severity::error, "wrong-format", "date format `" + f + "` " + wrong, dates.place());
    const Node zone = r.optional("zone");
    m.zone = std::string(zone.text());
    numbers(*doc, r.optional("numbers"), m);
    m.blank = r.words("blank");
    history(*doc, r.optional("history"), m);
    const Node as_of = r.optional("as_of");
    m.as_of = std::string(as_of.text());
    if (as_of && !model::parse_day(m.as_of) && !model::parse_instant(m.as_of))
      doc->report(Severity::error, "wrong-type", "`as_of` is a date (2017-12-31) or an instant", as_of.place());
    r.finish();
    out.map = std::move(m);
  } else if (doc->diagnostics().empty()) {
    out.diagnostics.push_back({Severity::error, "empty", "the map is empty", {path, 0, 0}, ""});
  }
  out.diagnostics.insert(out.diagnostics.end(), doc->diagnostics().begin(), doc->diagnostics().end());
  for (const auto& d : out.diagnostics)
    if (d.severity == Severity::error) out.map.reset();
  return out;
}

}  // namespace coachd::file
