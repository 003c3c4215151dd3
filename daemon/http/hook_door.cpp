#include "daemon/http/hook_door.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/store/store.hpp"

namespace coachd::http {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view prefix = "/v1/hooks/";
constexpr std::size_t few = 8;     // are not shared between two commits
constexpr std::size_t usual = 16;  // in a commit, where many come at once

/// Deliveries that are committed together.
struct Batch {
  struct Waiting {
    Answer answer;
    std::size_t events = 0;
  };
  store::UnitOfWork unit;                ///< its journal: an entry for each that waits
  std::vector<Waiting> waiting;          ///< empty: all have their answer
  std::vector<std::string> connections;  ///< each once
  Clock::time_point since{};

  Batch(std::int64_t epoch, Clock::time_point since) : since(since) {
    unit.urgency = store::UnitOfWork::Urgency::intake;
    unit.epoch = epoch;
    unit.journal.reserve(usual);
    waiting.reserve(usual);
  }
  [[nodiscard]] std::size_t bytes() const {
    return std::accumulate(unit.journal.begin(), unit.journal.end(), std::size_t{0},
                           [](std::size_t n, const auto& e) { return n + e.body.size(); });
  }
  /// What comes after the first `n`, which stay.
  [[nodiscard]] std::shared_ptr<Batch> split(std::size_t n) {
    auto rest = std::make_shared<Batch>(unit.epoch, since);
    const auto from = static_cast<std::ptrdiff_t>(n);
    std::move(unit.journal.begin() + from, unit.journal.end(), std::back_inserter(rest->unit.journal));
    std::move(waiting.begin() + from, waiting.end(), std::back_inserter(rest->waiting));
    unit.journal.erase(unit.journal.begin() + from, unit.journal.end());
    waiting.erase(waiting.begin() + from, waiting.end());
    rest->connections = connections;
    return rest;
  }
};

}  // namespace

class HookDoor::State : public std::enable_shared_from_this<State> {
 public:
  State(boost::asio::any_io_executor executor, store::Store& store, Refusals& refusals, Routes routes,
        HookDoorOptions options)
      : executor_(std::move(executor)),
        store_(store),
        refusals_(refusals),
        routes_(std::move(routes)),
        options_(std::move(options)),
        timer_(executor_) {}

  void handle(const Request& request, Answer answer) {
    if (closed_) return answer.send({.status = 503, .close = true});
    const auto path = request.path();
    const auto route = path.starts_with(prefix) ? routes_.find(path.substr(prefix.size())) : routes_.end();
    if (route == routes_.end()) return refuse(std::move(answer), 404, "no such door");
    if (request.method != "POST") return refuse(std::move(answer), 405, "wrong method");
    if (store_.queued_bytes() + gathered_.load() > options_.queued)
      return unavailable(std::move(answer), "the store's queue is full");

    url_.assign(options_.public_url).append(request.target);
    const auto now = options_.now();
    const auto verdict = route->second->check({request.method, url_, request.body, request.header},
                                              options_.wall ? options_.wall() : now);
    if (verdict.status < 200 || verdict.status > 299) return refuse(std::move(answer), verdict.status, verdict.reason);

    store::JournalEntry entry;
    entry.kind = store::JournalEntry::Kind::hint;
    entry.connection = route->first;
    entry.key = verdict.key;
    entry.key_time = verdict.at;
    entry.received = now;
    entry.body = request.body;
    add(std::move(entry), verdict.events, std::move(answer));
  }

  void close() {
    closed_ = true;
    timer_.cancel();
    std::vector<std::shared_ptr<Batch>> waiting;
    {
      const std::scoped_lock lock(mutex_);
      waiting.swap(waiting_);
      next_.reset();
    }
    for (const auto& b : waiting) give_up(*b, "stopping");
  }

