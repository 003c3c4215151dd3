// A thousand random units, in batches that are committed together, against a model that is plain maps.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/store.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

struct ModelState {
  struct Record {
    std::string values;
    std::int64_t revision = 0;
    bool deleted = false;
  };
  struct Due {
    std::optional<Instant> at;
    std::int64_t generation = 0;
    std::string cannot_tell;
  };
  std::set<std::uint64_t> keys;
  std::vector<std::pair<std::uint64_t, std::string>> journal;  // waiting
  std::map<std::string, Record> records;
  std::map<std::string, Due> due;
  std::map<std::string, std::pair<std::string, double>> facts;  // record -> owner, value
  std::map<std::string, std::pair<std::string, std::int64_t>> reasons;
  std::map<std::string, Instant> outbox;
  std::map<std::string, FindingRow> findings;
  std::map<std::string, std::int64_t> counters;
  std::set<std::string> read_list;

  Applied apply(const UnitOfWork& u) {
    for (const auto& e : u.evaluated)
      if (records[e.record].revision != e.revision || due[e.record].generation != e.generation)
        return Applied::conflict;
    for (const auto& j : u.journal)
      if (keys.insert(j.key).second) journal.emplace_back(j.key, j.record);
    if (u.applied_to) journal.clear();  // the test applies either all or nothing
    for (const auto& r : u.read_list) {
      if (r.add)
        read_list.insert(r.record);
      else
        read_list.erase(r.record);
    }
    for (const auto& s : u.snapshots) {
      auto& r = records[s.record];
      r = {s.deleted ? "" : s.values, r.revision + 1, s.deleted};
    }
    for (const auto& e : u.evaluated) {
      due[e.record].at = e.next;
      due[e.record].cannot_tell = e.cannot_tell;
    }
    for (const auto& d : u.make_due) {
      auto& row = due[d.record];
      row.at = row.at ? std::min(*row.at, d.at) : d.at;
      ++row.generation;
    }
    for (const auto& g : u.facts_gone) facts.erase(g.record);
    for (const auto& f : u.facts) facts[f.record] = {f.owner, f.value};
    for (const auto& f : u.findings) findings[f.record] = f;
    for (const auto& [connection, prompt] : u.outbox_done) outbox.erase(prompt);
    for (const auto& o : u.outbox) outbox[o.prompt] = o.not_before;
    for (const auto& r : u.reasons) {
      auto& kept = reasons[r.record];
      kept = {r.reason, kept.first == r.reason ? kept.second + r.count : r.count};
    }
    for (const auto& c : u.counters) counters[c.name] += c.delta;
    return Applied::done;
  }
};

class RandomContract : public StoreContract {
 protected:
  std::int64_t pick(std::int64_t low, std::int64_t high) { return std::uniform_int_distribution(low, high)(random_); }
  std::string record() { return "r" + std::to_string(pick(1, 30)); }

  UnitOfWork any_unit() {
    auto u = unit(pick(0, 3) == 0 ? UnitOfWork::Urgency::intake : UnitOfWork::Urgency::hall);
    const auto some = [&](auto add) {
      for (auto n = pick(-2, 3); n > 0; --n) add();
    };
    some([&] { u.journal.push_back(change(record(), static_cast<std::uint64_t>(pick(1, 3000)))); });
    some([&] {
      u.snapshots.push_back(
          snapshot(record(), std::string(static_cast<std::size_t>(pick(0, 3000)), 'v'), minute(pick(0, 9))));
      u.snapshots.back().deleted = pick(0, 5) == 0;
    });
    some([&] { u.make_due.push_back({"sf", "opportunity", record(), minute(pick(0, 1000)), 0}); });
    some([&] {
      u.facts.push_back(
          {"sf", "f", pick(0, 1) == 0 ? "ann" : "bob", record(), static_cast<double>(pick(-50, 50)) / 3, 0});
    });
    some([&] { u.facts_gone.push_back({"sf", "f", record()}); });
    some([&] {
      u.reasons.push_back(
          {"sf", "opportunity", record(), "w/a", "budget", pick(0, 1) == 0 ? "held" : "sent", minute(0), 1});
    });
    some([&] {
      u.outbox.push_back(
          {"sf", record(), OutboxRow::Op::create, OutboxRow::State::ready, 0, minute(pick(0, 99)), minute(0)});
    });
    some([&] { u.outbox_done.emplace_back("sf", record()); });
    some([&] { u.read_list.push_back({"sf", "opportunity", record(), pick(0, 1) == 0}); });
    some([&] {
      u.findings.push_back(finding(record(), "w/a"));
      if (pick(0, 1) == 0) u.findings.back().ended = minute(pick(0, 9));
    });
    u.counters = {{"units", 1}};
    return u;
  }

  // A result of an evaluation that read the state as the model has it, or an older one.
  void add_evaluation(UnitOfWork& u, ModelState& model) {
    const auto r = record();
    u.evaluated.push_back({"sf", "opportunity", r, model.records[r].revision - (pick(0, 3) == 0 ? 1 : 0),
                           model.due[r].generation - (pick(0, 3) == 0 ? 1 : 0),
                           pick(0, 1) == 0 ? std::optional<Instant>() : minute(pick(0, 1000)),
                           pick(0, 1) == 0 ? "" : "x"});
  }

