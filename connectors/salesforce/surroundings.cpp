// Tasks, events and e-mails as activities, and the lookups by which records belong to others.
#include "connectors/surroundings.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/subject.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::salesforce {

using connectors::ActivitySource;
using connectors::Deed;
using connectors::Kin;
using connectors::KinWay;
using model::Value;

namespace {

// The places of the columns that each source is read with; see `sources_`.
namespace task {
enum : std::size_t { subject, closed, status, subtype, type, due, completed, owner, recurs };
}
namespace event {
enum : std::size_t { start, date_time, date, all_day, owner, recurs };
}
namespace email {
enum : std::size_t { incoming, date, status, bounced };
}

[[nodiscard]] std::string_view text(const Value& v) {
  return v.kind() == Value::Kind::text ? v.as_text() : std::string_view();
}
[[nodiscard]] bool yes(const Value& v) {
  return v.kind() == Value::Kind::boolean && v.as_boolean();
}
[[nodiscard]] bool is_time(const Value& v) {
  return v.kind() == Value::Kind::instant || v.kind() == Value::Kind::day;
}

[[nodiscard]] Deed::Kind task_kind(std::string_view subtype, std::string_view type) {
  for (const std::string_view word : {subtype, type}) {
    if (word == "Call") return Deed::Kind::call;
    if (word == "Email") return Deed::Kind::email;
    if (word == "Meeting") return Deed::Kind::meeting;
  }
  return Deed::Kind::task;
}

// The row that stands for a series is no activity: its occurrences are rows of their own.
[[nodiscard]] std::optional<Deed> task_deed(std::span<const Value> v) {
  if (text(v[task::subtype]) == "ListEmail" || yes(v[task::recurs])) return std::nullopt;
  const bool done = v[task::closed].is_unread() ? text(v[task::status]) == "Completed" : yes(v[task::closed]);
  Deed deed;
  deed.kind = task_kind(text(v[task::subtype]), text(v[task::type]));
  deed.state = done ? Deed::State::done : Deed::State::planned;
  deed.at = done && is_time(v[task::completed]) ? v[task::completed] : v[task::due];
  deed.by = text(v[task::owner]);
  deed.due = v[task::due];
  if (done) deed.completed = v[task::completed];
  deed.subject = text(v[task::subject]);
  return is_time(deed.at) ? std::optional(deed) : std::nullopt;
}

[[nodiscard]] std::optional<Deed> event_deed(std::span<const Value> v) {
  if (yes(v[event::recurs])) return std::nullopt;
  Deed deed;
  deed.kind = Deed::Kind::meeting;
  deed.state = Deed::State::scheduled;
  deed.by = text(v[event::owner]);
  for (const auto place : {event::start, event::date_time, event::date}) {
    if (yes(v[event::all_day]) && place != event::date) continue;  // at midnight of some zone: the day is what is meant
    if (!is_time(v[place])) continue;
    deed.at = v[place];
    return deed;
  }
  return std::nullopt;
}

// A draft is not sent, and what bounced has reached nobody.
[[nodiscard]] std::optional<Deed> email_deed(std::span<const Value> v) {
  if (text(v[email::status]) == "5" || yes(v[email::bounced]) || !is_time(v[email::date])) return std::nullopt;
  Deed deed;
  deed.kind = Deed::Kind::email;
  deed.at = v[email::date];
  deed.outside = yes(v[email::incoming]);
  return deed;
}

class Around final : public connectors::Surroundings {
 public:
  [[nodiscard]] std::span<const ActivitySource> sources() const override { return sources_; }

  [[nodiscard]] std::optional<Deed> deed(const ActivitySource& source, std::span<const Value> values) const override {
    if (source.name == "task") return task_deed(values);
    if (source.name == "event") return event_deed(values);
    return email_deed(values);
  }

  [[nodiscard]] bool own(const ActivitySource& source, std::span<const Value> values) const override {
    return source.name == "task" && net::short_key_of(text(values[task::subject])).has_value();
  }

  [[nodiscard]] std::vector<std::string> parents(const model::ObjectDescription& child,
                                                 std::string_view parent) const override {
    std::vector<std::string> columns;
    const auto add = [&](const std::string& column) {
      const auto* const field = child.find(column);
      if (field != nullptr && field->type == model::FieldType::reference) columns.push_back(column);
    };
    const bool activity = child.name == "Task" || child.name == "Event";
    if (activity) {
      add(parent == "Contact" || parent == "Lead" ? "WhoId" : "WhatId");
    } else {
      std::string own(parent.substr(0, parent.rfind("__c")));
      add(own + "Id");
      add(own + "__c");
      if (child.name == "EmailMessage") add("RelatedToId");
    }
    return columns;
  }

  // The lookup of that object's own name goes before one that an organisation made.
  [[nodiscard]] std::string parent(const model::ObjectDescription& child, std::string_view parent) const override {
    const auto columns = parents(child, parent);
    return columns.empty() ? std::string() : columns.front();
  }

  [[nodiscard]] std::optional<KinWay> kin(std::string_view object, Kin kin) const override {
    const bool account = kin == Kin::account;
    if (object == "Opportunity" && !account) return KinWay{"OpportunityContactRole", "OpportunityId", "ContactId"};
    if (object == "Account") return account ? KinWay{} : KinWay{"Contact", "AccountId", ""};
    if (object == "Contact") return account ? KinWay{"", "", "AccountId"} : KinWay{};
    if (object == "Case") return KinWay{"", "", account ? "AccountId" : "ContactId"};
    if (account && (object == "Opportunity" || object == "Contract" || object == "Order" || object == "Quote"))
      return KinWay{"", "", "AccountId"};
    return std::nullopt;
  }

  // The account of an activity is worked out by Salesforce: that of the record or of the contact that it was with.
  [[nodiscard]] std::string kin_column(const model::ObjectDescription& activity, Kin kin) const override {
    if (activity.name != "Task" && activity.name != "Event") return {};
    const std::string column = kin == Kin::contacts ? "WhoId" : "AccountId";
    return activity.find(column) != nullptr ? column : std::string();
  }

 private:
  const std::vector<ActivitySource> sources_{
      {"task",
       "Task",
       {"Subject", "IsClosed", "Status", "TaskSubtype", "Type", "ActivityDate", "CompletedDateTime", "OwnerId",
        "IsRecurrence"},
       "",
       "Description"},
      {"event",
       "Event",
       {"StartDateTime", "ActivityDateTime", "ActivityDate", "IsAllDayEvent", "OwnerId", "IsRecurrence"},
       "",
       "Description"},
      {"email_message", "EmailMessage", {"Incoming", "MessageDate", "Status", "IsBounced"}, "task"},
  };
};

}  // namespace

std::shared_ptr<const connectors::Surroundings> make_surroundings() {
  return std::make_shared<const Around>();
}

}  // namespace coachd::salesforce
