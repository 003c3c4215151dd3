#include "daemon/app/link.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/connecting.hpp"
#include "daemon/app/description_json.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/ids.hpp"

namespace coachd::app {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

constexpr std::chrono::milliseconds gather_hints{250};
constexpr std::size_t known_prompts = 10'000;  // looked after by id, where a CRM cannot tell what was deleted

// Hands the unit to the store's thread and resumes here when it is durable, or refused.
asio::awaitable<store::Applied> apply(store::Store& store, store::UnitOfWork unit) {
  auto executor = co_await asio::this_coro::executor;
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(store::Applied)>(
      [&store, executor](auto handler, store::UnitOfWork work) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        store.apply(std::move(work), [shared, executor](store::Applied result) {
          asio::post(executor, [shared, result] { (*shared)(result); });
        });
      },
      asio::use_awaitable, std::move(unit));
}

// Counts a coroutine as under way while it lives.
class UnderWay {
 public:
  explicit UnderWay(int& count) : count_(count) { ++count_; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay() { --count_; }

 private:
  int& count_;
};

}  // namespace

Link::Link(asio::any_io_executor executor, std::unique_ptr<connectors::Connector> connector, LinkOptions options,
           LinkServices services)
    : executor_(std::move(executor)),
      connector_(std::move(connector)),
      options_(std::move(options)),
      services_(std::move(services)),
      reader_(services_.store.open_reader()),
      timer_(executor_) {}

asio::awaitable<void> Link::pause(std::chrono::nanoseconds real) {
  if (stopping_) co_return;
  boost::system::error_code cancelled;
  timer_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(real));
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

void Link::stop() {
  stopping_ = true;
  timer_.cancel();
}

void Link::reload(std::vector<std::string> objects, std::vector<std::string> beside) {
  options_.objects = std::move(objects);
  options_.beside = std::move(beside);
  description_.clear();  // described anew, and with it the rules are loaded anew
  described_ = {};
  next_round_ = {};
  held_until_ = {};
  trails_again_ = {};
  trails_refused_.clear();
  timer_.cancel();
}

void Link::report(const std::string& state, bool good) {
  if (state == state_) return;
  state_ = state;
  good_ = good;
  services_.report(options_.name, state, good);
}

bool Link::failed(const model::CrmError& error) {
  // A refused sign-in is for a person to mend: asking again at once only locks the user out. One alone may be a hiccup.
  constexpr std::int64_t ask_again_soon = 5'000'000;
  constexpr std::int64_t ask_again_after_refusal = 300'000'000;
  const bool refused = error.failure == model::Failure::auth;
  last_failure_ = error.failure;
  const auto wait = refused && refusals_ == 0 ? ask_again_soon : ask_again_after_refusal;
  retry_after_us_ = refused ? wait : error.retry_after_us;
  refusals_ = refused ? refusals_ + 1 : refusals_;
  report(error.what, false);
  return false;
}

std::string Link::cursor(const std::string& name) {
  const auto [it, fresh] = cursors_.try_emplace(name);
  if (fresh) it->second = reader_->snapshot()->cursor(name).value_or("");
  return it->second;
}

asio::awaitable<bool> Link::commit(store::UnitOfWork unit) {
  unit.epoch = services_.store.epoch();
  const auto calls = connector_->calls();
  unit.counters.push_back(
      {"calls: " + options_.name, static_cast<std::int64_t>(calls - std::exchange(calls_counted_, calls))});
  for (;;) {
    switch (co_await apply(services_.store, unit)) {
      case store::Applied::done: services_.inbox.wake(); co_return true;
      case store::Applied::no_space: report("the disk is full: reading waits until there is room", false); break;
      case store::Applied::conflict:
      case store::Applied::failed: report("the store does not take what was read", false); break;
    }
    co_await pause(std::chrono::seconds(2));
    if (stopping_) co_return false;  // the cursor has not moved: it is read again after the next start
  }
}

