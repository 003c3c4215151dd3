// THE HALL: the sentence that the program is. One object per daemon, driven by the evaluation thread alone; what the
// network thread learned comes in as events, what it should do goes out through the Outside. Each step does a bounded
// piece of work in one durable unit, so that intake never waits long and a crash at any point loses nothing.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/day_facts.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/detections.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "daemon/pipeline/study.hpp"
#include "daemon/pipeline/sweep.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// What the hall asks of the network. Called on the evaluation thread; must not block; the answer comes back as an
/// event.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual void write(Batch batch) = 0;
  virtual void find(std::string connection, std::vector<connectors::PromptItem> items) = 0;
  /// Records stand on the read list: no answer comes back, what is read enters the journal.
  virtual void read(const std::string& connection) = 0;
  /// All stored records are to be studied, see Study: comes back as Studied. Who cannot do that leaves the facts of the
  /// day as they are.
  virtual void study(const std::shared_ptr<const Context>& context, const std::string& key, model::Instant now) {
    (void)context, (void)key, (void)now;
  }
};

/// What the network thread reports.
struct BatchSettled {
  Batch batch;
  BatchResult result;
};
struct DoubtsSettled {
  std::string connection;
  std::vector<connectors::PromptItem> asked;
  connectors::Result<std::vector<connectors::FoundPrompt>> found;
};
struct OwnPromptsRead {
  std::string connection;
  std::vector<connectors::FoundPrompt> found;
  std::string cursor_name, cursor;  ///< stored with what the page changes
  bool last = true;                 ///< no further page waits
};
/// What was read before an event came is applied before it: to be set by the hall.
using AppliedFirst = std::optional<std::int64_t>;
struct FirstLoadDone {
  std::string connection;  ///< records and history have been read to the end with these rules: evaluation may begin
  AppliedFirst after{};
};
struct BesideRead {
  std::string connection;
  std::string whole;     ///< Beside::whole of an object of which everything has been read once
  bool readable = true;  ///< false: the CRM refuses it, so what was known of it is no longer all
  AppliedFirst after{};
};
struct TrailsRead {
  std::string connection;  ///< what rules want to know beside records has been read for this day, as far as it can be
};
using Event = std::variant<BatchSettled, DoubtsSettled, OwnPromptsRead, FirstLoadDone, BesideRead, TrailsRead, Studied>;

/// How much one step of each kind takes on at first; from then on as much as the store does in 2 ms while somebody
/// waits at a door, and in 15 ms while nobody does, up to ten times this, and not more than is looked at, decided and
/// committed in 50 ms. The journal of a first load: see StepSize.
struct HallLimits {
  std::size_t journal = 200;     ///< entries
  std::size_t evaluations = 50;  ///< records
  std::size_t sweep = 200;       ///< records made due
  std::size_t releases = 500;    ///< prompts looked at
};

/// The size of the next step of a kind, by what the last one took.
class StepSize {
 public:
  explicit StepSize(std::size_t first) : size_(first), most_(first * 10) {}
  [[nodiscard]] std::size_t get() const noexcept { return size_; }
  /// `items` were taken on in the last step, `whole` is all of it, with its commit. `bulk`: very many follow, all over
  /// the indexes: while nobody waits at a door steps may take 100 ms, so that fewer commits write the same pages again.
  void measure(std::size_t items, const store::Pace& pace, std::chrono::microseconds whole, bool bulk = false);

 private:
  std::size_t size_, most_;
};

class Hall {
 public:
  Hall(store::Store& store, Outside& outside, HallLimits limits = {});
  ~Hall();

  /// A connection with its rules and world; replaces the old one whole (reload). First call: what was in flight is in
  /// doubt.
  void connect(const std::shared_ptr<const Context>& context, model::Instant now);
  /// Carries out an event. Events that need a durable write and could not get it (disk full) are kept and tried again.
  void handle(Event event, model::Instant now);
  /// One step in a field's retirement, durable when this returns. Where it names a change to be made in the CRM, that
  /// is made now and what became of it told to `retired`.
  [[nodiscard]] RetireOutcome retire(const RetireRequest& request, model::Instant now);
  [[nodiscard]] RetireOutcome retired(const RetireRequest& request, const coaching::Called& called, model::Instant now);
  /// The kinds of work, in the order of the hall.
  enum class Work : std::uint8_t { journal, evaluate, release, deliver };
  static constexpr std::array kinds{Work::journal, Work::evaluate, Work::release, Work::deliver};

