// The public door alone: the real store, the real server, HubSpot's signature, and nothing else of the daemon. It says
// its port, serves until SIGTERM (or for SECONDS), then says what it stored. Load comes from hook_load.
// Usage: bench_door FOLDER PORT SECRET PUBLIC_URL [SECONDS]
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

#include "daemon/app/memory.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "tests/bench/webhook_door.hpp"

namespace {

using namespace coachd;

int run(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: bench_door FOLDER PORT SECRET PUBLIC_URL [SECONDS]\n", stderr);
    return 2;
  }
  app::keep_memory_at_hand();
  store::sqlite::Options options;
  options.folder = argv[1];
  const auto store = store::sqlite::open(options);
  boost::asio::io_context io(1);
  bench::WebhookDoor door(io.get_executor(), *store, "hubspot", argv[3], argv[4],
                          static_cast<std::uint16_t>(std::stoi(argv[2])));
  std::printf("bench_door listens on %u\n", static_cast<unsigned>(door.port()));
  std::fflush(stdout);
  boost::asio::signal_set end(io, SIGTERM, SIGINT);
  end.async_wait([&](auto, int) { io.stop(); });
  boost::asio::steady_timer time(io);
  if (argc > 5 && std::stoi(argv[5]) > 0) {
    time.expires_after(std::chrono::seconds(std::stoi(argv[5])));
    time.async_wait([&](auto) { io.stop(); });
  }
  io.run();
  store->stop();
  const auto reader = store->open_reader();
  const auto rows = reader->snapshot()->journal_waiting("hubspot");
  const auto& c = door.counters();
  std::printf("door_rows %lld rows\ndoor_deliveries %llu count\ndoor_events %llu events\ndoor_commits %llu count\n",
              static_cast<long long>(rows), static_cast<unsigned long long>(c.deliveries),
              static_cast<unsigned long long>(c.events), static_cast<unsigned long long>(c.commits));
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
