// Calls, e-mails, meetings, notes, tasks and messages as activities. Which records belong to which HubSpot keeps in
// associations: they are read as columns of their own, see links.hpp.
#include "connectors/surroundings.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/hubspot/hubspot.hpp"
#include "connectors/hubspot/links.hpp"
#include "connectors/hubspot/prompts.hpp"
#include "connectors/net/subject.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::hubspot {

using connectors::ActivitySource;
using connectors::Deed;
using connectors::Kin;
using connectors::KinWay;
using model::Value;

namespace {

// The first two columns of every source; the others by their places, see `sources_`.
enum : std::size_t { when, owner };
namespace call {
enum : std::size_t { status = 2 };
}
namespace email {
enum : std::size_t { direction = 2, status, sequence };
}
namespace meeting {
enum : std::size_t { start = 2, outcome };
}
namespace task {
enum : std::size_t { status = 2, completed, type, subject, key };
}

[[nodiscard]] std::string_view text(const Value& v) {
  return v.kind() == Value::Kind::text ? v.as_text() : std::string_view();
}
[[nodiscard]] bool is_time(const Value& v) {
  return v.kind() == Value::Kind::instant || v.kind() == Value::Kind::day;
}
[[nodiscard]] bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

[[nodiscard]] std::optional<Deed> made(Deed::Kind kind, Deed::State state, const Value& at, std::span<const Value> v) {
  Deed deed;
  deed.kind = kind;
  deed.state = state;
  deed.at = at;
  deed.by = text(v[owner]);
  return is_time(at) ? std::optional(deed) : std::nullopt;
}

[[nodiscard]] std::optional<Deed> call_deed(std::span<const Value> v) {
  if (one_of(text(v[call::status]), {"CANCELED", "FAILED", "QUEUED"})) return std::nullopt;
  return made(Deed::Kind::call, Deed::State::done, v[when], v);
}

// What a sequence sends by itself, and what has reached nobody, is no activity.
[[nodiscard]] std::optional<Deed> email_deed(std::span<const Value> v) {
  if (one_of(text(v[email::status]), {"BOUNCED", "FAILED", "SCHEDULED", "SENDING"})) return std::nullopt;
  if (!v[email::sequence].is_unread() && !v[email::sequence].is_blank()) return std::nullopt;
  auto deed = made(Deed::Kind::email, Deed::State::done, v[when], v);
  if (deed) deed->outside = text(v[email::direction]) == "INCOMING_EMAIL";
  return deed;
}

[[nodiscard]] std::optional<Deed> meeting_deed(std::span<const Value> v) {
  const auto outcome = text(v[meeting::outcome]);
  if (one_of(outcome, {"CANCELED", "NO_SHOW", "RESCHEDULED"})) return std::nullopt;
  const auto state = outcome == "COMPLETED" ? Deed::State::done : Deed::State::scheduled;
  return made(Deed::Kind::meeting, state, is_time(v[meeting::start]) ? v[meeting::start] : v[when], v);
}

[[nodiscard]] std::optional<Deed> task_deed(std::span<const Value> v) {
  const auto type = text(v[task::type]);
  const auto kind = type == "CALL" ? Deed::Kind::call : type == "EMAIL" ? Deed::Kind::email : Deed::Kind::task;
  const bool done = text(v[task::status]) == "COMPLETED";
  auto deed = made(kind, done ? Deed::State::done : Deed::State::planned,
                   done && is_time(v[task::completed]) ? v[task::completed] : v[when], v);
  if (!deed) return deed;
  deed->due = v[when];
  if (done) deed->completed = v[task::completed];
  deed->subject = text(v[task::subject]);
  return deed;
}

// Objects that HubSpot associates with one another.
constexpr std::array<std::string_view, 13> associated{"deals",      "companies", "contacts",      "tickets", "leads",
                                                      "calls",      "emails",    "meetings",      "notes",   "tasks",
                                                      "line_items", "quotes",    "communications"};

class Around final : public connectors::Surroundings {
 public:
  [[nodiscard]] std::span<const ActivitySource> sources() const override { return sources_; }

  [[nodiscard]] std::optional<Deed> deed(const ActivitySource& source, std::span<const Value> values) const override {
    if (source.name == "call") return call_deed(values);
    if (source.name == "email") return email_deed(values);
    if (source.name == "meeting") return meeting_deed(values);
    if (source.name == "task") return task_deed(values);
    return made(Deed::Kind::note, Deed::State::done, values[when], values);
  }

  [[nodiscard]] bool own(const ActivitySource& source, std::span<const Value> values) const override {
    return source.name == "task" &&
           (!text(values[task::key]).empty() || net::short_key_of(text(values[task::subject])).has_value());
  }

  [[nodiscard]] std::vector<std::string> parents(const model::ObjectDescription& child,
                                                 std::string_view parent) const override {
    if (!known(child.name) || !known(parent) || child.name == parent) return {};
    return {link_column(parent)};
  }

  // Of several companies one is the primary one.
  [[nodiscard]] std::string parent(const model::ObjectDescription& child, std::string_view parent) const override {
    if (parents(child, parent).empty()) return {};
    return parent == "companies" ? primary_column(parent) : link_column(parent);
  }

  [[nodiscard]] std::optional<KinWay> kin(std::string_view object, Kin kin) const override {
    if (!known(object)) return std::nullopt;
    const std::string_view of = kin_object(kin);
    return KinWay{"", "", object == of ? std::string() : link_column(of)};
  }

  [[nodiscard]] std::string kin_column(const model::ObjectDescription& activity, Kin kin) const override {
    return known(activity.name) ? link_column(kin_object(kin)) : std::string();
  }

 private:
  [[nodiscard]] static bool known(std::string_view object) {
    return std::find(associated.begin(), associated.end(), object) != associated.end();
  }
  [[nodiscard]] static std::string_view kin_object(Kin kin) { return kin == Kin::contacts ? "contacts" : "companies"; }

  const std::vector<ActivitySource> sources_{
      {"call", "calls", {"hs_timestamp", "hubspot_owner_id", "hs_call_status"}, "", "hs_call_body"},
      {"email",
       "emails",
       {"hs_timestamp", "hubspot_owner_id", "hs_email_direction", "hs_email_status", "hs_sequence_id"}},
      {"meeting",
       "meetings",
       {"hs_timestamp", "hubspot_owner_id", "hs_meeting_start_time", "hs_meeting_outcome"},
       "",
       "hs_internal_meeting_notes"},
      {"note", "notes", {"hs_timestamp", "hubspot_owner_id"}, "", "hs_note_body", true},
      {"task",
       "tasks",
       {"hs_timestamp", "hubspot_owner_id", "hs_task_status", "hs_task_completion_date", "hs_task_type",
        "hs_task_subject", key_property}},
      {"communication", "communications", {"hs_timestamp", "hubspot_owner_id"}},
  };
};

}  // namespace

std::shared_ptr<const connectors::Surroundings> make_surroundings() {
  return std::make_shared<const Around>();
}

}  // namespace coachd::hubspot