  void set_routes(Routes routes) { routes_ = std::move(routes); }
  [[nodiscard]] const HookCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] bool resting() const noexcept {
    const std::scoped_lock lock(mutex_);
    return waiting_.empty();
  }

 private:
  void refuse(Answer answer, int status, std::string_view reason) {
    refusals_.add(reason, status, Clock::now());
    Response r;
    r.status = status;
    if (status == 405) r.headers.emplace_back("Allow", "POST");
    answer.send(std::move(r));
  }

  void unavailable(Answer answer, std::string_view why) {
    ++counters_.unavailable;
    refusals_.add(why, 503, Clock::now());
    Response r;
    r.status = 503;
    r.headers.emplace_back("Retry-After", std::to_string(options_.retry_after.count()));
    answer.send(std::move(r));
  }

  void give_up(Batch& batch, std::string_view why) {
    for (auto& w : std::exchange(batch.waiting, {})) unavailable(std::move(w.answer), why);
  }

  void add(store::JournalEntry entry, std::size_t events, Answer answer) {
    bool first = false;
    {
      const std::scoped_lock lock(mutex_);
      first = !next_;
      if (first) next_ = waiting_.emplace_back(std::make_shared<Batch>(store_.epoch(), Clock::now()));
      auto& names = next_->connections;
      if (std::find(names.begin(), names.end(), entry.connection) == names.end()) names.push_back(entry.connection);
      gathered_ += entry.body.size();
      next_->unit.journal.push_back(std::move(entry));
      next_->waiting.push_back({std::move(answer), events});
    }
    if (!first) return;
    // It goes when all that the event loop has ready was handled, or when the store has done the one before it.
    boost::asio::post(executor_, [self = shared_from_this()] { self->hand_over(); });
    watch();
  }

  // On the network thread, and on the store's when it has done a unit: so it never waits for this thread to turn.
  void hand_over() {
    std::shared_ptr<Batch> batch;
    {
      const std::scoped_lock lock(mutex_);
      if (!next_ || busy_) return;
      busy_ = true;
      batch = std::exchange(next_, nullptr);
      // Where all wait for one commit, the store would wait for all of them after it. In two halves, one is answered
      // and asks anew while the other is written.
      const auto half = std::max(few, (handed_over_ + batch->waiting.size() + 1) / 2);
      if (batch->waiting.size() > half) next_ = waiting_.emplace_back(batch->split(half));
      gathered_ = next_ ? next_->bytes() : 0;
      handed_over_ = batch->waiting.size();
    }
    store_.apply(std::move(batch->unit), [self = shared_from_this(), batch](store::Applied applied) {
      {
        const std::scoped_lock lock(self->mutex_);
        self->busy_ = false;
      }
      self->hand_over();
      boost::asio::post(self->executor_, [self, batch, applied] { self->applied(batch, applied); });
    });
  }

  void applied(const std::shared_ptr<Batch>& batch, store::Applied applied) {
    if (closed_) return;
    {
      const std::scoped_lock lock(mutex_);
      std::erase(waiting_, batch);
    }
    if (applied != store::Applied::done)
      return give_up(*batch, applied == store::Applied::no_space ? "no room left" : "the store refused");
    ++counters_.commits;
    counters_.deliveries += batch->waiting.size();
    for (auto& w : std::exchange(batch->waiting, {})) {
      counters_.events += w.events;
      w.answer.send({});
    }
    if (options_.stored)
      for (const auto& c : batch->connections) options_.stored(c);
  }

  // One timer for the oldest that waits; a commit in time lets it run out. Idle, it does not run.
  void watch() {
    if (watching_) return;
    {
      const std::scoped_lock lock(mutex_);
      const auto oldest =
          std::find_if(waiting_.begin(), waiting_.end(), [](const auto& b) { return !b->waiting.empty(); });
      if (oldest == waiting_.end()) return;
      timer_.expires_at((*oldest)->since + options_.commit);
    }
    watching_ = true;
    timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
      if (!ec) self->late();
    });
  }

  void late() {
    watching_ = false;
    const auto now = Clock::now();
    std::vector<std::shared_ptr<Batch>> late;
    {
      const std::scoped_lock lock(mutex_);
      std::copy_if(waiting_.begin(), waiting_.end(), std::back_inserter(late),
                   [&](const auto& b) { return now - b->since >= options_.commit; });
      if (next_ && now - next_->since >= options_.commit) {  // never handed over: the CRM sends it again
        std::erase(waiting_, next_);
        next_.reset();
        gathered_ = 0;
      }
    }
    for (const auto& b : late) give_up(*b, "no commit in time");
    watch();
  }

  boost::asio::any_io_executor executor_;
  store::Store& store_;
  Refusals& refusals_;
  Routes routes_;
  HookDoorOptions options_;
  boost::asio::steady_timer timer_;
  HookCounters counters_;
  std::string url_;
  bool watching_ = false, closed_ = false;
  std::atomic<std::size_t> gathered_ = 0;        // bytes of `next_`
  mutable std::mutex mutex_;                     // of what the store's thread uses too:
  std::vector<std::shared_ptr<Batch>> waiting_;  // for the store's answer, oldest first
  std::shared_ptr<Batch> next_;                  // the last of them, being gathered while the store is busy
  std::size_t handed_over_ = 0;                  // deliveries that the store had last
  bool busy_ = false;                            // the store has a unit
};

HookDoor::HookDoor(boost::asio::any_io_executor executor, store::Store& store, Refusals& refusals, Routes routes,
                   HookDoorOptions options)
    : state_(std::make_shared<State>(std::move(executor), store, refusals, std::move(routes), std::move(options))) {}

HookDoor::~HookDoor() {
  state_->close();
}

void HookDoor::handle(const Request& request, Answer answer) {
  state_->handle(request, std::move(answer));
}

void HookDoor::set_routes(Routes routes) {
  state_->set_routes(std::move(routes));
}

const HookCounters& HookDoor::counters() const noexcept {
  return state_->counters();
}

bool HookDoor::resting() const noexcept {
  return state_->resting();
}

}  // namespace coachd::http