void Link::use(const model::Description& description) {
  auto context = services_.context(description);
  if (!context) return;
  context_ = context;
  first_load_told_ = false;  // what these rules read has been read once at the end of a round
  services_.inbox.post(
      Inbox::Item([context](pipeline::Hall& hall, model::Instant now) { hall.connect(context, now); }));
}

asio::awaitable<bool> Link::describe() {
  const auto now = services_.clock.now();
  if (context_ && now - described_ < options_.describe_every) co_return true;
  auto answer = co_await connector_->describe(options_.objects, options_.beside);
  if (answer.has_error()) {
    // The last description serves while the CRM is away, so that what is due goes on being decided.
    if (!context_) {
      if (const auto kept = reader_->snapshot()->newest(options_.name, "description")) {
        if (const auto old = description_from_json(kept->body)) use(*old);
      }
    }
    co_return failed(answer.error());
  }
  if (const auto wrong = wrong_organisation(options_.organisation, *answer); !wrong.empty()) {
    report(wrong + ": nothing is read or written", false);
    co_return false;
  }
  described_ = now;
  refused_.clear();
  auto text = to_json(*answer);
  if (text != description_ || !context_) {
    store::UnitOfWork unit;
    unit.kept.push_back({options_.name, "description", std::to_string(pipeline::stable_hash(text)), now, text});
    if (!co_await commit(std::move(unit))) co_return false;
    description_ = std::move(text);
    use(*answer);
  }
  co_return context_ != nullptr;
}

asio::awaitable<bool> Link::own_prompts() {
  const auto known = [this] {
    std::vector<std::string> ids;
    for (const auto& p : reader_->snapshot()->prompts(options_.name, model::PromptState::live, known_prompts))
      ids.push_back(p.crm_id);
    return ids;
  };
  for (bool more = true; more && !stopping_;) {
    auto page = co_await connector_->own_prompts(own_cursor_, known);
    if (page.has_error()) co_return failed(page.error());
    own_cursor_ = page->next;
    more = page->more;
    services_.inbox.post(pipeline::OwnPromptsRead{options_.name, std::move(page->rows), {}, {}, !more});
  }
  co_return !stopping_;
}

// Page after page into the journal, each with the cursor that follows it in one unit. The next one is asked for while
// the last one is being stored: the CRM's time and the disk's do not add up.
template <class Read, class Unit>
asio::awaitable<bool> Link::pages(std::string name, Read read, Unit unit_of) {
  auto from = cursor(name);
  auto page = co_await read(from);
  while (!stopping_) {
    if (page.has_error()) co_return failed(page.error());
    const bool more = page->more;
    const auto next = page->next;
    const bool worth_it = next != from || !page->rows.empty();
    auto unit = unit_of(*page, from);
    if (!more) {
      if (worth_it && !co_await commit(std::move(unit))) co_return false;
      cursors_[name] = next;
      break;
    }
    if (worth_it) {
      auto [stored, following] = co_await (commit(std::move(unit)) && read(next));
      if (!stored) co_return false;
      page = std::move(following);
    } else {
      page = co_await read(next);
    }
    cursors_[name] = from = next;
  }
  co_return !stopping_;
}

Link::Reading Link::reading(const pipeline::Context& context, const rules::ObjectPlan& plan) {
  return {plan.object, plan.crm_object, pipeline::columns_to_read(context, plan.object)};
}

asio::awaitable<bool> Link::records(Reading what) {
  auto& dictionary = services_.store.dictionary();
  const auto set = pipeline::number_columns(dictionary, options_.name, what.object, what.columns).read_set;
  // New names in the rules are a new set of fields, with a cursor of its own: they are read from the beginning.
  const auto name = "read:" + options_.name + ":" + what.object + ":" + std::to_string(set);
  co_return co_await pages(
      name, [&](const std::string& from) { return connector_->read({what.crm_object, what.columns, from}); },
      [&](const connectors::Page& page, const std::string& from) {
        services_.server_date(page.server_time);
        const auto numbers = pipeline::number_columns(dictionary, options_.name, what.object, page.columns);
        auto unit = pipeline::intake_records(dictionary, options_.name, what.object, page, numbers, name,
                                             services_.clock.now());
        if (from.empty()) {  // what changes from here on is seen, field by field, where the CRM tells no more
          for (const auto field : numbers.fields)
            unit.known_since.push_back(
                {options_.name, what.object, field, "", page.history_since.value_or(page.server_time)});
        }
        return unit;
      });
}