  /// When each kind comes next; nothing: only data can bring it. What is held (first load, a call that is out) may be
  /// overdue all the same: then `work` answers false.
  struct Agenda {
    std::optional<model::Instant> journal, evaluate, release, deliver;
    [[nodiscard]] std::optional<model::Instant> first() const;
  };
  [[nodiscard]] Agenda agenda(model::Instant now);
  /// One bounded piece of that work in one durable unit. False: nothing of it could be done.
  bool work(Work kind, model::Instant now);
  /// One piece of whatever comes first in the hall. False: nothing until the agenda's first instant, or an event.
  bool step(model::Instant now);

  /// Why nothing is written at the moment ("the disk is full"); empty: all is well.
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

 private:
  struct Line {  // one connection
    std::shared_ptr<const Context> context;
    std::optional<Sweep> sweep;                   // until every record was looked at with these rules
    std::optional<FactSweep> turning;             // until those were made due whose answers new facts of the day turn
    bool read = false;                            // everything was read once since these rules came
    std::string asked;                            // key of the study that is under way, or whose answer is being stored
    std::optional<Studied> answer;                // facts of it are in the world, what detectors found is being stored
    std::optional<DetectionsToStore> detections;  // of it
    std::string studied;                          // key of the last study that is stored
    std::optional<model::Instant> study_at;       // that one is good until then; nothing: to be found out
    std::optional<model::Instant> patience;       // the next one waits until then for the trails of its day
    std::int64_t applied = 0;                     // entries of the journal, since the start
    bool loaded = false;                          // read to the end since the start, and applied: evaluation may begin
    bool adopted = false;                         // own prompts read once since the start: writing may begin
    bool writing = false;                         // a batch is out
    RecordsOut out;                               // what it is about
    bool finding = false;                         // a look-up of doubts is out

    void evaluated(const std::string& record) {
      if (const auto known = out.find(record); known != out.end()) known->second = true;
    }
  };

  /// To be let go before a commit: a reader that waits for the writer keeps the WAL from being emptied.
  [[nodiscard]] std::unique_ptr<store::Snapshot> look();
  bool commit(store::UnitOfWork unit);
  bool commit(store::UnitOfWork unit, StepSize& size, std::size_t items, bool bulk = false);
  void retry_events(model::Instant now);
  [[nodiscard]] static bool overdue(const store::Snapshot& snapshot, const Line& line, model::Instant now);
  bool sweep(Line& line, model::Instant now);
  bool turn(Line& line, model::Instant now);
  bool store_detections(Line& line, model::Instant now);
  [[nodiscard]] static std::optional<model::Instant> next_study(Line& line, const store::Snapshot& snapshot,
                                                                model::Instant now);
  void study(Line& line, model::Instant now);
  bool take_journal(Line& line, model::Instant now);
  bool evaluate_due(Line& line, model::Instant now);
  bool release(model::Instant now);
  bool deliver(Line& line, model::Instant now);
  void send(Line& line, Batch batch);
  /// What the CRM holds is known, its records and the own prompts. Nothing goes out by what the daemon knew when it
  /// ended or when its backup was made.
  [[nodiscard]] static bool knows_crm(const Line& line) { return line.loaded && line.adopted; }
  [[nodiscard]] static bool may_write(const Line& line) { return knows_crm(line) && line.context->options.live; }
  [[nodiscard]] static bool caught_up(const Line& line, const store::Snapshot& snapshot, AppliedFirst& after);
  bool on(BatchSettled& e, model::Instant now);
  bool on(DoubtsSettled& e, model::Instant now);
  bool on(OwnPromptsRead& e, model::Instant now);
  bool on(FirstLoadDone& e, model::Instant now);
  bool on(BesideRead& e, model::Instant now);
  bool on(TrailsRead& e, model::Instant now);
  [[nodiscard]] RetireOutcome retire(const std::string& connection,
                                     const std::function<RetireOutcome(Line&, store::UnitOfWork&)>& step);
  bool on(Studied& e, model::Instant now);

  store::Store& store_;
  Outside& outside_;
  StepSize journal_, evaluations_, sweep_, releases_;
  std::unique_ptr<store::Reader> reader_;
  std::chrono::steady_clock::time_point looked_{};  // when the last snapshot was taken
  std::map<std::string, Line> lines_;
  std::vector<Event> kept_;  // events whose write did not succeed yet
  std::string trouble_;
};

}  // namespace coachd::pipeline
