// From the journal to the outbox, with many records stored: the real hall on the real store, as the daemon runs it;
// only the CRM is not there: what is to be written is settled at once. Prints lines `name value unit`. Usage:
// bench_hall [--records N] [--changes N] [--prepared FOLDER] [--last changes|door|reload]
// (a prepared state is made once and then copied; --last: what comes after it is left out)
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/app/memory.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/pipeline/study.hpp"
#include "daemon/scheduler/scheduler.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"
#include "tests/bench/deals.hpp"
#include "tests/bench/webhook_door.hpp"

namespace {

using namespace coachd;
using Clock = std::chrono::steady_clock;

constexpr std::size_t people = 1000;
constexpr std::array<std::string_view, 5> job_names{"journal", "evaluate", "release", "deliver", "sleep"};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
  rusage u{};
  ::getrusage(RUSAGE_SELF, &u);
  const auto s = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return s(u.ru_utime) + s(u.ru_stime);
}

void say(const char* name, double value, const char* unit) {
  std::printf("%-44s %12.3f %s\n", name, value, unit);
  std::fflush(stdout);
}

// A CRM that answers at once, as an event before the next step.
class Settled final : public pipeline::Outside {
 public:
  void write(pipeline::Batch batch) override {
    std::vector<connectors::WriteOutcome> outcomes;
    for (std::size_t i = 0; i < batch.writes.size(); ++i)
      outcomes.push_back({"00T" + std::to_string(++ids_), std::nullopt});
    answers_.emplace_back(pipeline::BatchSettled{std::move(batch), std::move(outcomes)});
  }
  void find(std::string connection, std::vector<connectors::PromptItem> asked) override {
    answers_.emplace_back(
        pipeline::DoubtsSettled{std::move(connection), std::move(asked), std::vector<connectors::FoundPrompt>()});
  }
  void read(const std::string&) override {}
  bool answer(pipeline::Hall& hall, model::Instant now) {
    const bool any = !answers_.empty();
    for (; !answers_.empty(); answers_.pop_front()) hall.handle(std::move(answers_.front()), now);
    return any;
  }

 private:
  std::deque<pipeline::Event> answers_;
  std::uint64_t ids_ = 0;
};

std::string pack(const std::string& name = "opportunity-update") {
  std::ifstream file(COACHD_SOURCE_DIR "/config/packs/" + name + ".yaml");
  std::stringstream text;
  text << file.rdbuf() << "\nold_records: all\n";
  return text.str();
}

