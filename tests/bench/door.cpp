// The public door alone: the real store, the real server, HubSpot's signature, and nothing else of the daemon. It says
// its port, serves until SIGTERM (or for SECONDS), then says what it stored. Load comes from hook_load.
// Usage: bench_door FOLDER PORT SECRET PUBLIC_URL [SECONDS] [hall]
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/hubspot/hooks.hpp"
#include "daemon/app/memory.hpp"
#include "daemon/http/hook_door.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/http/server.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace {

using namespace coachd;

// What the hall does with a backlog, at its roughest: units of 100 rows, the next one as soon as the last is durable.
class Hall {
 public:
  explicit Hall(store::Store& store) : store_(store) { next(); }
  void next() {
    store::UnitOfWork u;
    u.epoch = store_.epoch();
    for (int i = 0; i < 100; ++i) {
      store::SnapshotRow r;
      r.connection = "salesforce";
      r.object = "opportunity";
      r.record = "006" + std::to_string(100'000'000'000'000 + (++rows_ * 7919) % 1'000'003);
      r.values = std::string(300, 'v');
      u.make_due.push_back({r.connection, r.object, r.record, model::Instant(std::chrono::seconds(rows_)), 0});
      u.snapshots.push_back(std::move(r));
    }
    store_.apply(std::move(u), [this](store::Applied a) {
      if (a == store::Applied::done) next();
    });
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  store::Store& store_;
  std::int64_t rows_ = 0;
};

int run(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: bench_door FOLDER PORT SECRET PUBLIC_URL [SECONDS] [hall]\n", stderr);
    return 2;
  }
  app::keep_memory_at_hand();
  store::sqlite::Options options;
  options.folder = argv[1];
  const auto store = store::sqlite::open(options);
  boost::asio::io_context io(1);
  http::Refusals refusals([](std::string_view reason, int status, std::uint64_t times) {
    std::fprintf(stderr, "refused: %.*s (%d, %llu times)\n", static_cast<int>(reason.size()), reason.data(), status,
                 static_cast<unsigned long long>(times));
  });
  http::HookDoorOptions door_options;
  door_options.public_url = argv[4];
  door_options.now = [] {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
  http::HookDoor door(io.get_executor(), *store, refusals, {{"hubspot", hubspot::make_hooks({argv[3], ""})}},
                      door_options);
  http::Server server(
      io.get_executor(), "127.0.0.1", static_cast<std::uint16_t>(std::stoi(argv[2])), {}, {},
      [&](const http::Request& request, http::Answer answer) { door.handle(request, std::move(answer)); },
      [&](std::string_view reason, int status) { refusals.add(reason, status, std::chrono::steady_clock::now()); });
  std::printf("bench_door listens on %u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  boost::asio::signal_set end(io, SIGTERM, SIGINT);
  end.async_wait([&](auto, int) { io.stop(); });
  boost::asio::steady_timer time(io);
  if (argc > 5 && std::stoi(argv[5]) > 0) {
    time.expires_after(std::chrono::seconds(std::stoi(argv[5])));
    time.async_wait([&](auto) { io.stop(); });
  }
  std::optional<Hall> hall;
  if (argc > 6) hall.emplace(*store);
  io.run();
  store->stop();
  const auto reader = store->open_reader();
  const auto rows = reader->snapshot()->journal_waiting("hubspot");
  const auto& c = door.counters();
  std::printf("door_rows %lld rows\ndoor_deliveries %llu count\ndoor_events %llu events\ndoor_commits %llu count\n",
              static_cast<long long>(rows), static_cast<unsigned long long>(c.deliveries),
              static_cast<unsigned long long>(c.events), static_cast<unsigned long long>(c.commits));
  if (hall) std::printf("door_hall_rows %lld rows\n", static_cast<long long>(hall->rows()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_door: %s\n", e.what());
    return 1;
  }
}
