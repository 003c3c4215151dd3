// What one peer may do at a door: how many connections it holds, and how many refused requests it has earned (a token
// bucket). Pure: the time is handed in. Thread rule: one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace coachd::http {

/// Requests that were served cost nothing, refused ones a token each; a peer without one is muted (see Limits).
struct PeerLimits {
  std::size_t connections = 64;
  std::size_t local_connections = 256;  ///< of this machine: all who come through a proxy on it are one peer
  double refusals_per_second = 10;
  double refusals_at_once = 100;
  std::size_t remembered = 4096;  ///< peers without a connection that are kept for their buckets
};

class Peers {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit Peers(PeerLimits limits) : limits_(limits) {}

  /// Takes a connection of that peer in; false: it has too many. `local`: it comes from this machine.
  [[nodiscard]] bool enter(const std::string& peer, Time now, bool local = false);
  void leave(const std::string& peer);
  void refused(const std::string& peer, Time now);
  /// True while the peer's bucket is empty.
  [[nodiscard]] bool muted(const std::string& peer, Time now) const;
  [[nodiscard]] std::size_t size() const noexcept { return peers_.size(); }

 private:
  struct Peer {
    std::size_t connections = 0;
    double tokens = 0;
    Time at{};
  };
  [[nodiscard]] double tokens(const Peer& peer, Time now) const;
  void forget(Time now);

  PeerLimits limits_;
  std::map<std::string, Peer> peers_;
};

}  // namespace coachd::http
