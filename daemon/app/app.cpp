#include "daemon/app/app.hpp"
#include <signal.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/url.hpp"
#include "daemon/app/acting.hpp"
#include "daemon/app/connecting.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/app/doors.hpp"
#include "daemon/app/evaluation_loop.hpp"
#include "daemon/app/files/sources.hpp"
#include "daemon/app/inbox.hpp"
#include "daemon/app/link.hpp"
#include "daemon/app/memory.hpp"
#include "daemon/app/retire_door.hpp"
#include "daemon/app/service.hpp"
#include "daemon/app/study_loop.hpp"
#include "daemon/http/hook_door.hpp"
#include "daemon/log/log.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds end_within{8};  // of the ten that the service manager gives

bool on_loopback(const std::string& address) {
  const auto url = net::parse_url(address);
  return url && url->loopback();
}

// One connection with what it is made of.
struct Wire {
  const settings::Connection* settings = nullptr;
  ConnectionSetup setup;
  std::unique_ptr<net::Client> client;
  std::unique_ptr<Link> link;
};

class Daemon final : public pipeline::Outside {
 public:
  explicit Daemon(RunOptions options)
      : options_(std::move(options)),
        clock_(options_.clock ? Clock(options_.clock->start, options_.clock->rate) : Clock()),
        signals_(io_),
        hurry_(io_) {}

  std::optional<StartError> prepare() {
    if (options_.clock) {
      for (const auto& [name, c] : options_.settings.connections)
        if (!on_loopback(address_of(c)))
          return StartError{{},
                            "--clock is for tests: connection " + name + " is not on this machine, so it is refused"};
    }
    if (auto error = load_rules()) return error;
    try {
      store_ = store::sqlite::open(
          {.folder = options_.settings.state,
           .on_event = [this](store::sqlite::Event e, std::int64_t detail) { log_store_event(e, detail); }});
    } catch (const store::sqlite::OpenError& e) {
      return StartError{{}, e.what()};
    }
    if (const auto wall = saved_wall(*store_->open_reader()->snapshot())) clock_.floor(*wall);
    for (const auto& [name, c] : options_.settings.connections)
      if (auto error = wire(c)) return error;
    return open_doors();
  }

  void run() {
    evaluation_.emplace(*store_, *this, inbox_, clock_, log_, [this] {
      if (store_->still() < still_alive) work_.beat();  // a store that hangs is no life, either
    });
    studies_.emplace(*store_, inbox_, log_);
    for (auto& w : wires_) spawn(w.link->executor(), w.link->run());
    watch_signals();
    std::thread evaluation([this] { carry_out([this] { evaluation_->run(); }); });
    std::thread studies([this] { carry_out([this] { studies_->run(); }); });
    log_.info("started", {{"connections", wires_.size()},
                          {"webhooks_port", doors_->webhooks_port()},
                          {"admin_port", doors_->admin_port()}});
    service_.ready("started");
    run_network();
    inbox_.close();
    studies_->stop();
    studies.join();
    evaluation.join();
    evaluation_.reset();
    doors_.reset();
    acting_.reset();
    wires_.clear();
    store_->stop();
    log_.info("ended", {});
    if (failure_) std::rethrow_exception(failure_);
  }

  // Called on the evaluation thread: the call itself is made on the network thread.
  void write(pipeline::Batch batch) override {
    if (auto* link = find_link(batch.connection)) {
      asio::post(io_, [this, link, shared = std::make_shared<pipeline::Batch>(std::move(batch))] {
        spawn(link->executor(), link->write(std::move(*shared)));
      });
    }
  }
  void find(std::string connection, std::vector<connectors::PromptItem> items) override {
    if (auto* link = find_link(connection)) {
      asio::post(io_, [this, link, shared = std::make_shared<std::vector<connectors::PromptItem>>(std::move(items))] {
        spawn(link->executor(), link->find(std::move(*shared)));
      });
    }
  }

  void read(const std::string& connection) override {
    if (auto* link = find_link(connection)) asio::post(io_, [link] { link->read_soon(); });
  }
  void study(const std::shared_ptr<const pipeline::Context>& context, const std::string& key,
             model::Instant now) override {
    studies_->ask(context, key, now);
  }

