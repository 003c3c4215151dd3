// How long the duplicates among a million accounts take, and how many of those that were planted are found.
//   bench_detectors [ACCOUNTS]
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "rules/engine/detect.hpp"
#include "rules/loader/loader.hpp"

namespace {

using namespace coachd;
using Clock = std::chrono::steady_clock;

constexpr const char* rule_file = R"(version: 1
workflow: duplicates
object: account
owner: revops@example.com
rules:
  - {id: twice, kind: duplicate, detect: duplicates, control: [flag]}
)";

std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

std::string word(std::uint64_t x, std::size_t letters) {
  std::string out;
  for (; out.size() < letters; x /= 26) out += static_cast<char>('a' + x % 26);
  return out;
}

double seconds_since(Clock::time_point from) {
  return std::chrono::duration<double>(Clock::now() - from).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t accounts = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const auto loaded = rules::load({{"duplicates.yaml", rule_file}}, {});
  if (!loaded.rules) return 2;
  const rules::ObjectPlan& plan = *loaded.rules->plan("account");
  const rules::World world;
  const auto now = *model::parse_instant("2026-05-04T09:00:00Z");
  const std::array slots{*plan.find("name"), *plan.find("website"), *plan.find("phone")};

  const auto begin = Clock::now();
  rules::DetectorRun run(*loaded.rules, plan, world, now);
  rules::Case c;
  c.object = "account";
  c.values.assign(plan.slots.size(), model::Value::blank());
  std::uint64_t planted = 0;
  static constexpr std::array<const char*, 4> forms{" GmbH", " Inc.", " & Co. KG", ""};
  for (std::uint64_t i = 0; i < accounts; ++i) {
    // Every fiftieth is another writing of the one before.
    const bool again = i % 50 == 49;
    const std::uint64_t x = mixed(again ? i - 1 : i);
    std::string name = word(x, 7) + ' ' + word(x >> 20U, 5) + forms[i % forms.size()];
    if (again) name[0] = static_cast<char>(name[0] - 'a' + 'A');
    const std::string website = (again ? "https://www." : "") + word(x, 9) + std::to_string(x % 100'000) + ".com";
    // One switchboard for a hundred accounts, and an agency's domain for some: blocks that prove little by themselves.
    const std::string phone =
        i % 10 == 3 ? "+49 30 " + std::to_string(1'000'000 + i / 100) : "+49 40 " + std::to_string(x % 1'000'000'000);
    const std::string id = "001" + std::to_string(i);
    c.id = id;
    c.values[slots[0]] = model::Value::text(name);
    c.values[slots[1]] = model::Value::text(i % 20 == 7 ? "agency.example.com" : website);
    c.values[slots[2]] = model::Value::text(phone);
    run.see(c, {});
    planted += again ? 1 : 0;
  }
  const double seen = seconds_since(begin);
  const auto answers = run.conclude({});
  std::printf("duplicates_accounts %llu accounts\n", static_cast<unsigned long long>(accounts));
  std::printf("duplicates_seen %.2f s\n", seen);
  std::printf("duplicates_seconds %.2f s in all\n", seconds_since(begin));
  std::printf("duplicates_planted %llu pairs\n", static_cast<unsigned long long>(planted));
  std::printf("duplicates_found %zu pairs\n", answers[0].detection.findings.size());
  return 0;
}
