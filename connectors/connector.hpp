// The one seam between the daemon and a CRM. A connector describes, reads pages behind an opaque cursor, and writes
// prompts
// - nothing else: there is no way to write a business field (design 3). All calls run on the network thread of the
// io_context they are awaited on; none blocks it. A connector holds no state that must survive: cursors are the
// caller's.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

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

/// What a CRM can do, as data: the hall asks, it never knows which CRM it talks to.
struct Capabilities {
  bool deletes_in_read = false;       ///< `read` reports deleted records
  bool field_history = false;         ///< `history` works
  std::vector<std::string> carriers;  ///< in the connector's own order of preference: "task", ...
  std::size_t page = 2000;            ///< records a page of `read`
  std::size_t fetch_batch = 200;      ///< ids a call of `fetch`
  std::size_t write_batch = 25;       ///< items a call of `write`
  std::size_t subject_length = 255;   ///< longest subject of a prompt
};

/// Records of one object that changed, oldest first. `next` continues after them (stored by the caller with the rows,
/// in one transaction); `more` says that another page waits. Repeats are normal: the cursor looks back over an overlap.
struct Page {
  std::vector<std::string> columns;  ///< the CRM's own names, parallel to RecordRow::values
  std::vector<model::RecordRow> rows;
  std::string next;
  bool more = false;
  model::Instant server_time{};  ///< the CRM's clock (Date header)
};

struct ReadRequest {
  std::string object;                ///< the CRM's own name
  std::vector<std::string> columns;  ///< fields to read; ids, stamps and authors come by themselves
  std::string cursor;                ///< "" = from the beginning (first load)
};

/// Field history as the CRM keeps it.
struct HistoryItem {
  model::RecordId record;
  std::string field;      ///< the CRM's own name
  model::HistoryRow row;  ///< row.field is left empty
  std::string vendor_id;  ///< unique id of the row: repeats are dropped by it
};
struct HistoryPage {
  std::vector<HistoryItem> rows;
  std::string next;
  bool more = false;
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
  std::string object;   ///< the CRM's own name of the record's object
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

/// The short key that ends every subject: the first 10 hex digits of the full key.
[[nodiscard]] inline std::string short_key(const std::string& key) {
  return key.substr(0, 10);
}

class Connector {
 public:
  virtual ~Connector() = default;

  [[nodiscard]] virtual const Capabilities& capabilities() const = 0;
  /// Objects (by the CRM's own names) with fields, options and stages; people; the organisation.
  [[nodiscard]] virtual Task<model::Description> describe(std::vector<std::string> objects) = 0;
  [[nodiscard]] virtual Task<Page> read(ReadRequest request) = 0;
  /// Records by id, also deleted ones where the CRM still tells. What does not come back is gone.
  [[nodiscard]] virtual Task<Page> fetch(std::string object, std::vector<model::RecordId> ids,
                                         std::vector<std::string> columns) = 0;
  [[nodiscard]] virtual Task<HistoryPage> history(HistoryRequest request) = 0;
  /// One result per item, in order. A failure of the whole call is the result's error; with `may_have_happened` every
  /// item of it is in doubt.
  [[nodiscard]] virtual Task<std::vector<WriteOutcome>> write(std::vector<PromptWrite> batch) = 0;
  /// coachd's own items that changed since the cursor ("" = all there are, deleted ones too): adoption and resolution.
  [[nodiscard]] virtual Task<FoundPage> own_prompts(std::string cursor) = 0;
  /// Items by short key, read through their records and never through a search index that lags: settles doubts.
  [[nodiscard]] virtual Task<std::vector<FoundPrompt>> find(std::vector<PromptItem> items) = 0;
  /// Calls made since the start, for `status` and the budget.
  [[nodiscard]] virtual std::uint64_t calls() const = 0;
};

}  // namespace coachd::connectors