 private:
  std::optional<StartError> load_rules() {
    std::vector<rules::Source> sources;
    try {
      sources = read_rule_files(options_.settings.rules);
    } catch (const std::exception& e) {
      return StartError{{}, e.what()};
    }
    // Every connection once without its description: mistakes are shown before anything is asked of a CRM.
    for (const auto& [name, c] : options_.settings.connections) {
      auto loaded = rules::load(sources, binding_of(setup_of(options_.settings, c)));
      if (!loaded.rules) return StartError{std::move(loaded.diagnostics), "the rules have errors"};
    }
    sources_ = std::move(sources);
    return std::nullopt;
  }

  std::optional<StartError> wire(const settings::Connection& c) {
    auto connected = make_connector(io_.get_executor(), c);
    if (!connected.value) return StartError{{}, "connection " + c.name + ": " + connected.problem};
    auto hooks = make_hooks(c, clock_.rate());
    if (!hooks.problem.empty()) return StartError{{}, "connection " + c.name + ": " + hooks.problem};
    auto& w = wires_.emplace_back();
    w.settings = &c;
    w.setup = setup_of(options_.settings, c);
    w.client = std::move(connected.value->client);
    w.setup.hooks = std::move(hooks.value);
    LinkOptions link;
    link.name = c.name;
    auto names = objects_of(sources_, w.setup);
    link.objects = std::move(names.judged);
    link.beside = std::move(names.beside);
    link.organisation = c.organisation;
    link.poll = c.read.poll;
    link.live = w.setup.hall.live;
    LinkServices services{
        *store_,
        inbox_,
        clock_,
        [this, &w](const model::Description& d) { return context(w.setup, d); },
        [this](const std::string& name, const std::string& state, bool good) { report(name, state, good); },
        [this](model::Instant server) {
          inbox_.post(Inbox::Item(
              [this, server](pipeline::Hall&, model::Instant now) { evaluation_->server_date(server, now); }));
        }};
    w.link = std::make_unique<Link>(io_.get_executor(), std::move(connected.value->connector), std::move(link),
                                    std::move(services));
    return std::nullopt;
  }

  [[nodiscard]] std::vector<ConnectionState> connection_states() const {
    std::vector<ConnectionState> states;
    for (const auto& w : wires_)
      states.push_back({w.setup.name, w.link->state(), w.link->good(), w.link->described(), w.link->calls()});
    return states;
  }

  std::optional<StartError> open_doors() {
    http::Routes routes;
    for (const auto& w : wires_)
      if (w.setup.hooks) routes.emplace(w.setup.name, w.setup.hooks);
    try {
      acting_.emplace(options_.settings.state);
      doors_.emplace(
          io_.get_executor(), options_.settings.listen, std::move(routes),
          DoorServices{
              *store_, log_, work_, clock_, [this] { inbox_.wake(); }, [this] { return connection_states(); },
              [this](std::string_view body, RetireDoor::Done done) { retire_door_.handle(body, std::move(done)); },
              acting_->key()});
      acting_->publish(doors_->admin_port());
    } catch (const std::runtime_error& e) {
      return StartError{{}, e.what()};
    }
    return std::nullopt;
  }

  std::shared_ptr<const pipeline::Context> context(const ConnectionSetup& setup,
                                                   const model::Description& description) {
    auto built = build_context(sources_, setup, description, *store_, true, clock_.now());
    for (const auto& d : built.diagnostics)
      if (d.severity == model::Severity::error)
        log_.error("rules", {{"connection", log::Id(setup.name)},
                             {"file", log::Id(d.place.file)},
                             {"line", d.place.line},
                             {"code", log::Id(d.code)}});
    if (built.context)
      for (const auto& off : built.context->rules->off)
        log_.warning("rule is off here",
                     {{"connection", log::Id(setup.name)}, {"rule", off.rule}, {"why", log::Sentence(off.why)}});
    return built.context;
  }

  void log_store_event(store::sqlite::Event event, std::int64_t detail) {
    using store::sqlite::Event;
    switch (event) {
      case Event::full: return log_.error("the disk is full", {{"sqlite", detail}});
      case Event::room_again: return log_.info("there is room on the disk again");
      case Event::failure: return log_.error("a write to the state failed", {{"sqlite", detail}});
      case Event::checkpoint_late: return log_.warning("the write-ahead log grows", {{"bytes", detail}});
    }
  }

