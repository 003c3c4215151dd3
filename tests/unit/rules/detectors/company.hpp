// A company with planted faults, made anew for each detector from one seed: who and what is at fault, and what only
// looks like it and must stay silent. 500 people and 20,000 records; with COACHD_COMPANY=large 5,000 and 200,000.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/unit/rules/detectors/desk.hpp"

namespace coachd::rules::desk {

inline bool large() {
  const char* size = std::getenv("COACHD_COMPANY");
  return size != nullptr && std::string_view(size) == "large";
}
inline int people() {
  return large() ? 5000 : 500;
}
inline int records() {
  return people() * 40;
}

/// The same for the same numbers: between 0 and 1.
inline double roll(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0) {
  std::uint64_t x = 20260504 + a * 0x9e3779b97f4a7c15U + b * 0xbf58476d1ce4e5b9U + c * 0x94d049bb133111ebU;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return static_cast<double>((x ^ (x >> 31U)) >> 11U) * 0x1p-53;
}
inline std::uint64_t number(int n) {
  return static_cast<std::uint64_t>(n);
}

inline std::string person_id(int p) {
  return "u" + std::to_string(p);
}
inline const model::Instant today = at("2026-05-04T00:00:00Z");  // a Monday; it is nine o'clock
inline model::Instant ago(int days, int minutes = 600) {
  return today - std::chrono::days(days) + std::chrono::minutes(minutes);
}
inline std::string iso(model::Instant i) {
  return model::to_string(i);
}
inline std::string date(model::Instant i) {
  return model::to_string(i).substr(0, 10);
}

/// What was planted for one detector, and how well it was found.
class Score {
 public:
  explicit Score(std::string detector) : detector_(std::move(detector)) {}
  void plant(const std::string& key) { truth_.insert(key); }
  void looks_like_it(const std::string& what, const std::string& key) { looks_[what].insert(key); }

  void judge(const Detection& d) {
    std::size_t right = 0;
    std::set<std::string> found;
    for (const auto& f : d.findings) {
      found.insert(f.key);
      right += truth_.contains(f.key) ? 1 : 0;
      if (!truth_.contains(f.key) && ++shown_ <= 3)
        std::printf("  not planted: %s (%s)\n", f.key.c_str(), f.why.c_str());
    }
    for (const auto& t : truth_)
      if (!found.contains(t) && ++missed_ <= 3) std::printf("  not found: %s\n", t.c_str());
    const double precision = found.empty() ? 0 : static_cast<double>(right) / static_cast<double>(d.findings.size());
    const double recall = truth_.empty() ? 0 : static_cast<double>(right) / static_cast<double>(truth_.size());
    std::printf("%-28s planted %6zu  found %6zu  precision %.3f  recall %.3f\n", detector_.c_str(), truth_.size(),
                d.findings.size(), precision, recall);
    EXPECT_GE(precision, 0.98) << detector_;
    EXPECT_GE(recall, 0.98) << detector_;
    EXPECT_GE(looks_.size(), 3u) << detector_ << ": three look-alikes at least";
    for (const auto& [what, keys] : looks_) {
      std::size_t loud = 0;
      for (const auto& f : d.findings)
        loud += std::any_of(keys.begin(), keys.end(), [&](const std::string& k) { return is_about(f, k); }) ? 1 : 0;
      std::printf("  silent on %6zu %s%s\n", keys.size(), what.c_str(), loud == 0 ? "" : "  <- NOT SILENT");
      EXPECT_EQ(loud, 0u) << detector_ << " speaks of " << what;
    }
  }

 private:
  static bool is_about(const Detected& f, const std::string& key) { return f.key == key || f.person == key; }
  std::string detector_;
  std::set<std::string> truth_;
  std::map<std::string, std::set<std::string>> looks_;
  int shown_ = 0, missed_ = 0;
};

/// An open opportunity of a person, as most are: nothing wrong with it. `j`: which of the person's forty.
inline Row opportunity(int p, int j) {
  const auto i = number(p * 40 + j);
  Row r;
  r.id = "006" + std::to_string(p) + "x" + std::to_string(j);
  r.created = iso(ago(60 + static_cast<int>(roll(i, 1) * 200)));
  r.created_by = person_id(p);
  const double s = roll(i, 2);
  r.values = {{"owner", person_id(p)},
              {"name", "Deal " + std::to_string(i)},
              {"account", "A" + std::to_string(i / 2)},
              {"stage", s < 0.3   ? "Prospecting"
                        : s < 0.5 ? "Proposal"
                        : s < 0.7 ? "Negotiation"
                        : s < 0.9 ? "Won"
                                  : "Lost"},
              {"next_step", "Meet the team of deal " + std::to_string(i) + " about step " + std::to_string(j)},
              {"close_date", date(ago(-20 - j))},
              {"source", "Webinar"},
              {"champion", "Nora Stein " + std::to_string(i)}};
  return r;
}

inline std::string key_of(const Row& r) {
  return r.id;
}

/// Ten reps a manager; a person of marketing and one of customer success for every fifty.
inline void staff(Desk& d) {
  for (int p = 0; p < people(); ++p) {
    d.person(person_id(p), "rep", "team" + std::to_string(p / 10));
    d.world.people.find(person_id(p))->second.manager = model::PersonId("m" + std::to_string(p / 10));
  }
  for (int t = 0; t < people() / 10; ++t) d.person("m" + std::to_string(t), "manager");
  d.person("mark", "marketing");
  d.person("mary", "marketing");
  d.person("cleo", "customer_success");
  d.person("robot", "", "", false);
  d.world.integration_users.push_back("robot");
}

}  // namespace coachd::rules::desk
