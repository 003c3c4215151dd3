// The load for a webhook door, every event of it distinct. `make` writes a file of signed requests as they go over the
// wire; `fire` sends each of them once over keep-alive connections, one at a time on each, and says what came back.
// Usage: hook_load make --events 1|100 --count N --secret S --uri U --out FILE
//        hook_load fire FILE --to 127.0.0.1:PORT [--connections 32] [--rate R] [--seconds S] [--name NAME]
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <ratio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t interrupted = 0;  // SIGINT: what came so far is said

struct Arguments {
  std::vector<std::string> plain;
  std::map<std::string, std::string> named;
  [[nodiscard]] std::string get(const std::string& name, const std::string& otherwise = "") const {
    const auto found = named.find(name);
    return found == named.end() ? otherwise : found->second;
  }
  [[nodiscard]] long number(const std::string& name, long otherwise) const {
    const auto found = named.find(name);
    return found == named.end() ? otherwise : std::stol(found->second);
  }
};

Arguments read_arguments(int argc, char** argv) {
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with("--") && i + 1 < argc)
      a.named[word.substr(2)] = argv[++i];
    else
      a.plain.push_back(word);
  }
  return a;
}

std::string signature(const std::string& secret, const std::string& text) {
  std::array<unsigned char, 32> mac{};
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
  std::array<unsigned char, 64> base64{};
  const int n = EVP_EncodeBlock(base64.data(), mac.data(), 32);
  return {base64.begin(), base64.begin() + n};
}

// The events of the peers' own load (mkpost.js), each with a number and a millisecond of its own.
void add_event(std::string& body, std::uint64_t id, std::uint64_t occurred) {
  const auto add = [&](const char* name, std::uint64_t n) { body.append(name).append(std::to_string(n)); };
  add("{\"eventId\":", id);
  add(",\"subscriptionId\":1234567,\"portalId\":62515,\"appId\":54321,\"occurredAt\":", occurred);
  add(",\"subscriptionType\":\"deal.propertyChange\",\"attemptNumber\":0,\"objectId\":", 9000000 + id % 100000);
  body += ",\"propertyName\":\"dealstage\",\"propertyValue\":\"qualifiedtobuy\",\"changeSource\":\"CRM_UI\"";
  add(",\"sourceId\":\"userId:", id % 500);
  body += "\"}";
}

// The file: for each request its length (8 bytes) and its bytes.
int make(const Arguments& a) {
  const long events = a.number("events", 1), count = a.number("count", 1000);
  const auto uri = a.get("uri"), secret = a.get("secret");
  const auto host_at = uri.find("://");
  const auto path_at = host_at == std::string::npos ? host_at : uri.find('/', host_at + 3);
  if (path_at == std::string::npos || secret.empty()) throw std::runtime_error("--uri and --secret are needed");
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const auto stamp = std::to_string(now);
  auto occurred = static_cast<std::uint64_t>(now - events * count);  // the last of them just now
  std::FILE* out = std::fopen(a.get("out").c_str(), "wb");
  if (out == nullptr) throw std::runtime_error("--out cannot be written");
  std::uint64_t id = 1'000'000'000 + static_cast<std::uint64_t>(a.number("first", 0));
  std::string body, request;
  for (long i = 0; i < count; ++i) {
    body = "[";
    for (long e = 0; e < events; ++e) {
      if (e > 0) body += ',';
      add_event(body, ++id, ++occurred);
    }
    body += "]";
    request = "POST " + uri.substr(path_at) + " HTTP/1.1\r\nHost: " + uri.substr(host_at + 3, path_at - host_at - 3) +
              "\r\nContent-Type: application/json\r\nX-HubSpot-Request-Timestamp: " + stamp +
              "\r\nX-HubSpot-Signature-v3: " + signature(secret, "POST" + uri + body + stamp) +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    const std::uint64_t length = request.size();
    std::fwrite(&length, sizeof length, 1, out);
    std::fwrite(request.data(), 1, request.size(), out);
  }
  if (std::fclose(out) != 0) throw std::runtime_error("--out cannot be written whole");
  return 0;
}

