// One connection on the network thread: describes, reads page after page into the journal, brings the hall's writes to
// the CRM and what people did back. It waits for commits without blocking and keeps nothing that must survive: cursors
// stand in the store. All coroutines of a link run on the one network thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/clock.hpp"
#include "daemon/app/inbox.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/error.hpp"

namespace coachd::app {

struct LinkOptions {
  std::string name;                            ///< of the connection
  std::vector<std::string> objects;            ///< the CRM's own names of the objects that rules are about
  std::vector<std::string> beside;             ///< and of those whose records are looked at beside theirs
  std::string organisation;                    ///< the connection is bound to it; empty: whichever answers
  std::chrono::microseconds poll{60'000'000};  ///< calendar time between two readings
  std::chrono::microseconds describe_every{3'600'000'000};
  bool live = false;
};

/// What the rest of the program gives a link.
struct LinkServices {
  store::Store& store;
  Inbox& inbox;
  const Clock& clock;
  /// Loads the rules against a description; null where they cannot be used (the reason has been reported).
  std::function<std::shared_ptr<const pipeline::Context>(const model::Description&)> context;
  /// A state that an admin should know: "reading", "the sign-in was refused". Called when it changes.
  std::function<void(const std::string& connection, const std::string& state, bool good)> report;
  /// The CRM's own clock, as each page brings it.
  std::function<void(model::Instant server)> server_date;
};

class Link {
 public:
  Link(boost::asio::any_io_executor executor, std::unique_ptr<connectors::Connector> connector, LinkOptions options,
       LinkServices services);

  /// Runs until stop(). Failures of the CRM are waited out; only a broken program throws.
  [[nodiscard]] boost::asio::awaitable<void> run();
  [[nodiscard]] boost::asio::awaitable<void> write(pipeline::Batch batch);
  [[nodiscard]] boost::asio::awaitable<void> find(std::vector<connectors::PromptItem> items);
  /// Changes a retired field; `done` is told what became of it, before this ends.
  [[nodiscard]] boost::asio::awaitable<void> change_field(connectors::FieldChange change,
                                                          std::function<void(connectors::Result<bool>)> done);
  /// On the network thread: nothing new is begun; what is out may finish.
  void stop();
  /// Records stand on the read list: they are read without waiting for the next round.
  void read_soon();
  /// New rules: the next round begins at once with a context made of them. Objects as in LinkOptions.
  void reload(std::vector<std::string> objects, std::vector<std::string> beside);
  /// Nothing of this link is under way any more.
  [[nodiscard]] bool resting() const noexcept { return under_way_ == 0; }
  [[nodiscard]] boost::asio::any_io_executor executor() const { return executor_; }
  /// What an admin should know of it, in one sentence, and whether all is well.
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  [[nodiscard]] bool good() const noexcept { return good_; }
  /// The CRM (or its last description) is known: rules can be held against it.
  [[nodiscard]] bool described() const noexcept { return context_ != nullptr; }
  [[nodiscard]] std::uint64_t calls() const { return connector_->calls(); }

 private:
  [[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::nanoseconds real);
  [[nodiscard]] boost::asio::awaitable<bool> commit(store::UnitOfWork unit);
  [[nodiscard]] boost::asio::awaitable<bool> describe();
  [[nodiscard]] boost::asio::awaitable<bool> own_prompts();
  template <class Read, class Unit>
  [[nodiscard]] boost::asio::awaitable<bool> pages(std::string name, Read read, Unit unit_of);
  /// One object as it is read: by the CRM's own name, under its canonical one.
  struct Reading {
    std::string object, crm_object;
    std::vector<std::string> columns;
  };
  [[nodiscard]] static Reading reading(const pipeline::Context& context, const rules::ObjectPlan& plan);
  [[nodiscard]] boost::asio::awaitable<bool> records(Reading what);
  [[nodiscard]] boost::asio::awaitable<bool> history(Reading what);
  [[nodiscard]] boost::asio::awaitable<bool> beside(const pipeline::Beside& what);
  [[nodiscard]] boost::asio::awaitable<bool> fetch(Reading what, std::vector<store::Snapshot::ReadListRow> rows);
  [[nodiscard]] boost::asio::awaitable<bool> read_list();
  [[nodiscard]] boost::asio::awaitable<void> trails();
  [[nodiscard]] boost::asio::awaitable<bool> trail(std::shared_ptr<const pipeline::Context> context,
                                                   connectors::Trail trail,
                                                   std::chrono::steady_clock::time_point until);
  [[nodiscard]] boost::asio::awaitable<bool> round();
  void use(const model::Description& description);
  [[nodiscard]] std::string cursor(const std::string& name);
  void report(const std::string& state, bool good);
  [[nodiscard]] bool failed(const model::CrmError& error);

  boost::asio::any_io_executor executor_;
  std::unique_ptr<connectors::Connector> connector_;
  LinkOptions options_;
  LinkServices services_;
  std::unique_ptr<store::Reader> reader_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<const pipeline::Context> context_;
  std::string description_;  // as text: to see whether it changed
  model::Instant described_{};
  std::map<std::string, std::string> cursors_;  // where reading goes on, after what is durable
  std::set<connectors::Trail> trails_refused_;  // since the start or the last reload: not asked again on this day
  std::map<std::string, std::string> trails_under_way_;  // where readings of trails go on that have not ended
  std::set<std::string> whole_told_;  // of objects beside others: all was read once, and the hall knows
  std::set<std::string> refused_;     // the CRM does not show these: not asked again before it is described anew
  std::optional<model::Failure> last_failure_;
  std::string own_cursor_;
  std::string state_;
  bool good_ = false;
  std::int64_t retry_after_us_ = 0;
  std::chrono::steady_clock::time_point next_round_{};
  std::chrono::steady_clock::time_point trails_again_{};  // one could not be read: not asked before
  std::chrono::steady_clock::time_point held_until_{};    // after a failure: nothing is asked before
  bool hinted_ = false;
  int failures_ = 0;
  int refusals_ = 0;  // of the sign-in, one after the other
  int under_way_ = 0;
  std::uint64_t calls_counted_ = 0;
  bool first_load_told_ = false;
  bool stopping_ = false;
};

}  // namespace coachd::app