// A program that lies beside this one; its output is ours.
class Beside {
 public:
  explicit Beside(std::vector<std::string> words) {
    words[0] = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / words[0]).string();
    std::vector<char*> arguments;
    for (auto& w : words) arguments.push_back(w.data());
    arguments.push_back(nullptr);
    if (::posix_spawn(&process_, words[0].c_str(), nullptr, nullptr, arguments.data(), environ) != 0) std::exit(4);
  }
  [[nodiscard]] bool ended() {
    int status = 0;
    if (process_ > 0 && ::waitpid(process_, &status, WNOHANG) == process_) process_ = -1;
    return process_ < 0;
  }
  void stop() {
    if (!ended()) ::kill(process_, SIGINT);
    wait();
  }
  void wait() {
    while (!ended()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

 private:
  pid_t process_ = -1;
};

// 1,000 signed requests a second at a real door over the bench's store.
class Deliveries {
 public:
  Deliveries(store::Store& store, const std::filesystem::path& folder, std::size_t count)
      : requests_((folder / "requests").string()),
        door_(io_.get_executor(), store, "acme", "bench-secret", "https://bench.example", 0),
        thread_([this] {
          const auto guard = boost::asio::make_work_guard(io_);
          io_.run();
        }) {
    Beside({"hook_load", "make", "--events", "1", "--count", std::to_string(count), "--secret", "bench-secret", "--uri",
            "https://bench.example/v1/hooks/acme", "--out", requests_})
        .wait();
  }
  ~Deliveries() {
    io_.stop();
    thread_.join();
  }
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;
  void start(const std::string& name) {
    load_.emplace(std::vector<std::string>{"hook_load", "fire", requests_, "--to",
                                           "127.0.0.1:" + std::to_string(door_.port()), "--connections", "32", "--rate",
                                           "1000", "--name", name});
  }
  [[nodiscard]] bool ended() { return load_->ended(); }
  void stop() { load_->stop(); }

 private:
  boost::asio::io_context io_{1};
  std::string requests_;
  bench::WebhookDoor door_;
  std::optional<Beside> load_;
  std::thread thread_;
};

class Bench {
 public:
  Bench(const std::filesystem::path& folder, std::size_t records) : folder_(folder), deals_(records, people, now_) {
    store::sqlite::Options options;
    options.folder = folder;
    store_ = store::sqlite::open(options);
    hall_.emplace(*store_, crm_);
    connect(pack());
    hall_->handle(pipeline::OwnPromptsRead{"acme", {}, {}, {}, true}, now_);
  }
  ~Bench() {
    hall_.reset();
    store_->stop();
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void connect(const std::string& rules) {
    auto built = app::build_context({{"pack.yaml", rules}}, bench::connection(), bench::organisation(people), *store_,
                                    true, now_);
    if (!built.context) {
      for (const auto& d : built.diagnostics) std::fprintf(stderr, "%d: %s\n", d.place.line, d.message.c_str());
      std::exit(2);
    }
    hall_->connect(built.context, now_);
  }

  // As a daemon that has been started and has caught up.
  void read_to_the_end() { hall_->handle(pipeline::FirstLoadDone{"acme"}, now_); }

  // As the daemon reads for the first time, with pages that come at once.
  void load() {
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    std::atomic<bool> ended = false;
    std::thread reader([&] {
      for (std::size_t i = 0; i < deals_.size(); i += 2000) {
        std::vector<std::size_t> page(std::min<std::size_t>(2000, deals_.size() - i));
        for (std::size_t k = 0; k < page.size(); ++k) page[k] = i + k;
        take(page);
      }
      ended = true;
    });
    work_until([&] { return ended.load(); });
    reader.join();
    const auto n = static_cast<double>(deals_.size());
    say("load_records", n / seconds_since(start), "records/s");
    say("load_cpu", (cpu_seconds() - cpu) * 1e6 / n, "us/record");
    past();
    evaluate_all();
  }

  void changes(std::size_t n) {
    const auto before = counters();
    std::map<bench::Effect, std::size_t> mix;
    longest_ = 0;
    spent_.clear();
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    std::atomic<bool> ended = false;
    std::thread reader([&] {
      std::vector<std::size_t> page;
      for (std::size_t i = 0; i < n; ++i) {
        const auto [deal, effect] = deals_.change();
        ++mix[effect];
        page.push_back(deal);
        if (page.size() < 200 && i + 1 < n) continue;
        take(page);
        page.clear();
      }
      ended = true;
    });
    work_until([&] { return ended.load(); });
    reader.join();
    const auto total = static_cast<double>(n);
    say("changes", total / seconds_since(start), "changes/s");
    say("changes_cpu", (cpu_seconds() - cpu) * 1e6 / total, "us/change");
    say("changes_longest_step", longest_ * 1e3, "ms");
    for (const auto& [job, spent] : spent_) {
      const std::string name = "changes_" + std::string(job_names.at(static_cast<std::size_t>(job)));
      say((name + "_steps").c_str(), static_cast<double>(spent.steps), "steps");
      say((name + "_time").c_str(), spent.seconds, "s");
    }
    say("mix_no_effect", static_cast<double>(mix[bench::Effect::none]) * 100 / total, "%");
    say("mix_opens", static_cast<double>(mix[bench::Effect::opens]) * 100 / total, "%");
    say("mix_mends", static_cast<double>(mix[bench::Effect::mends]) * 100 / total, "%");
    for (const auto& [name, value] : counters()) {
      const auto was = before.find(name);
      const auto by = value - (was == before.end() ? 0 : was->second);
      if (by != 0) say(("counted: " + name).c_str(), static_cast<double>(by) / total, "per change");
    }
  }

  // The real door with real requests, 1,000 a second, while the hall works a backlog off.
  void door(std::size_t backlog) {
    Deliveries deliveries(*store_, folder_, 10'000);
    for (std::size_t i = 0; i < backlog; i += 2000) {
      std::vector<std::size_t> page;
      for (std::size_t k = 0; k < 2000; ++k) page.push_back(deals_.change().first);
      take(page);
    }
    deliveries.start("door_while_hall_works");
    const auto worked = work_until([&] { return deliveries.ended(); }, true);
    say("door_hall_steps_meanwhile", static_cast<double>(worked), "steps");
    say("door_backlog_left", static_cast<double>(store_->open_reader()->snapshot()->journal_waiting("acme")),
        "changes");
    work_until([] { return true; });
  }

  // A rule file that changed: the pause of the hall, and what the sweep takes.
  void reload() {
    auto text = pack();
    const auto at = text.find("above: 120d");
    text.replace(at, 11, "above: 119d");
    auto built = app::build_context({{"pack.yaml", text}}, bench::connection(), bench::organisation(people), *store_,
                                    true, now_);
    Deliveries deliveries(*store_, folder_, 60'000);
    deliveries.start("reload_door");
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    hall_->connect(built.context, now_);
    say("reload_connect", seconds_since(start) * 1e3, "ms");
    longest_ = 0;
    work_until([] { return true; });
    say("reload_longest_step", longest_ * 1e3, "ms");
    say("reload_sweep", static_cast<double>(deals_.size()) / seconds_since(start), "records/s");
    say("reload_cpu", (cpu_seconds() - cpu) * 1e6 / static_cast<double>(deals_.size()), "us/record");
    deliveries.stop();
  }

  // The daily study of all that is stored: the detectors of a pack, its cards' timing and percentiles, page by page as
  // the daemon's thread walks; without the rests.
  void study() {
    constexpr const char* percentile =
        "version: 1\nworkflow: slow\nobject: opportunity\nowner: o@example.com\nrules:\n  - {id: slow, kind: stale, "
        "for: "
        "{open: true}, when: {stage_age: {above: p90}}, control: [flag]}\n";
    const auto built =
        app::build_context({{"pack.yaml", pack()}, {"health.yaml", pack("adoption-health")}, {"slow.yaml", percentile}},
                           bench::connection(), bench::organisation(people), *store_, false, now_);
    if (!built.context) std::exit(5);
    const auto reader = store_->open_reader();
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    double longest = 0;
    pipeline::Study study(built.context, "bench", now_);
    for (bool more = true; more;) {
      const auto page = Clock::now();
      more = study.step(*reader->snapshot(), 200);
      longest = std::max(longest, seconds_since(page));
    }
    const double walked = seconds_since(start);
    while (study.conclude_one()) {
    }
    const auto found = study.finish();
    const auto n = static_cast<double>(found.records);
    say("study_records", n, "records");
    say("study_walk", n / walked, "records/s");
    say("study_longest_snapshot", longest * 1e3, "ms");
    say("study_conclusion", (seconds_since(start) - walked) * 1e3, "ms");
    say("study_whole", seconds_since(start), "s");
    say("study_cpu", (cpu_seconds() - cpu) * 1e6 / n, "us/record");
    say("study_found", static_cast<double>(found.found.size()), "findings");
  }

 private:
  void commit(store::UnitOfWork unit) {
    while (store_->queued_bytes() > std::size_t{8} * 1024 * 1024)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    unit.epoch = store_->epoch();
    if (store::apply_and_wait(*store_, std::move(unit)) != store::Applied::done) std::exit(3);
  }

  void take(const std::vector<std::size_t>& which) {
    connectors::Page page;
    page.columns = bench::Deals::columns();
    for (const auto i : which) page.rows.push_back(deals_.row(i));
    page.next = std::to_string(++pages_);
    const auto numbers = pipeline::number_columns(store_->dictionary(), "acme", "opportunity", page.columns);
    auto unit = pipeline::intake_records(store_->dictionary(), "acme", "opportunity", page, numbers, "read", now_);
    if (pages_ == 1)
      for (const auto f : numbers.fields)
        unit.known_since.push_back({"acme", "opportunity", f, "", now_ - std::chrono::days(365)});
    commit(std::move(unit));
  }

  void past() {
    const auto start = Clock::now();
    std::size_t n = 0;
    std::atomic<bool> ended = false;
    std::thread reader([&] {
      connectors::HistoryPage page;
      for (std::size_t i = 0; i < deals_.size(); ++i) {
        if (deals_.open(i)) page.rows.push_back(deals_.past(i));
        if (page.rows.size() < 2000 && i + 1 < deals_.size()) continue;
        n += page.rows.size();
        page.next = std::to_string(i);
        commit(pipeline::intake_history(store_->dictionary(), "acme", "opportunity", page, bench::Deals::columns(),
                                        "history", now_));
        page.rows.clear();
      }
      ended = true;
    });
    work_until([&] { return ended.load(); });
    reader.join();
    say("load_history", static_cast<double>(n) / seconds_since(start), "rows/s");
  }

  void evaluate_all() {
    read_to_the_end();
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    work_until([] { return true; });
    const auto n = static_cast<double>(deals_.size());
    say("evaluate_all", n / seconds_since(start), "records/s");
    say("evaluate_all_cpu", (cpu_seconds() - cpu) * 1e6 / n, "us/record");
  }

  // The loop of the daemon's evaluation thread. Ends when nothing is due and `ended`; `at_once`: as soon as `ended`.
  std::size_t work_until(const auto& ended, bool at_once = false) {
    using scheduler::Job;
    std::size_t steps = 0;
    std::map<Job, bool> resting;
    for (;;) {
      const bool over = ended();
      if (over && at_once) return steps;
      if (crm_.answer(*hall_, now_)) resting.clear();
      const auto asked = Clock::now();
      const auto agenda = hall_->agenda(now_);
      const auto unless = [&](Job job, std::optional<model::Instant> at) { return resting[job] ? std::nullopt : at; };
      const auto step = scheduler_.next({.journal = unless(Job::journal, agenda.journal),
                                         .evaluate = unless(Job::evaluate, agenda.evaluate),
                                         .release = unless(Job::release, agenda.release),
                                         .deliver = unless(Job::deliver, agenda.deliver)},
                                        now_);
      if (step.job == Job::sleep) {
        if (over) return steps;
        std::this_thread::sleep_for(std::chrono::microseconds(200));
        resting.clear();
        continue;
      }
      if (hall_->work(pipeline::Hall::kinds.at(static_cast<std::size_t>(step.job)), now_)) {
        ++steps;
        auto& spent = spent_[step.job];
        ++spent.steps;
        spent.seconds += seconds_since(asked);
        resting.clear();
      } else {
        resting[step.job] = true;
      }
      longest_ = std::max(longest_, seconds_since(asked));
    }
  }

  [[nodiscard]] std::map<std::string, std::int64_t> counters() {
    std::map<std::string, std::int64_t> all;
    for (const auto& [name, value] : store_->open_reader()->snapshot()->counters()) all.emplace(name, value);
    return all;
  }

  const model::Instant now_ = *model::parse_instant("2026-03-03T10:10:00Z");
  std::filesystem::path folder_;
  bench::Deals deals_;
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  Settled crm_;
  scheduler::Scheduler scheduler_;
  std::optional<pipeline::Hall> hall_;
  std::size_t pages_ = 0;
  struct Spent {
    std::size_t steps = 0;
    double seconds = 0;
  };
  double longest_ = 0;
  std::map<scheduler::Job, Spent> spent_;
};

}  // namespace

int main(int argc, char** argv) {
  app::keep_memory_at_hand();  // as the daemon
  std::size_t records = 100'000;
  std::size_t changes = 20'000;
  std::filesystem::path prepared;
  std::string_view last = "reload";
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--records") records = std::stoul(argv[i + 1]);
    if (option == "--changes") changes = std::stoul(argv[i + 1]);
    if (option == "--prepared") prepared = argv[i + 1];
    if (option == "--last") last = argv[i + 1];
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "coachd-bench-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  if (prepared.empty()) prepared = folder / "prepared";
  say("records", static_cast<double>(records), "records");
  if (!std::filesystem::exists(prepared / "coachd.db")) Bench(prepared, records).load();
  std::filesystem::create_directory(folder / "state");
  std::filesystem::copy_file(prepared / "coachd.db", folder / "state" / "coachd.db");
  ::sync();  // the first commits do not wait for the copy
  {
    Bench bench(folder / "state", records);
    bench.read_to_the_end();
    bench.changes(changes);
    bench.study();
    if (last != "changes") bench.door(40'000);
    if (last == "reload") bench.reload();
  }
  say("file", static_cast<double>(std::filesystem::file_size(folder / "state" / "coachd.db")) / 1e6, "MB");
  std::filesystem::remove_all(folder);
}
