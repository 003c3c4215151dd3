#include <cstddef>
#include <cstdint>
#include <ios>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/evidence.hpp"
#include "daemon/cli/audit_report.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/json_text.hpp"
#include "daemon/cli/progress.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::cli {
namespace {

std::string_view judged_as(model::FieldType t) {
  using T = model::FieldType;
  switch (t) {
    case T::boolean: return "checkbox";
    case T::number:
    case T::currency:
    case T::percent: return "number";
    case T::date: return "date";
    case T::datetime: return "datetime";
    case T::phone: return "phone";
    case T::email: return "email";
    default: return "text";
  }
}

void append_counts(std::string& out, std::string_view key, const app::FieldEvidence::Counts& counts) {
  append_key(out, key);
  out.push_back('[');
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i > 0) out.push_back(',');
    out.push_back('{');
    append_pair(out, "value", counts[i].first);
    append_pair(out, "count", counts[i].second);
    out.push_back('}');
  }
  out.push_back(']');
}

void append_day(std::string& out, std::string_view key, std::optional<model::Day> d) {
  if (d)
    append_pair(out, key, model::to_string(*d));
  else
    append_null(out, key);
}

class Jsonl : public app::AuditReport {
 public:
  explicit Jsonl(Io& io) : io_(io), progress_(io.err, io.err_terminal) {}

  [[nodiscard]] std::string heading(const rules::RuleInfo& rule, std::string_view id,
                                    std::string_view object) const override {
    std::string out = R"({"type":"finding","rule":)";
    append_json(out, id);
    out += R"(,"kind":")";
    out += model::to_string(rule.kind);
    out += R"(","connection":null,"object":)";
    append_json(out, object);
    out += R"(,"record":)";
    return out;
  }
  [[nodiscard]] std::string field_name(std::string_view name) const override {
    std::string out;
    append_key(out, name);
    return out;
  }
  void subject(std::string_view record, std::string_view owner, std::string& out) const override {
    append_json(out, record);
    out += R"(,"owner":)";
    if (owner.empty())
      out += "null";
    else
      append_json(out, owner);
  }
  void format(const app::Found& f, std::string& out) const override {
    out += f.heading;
    out += f.subject;
    if (f.since) {
      out += R"(,"since":")";
      model::append(out, *f.since);
      out += R"(","evidence":{)";
    } else {
      out += R"(,"since":null,"evidence":{)";
    }
    for (const auto& [name, value] : f.evidence) {
      separate(out);
      out += name;
      append_json(out, value);
    }
    out += "}}\n";
  }
  void findings(std::string_view formatted) override {
    io_.out.write(formatted.data(), static_cast<std::streamsize>(formatted.size()));
  }

  void detected(const rules::RuleInfo& rule, const rules::Detected& f) override {
    const bool person = f.unit == rules::Unit::person;
    std::string line = "{";
    append_pair(line, "type", std::string_view("finding"));
    append_pair(line, "rule", rule.id.get());
    append_pair(line, "kind", model::to_string(rule.kind));
    append_null(line, "connection");
    append_pair(line, "object", object_);
    append_pair(line, "unit", rules::to_string(f.unit));
    if (person || f.records.empty())
      append_null(line, "record");
    else
      append_pair(line, "record", f.records.front());
    if (!f.field.empty()) append_pair(line, "field", f.field);
    if (!person && f.unit != rules::Unit::record && f.unit != rules::Unit::pair) append_pair(line, "about", f.key);
    if (person || f.person.empty())
      append_null(line, "owner");
    else
      append_pair(line, "owner", f.person);
    if (f.since)
      append_pair(line, "since", model::to_string(*f.since));
    else
      append_null(line, "since");
    if (!person && f.records.size() > 1) {
      append_key(line, "records");
      line.push_back('[');
      for (std::size_t i = 0; i < f.records.size(); ++i) {
        if (i > 0) line.push_back(',');
        append_json(line, f.records[i]);
      }
      line.push_back(']');
    }
    append_pair(line, "why", f.why);
    append_key(line, "evidence");
    std::string facts = "{";
    for (const auto& [name, value] : f.facts) {
      if (person && value.view().kind() != model::Value::Kind::number) continue;  // what they wrote would tell
      append_key(facts, name);
      append_json(facts, value.view());
    }
    line += facts + "}";
    write(line);
  }
  void field(const app::FieldEvidence& f) override {
    std::string line = "{";
    append_pair(line, "type", std::string_view("field"));
    append_pair(line, "object", object_);
    append_pair(line, "field", f.field);
    append_pair(line, "judged_as", judged_as(f.judged_as));
    append_pair(line, "rows", f.rows);
    append_pair(line, "blank", f.blank);
    append_pair(line, "placeholder", f.placeholder);
    append_pair(line, "real", f.real);
    append_pair(line, "distinct", f.distinct);
    append_pair(line, "distinct_estimated", f.distinct_estimated);
    append_counts(line, "placeholders", f.placeholders);
    append_counts(line, "top", f.top);
    append_pair(line, "constant", f.constant);
    append_day(line, "first_real", f.first_real);
    append_day(line, "last_real", f.last_real);
    write(line);
  }
  void cannot_tell(std::string_view what, std::string_view why, std::uint64_t count) override {
    std::string line = "{";
    append_pair(line, "type", std::string_view("cannot_tell"));
    append_pair(line, "what", what);
    append_pair(line, "why", why);
    append_pair(line, "count", count);
    write(line);
  }
  void bad_row(std::uint64_t line_number, std::string_view why) override {
    std::string line = "{";
    append_pair(line, "type", std::string_view("bad_row"));
    append_pair(line, "line", line_number);
    append_pair(line, "why", why);
    write(line);
  }
  void summary(const app::AuditSummary& s) override {
    progress_.end();
    std::string line = "{";
    append_pair(line, "type", std::string_view("summary"));
    append_pair(line, "file", s.layout.path);
    append_pair(line, "format", std::string_view(s.layout.kind == file::Kind::csv ? "csv" : "jsonl"));
    append_pair(line, "encoding", file::to_string(s.layout.encoding.encoding));
    append_pair(line, "object", s.object);
    append_pair(line, "now", model::to_string(s.now));
    append_pair(line, "rows", s.rows);
    append_pair(line, "records", s.records);
    append_pair(line, "bad_rows", s.bad_rows);
    append_pair(line, "deleted", s.deleted);
    append_pair(line, "findings", s.findings);
    append_pair(line, "records_with_findings", s.records_with_findings);
    append_key(line, "by_rule");
    std::string rules = "{";
    for (const auto& [rule, count] : s.by_rule) append_pair(rules, rule, count);
    line += rules + "}";
    write(line);
  }
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override {
    progress_.at(what, done, total);
  }
  void object(std::string_view name) override { object_ = name; }

 private:
  void write(std::string& line) {
    line += "}\n";
    io_.out << line;
  }
  Io& io_;
  std::string object_;
  Turns progress_;
};

}  // namespace

std::unique_ptr<app::AuditReport> make_jsonl_report(Io& io) {
  return std::make_unique<Jsonl>(io);
}

}  // namespace coachd::cli
