// The one seam between the daemon and a CRM. A connector describes, reads pages behind an opaque cursor, and writes
// prompts - nothing else: there is no way to write a business field. All calls run on the network thread of
// the io_context they are awaited on; none blocks it. A connector holds no state that must survive: cursors are the
// caller's.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/trails.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"

namespace coachd::model {
/// Lets `result::value()` of a CRM answer throw where a caller wrongly relies on success.
[[noreturn]] inline void throw_exception_from_error(const CrmError& e, const boost::source_location&) {
  throw std::runtime_error(e.what);
}
}  // namespace coachd::model

namespace coachd::connectors {

template <class T>
using Result = boost::system::result<T, model::CrmError>;
template <class T>
using Task = boost::asio::awaitable<Result<T>>;

/// Canonical names and the CRM's own. Custom fields (champion, procurement_status) come from `map:` of the connection.
struct Names {
  std::map<std::string, std::string> objects;                        ///< opportunity -> Opportunity, deals
  std::map<std::string, std::map<std::string, std::string>> fields;  ///< opportunity -> {next_step -> NextStep}
};

/// What a CRM can do, as data: the hall asks, it never knows which CRM it talks to.
struct Capabilities {
  bool field_history = false;     ///< `history` works; else a record's own comes along with it (Page::history)
  std::size_t fetch_batch = 200;  ///< ids a call of `fetch`
  bool changes_fields = false;    ///< `change_field` works; else an admin deploys what coachd writes down
};

/// Field history as the CRM keeps it.
struct HistoryItem {
  model::RecordId record;
  std::string field;      ///< the CRM's own name
  model::HistoryRow row;  ///< row.field is left empty
  std::string vendor_id;  ///< unique id of the row: repeats are dropped by it
};
/// The CRM's list of a field's values ended at its depth limit: what that record's field was before is not known.
struct HistoryCut {
  model::RecordId record;
  std::string field;  ///< the CRM's own name
  model::Instant since{};
};

/// Records of one object: of a first load in any order, else those that changed, oldest first. `next` continues after
/// them (stored by the caller with the rows, in one transaction); `more` says that another page waits. Repeats are
/// normal: the cursor looks back over an overlap. Whoever comes back later with a `next` that had `more` behind it is
/// led to where that reading would have ended: only the reading after it ends with what is so now.
struct Page {
  std::vector<std::string> columns;  ///< the CRM's own names, parallel to RecordRow::values
  std::vector<model::RecordRow> rows;
  std::string next;
  bool more = false;
  bool first_load = false;       ///< nothing of it was handed out before, unless its cursor was lost
  model::Instant server_time{};  ///< the CRM's clock (Date header)
  // Only where the CRM keeps history in the record itself:
  std::vector<HistoryItem> history;             ///< of the rows above, in any order
  std::optional<model::Instant> history_since;  ///< every column read is known from here on, but for `cuts`
  std::vector<HistoryCut> cuts;
};

struct ReadRequest {
  std::string object;                ///< the CRM's own name
  std::vector<std::string> columns;  ///< fields to read; ids, stamps and authors come by themselves
  std::string cursor;                ///< "" = from the beginning (first load)
};

struct HistoryPage {
  std::vector<HistoryItem> rows;
  std::string next;
  bool more = false;
  bool first_load = false;                       ///< as of Page
  std::optional<model::Instant> complete_since;  ///< first page of a first read: history is complete from here on
  /// First page of a first read: since when each field asked for is known to be followed (its oldest row). A field
  /// without any row is absent: nothing says that its history is kept at all.
  std::map<std::string, model::Instant> field_since;
};
struct HistoryRequest {
  std::string object;
  std::vector<std::string> columns;  ///< empty: all tracked fields
  std::string cursor;
};

/// A prompt as it stands in the CRM. The subject ends with the short key in brackets, by which it is found again.
struct PromptItem {
  std::string key;      ///< full key (hex): hash of connection, record, person, carrier, episode
  std::string carrier;  ///< "task"
  std::string object;   ///< the CRM's own name of the record's object; "" with `record`: it is about no record
  model::RecordId record;
  model::PersonId person;
  std::string subject;  ///< without the short key; the connector adds it and keeps the length
  std::string body;
  model::Day due{};
  std::string crm_id;  ///< "" until created
};
struct PromptWrite {
  enum class Op : std::uint8_t { create, update, remove };
  Op op = Op::create;
  PromptItem item;
};
struct WriteOutcome {
  std::optional<std::string> crm_id;  ///< done (of a removal: gone, also where it was gone already)
  std::optional<model::CrmError> error;
};

/// The one thing about the set-up of a CRM that coachd may change: whether a retired field is shown, after its owner
/// agreed. Each says what shall be, so that it may be repeated.
struct FieldChange {
  enum class Op : std::uint8_t {
    hide,     ///< people see it no more; its values stay
    show,     ///< undoes `hide`
    archive,  ///< into the CRM's own recycle bin, from which a person can bring it back
    look,     ///< whether it is there: an error says how it comes back
  };
  Op op = Op::look;
  std::string object, field;  ///< the CRM's own names
};

/// One of coachd's own items as the CRM has it now.
struct FoundPrompt {
  std::string short_key;
  std::string crm_id;
  model::RecordId record;
  model::PersonId person;
  bool completed = false;
  bool deleted = false;
  model::Instant modified{};
  model::PersonId modified_by;
};
struct FoundPage {
  std::vector<FoundPrompt> rows;
  std::string next;
  bool more = false;
};

/// Tells the CRM ids of the prompts that are believed to be there; may be empty: nobody knows.
using KnownPrompts = std::function<std::vector<std::string>()>;

/// The short key that ends every subject: the first 10 hex digits of the full key.
[[nodiscard]] inline std::string short_key(const std::string& key) {
  return key.substr(0, 10);
}

/// A delivery at the public door, as it came. Views live as long as the call.
struct HookRequest {
  std::string_view method;
  std::string_view url;  ///< the public URL as the CRM called it, with the query: not what a proxy made of it
  std::string_view body;
  /// A header by its name in lower case; empty where it was not sent.
  std::function<std::string_view(std::string_view lower_name)> header;
};
/// What becomes of a delivery before anything is stored.
struct HookVerdict {
  int status = 200;         ///< 2xx: taken, answered once the body is durable; else refused with this status
  std::string_view reason;  ///< of a refusal: one of few fixed texts, safe to log and to count
  std::uint64_t key = 0;    ///< the same for every attempt of the same delivery
  model::Instant at{};      ///< when its first event happened: keys stand in this order
  std::size_t events = 0;
};
/// A record of which a delivery says that something happened to it. It is read again: a hint carries no truth.
struct Hint {
  std::string object;  ///< the CRM's own name
  model::RecordId record;
  model::Instant at{};  ///< when it happened; a record read later than that knows it already
};

/// What a CRM's webhooks mean. Immutable; may be asked from every thread.
class Hooks {
 public:
  virtual ~Hooks() = default;
  /// Checks method, signature, age (both ways against `now`) and form. Never throws for what came from outside.
  [[nodiscard]] virtual HookVerdict check(const HookRequest& request, model::Instant now) const = 0;
  /// The hints in a body that `check` took, in its order; events of kinds that are not known are left out.
  [[nodiscard]] virtual Result<std::vector<Hint>> split(std::string_view body) const = 0;
};

/// What the CRM's answers told beside their content; nothing where it has not told.
struct Vitals {
  std::optional<model::Instant> server_time;  ///< its clock, now
  std::optional<std::int64_t> calls_used;     ///< of the organisation's calls in 24 hours, by everybody
  std::optional<std::int64_t> calls_allowed;
};

class Connector {
 public:
  virtual ~Connector() = default;

