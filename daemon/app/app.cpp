#include "daemon/app/app.hpp"
#include <signal.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/app/files/sources.hpp"
#include "daemon/app/inbox.hpp"
#include "daemon/app/link.hpp"
#include "daemon/log/log.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/scheduler/clock_guard.hpp"
#include "daemon/scheduler/scheduler.hpp"
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

constexpr std::chrono::seconds end_within{8};      // of the ten that the service manager gives
constexpr std::chrono::seconds longest_sleep{30};  // the evaluation thread looks around at least this often
constexpr std::chrono::minutes wall_saved_every{10};
constexpr std::string_view wall_name = "wall clock";

bool on_loopback(const std::string& url) {
  const auto host = url.substr(url.find("://") == std::string::npos ? 0 : url.find("://") + 3);
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
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
        hurry_(io_),
        guard_(options_.clock ? options_.clock->rate : 1) {}

  std::optional<StartError> prepare() {
    if (options_.clock) {
      for (const auto& [name, c] : options_.settings.connections)
        if (!on_loopback(c.login))
          return StartError{{},
                            "--clock is for tests: connection " + name + " is not on this machine, so it is refused"};
    }
    if (auto error = load_rules()) return error;
    try {
      store_ = store::sqlite::open(
          {.folder = options_.settings.state, .on_event = [this](store::sqlite::Event e, std::int64_t detail) {
             log_.warning("store", {{"event", static_cast<int>(e)}, {"detail", detail}});
           }});
    } catch (const store::sqlite::OpenError& e) {
      return StartError{{}, e.what()};
    }
    if (const auto wall = store_->open_reader()->snapshot()->metadata(wall_name))
      if (const auto at = model::parse_instant(*wall)) clock_.floor(*at);
    for (const auto& [name, c] : options_.settings.connections)
      if (auto error = wire(c)) return error;
    return std::nullopt;
  }

  void run() {
    hall_ = std::make_unique<pipeline::Hall>(*store_, *this);
    for (auto& w : wires_) spawn(w.link->executor(), w.link->run());
    watch_signals();
    std::thread evaluation([this] { evaluate(); });
    log_.info("started", {{"connections", wires_.size()}});
    io_.run();
    inbox_.close();
    evaluation.join();
    hall_.reset();
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
    if (c.crm != "salesforce") {
      log_.warning("connection is not served by this version", {{"connection", log::Id(c.name)}});
      return std::nullopt;
    }
    const auto secret = settings::resolve_secret(c.auth.client_secret, "client_secret of " + c.name);
    if (!secret.value) return StartError{{}, secret.problem};
    auto& w = wires_.emplace_back();
    w.settings = &c;
    w.setup = setup_of(options_.settings, c);
    net::ClientOptions client;
    client.ca_file = c.api.ca;
    client.user_agent = "coachd/" COACHD_VERSION;
    w.client = net::make_client(io_.get_executor(), std::move(client));
    salesforce::Options sf;
    sf.login = c.login;
    sf.client_id = c.auth.client_id;
    sf.client_secret = *secret.value;
    sf.organisation = c.organisation;
    sf.budget.share = c.api.share;
    if (!c.api.version.empty()) sf.api_version = c.api.version;
    LinkOptions link;
    link.name = c.name;
    link.objects = objects_of(sources_, w.setup);
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
          inbox_.post(
              Inbox::Item([this, server](pipeline::Hall&, model::Instant now) { guard_.server_date(server, now); }));
        }};
    w.link = std::make_unique<Link>(io_.get_executor(),
                                    salesforce::make_salesforce(io_.get_executor(), *w.client, std::move(sf)),
                                    std::move(link), std::move(services));
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
        log_.warning("rule is off here", {{"connection", log::Id(setup.name)}, {"rule", off.rule}});
    return built.context;
  }

  void report(const std::string& connection, const std::string& state, bool good) {
    if (good)
      log_.info("connection", {{"connection", log::Id(connection)}, {"state", log::Sentence(state)}});
    else
      log_.warning("connection", {{"connection", log::Id(connection)}, {"state", log::Sentence(state)}});
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
      if (!e) return;
      failure_ = e;
      end();
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
    if (const auto error = load_rules()) {
      log_.error("reload: the old rules stay", {{"errors", error->diagnostics.size()}});
      for (const auto& d : error->diagnostics)
        log_.error("rules", {{"file", log::Id(d.place.file)}, {"line", d.place.line}, {"code", log::Id(d.code)}});
      return;
    }
    for (auto& w : wires_) w.link->reload();
    log_.info("reloaded", {});
  }

  void end() {
    signals_.cancel();
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
    if (resting) {
      hurry_.cancel();
      io_.stop();
      return;
    }
    auto again = std::make_shared<asio::steady_timer>(io_, std::chrono::milliseconds(20));
    again->async_wait([this, again](boost::system::error_code) { poll_end(); });
  }

  // What is overdue but cannot be done (first load, a call that is out, no room) is left alone for a moment: no spin.
  [[nodiscard]] std::optional<model::Instant> unless_resting(scheduler::Job job,
                                                             std::optional<model::Instant> at) const {
    const auto until = resting_until_.find(job);
    return until != resting_until_.end() && std::chrono::steady_clock::now() < until->second ? std::nullopt : at;
  }

  void work_or_wait(model::Instant now) {
    using scheduler::Job;
    auto agenda = hall_->agenda(now);
    guard_.tick(now, std::chrono::steady_clock::now());
    if (guard_.holding() != guard_held_) {
      guard_held_ = guard_.holding();
      if (guard_held_)
        log_.warning("the clock jumped: delivery waits until the CRM's clock agrees twice");
      else
        log_.info("the clock agrees with the CRM's again");
    }
    if (guard_held_) agenda.release = agenda.deliver = std::nullopt;
    const auto step = scheduler_.next({.poll = unless_resting(Job::poll, agenda.journal),
                                       .evaluate = unless_resting(Job::evaluate, agenda.evaluate),
                                       .prompt = unless_resting(Job::prompt, agenda.release),
                                       .deliver = unless_resting(Job::deliver, agenda.deliver)},
                                      now);
    const auto rest = std::chrono::milliseconds(hall_->trouble().empty() ? 50 : 1000);
    if (step.job == Job::sleep) {
      const bool overdue = agenda.first() && *agenda.first() <= now;
      std::chrono::nanoseconds longest =
          overdue ? std::chrono::nanoseconds(rest) : std::chrono::nanoseconds(longest_sleep);
      inbox_.wait(std::clamp<std::chrono::nanoseconds>(clock_.until(step.at), std::chrono::milliseconds(1), longest));
      return;
    }
    static constexpr std::array kinds{pipeline::Hall::Work::journal, pipeline::Hall::Work::evaluate,
                                      pipeline::Hall::Work::release, pipeline::Hall::Work::deliver};
    if (!hall_->work(kinds.at(static_cast<std::size_t>(step.job)), now))
      resting_until_[step.job] = std::chrono::steady_clock::now() + rest;
    else
      resting_until_.erase(step.job);
  }

  void evaluate() {
    model::Instant saved{};
    try {
      while (!inbox_.closed()) {
        const auto now = clock_.now();
        auto items = inbox_.drain();
        if (!items.empty()) resting_until_.clear();  // an answer may have freed what was held
        for (auto& item : items) item(*hall_, now);
        if (now - saved > wall_saved_every) {
          save_wall(now);
          saved = now;
        }
        work_or_wait(now);
      }
      for (auto& item : inbox_.drain()) item(*hall_, clock_.now());
      save_wall(clock_.now());
    } catch (...) {
      asio::post(io_, [this, e = std::current_exception()] {
        failure_ = e;
        end();
      });
    }
  }

  void save_wall(model::Instant now) {
    store::UnitOfWork unit;
    unit.epoch = store_->epoch();
    unit.metadata.emplace_back(wall_name, model::to_string(now));
    if (clock_.test()) unit.metadata.emplace_back("test clock", "yes");  // commands beside us go by our time
    store_->apply(std::move(unit), [](store::Applied) {});
  }

  RunOptions options_;
  Clock clock_;
  log::Logger log_;
  std::vector<rules::Source> sources_;
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  asio::io_context io_{1};
  asio::signal_set signals_;
  asio::steady_timer hurry_;
  Inbox inbox_;
  scheduler::Scheduler scheduler_;
  scheduler::ClockGuard guard_;  // evaluation thread only, as the two below
  bool guard_held_ = false;
  std::map<scheduler::Job, std::chrono::steady_clock::time_point> resting_until_;  // evaluation thread only
  std::unique_ptr<pipeline::Hall> hall_;
  std::deque<Wire> wires_;  // links keep pointers into it
  std::exception_ptr failure_;
};

}  // namespace

std::optional<StartError> run(RunOptions options) {
  Daemon daemon(std::move(options));
  if (auto error = daemon.prepare()) return error;
  daemon.run();
  return std::nullopt;
}

}  // namespace coachd::app
