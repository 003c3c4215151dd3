#include "daemon/app/testing/types.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/file/dates.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/map.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/testing/spec.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::app::rule_tests {
namespace {

using model::FieldType;

struct Natural {
  std::string_view field;
  FieldType type;
};
constexpr Natural natural_types[] = {{"account", FieldType::reference},
                                     {"amount", FieldType::currency},
                                     {"campaign", FieldType::reference},
                                     {"champion", FieldType::text},
                                     {"close_date", FieldType::date},
                                     {"competitor", FieldType::text},
                                     {"contract_end", FieldType::date},
                                     {"created", FieldType::datetime},
                                     {"created_by", FieldType::reference},
                                     {"currency", FieldType::reference},
                                     {"decision_criteria", FieldType::text},
                                     {"decision_process", FieldType::text},
                                     {"description", FieldType::long_text},
                                     {"economic_buyer", FieldType::text},
                                     {"handoff_notes", FieldType::long_text},
                                     {"id", FieldType::id},
                                     {"last_activity", FieldType::datetime},
                                     {"modified", FieldType::datetime},
                                     {"name", FieldType::text},
                                     {"next_step", FieldType::text},
                                     {"owner", FieldType::reference},
                                     {"pipeline", FieldType::reference},
                                     {"probability", FieldType::percent},
                                     {"record_type", FieldType::reference},
                                     {"renewal_date", FieldType::date},
                                     {"stage", FieldType::reference},
                                     {"stage_changed", FieldType::datetime},
                                     {"start_date", FieldType::date},
                                     {"success_criteria", FieldType::text}};

FieldType natural(std::string_view field) {
  const auto* it = std::find_if(std::begin(natural_types), std::end(natural_types),
                                [&](const Natural& n) { return n.field == field; });
  return it == std::end(natural_types) ? FieldType::unknown : it->type;
}

bool is_number(FieldType t) {
  return t == FieldType::number || t == FieldType::currency || t == FieldType::percent;
}
bool is_date(FieldType t) {
  return t == FieldType::date || t == FieldType::datetime;
}

file::Cell cell(const Raw& raw) {
  file::Cell c;
  c.kind = raw.null ? file::Cell::Kind::null : file::Cell::Kind::text;
  c.text = raw.text;
  return c;
}

}  // namespace

void each_value(const TestFile& test, const std::string& object,
                const std::function<void(const std::string&, const std::string&, const Raw&)>& visit) {
  const auto fields = [&](const std::string& of, const RawFields& all) {
    for (const auto& [name, raw] : all) visit(of, name, raw);
  };
  const auto events = [&](const std::string& of, const Events& e) {
    for (const auto& h : e.history) {
      if (h.from) visit(of, h.field, *h.from);
      visit(of, h.field, h.to);
    }
    if (!e.related) return;
    for (const auto& [related, records] : *e.related)
      for (const auto& r : records) fields(related, r.fields);
  };
  for (const auto& c : test.cases) {
    const auto& of = c.object.empty() ? object : c.object;
    fields(of, c.record.fields);
    events(of, c.record.events);
    for (const auto& other : c.others) {
      fields(of, other.fields);
      events(of, other.events);
    }
    for (const auto& step : c.then) {
      fields(of, step.set);
      events(of, step.events);
    }
  }
}

Types::Types(const TestFile& test, const std::string& object)
    : reading_(file::Origin::unknown, {}, file::Numbers{}, file::Dates({}, test.calendar.zone())) {
  std::map<std::pair<std::string, std::string>, file::ColumnShape> shapes;
  each_value(test, object, [&](const std::string& of, const std::string& field, const Raw& raw) {
    auto& shape = shapes[{of, field}];
    if (const auto c = cell(raw); !reading_.blank(c)) shape.see(c, reading_, false);
  });
  for (const auto& [key, shape] : shapes) {
    const auto said = test.fields.find(key.second);
    auto type = said != test.fields.end() ? said->second.type : natural(key.second);
    if (type == FieldType::unknown) type = shape.type();
    types_[key.first][key.second] = type;
  }
  for (const auto& [name, said] : test.fields) types_[object].try_emplace(name, said.type);
}

FieldType Types::of(const std::string& object, const std::string& field) const {
  if (const auto o = types_.find(object); o != types_.end())
    if (const auto f = o->second.find(field); f != o->second.end()) return f->second;
  return natural(field);
}

model::StoredValue Types::value(TestFile& test, const std::string& object, const std::string& field,
                                const Raw& raw) const {
  const auto type = of(object, field);
  if (raw.null)
    return model::StoredValue(type == FieldType::boolean ? model::Value::boolean(false) : model::Value::blank());
  auto trouble = file::Reading::Trouble::none;
  const auto v = reading_.value(cell(raw), type, trouble);
  const bool misfit = v.kind() == model::Value::Kind::text && (is_number(type) || is_date(type));
  if (misfit || trouble != file::Reading::Trouble::none)
    test.error("wrong-type",
               "`" + field + "` is " + (is_number(type) ? "a number" : "a date (2026-09-30)") + ", and `" + raw.text +
                   "` is none; another type is said under `fields:` (`" + field + ": text`)",
               raw.place);
  return model::StoredValue(v);
}

}  // namespace coachd::app::rule_tests