asio::awaitable<bool> Link::history(Reading what) {
  if (!connector_->capabilities().field_history) co_return true;
  auto& dictionary = services_.store.dictionary();
  const auto set = pipeline::number_columns(dictionary, options_.name, what.object, what.columns).read_set;
  const auto name = "history:" + options_.name + ":" + what.object + ":" + std::to_string(set);
  co_return co_await pages(
      name, [&](const std::string& from) { return connector_->history({what.crm_object, what.columns, from}); },
      [&](const connectors::HistoryPage& page, const std::string&) {
        auto unit = pipeline::intake_history(dictionary, options_.name, what.object, page, what.columns, name,
                                             services_.clock.now());
        for (const auto& [field, at] : page.field_since)
          unit.known_since.push_back(
              {options_.name, what.object, dictionary.field(options_.name, what.object, field), "", at});
        return unit;
      });
}

// What the CRM does not show holds up nothing else: the tests that ask for it cannot be told.
asio::awaitable<bool> Link::beside(const pipeline::Beside& what) {
  if (refused_.contains(what.object)) co_return true;
  const Reading reading{what.object, what.crm_object, what.columns};
  if (!what.judged) {
    last_failure_.reset();
    const auto refused = [&] {
      return last_failure_ == model::Failure::permanent || last_failure_ == model::Failure::auth;
    };
    const bool read = co_await records(reading);
    if (!read && !refused()) co_return false;
    // Where a CRM keeps no history of it, what it holds now is told all the same.
    const auto past = what.object + " history";
    if (read && what.history && !refused_.contains(past) && !co_await history(reading)) {
      if (!refused()) co_return false;
      refused_.insert(past);
    }
    if (!read) {
      refused_.insert(what.object);
      whole_told_.erase(what.whole);
      services_.inbox.post(pipeline::BesideRead{options_.name, what.whole, false});
      co_return true;
    }
  }
  if (whole_told_.insert(what.whole).second) services_.inbox.post(pipeline::BesideRead{options_.name, what.whole});
  co_return true;
}

asio::awaitable<bool> Link::fetch(Reading what, std::vector<store::Snapshot::ReadListRow> rows) {
  std::vector<model::RecordId> ids;
  ids.reserve(rows.size());
  for (const auto& row : rows) ids.emplace_back(row.record);
  auto page = co_await connector_->fetch(what.crm_object, std::move(ids), what.columns);
  if (page.has_error()) co_return failed(page.error());
  auto& dictionary = services_.store.dictionary();
  const auto numbers = pipeline::number_columns(dictionary, options_.name, what.object, page->columns);
  pipeline::add_gone(*reader_->snapshot(), options_.name, what.object, rows, *page);
  auto unit =
      pipeline::intake_records(dictionary, options_.name, what.object, *page, numbers, "", services_.clock.now());
  for (auto& row : rows)  // one asked for again meanwhile keeps its place
    unit.read_list.push_back({options_.name, std::move(row.object), std::move(row.record), false, row.generation});
  co_return co_await commit(std::move(unit));
}

