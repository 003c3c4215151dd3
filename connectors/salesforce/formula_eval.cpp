#include "connectors/salesforce/formula_eval.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/salesforce/condition.hpp"
#include "connectors/salesforce/formula.hpp"
#include "connectors/salesforce/formula_value.hpp"
#include "rules/model/description.hpp"

namespace coachd::salesforce {
namespace {

using Node = FormulaNode;
using Value = FormulaValue;
using Of = Condition::Of;
using model::FieldType;

[[nodiscard]] std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

// Never null, also when blank.
[[nodiscard]] bool is_text(FieldType type) {
  return type == FieldType::text || type == FieldType::long_text || type == FieldType::phone ||
         type == FieldType::email || type == FieldType::url;
}
[[nodiscard]] bool is_picklist(FieldType type) {
  return type == FieldType::picklist || type == FieldType::multi_picklist;
}

struct Global {
  std::string_view prefix, words;
};
// What is known of who saves. It holds for the time of the save and not of the record.
constexpr std::array<Global, 7> globals{{{"$profile.name", "the user's profile"},
                                         {"$userrole.name", "the user's role"},
                                         {"$userrole.developername", "the user's role"},
                                         {"$profile.", "the user's profile's "},
                                         {"$userrole.", "the user's role's "},
                                         {"$setup.", "the setting "},
                                         {"$user.", "the user's "}}};

class Work {
 public:
  Work(const FormulaWorld& world, const FormulaSubject& subject, const FormulaStanding& at, std::size_t& steps)
      : world_(world), subject_(subject), at_(at), steps_(steps) {}

  Value value(const Node& n) {
    ++steps_;
    switch (n.kind) {
      case Node::Kind::text: return Value::of(n.text);
      case Node::Kind::number: return Value::of(n.number);
      case Node::Kind::boolean: return Value::of(Condition::of(n.number != 0));
      case Node::Kind::null: return Value::unread("it compares with NULL");
      case Node::Kind::name: return name(n.text);
      case Node::Kind::call: return function(n);
    }
    return Value::unread("a part that is not known");
  }

 private:
  Condition condition(const Node& n) { return as_condition(value(n)); }

  Value function(const Node& n) {
    const std::string& f = n.text;
    const auto& p = n.parts;
    if (f == "AND" || f == "OR") {
      std::vector<Condition> parts;
      parts.reserve(p.size());
      for (const Node& part : p) parts.push_back(condition(part));
      if (parts.empty()) return wrong(f);
      return Value::of(f == "AND" ? Condition::all(std::move(parts)) : Condition::any(std::move(parts)));
    }
    if (f == "NOT") return p.size() == 1 ? Value::of(condition(p[0]).negated()) : wrong(f);
    if (f == "IF") return p.size() == 3 ? either(condition(p[0]), value(p[1]), value(p[2])) : wrong(f);
    if (f == "CASE") return p.size() >= 4 && p.size() % 2 == 0 ? choose(p) : wrong(f);
    if (f == "ISBLANK" || f == "ISNULL") return p.size() == 1 ? blank(p[0], f == "ISNULL") : wrong(f);
    if (f == "BLANKVALUE" || f == "NULLVALUE")
      return p.size() == 2 ? instead(value(p[0]), value(p[1]), f == "NULLVALUE") : wrong(f);
    if (f == "ISPICKVAL") return p.size() == 2 ? Value::of(compare("=", value(p[0]), value(p[1]))) : wrong(f);
    if (f == "=" || f == "<>" || f == "<" || f == "<=" || f == ">" || f == ">=")
      return p.size() == 2 ? Value::of(compare(f, value(p[0]), value(p[1]))) : wrong(f);
    if (f == "ISNEW" && p.empty())
      return Value::of(Condition::atom("the record is new", "the record is not new", Of::moment));
    if (f == "ISCLONE" && p.empty())
      return Value::of(Condition::atom("the record is a copy", "the record is no copy", Of::moment));
    if ((f == "ISCHANGED" || f == "PRIORVALUE") && p.size() == 1 && p[0].kind == Node::Kind::name)
      return f == "ISCHANGED" ? changed(p[0].text) : before(p[0].text);
    std::vector<Value> parts;
    parts.reserve(p.size());
    for (const Node& part : p) parts.push_back(value(part));
    return call(f, parts);
  }

  static Value wrong(const std::string& f) {
    return Value::unread(fmt::format("{} with arguments that it does not take", f));
  }

  // A word for a field: what people call it.
  [[nodiscard]] std::string label(std::string_view written) const {
    const auto* const field = world_.field(lower(written));
    return field == nullptr || field->label.empty() ? std::string(written) : field->label;
  }
  // A stage changes on every record's way: that it does is no property of the record.
  static Of of(std::string_view written) { return lower(written) == "stagename" ? Of::moment : Of::record; }
  [[nodiscard]] Value changed(std::string_view written) const {
    return Value::of(Condition::atom(label(written) + " changes", label(written) + " does not change", of(written)));
  }
  [[nodiscard]] Value before(std::string_view written) const {
    Value v = Value::unknown(label(written) + " before the save", of(written));
    const auto* const field = world_.field(lower(written));
    v.is_text = field != nullptr && is_text(field->type);
    return v;
  }

  Value blank(const Node& n, bool null_only) {
    const Value v = value(n);
    if (null_only && n.kind == Node::Kind::name) {
      const auto* const field = world_.field(lower(n.text));
      if (field == nullptr || is_picklist(field->type))
        return Value::unread(fmt::format("what ISNULL says of {}", label(n.text)));
    }
    return Value::of(is_blank(v, null_only));
  }

