#include "daemon/app/testing/played.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/past.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

using model::Instant;
using model::Value;
using std::chrono::floor;
using std::chrono::seconds;

// A record whose creation no test tells is older than all that is known of it.
constexpr auto long_before = std::chrono::days(3653);

template <class Lines>
void append_in_order(Lines& all, const Lines& more) {
  all.insert(all.end(), more.begin(), more.end());
  sort_by_time(all);
}

}  // namespace

Played::Played(TestFile& file, const Scene& scene, const rules::ObjectPlan& plan, const Subject& subject,
               const std::vector<rules::WrittenNote>& notes, Instant now, std::optional<Instant> known_since)
    : file_(file), scene_(scene), plan_(plan), subject_(subject), notes_(notes) {
  known_since_ = subject.known_since ? subject.known_since : known_since ? known_since : subject.created;
  created_ = subject.created;
  if (!created_ && known_since_) created_ = *known_since_ - long_before;
  modified_ = subject.modified;
  for (const auto& [name, raw] : subject.fields)
    values_.insert_or_assign(name, scene.types->value(file, plan.object, name, raw));
  set_unread(subject.unread);
  add_history(subject.events.history, true);
  created_by_ = subject.created_by;
  if (created_by_.empty() && created_) created_by_ = owner_at(*created_);
  add_events(subject.events, now);
  build();
}

std::optional<model::Day> Played::live_since() const {
  if (!known_since_) return std::nullopt;
  return scene_.world.calendar.today(*known_since_);
}

void Played::set_unread(const std::vector<Raw>& names) {
  std::vector<std::string> known{"history", "activities", "reviews"};
  for (const auto& slot : plan_.slots) known.push_back(slot.name);
  known.insert(known.end(), plan_.related.begin(), plan_.related.end());
  for (const auto& n : names) {
    unread_.insert(n.text);
    if (std::find(known.begin(), known.end(), n.text) != known.end()) continue;
    const auto near = yaml::nearest(n.text, known);
    file_.error("unknown-field",
                "`unread` names `" + n.text + "`, which no rule of this test reads" +
                    (near ? ": did you mean `" + *near + "`?" : ""),
                n.place);
  }
}

// Who owned the record then: `set` and history without `by` are the owner's own.
std::string Played::owner_at(Instant at) const {
  const auto text = [](const Value& v) {
    return v.kind() == Value::Kind::text ? std::string(v.as_text()) : std::string();
  };
  if (const auto past = past_.find("owner"); past != past_.end())
    for (const auto& change : past->second.changes)
      if (change.at > at) return text(change.from.view());
  const auto now = values_.find("owner");
  return now == values_.end() ? std::string() : text(now->second.view());
}

void Played::add_history(const std::vector<HistoryLine>& lines, bool begins) {
  std::vector<Change*> anonymous;
  for (const auto& line : lines) {
    if (known_since_ && line.at < *known_since_) {
      file_.warn("before-known",
                 "this is before " + model::to_string(*known_since_) +
                     ", from when on history is known (`known_since`): the rules do not see it",
                 line.place);
      continue;
    }
    auto& past = past_[line.field].changes;
    Change change;
    change.at = line.at;
    change.author = line.by;
    if (created_ && floor<seconds>(line.at) <= floor<seconds>(*created_)) change.source = model::HistorySource::created;
    if (line.from)
      change.from = scene_.types->value(file_, plan_.object, line.field, *line.from);
    else if (!past.empty())
      change.from = past.back().to;
    else if (change.source == model::HistorySource::created)
      change.from = model::StoredValue(Value::blank());
    change.to = scene_.types->value(file_, plan_.object, line.field, line.to);
    past.push_back(std::move(change));
  }
  // What history says last is what stands there.
  for (const auto& line : lines) {
    const auto past = past_.find(line.field);
    if (past == past_.end() || past->second.changes.empty()) continue;
    const auto& last = past->second.changes.back();
    const auto had = values_.find(line.field);
    if (begins && had != values_.end()) {
      if (!rules::same_content(had->second.view(), last.to.view(), scene_.world.calendar.zone()))
        file_.warn("contradiction",
                   "`" + line.field + "` is `" + model::to_string(had->second.view()) +
                       "` on the record, and by its history `" + model::to_string(last.to.view()) + "`",
                   line.place);
      continue;
    }
    values_.insert_or_assign(line.field, last.to);
  }
  for (auto& [field, past] : past_)
    for (auto& change : past.changes)
      if (change.author.empty()) anonymous.push_back(&change);
  for (auto* change : anonymous) change->author = owner_at(change->at);
}