class File {
 public:
  explicit File(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat s{};
    if (fd < 0 || ::fstat(fd, &s) != 0) throw std::runtime_error("the file of requests cannot be read");
    const auto size = static_cast<std::size_t>(s.st_size);
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    ::close(fd);
    if (at == MAP_FAILED) throw std::runtime_error("the file of requests cannot be mapped");
    const char* p = static_cast<const char*>(at);
    for (const char* const end = p + size; p < end;) {
      std::uint64_t length = 0;
      std::memcpy(&length, p, sizeof length);
      p += sizeof length;
      requests_.emplace_back(p, length);
      p += length;
    }
  }
  [[nodiscard]] const std::vector<std::string_view>& requests() const { return requests_; }

 private:
  std::vector<std::string_view> requests_;  // the mapping lives as long as the program
};

struct Connection {
  int fd = -1;
  std::string_view left;  // to send
  std::string in;
  bool busy = false;
  Clock::time_point asked;  // when it was due, so that a late door cannot hide its waits
};

class Fire {
 public:
  Fire(const std::vector<std::string_view>& requests, const Arguments& a)
      : requests_(requests),
        rate_(static_cast<double>(a.number("rate", 0))),
        end_(std::chrono::seconds(a.number("seconds", 0))),
        connections_(static_cast<std::size_t>(a.number("connections", 32))) {
    const auto to = a.get("to");
    const auto colon = to.rfind(':');
    if (colon == std::string::npos) throw std::runtime_error("--to HOST:PORT is needed");
    address_.sin_family = AF_INET;
    address_.sin_port = htons(static_cast<std::uint16_t>(std::stoi(to.substr(colon + 1))));
    if (::inet_pton(AF_INET, to.substr(0, colon).c_str(), &address_.sin_addr) != 1)
      throw std::runtime_error("--to needs an address");
    waits_.reserve(requests_.size());
  }