asio::awaitable<bool> Link::read_list() {
  const auto context = context_;
  while (!stopping_) {
    auto waiting = reader_->snapshot()->read_list(options_.name, connector_->capabilities().fetch_batch);
    if (waiting.empty()) break;
    std::map<std::string, std::vector<store::Snapshot::ReadListRow>> by_object;
    for (auto& row : waiting) by_object[row.object].push_back(std::move(row));
    for (auto& [object, rows] : by_object) {
      if (const auto* plan = context->rules->plan(object)) {
        if (!co_await fetch(reading(*context, *plan), std::move(rows))) co_return false;
        continue;
      }
      store::UnitOfWork unit;  // no rule is about this object any more
      for (auto& row : rows)
        unit.read_list.push_back({options_.name, row.object, std::move(row.record), false, row.generation});
      if (!co_await commit(std::move(unit))) co_return false;
    }
  }
  co_return !stopping_;
}

asio::awaitable<bool> Link::round() {
  if (!co_await describe()) co_return false;
  if (options_.live && !co_await own_prompts()) co_return false;
  const auto context = context_;  // a new one takes over at the next round
  // A cursor that was stored in the middle of a reading leads to where that one would have ended, be it days ago: only
  // what begins with this start, or these rules, ends with what is so now.
  for (int readings = first_load_told_ ? 1 : 2; readings > 0; --readings) {
    for (const auto& [object, plan] : context->rules->objects) {
      if (plan.only_beside()) continue;
      if (!co_await records(reading(*context, plan)) || !co_await history(reading(*context, plan))) co_return false;
    }
    for (const auto& [object, what] : context->beside)
      if (!co_await beside(what)) co_return false;
  }
  if (!co_await read_list()) co_return false;
  if (!first_load_told_) {
    first_load_told_ = true;
    services_.inbox.post(pipeline::FirstLoadDone{options_.name});
  }
  co_await trails();
  co_return !stopping_;
}

void Link::read_soon() {
  if (std::exchange(hinted_, true)) return;
  timer_.cancel();
}

asio::awaitable<void> Link::run() {
  const UnderWay here(under_way_);
  using steady = std::chrono::steady_clock;
  while (!stopping_) {
    const bool whole = !context_ || steady::now() >= next_round_;
    if (whole) next_round_ = steady::now() + services_.clock.real(options_.poll);
    hinted_ = false;
    if (!(whole ? co_await round() : co_await read_list())) {
      if (whole) next_round_ = {};
      // Back-off runs on the steady clock: a test clock must not hurry it, nor a CRM's Retry-After.
      const auto wait = std::chrono::milliseconds(std::int64_t{500} << std::min(failures_++, 9));
      const auto asked = std::chrono::microseconds(std::exchange(retry_after_us_, 0));
      held_until_ = steady::now() + std::max<std::chrono::nanoseconds>(wait, asked);
      // A hint rings, but what the CRM asked for stands.
      while (!stopping_ && steady::now() < held_until_) co_await pause(held_until_ - steady::now());
      continue;
    }
    failures_ = refusals_ = 0;
    report("reading", true);
    if (!hinted_) co_await pause(next_round_ - steady::now());
    // One call for many: what else is hinted at in this moment is read along.
    if (hinted_ && steady::now() < next_round_) co_await pause(gather_hints);
  }
}

asio::awaitable<void> Link::write(pipeline::Batch batch) {
  const UnderWay here(under_way_);
  auto result = co_await connector_->write(batch.writes);
  if (result.has_error()) services_.report(options_.name, result.error().what, false);
  services_.inbox.post(pipeline::BatchSettled{std::move(batch), std::move(result)});
}

asio::awaitable<void> Link::change_field(connectors::FieldChange change,
                                         std::function<void(connectors::Result<bool>)> done) {
  const UnderWay here(under_way_);
  auto result = co_await connector_->change_field(std::move(change));
  described_ = {};  // the next round sees how the CRM describes itself now
  done(std::move(result));
}

asio::awaitable<void> Link::find(std::vector<connectors::PromptItem> items) {
  const UnderWay here(under_way_);
  auto found = co_await connector_->find(items);
  services_.inbox.post(pipeline::DoubtsSettled{options_.name, std::move(items), std::move(found)});
}

}  // namespace coachd::app
