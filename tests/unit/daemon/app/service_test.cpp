#include "daemon/app/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coachd::app {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::StartsWith;

class ServiceTest : public testing::Test {
 protected:
  Service make(std::optional<std::chrono::microseconds> watchdog) {
    return {io_.get_executor(), work_, [this](const std::string& m) { sent_.push_back(m); }, watchdog};
  }
  [[nodiscard]] std::ptrdiff_t fed() const { return std::count(sent_.begin(), sent_.end(), "WATCHDOG=1"); }

  boost::asio::io_context io_{1};
  Heartbeat work_;
  std::vector<std::string> sent_;
};

TEST_F(ServiceTest, TellsReadyReloadAndEndInTheFormOfSdNotify) {
  auto service = make(std::nullopt);
  service.ready("started");
  service.reloading();
  service.reloaded("reloaded");
  service.status("acme: reading\nREADY=0");  // a line feed would begin another word of the protocol
  service.stopping();
  service.stopping();
  EXPECT_THAT(sent_,
              ElementsAre("READY=1\nSTATUS=started", StartsWith("RELOADING=1\nMONOTONIC_USEC="),
                          "READY=1\nSTATUS=reloaded", "STATUS=acme: reading READY=0", "STOPPING=1\nSTATUS=ending"));
}

TEST(Watchdog, IsFedForEachTurnOfTheLoopAndNotForOneThatHangs) {
  Watchdog watchdog;
  EXPECT_FALSE(watchdog.feed(0)) << "a loop that has not begun is no working loop";
  EXPECT_TRUE(watchdog.feed(3));
  EXPECT_FALSE(watchdog.feed(3));
  EXPECT_FALSE(watchdog.feed(3));
  EXPECT_TRUE(watchdog.feed(4)) << "a loop that goes on is fed again";
}

TEST_F(ServiceTest, TheTimerFeedsWhileTheLoopTurnsAndStopsWhenItHangs) {
  auto service = make(milliseconds(30));
  service.ready("started");
  while (fed() < 3) {
    work_.beat();
    ASSERT_EQ(io_.run_one(), 1U);
  }
  ASSERT_EQ(io_.run_one(), 1U);  // this look may still find the last turn
  const auto before = fed();
  for (int look = 0; look < 3; ++look) ASSERT_EQ(io_.run_one(), 1U);
  EXPECT_EQ(fed(), before);
}

TEST_F(ServiceTest, NothingIsFedAfterTheEndHasBegunNorWithoutAWatchdog) {
  auto service = make(milliseconds(30));
  work_.beat();
  service.ready("started");
  service.stopping();
  work_.beat();
  io_.run();  // ends: the timer is not set again
  EXPECT_EQ(fed(), 1);
  sent_.clear();
  io_.restart();
  auto without = make(std::nullopt);
  without.ready("started");
  work_.beat();
  io_.run();
  EXPECT_EQ(fed(), 0);
}

TEST_F(ServiceTest, SpeaksToTheSocketThatTheManagerNamed) {
  auto folder = (std::filesystem::temp_directory_path() / "coachd-notify-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = folder + "/notify";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int manager = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  const void* erased = &address;
  ASSERT_EQ(::bind(manager, static_cast<const sockaddr*>(erased), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "120000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  work_.beat();
  {
    Service service(io_.get_executor(), work_);
    service.ready("started");
  }
  std::vector<std::string> received;
  char text[256];
  for (int n = 0; n < 2; ++n) {
    const auto size = ::recv(manager, text, sizeof text, MSG_DONTWAIT);
    ASSERT_GT(size, 0);
    received.emplace_back(text, static_cast<std::size_t>(size));
  }
  EXPECT_THAT(received, ElementsAre("READY=1\nSTATUS=started", "WATCHDOG=1"));
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  ::close(manager);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace coachd::app