void Played::add_events(const Events& events, Instant now) {
  for (auto line : events.activities) {
    if (!line.done) line.done = line.at <= now;
    activities_.push_back(std::move(line));
  }
  sort_by_time(activities_);
  append_in_order(reviews_, events.reviews);
  if (!events.related) return;
  for (const auto& [object, records] : *events.related) {
    if (std::find(plan_.related.begin(), plan_.related.end(), object) == plan_.related.end()) {
      const auto near = yaml::nearest(object, plan_.related);
      file_.warn("unknown-object",
                 "no rule of this test counts `" + object + "`" + (near ? ": did you mean `" + *near + "`?" : ""),
                 subject_.place);
    }
    auto& rows = related_[object];
    rows.clear();
    for (const auto& record : records) {
      Row row;
      row.id = record.id.empty() ? object + " " + std::to_string(rows.size() + 1) : record.id;
      row.created = record.created;
      for (const auto& [name, raw] : record.fields)
        row.values.emplace(name, scene_.types->value(file_, object, name, raw));
      rows.push_back(std::move(row));
    }
  }
}

void Played::apply(const Step& step) {
  for (const auto& [field, raw] : step.set) {
    Change change;
    change.at = step.at;
    change.author = step.by.empty() ? owner_at(step.at) : step.by;
    const auto had = values_.find(field);
    change.from = had == values_.end() ? model::StoredValue(Value::blank()) : had->second;
    change.to = scene_.types->value(file_, plan_.object, field, raw);
    values_.insert_or_assign(field, change.to);
    unread_.erase(field);
    if (!(change.from == change.to)) past_[field].changes.push_back(std::move(change));
  }
  if (!step.set.empty()) modified_ = step.at;
  add_history(step.events.history, false);
  if (!step.events.history.empty() && (!modified_ || *modified_ < step.events.history.back().at))
    modified_ = step.events.history.back().at;
  add_events(step.events, step.at);
  build();
}

// Whether what they did counts as a person's doing: never what an automation or an integration made.
bool Played::is_person(std::string_view by) const {
  if (by == "automation" || by == "integration" || by == "import") return false;
  const auto& users = scene_.world.integration_users;
  return std::find(users.begin(), users.end(), by) == users.end();
}

void Played::build() {
  case_ = {};
  case_.connection = "test";
  case_.object = plan_.object;
  case_.id = subject_.id;
  case_.created = created_;
  case_.created_by = created_by_;
  case_.modified = modified_;
  build_fields();
  if (!unread_.contains("activities")) case_.activities.known_since = known_since_;
  if (!unread_.contains("reviews")) case_.reviews_known_since = known_since_;
  if (!unread_.contains("activities"))
    for (auto& line : activities_) {
      if (line.by.empty()) line.by = owner_at(line.at);
      if (!is_person(line.by)) continue;
      case_.activities.items.push_back({line.at, line.by, line.kind, line.on, line.done.value_or(true)});
    }
  if (!unread_.contains("reviews"))
    for (const auto& line : reviews_) case_.reviews.push_back({line.at, line.by});
  for (const auto& note : notes_)
    if (note.record == case_.id) case_.notes.push_back({note.at, note.person, note.text});
  sort_by_time(case_.notes);
  build_related();
}

// What a person of the test did is a person's doing; the other words say what made it.
rules::FieldChange Played::change_of(const Change& c) const {
  rules::FieldChange out;
  out.at = c.at;
  out.author = c.author;
  out.source = c.source;
  if (c.author == "automation")
    out.origin = rules::Origin::automation;
  else if (c.author == "import")
    out.origin = rules::Origin::import;
  else if (!c.author.empty())
    out.origin = is_person(c.author) ? rules::Origin::person : rules::Origin::integration;
  out.from = c.from.view();
  out.to = c.to.view();
  return out;
}

void Played::build_fields() {
  for (const auto& slot : plan_.slots) {
    auto v = Value::blank();
    if (slot.type == model::FieldType::boolean) v = Value::boolean(false);
    if (const auto it = values_.find(slot.crm_name); it != values_.end()) v = it->second.view();
    if (unread_.contains(slot.name)) v = Value::unread();
    case_.values.push_back(v);
    auto& past = case_.past.emplace_back();
    if (unread_.contains("history")) continue;
    past.known_since = known_since_;
    if (const auto it = past_.find(slot.crm_name); it != past_.end())
      for (const auto& c : it->second.changes) past.changes.push_back(change_of(c));
  }
  if (plan_.created != rules::no_slot && subject_.created)
    case_.values[plan_.created] = Value::instant(*subject_.created);
}

void Played::build_related() {
  for (const auto& object : plan_.related) {
    auto& related = case_.related.emplace_back();
    const auto* plan = scene_.rules->plan(object);
    related.known = plan != nullptr && !unread_.contains(object);
    const auto rows = related_.find(object);
    if (!related.known || rows == related_.end()) continue;
    for (const auto& row : rows->second) {
      auto& c = related.records.emplace_back();
      c.connection = "test";
      c.object = object;
      c.id = row.id;
      c.created = row.created;
      for (const auto& slot : plan->slots) {
        const auto it = row.values.find(slot.crm_name);
        c.values.push_back(it != row.values.end()                   ? it->second.view()
                           : slot.type == model::FieldType::boolean ? Value::boolean(false)
                                                                    : Value::blank());
      }
    }
  }
}

}  // namespace coachd::app::rule_tests