  void report(const std::string& connection, const std::string& state, bool good) {
    if (good)
      log_.info("connection", {{"connection", log::Id(connection)}, {"state", log::Sentence(state)}});
    else
      log_.warning("connection", {{"connection", log::Id(connection)}, {"state", log::Sentence(state)}});
    service_.status(connection + ": " + state);
    store::UnitOfWork unit;
    unit.epoch = store_->epoch();
    unit.metadata.emplace_back("connection: " + connection, state);
    store_->apply(std::move(unit), [](store::Applied) {});
  }

  Link* find_link(const std::string& connection) {
    for (auto& w : wires_)
      if (w.setup.name == connection) return w.link.get();
    return nullptr;
  }

  void spawn(const asio::any_io_executor& executor, asio::awaitable<void> work) {
    asio::co_spawn(executor, std::move(work), [this](const std::exception_ptr& e) {
      if (e) fail(e);
    });
  }

  void watch_signals() {
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) signals_.add(s);
    wait_signal();
  }
  void wait_signal() {
    signals_.async_wait([this](boost::system::error_code cancelled, int number) {
      if (cancelled) return;
      if (number == SIGHUP) {
        reload();
        wait_signal();
      } else {
        end();
      }
    });
  }

  void reload() {
    service_.reloading();
    if (const auto error = load_rules()) {
      log_.error("reload: the old rules stay", {{"errors", error->diagnostics.size()}});
      for (const auto& d : error->diagnostics)
        log_.error("rules", {{"file", log::Id(d.place.file)}, {"line", d.place.line}, {"code", log::Id(d.code)}});
      service_.reloaded("the rules have errors: the old ones stay");
      return;
    }
    for (auto& w : wires_) {
      auto names = objects_of(sources_, w.setup);
      w.link->reload(std::move(names.judged), std::move(names.beside));
    }
    service_.reloaded("reloaded");
    log_.info("reloaded", {});
  }

  // A handler that throws ends the daemon in good order, too: what is under way is finished or parked.
  void run_network() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (...) {
        fail(std::current_exception());
      }
    }
  }

  void fail(std::exception_ptr e) {
    if (!failure_) failure_ = std::move(e);
    end();
  }

  void end() {
    if (std::exchange(ending_, true)) return;
    service_.stopping();
    signals_.cancel();
    doors_->stop();
    for (auto& w : wires_) w.link->stop();
    hurry_.expires_after(end_within);
    hurry_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) io_.stop();  // what is still out is in doubt, and looked up at the next start
    });
    poll_end();
  }
  // Leaves the timer as soon as the links have come to rest.
  void poll_end() {
    const bool resting = std::all_of(wires_.begin(), wires_.end(), [](const Wire& w) { return w.link->resting(); });
    if (resting && doors_->resting()) {
      hurry_.cancel();
      io_.stop();
      return;
    }
    auto again = std::make_shared<asio::steady_timer>(io_, std::chrono::milliseconds(20));
    again->async_wait([this, again](boost::system::error_code) { poll_end(); });
  }

  // What is broken on a thread of its own ends the daemon.
  void carry_out(const std::function<void()>& work) {
    try {
      work();
    } catch (...) {
      asio::post(io_, [this, e = std::current_exception()] { fail(e); });
    }
  }

  RunOptions options_;
  Clock clock_;
  log::Logger log_;
  std::vector<rules::Source> sources_;
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  asio::io_context io_{1};
  Heartbeat work_;
  Service service_{io_.get_executor(), work_};
  asio::signal_set signals_;
  asio::steady_timer hurry_;
  Inbox inbox_;
  std::optional<EvaluationLoop> evaluation_;
  RetireDoor retire_door_{
      io_.get_executor(), inbox_, [this](const std::string& name) { return find_link(name); },
      [this](const asio::any_io_executor& executor, asio::awaitable<void> work) { spawn(executor, std::move(work)); }};
  std::optional<ActingKey> acting_;
  std::optional<StudyLoop> studies_;
  std::optional<Doors> doors_;
  std::deque<Wire> wires_;  // links keep pointers into it
  bool ending_ = false;
  std::exception_ptr failure_;
};

}  // namespace

std::optional<StartError> run(RunOptions options) {
  keep_memory_at_hand();
  std::signal(SIGHUP, SIG_IGN);  // a reload before the rules were read once has nothing to do
  Daemon daemon(std::move(options));
  if (auto error = daemon.prepare()) return error;
  daemon.run();
  return std::nullopt;
}

}  // namespace coachd::app
