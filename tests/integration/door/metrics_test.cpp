// What /metrics says is what Prometheus' own tool accepts, for every metric of the table.
#include <gtest/gtest.h>
#include <stdio.h>
#include <stdlib.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "daemon/http/metrics.hpp"

namespace coachd::http {
namespace {

TEST(MetricsText, IsAcceptedByPromtool) {
  if (::system("command -v promtool >/dev/null 2>&1") != 0)  // NOLINT(concurrency-mt-unsafe)
    GTEST_SKIP() << "promtool is not there: ./dev test fetches it";
  Metrics metrics;
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Metric::count_); ++i) {
    metrics.add(static_cast<Metric>(i), i, {{"connection", "acme \"1\"\n"}, {"kind", "first"}});
    metrics.add(static_cast<Metric>(i), i + 0.25, {{"connection", "acme"}, {"kind", "second"}});
  }
  std::FILE* const tool = ::popen("promtool check metrics", "w");
  ASSERT_NE(tool, nullptr);
  const auto text = metrics.text();
  std::fwrite(text.data(), 1, text.size(), tool);
  EXPECT_EQ(::pclose(tool), 0) << text;
}

}  // namespace
}  // namespace coachd::http
