#include "daemon/http/hook_door.hpp"

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
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

/// Deliveries that are committed together.
struct Batch {
  store::UnitOfWork unit;
  std::vector<Answer> answers;
  std::vector<std::string> connections;  ///< each once
  std::uint64_t events = 0;
  Clock::time_point since{};
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
    if (store_.queued_bytes() > options_.queued) return unavailable(std::move(answer), "the store's queue is full");

    url_.assign(options_.public_url).append(request.target);
    const auto now = options_.now();
    const auto verdict = route->second->check({request.method, url_, request.body, request.header}, now);
    if (verdict.status < 200 || verdict.status > 299) return refuse(std::move(answer), verdict.status, verdict.reason);

    if (!next_) begin_batch();
    store::JournalEntry entry;
    entry.kind = store::JournalEntry::Kind::hint;
    entry.connection = route->first;
    entry.key = verdict.key;
    entry.key_time = verdict.at;
    entry.received = now;
    entry.body = request.body;
    next_->unit.journal.push_back(std::move(entry));
    next_->answers.push_back(std::move(answer));
    next_->events += verdict.events;
    if (std::find(next_->connections.begin(), next_->connections.end(), route->first) == next_->connections.end())
      next_->connections.push_back(route->first);
  }

  void close() {
    closed_ = true;
    timer_.cancel();
    if (next_) give_up(*next_, "stopping");
    for (auto& b : out_) give_up(*b, "stopping");
    next_.reset();
    out_.clear();
  }

  void set_routes(Routes routes) { routes_ = std::move(routes); }
  [[nodiscard]] const HookCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] bool resting() const noexcept { return !next_ && out_.empty(); }

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
    for (auto& a : std::exchange(batch.answers, {})) unavailable(std::move(a), why);
  }

  // It goes when all that the event loop has ready was handled.
  void begin_batch() {
    next_ = std::make_shared<Batch>();
    next_->unit.urgency = store::UnitOfWork::Urgency::intake;
    next_->unit.epoch = store_.epoch();
    next_->since = Clock::now();
    boost::asio::post(executor_, [self = shared_from_this()] { self->hand_over(); });
    watch();
  }

  void hand_over() {
    if (!next_ || out_.size() >= options_.units) return;  // the next answer of the store takes it along
    auto batch = std::exchange(next_, nullptr);
    if (batch->answers.empty()) return;  // given up meanwhile
    out_.push_back(batch);
    store_.apply(std::move(batch->unit), [self = shared_from_this(), batch](store::Applied applied) {
      boost::asio::post(self->executor_, [self, batch, applied] { self->applied(batch, applied); });
    });
  }

  void applied(const std::shared_ptr<Batch>& batch, store::Applied applied) {
    if (closed_) return;
    std::erase(out_, batch);
    hand_over();  // the store works on while the answers go out
    if (applied == store::Applied::done) {
      ++counters_.commits;
      counters_.deliveries += batch->answers.size();
      if (!batch->answers.empty()) counters_.events += batch->events;
      for (auto& a : std::exchange(batch->answers, {})) a.send({});
      if (options_.stored)
        for (const auto& c : batch->connections) options_.stored(c);
    } else {
      give_up(*batch, applied == store::Applied::no_space ? "no room left" : "the store refused");
    }
  }

  // One timer for the oldest that waits; a commit in time lets it run out. Idle, it does not run.
  void watch() {
    if (watching_) return;
    const auto waits = [](const auto& b) { return !b->answers.empty(); };
    const auto oldest = std::find_if(out_.begin(), out_.end(), waits);
    const auto& b = oldest == out_.end() ? next_ : *oldest;
    if (!b) return;
    watching_ = true;
    timer_.expires_at(b->since + options_.commit);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
      if (!ec) self->late();
    });
  }

  void late() {
    watching_ = false;
    const auto now = Clock::now();
    const auto look = [&](Batch& b) {
      if (now - b.since >= options_.commit) give_up(b, "no commit in time");
    };
    for (auto& b : out_) look(*b);
    if (next_) look(*next_);
    if (next_ && next_->answers.empty()) next_.reset();  // never handed over: it comes again
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
  std::shared_ptr<Batch> next_;
  std::deque<std::shared_ptr<Batch>> out_;
  bool watching_ = false, closed_ = false;
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