  void compare(ModelState& model) {
    const auto view = now();
    const auto journal = view->journal_after("sf", 10'000);
    ASSERT_EQ(journal.size(), model.journal.size());
    for (std::size_t i = 0; i < journal.size(); ++i) ASSERT_EQ(journal[i].key, model.journal[i].first);
    ASSERT_EQ(view->journal_waiting("sf"), static_cast<std::int64_t>(journal.size()));
    std::int64_t live = 0;
    for (const auto& [id, r] : model.records) {
      const auto got = view->record("sf", "opportunity", id);
      ASSERT_EQ(got ? got->revision : 0, r.revision) << id;
      if (!got) continue;
      ASSERT_EQ(got->values, r.values);
      ASSERT_EQ(got->deleted, r.deleted);
      live += r.deleted ? 0 : 1;
    }
    ASSERT_EQ(view->record_count("sf", "opportunity"), live);
    std::map<std::string, DueRow> rows;
    for (auto& row : view->due("sf", minute(10'000), 10'000)) rows.emplace(row.record, std::move(row));
    std::multimap<Instant, std::string> due;
    for (const auto& [id, d] : model.due) {
      const auto got = rows.find(id);
      ASSERT_EQ(got != rows.end(), d.at.has_value()) << id;
      const auto row = view->due_of("sf", "opportunity", id);
      ASSERT_EQ(row.cannot_tell, d.cannot_tell);
      ASSERT_EQ(row.generation, d.generation);
      if (!d.at) continue;
      ASSERT_EQ(got->second.at, *d.at);
      ASSERT_EQ(got->second.generation, d.generation);
      due.emplace(*d.at, id);
    }
    ASSERT_EQ(rows.size(), due.size());
    ASSERT_EQ(view->next_due(), due.empty() ? std::nullopt : std::optional(due.begin()->first));
    for (const std::string owner : {"ann", "bob"}) {
      std::int64_t count = 0;
      double sum = 0;
      std::size_t above = 0;
      for (const auto& [id, f] : model.facts) {
        if (f.first != owner) continue;
        ++count;
        sum += f.second;
        above += f.second > 0 ? 1 : 0;
      }
      ASSERT_EQ(view->fact_mean("sf", "f", owner).count, count);
      ASSERT_NEAR(view->fact_mean("sf", "f", owner).sum, sum, 1e-9);
      ASSERT_EQ(view->fact_between("sf", "f", owner, 0, 1000).size(), above);
    }
    for (const auto& [id, r] : model.reasons) {
      const auto got = view->reasons_of("sf", "opportunity", id);
      ASSERT_EQ(got.size(), 1U);
      ASSERT_EQ(got[0].reason, r.first);
      ASSERT_EQ(got[0].count, r.second);
    }
    ASSERT_EQ(view->outbox("sf", minute(10'000), 10'000).size(), model.outbox.size());
    for (const auto& [key, at] : model.outbox) ASSERT_EQ(view->outbox_of("sf", key)->not_before, at);
    std::size_t open = 0;
    for (const auto& [id, f] : model.findings) {
      ASSERT_EQ(view->findings_of("sf", "opportunity", id).at(0).ended, f.ended);
      open += f.ended ? 0 : 1;
    }
    ASSERT_EQ(view->open_findings("sf", 10'000).size(), open);
    ASSERT_EQ(view->read_list("sf", 10'000).size(), model.read_list.size());
    ASSERT_EQ(view->counters().at(0).second, model.counters["units"]);
  }

  std::mt19937_64 random_{42};
};
COACHD_STORE_CONTRACT(RandomContract);

TEST_P(RandomContract, AThousandUnitsGiveWhatTheModelGives) {
  ModelState model;
  int conflicts = 0;
  for (int written = 0; written < 1000;) {
    // Of a batch the model must know the order: all of one urgency. Its units are queued at once and committed in
    // groups.
    std::vector<std::pair<Applied, std::future<Applied>>> batch;
    const auto urgency = pick(0, 1) == 0 ? UnitOfWork::Urgency::intake : UnitOfWork::Urgency::hall;
    for (auto n = pick(1, 12); n > 0; --n, ++written) {
      auto u = any_unit();
      u.urgency = urgency;
      if (pick(0, 2) == 0) add_evaluation(u, model);
      if (pick(0, 9) == 0) u.applied_to = {"sf", std::int64_t{1} << 40};
      auto promise = std::make_shared<std::promise<Applied>>();
      batch.emplace_back(model.apply(u), promise->get_future());
      store_->apply(std::move(u), [promise](Applied a) { promise->set_value(a); });
    }
    for (auto& [expected, got] : batch) {
      ASSERT_EQ(got.get(), expected);
      conflicts += expected == Applied::conflict ? 1 : 0;
    }
    if (pick(0, 9) == 0) ASSERT_NO_FATAL_FAILURE(compare(model));
    if (pick(0, 30) == 0) reopen();
  }
  reopen();
  compare(model);
  EXPECT_GT(conflicts, 50);
  EXPECT_LT(conflicts, 500);
}

}  // namespace
}  // namespace coachd::store::contract
