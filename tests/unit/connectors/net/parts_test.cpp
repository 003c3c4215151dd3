#include <gtest/gtest.h>
#include <zconf.h>
#include <zlib.h>
#include <cstddef>
#include <string>

#include "connectors/net/gzip.hpp"
#include "connectors/net/http_date.hpp"
#include "connectors/net/url.hpp"

namespace coachd::net {
namespace {

TEST(Url, ReadsItsParts) {
  const auto url = parse_url("https://acme.my.salesforce.com/services/data?q=a%20b");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "acme.my.salesforce.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->target, "/services/data?q=a%20b");
  EXPECT_EQ(url->authority(), "acme.my.salesforce.com");
  EXPECT_EQ(url->origin(), "https://acme.my.salesforce.com:443");
}

TEST(Url, ReadsPortsAndIpv6) {
  const auto v6 = parse_url("http://[::1]:8721");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->port, 8721);
  EXPECT_EQ(v6->target, "/");
  EXPECT_EQ(v6->authority(), "[::1]:8721");
  EXPECT_TRUE(v6->loopback());
  EXPECT_TRUE(parse_url("http://127.0.0.5?x")->loopback());
  EXPECT_FALSE(parse_url("http://127.0.0.1.example.com/")->loopback());
}

TEST(Url, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "acme.example", "ftp://a", "https://", "https://user@host/", "https://a b/", "https://a:0/",
        "https://a:70000/", "https://a:1x/", "https://a/#f", "https://[::1", "https://a\n/"})
    EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Url, EncodesWhatSoqlNeeds) {
  EXPECT_EQ(percent_encode("a = '+ü'"), "a%20%3D%20%27%2B%C3%BC%27");
}

TEST(HttpDate, ReadsTheFormThatServersSend) {
  const auto date = parse_http_date("Sun, 22 Nov 2026 21:52:54 GMT");
  ASSERT_TRUE(date);
  EXPECT_EQ(date->time_since_epoch().count(), 1795384374);
  for (const char* text :
       {"", "Sun, 22 Nov 2026 21:52:54 UTC", "Sun, 31 Feb 2026 21:52:54 GMT", "Sun, 22 Nov 2026 25:52:54 GMT",
        "Sun, 22 nov 2026 21:52:54 GMT", "Sun, -2 Nov 2026 21:52:54 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(HttpDate, RetryAfterIsACountOrADate) {
  const auto now = *parse_http_date("Sun, 22 Nov 2026 21:52:54 GMT");
  EXPECT_EQ(parse_retry_after("7", now)->count(), 7);
  EXPECT_EQ(parse_retry_after("Sun, 22 Nov 2026 21:53:54 GMT", now)->count(), 60);
  EXPECT_EQ(parse_retry_after("Sun, 22 Nov 2026 21:00:00 GMT", now)->count(), 0);
  EXPECT_FALSE(parse_retry_after("soon", now));
  EXPECT_FALSE(parse_retry_after("-1", now));
}

std::string pack(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in = text, out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Gunzip, UnpacksAndCaps) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919);
  const std::string packed = pack(text);
  std::string out;
  ASSERT_EQ(gunzip(packed, text.size(), out), Unpacked::ok);
  EXPECT_EQ(out, text);
  EXPECT_EQ(gunzip(packed, text.size() - 1, out), Unpacked::too_large);
  EXPECT_EQ(gunzip(packed + packed, text.size() * 2, out), Unpacked::ok) << "several members are one body";
  EXPECT_EQ(out, text + text);
}

TEST(Gunzip, EveryShortenedBodyIsCorrupt) {
  const std::string packed = pack("some text that is not short, some text that is not short");
  std::string out;
  for (std::size_t n = 0; n < packed.size(); ++n)
    EXPECT_EQ(gunzip(packed.substr(0, n), 1000, out), Unpacked::corrupt) << n;
  EXPECT_EQ(gunzip(packed + "x", 1000, out), Unpacked::corrupt);
  EXPECT_EQ(gunzip("{\"plain\":1}", 1000, out), Unpacked::corrupt);
}

}  // namespace
}  // namespace coachd::net
