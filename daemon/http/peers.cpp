#include "daemon/http/peers.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace coachd::http {

double Peers::tokens(const Peer& peer, Time now) const {
  const std::chrono::duration<double> passed = std::max(now - peer.at, Time::duration::zero());
  return std::min(limits_.refusals_at_once, peer.tokens + passed.count() * limits_.refusals_per_second);
}

// Whose bucket is full again has nothing that is worth remembering; where all have, those go that have no connection.
void Peers::forget(Time now) {
  std::erase_if(peers_, [&](const auto& p) {
    return p.second.connections == 0 && tokens(p.second, now) >= limits_.refusals_at_once;
  });
  if (peers_.size() >= limits_.remembered)
    std::erase_if(peers_, [](const auto& p) { return p.second.connections == 0; });
}

bool Peers::enter(const std::string& peer, Time now, bool local) {
  auto found = peers_.find(peer);
  if (found == peers_.end()) {
    if (peers_.size() >= limits_.remembered) forget(now);
    found = peers_.emplace(peer, Peer{0, limits_.refusals_at_once, now}).first;
  }
  if (found->second.connections >= (local ? limits_.local_connections : limits_.connections)) return false;
  ++found->second.connections;
  return true;
}

void Peers::leave(const std::string& peer) {
  const auto found = peers_.find(peer);
  if (found != peers_.end() && found->second.connections > 0) --found->second.connections;
}

void Peers::refused(const std::string& peer, Time now) {
  const auto found = peers_.find(peer);
  if (found == peers_.end()) return;
  found->second.tokens = std::max(0.0, tokens(found->second, now) - 1);
  found->second.at = now;
}

bool Peers::muted(const std::string& peer, Time now) const {
  const auto found = peers_.find(peer);
  return found != peers_.end() && tokens(found->second, now) < 1;
}

}  // namespace coachd::http