  void run() {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    for (std::size_t i = 0; i < connections_.size(); ++i) open(i);
    start_ = Clock::now();
    for (std::size_t i = 0; i < connections_.size(); ++i) idle_.push_back(i);
    give();
    std::array<epoll_event, 256> events{};
    while (!interrupted && (busy_ > 0 || more())) {
      const int n = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), rate_ > 0 ? 1 : 1000);
      if (n < 0 && errno != EINTR) throw std::runtime_error("epoll_wait failed");
      if (n == 0 && rate_ <= 0 && ++silent_ > 15) throw std::runtime_error("no answer for 15 seconds");
      if (n > 0) silent_ = 0;
      for (int i = 0; i < n; ++i) came(events.at(static_cast<std::size_t>(i)).data.u64);
      give();
    }
    seconds_ = std::chrono::duration<double>(last_ - start_).count();
  }

  void print(const std::string& name, std::size_t events) {
    std::sort(waits_.begin(), waits_.end());
    const auto at = [&](double share) {
      if (waits_.empty()) return 0.0;
      return waits_.at(
          std::min(waits_.size() - 1, static_cast<std::size_t>(share * static_cast<double>(waits_.size()))));
    };
    const double rate = static_cast<double>(waits_.size()) / seconds_;
    std::printf("%s_req %.0f requests/s\n%s_events %.0f events/s\n%s_p50 %.2f ms\n%s_p99 %.2f ms\n%s_max %.1f ms\n",
                name.c_str(), rate, name.c_str(), rate * static_cast<double>(events), name.c_str(), at(0.5),
                name.c_str(), at(0.99), name.c_str(), waits_.empty() ? 0.0 : waits_.back());
    std::printf("%s_sent %zu count\n%s_errors %zu count\n", name.c_str(), next_, name.c_str(), errors_);
  }

 private:
  void open(std::size_t i) {
    auto& c = connections_.at(i);
    c.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr generic{};
    std::memcpy(&generic, &address_, sizeof address_);
    if (c.fd < 0 || ::connect(c.fd, &generic, sizeof address_) != 0) throw std::runtime_error("cannot connect");
    ::fcntl(c.fd, F_SETFL, O_NONBLOCK);
    const int yes = 1;
    ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_event e{};
    e.events = EPOLLIN | EPOLLOUT | EPOLLET;
    e.data.u64 = i;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, c.fd, &e);
  }

  [[nodiscard]] bool more() const {
    if (next_ >= requests_.size()) return false;
    return end_.count() == 0 || Clock::now() - start_ < end_;
  }
  [[nodiscard]] Clock::time_point due() const {
    if (rate_ <= 0) return {};
    return start_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(next_) / rate_));
  }

  void give() {
    while (!idle_.empty() && more()) {
      const auto now = Clock::now();
      if (rate_ > 0 && due() > now) return;
      auto& c = connections_.at(idle_.back());
      idle_.pop_back();
      c.asked = rate_ > 0 ? due() : now;
      c.left = requests_[next_++];
      c.busy = true;
      ++busy_;
      send(c);
    }
  }

  void send(Connection& c) {
    while (!c.left.empty()) {
      const auto n = ::send(c.fd, c.left.data(), c.left.size(), MSG_NOSIGNAL);
      if (n < 0) return;  // EAGAIN: epoll tells; anything else shows when reading
      c.left.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  void came(std::size_t i) {
    auto& c = connections_.at(i);
    if (!c.left.empty()) send(c);
    std::array<char, 4096> buffer{};
    const auto n = ::recv(c.fd, buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      ::close(c.fd);
      if (c.busy) {
        ++errors_;
        --busy_;
        idle_.push_back(i);
      }
      c.busy = false;
      c.in.clear();
      c.left = {};
      return open(i);
    }
    c.in.append(buffer.data(), static_cast<std::size_t>(n));
    const auto head = c.in.find("\r\n\r\n");
    if (head == std::string::npos || !c.busy) return;
    const auto length = c.in.find("ontent-");  // the answers of both servers say it, in either case
    std::size_t body = 0;
    if (length != std::string::npos && length < head) body = std::strtoul(c.in.c_str() + length + 14, nullptr, 10);
    if (c.in.size() < head + 4 + body) return;
    last_ = Clock::now();
    if (c.in.compare(9, 3, "200") == 0)
      waits_.push_back(std::chrono::duration<double, std::milli>(last_ - c.asked).count());
    else
      ++errors_;
    c.in.clear();
    c.busy = false;
    --busy_;
    idle_.push_back(i);
  }

  const std::vector<std::string_view>& requests_;
  double rate_;
  std::chrono::seconds end_;
  std::vector<Connection> connections_;
  sockaddr_in address_{};
  std::vector<std::size_t> idle_;
  std::vector<double> waits_;
  std::size_t next_ = 0, busy_ = 0, errors_ = 0;
  int poll_ = -1, silent_ = 0;
  Clock::time_point start_, last_;
  double seconds_ = 0;
};

std::size_t events_of(std::string_view request) {
  std::size_t n = 0;
  for (auto at = request.find("\"eventId\""); at != std::string_view::npos; at = request.find("\"eventId\"", at + 1))
    ++n;
  return n;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto a = read_arguments(argc, argv);
    if (a.plain.size() == 1 && a.plain[0] == "make") return make(a);
    if (a.plain.size() == 2 && a.plain[0] == "fire") {
      const File file(a.plain[1]);
      if (file.requests().empty()) throw std::runtime_error("the file holds no request");
      std::signal(SIGINT, [](int) { interrupted = 1; });
      Fire fire(file.requests(), a);
      fire.run();
      fire.print(a.get("name", "hook"), events_of(file.requests().front()));
      return 0;
    }
    std::fputs(
        "usage: hook_load make --events 1|100 --count N --secret S --uri U --out FILE\n"
        "       hook_load fire FILE --to 127.0.0.1:PORT [--connections 32] [--rate R] [--seconds S] [--name N]\n",
        stderr);
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "hook_load: %s\n", e.what());
    return 1;
  }
}