  static Value instead(Value v, Value other, bool null_only) {
    return either(is_blank(v, null_only), std::move(other), std::move(v));
  }

  // CASE(x, value, result, ..., else)
  Value choose(const std::vector<Node>& p) {
    const Value x = value(p[0]);
    if (x.is(Value::Kind::unread)) return x;
    if (x.is(Value::Kind::unknown)) return choose_by(x, p);
    Value out = value(p.back());
    for (std::size_t i = p.size() - 3; i >= 1; i -= 2) {
      out = either(compare("=", x, value(p[i])), value(p[i + 1]), std::move(out));
      if (i == 1) break;
    }
    return out;
  }

  // By a field of which nothing is known: at most one of the values is its own, and results that are equal are one.
  Value choose_by(const Value& x, const std::vector<Node>& p) {
    std::vector<std::pair<std::vector<Condition>, Value>> results;
    std::vector<Condition> none;
    const auto add = [&](Condition when, Value then) {
      for (auto& [any, had] : results)
        if (had.kind == then.kind &&
            (then.is(Value::Kind::number) ? had.number == then.number
                                          : then.is(Value::Kind::text) && had.text == then.text))
          return any.push_back(std::move(when));
      std::vector<Condition> one;
      one.push_back(std::move(when));
      results.emplace_back(std::move(one), std::move(then));
    };
    for (std::size_t i = 1; i + 1 < p.size(); i += 2) {
      Condition when = compare("=", x, value(p[i]));
      if (auto why = when.why_unread(); !why.empty()) return Value::unread(std::move(why));
      none.push_back(when.negated());
      add(std::move(when), value(p[i + 1]));
    }
    add(Condition::all(std::move(none)), value(p.back()));
    Value out;
    out.kind = Value::Kind::choice;
    for (auto& [any, then] : results) {
      out.cases.push_back(Condition::any(std::move(any)));
      out.results.push_back(std::move(then));
    }
    return out.cases.size() > Value::most_choices ? Value::unread("it weighs too many cases at once") : out;
  }

  [[nodiscard]] Value subject() const {
    if (subject_.filled) {
      Value v = Value::unknown(label(subject_.field->name), Of::record);
      v.filled = true;
      v.is_text = is_text(subject_.field->type);
      return v;
    }
    const FieldType type = subject_.field->type;
    if (is_text(type) || is_picklist(type)) return Value::of(std::string());
    return type == FieldType::unknown ? Value::unread(fmt::format("of which type {} is", label(subject_.field->name)))
                                      : Value::blank();
  }

  Value name(const std::string& written) const {
    const std::string name = lower(written);
    if (name.starts_with('$')) return global(written, name);
    if (name == subject_.name) return subject();
    if (!subject_.relationship.empty() && name.starts_with(subject_.relationship))
      return subject_.filled ? Value::unknown(written, Of::record) : Value::blank();
    if (at_.stage != nullptr) {
      const model::Stage& s = *at_.stage;
      if (name == "stagename") return Value::of(s.name, s.label == s.name ? std::string() : s.label);
      if (name == "isclosed") return Value::of(Condition::of(!s.open()));
      if (name == "iswon") return Value::of(Condition::of(s.won));
      if (at_.pipeline != nullptr && !at_.pipeline->name.empty()) {
        if (name == "recordtypeid" || name == "recordtype.id")
          return Value::of(at_.pipeline->name, at_.pipeline->name.substr(0, 15));
        if (name == "recordtype.name") return Value::of(at_.pipeline->label);
        const std::string developer = world_.developer_name(at_.pipeline->name);
        if (name == "recordtype.developername" && !developer.empty()) return Value::of(developer);
      }
    }
    Value v = Value::unknown(label(written), Of::record);
    const auto* const field = world_.field(name);
    v.is_text = field != nullptr && is_text(field->type);
    return v;
  }

  static Value global(const std::string& written, const std::string& name) {
    if (name.starts_with("$permission.")) {
      const std::string permission = "the permission " + written.substr(written.find('.') + 1);
      return Value::of(Condition::atom("the user has " + permission, "the user lacks " + permission, Of::moment));
    }
    for (const Global& g : globals) {
      if (!name.starts_with(g.prefix)) continue;
      if (g.prefix.ends_with('.'))
        return Value::unknown(std::string(g.words) + written.substr(g.prefix.size()), Of::moment);
      if (name == g.prefix) return Value::unknown(std::string(g.words), Of::moment);
    }
    return Value::unread(fmt::format("it rests on {}", shortened(written, 80)));
  }

  const FormulaWorld& world_;
  const FormulaSubject& subject_;
  const FormulaStanding& at_;
  std::size_t& steps_;
};

}  // namespace

FormulaWorld::FormulaWorld(const model::ObjectDescription& object,
                           const std::map<std::string, std::string>& developer_names)
    : developer_names_(developer_names) {
  for (const model::FieldDescription& f : object.fields) fields_.emplace(lower(f.name), &f);
}

const model::FieldDescription* FormulaWorld::field(std::string_view lower_name) const {
  const auto found = fields_.find(lower_name);
  return found == fields_.end() ? nullptr : found->second;
}

std::string FormulaWorld::developer_name(const std::string& record_type) const {
  const auto found = developer_names_.find(record_type);
  return found == developer_names_.end() ? std::string() : found->second;
}

Condition work_out(const FormulaNode& root, const FormulaWorld& world, const FormulaSubject& subject,
                   const FormulaStanding& at, std::size_t& steps) {
  return as_condition(Work(world, subject, at, steps).value(root));
}

}  // namespace coachd::salesforce