  [[nodiscard]] virtual const Capabilities& capabilities() const = 0;
  /// Objects (by the CRM's own names) with fields, options and stages; people; the organisation. Of those that are only
  /// looked at `beside` their records no stages, and what is not there, or may not be seen, is left out.
  [[nodiscard]] virtual Task<model::Description> describe(std::vector<std::string> objects,
                                                          std::vector<std::string> beside = {}) = 0;
  [[nodiscard]] virtual Task<Page> read(ReadRequest request) = 0;
  /// Records by id, also deleted ones where the CRM still tells. What does not come back is gone.
  [[nodiscard]] virtual Task<Page> fetch(std::string object, std::vector<model::RecordId> ids,
                                         std::vector<std::string> columns) = 0;
  [[nodiscard]] virtual Task<HistoryPage> history(HistoryRequest request) = 0;
  /// One result per item, in order. A failure of the whole call is the result's error; with `may_have_happened` every
  /// item of it is in doubt.
  [[nodiscard]] virtual Task<std::vector<WriteOutcome>> write(std::vector<PromptWrite> batch) = 0;
  /// coachd's own items that changed since the cursor ("" = all there are, deleted ones too): adoption and resolution.
  /// `known` is asked where the CRM cannot list what was deleted, and only when it is time to look for that: those of
  /// its prompts that are gone come back as deleted.
  [[nodiscard]] virtual Task<FoundPage> own_prompts(std::string cursor, KnownPrompts known) = 0;
  /// Items by short key, read through their records and never through a search index that lags: settles doubts.
  [[nodiscard]] virtual Task<std::vector<FoundPrompt>> find(std::vector<PromptItem> items) = 0;
  /// Hides, shows or archives one field that is the company's own. Permanent error: the CRM's own fields, and what is
  /// not there; nothing was changed then.
  [[nodiscard]] virtual Task<bool> change_field(FieldChange /*change*/) {
    co_return model::CrmError{model::Failure::permanent,
                              "this CRM's API cannot: an admin deploys the change that coachd writes down", "", 0,
                              false};
  }
  /// What the CRM wrote down beside its records. An error is one that passes (or a refused sign-in); what is not to be
  /// had here, for want of a right or a licence, is a page that says so.
  [[nodiscard]] virtual Task<TrailPage> trail(TrailRequest /*request*/) {
    co_return no_trail("this CRM has no such trail");
  }
  /// Calls made since the start, for `status` and the budget.
  [[nodiscard]] virtual std::uint64_t calls() const = 0;
  /// As of the last answer.
  [[nodiscard]] virtual Vitals vitals() const { return {}; }
};

}  // namespace coachd::connectors
