// A simulated company behind its real wire, and of the daemon all that lies between it and a finding: connector, link,
// store, hall and study, on one thread. Observe mode; the day of the study is `today`.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "daemon/app/clock.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/app/inbox.hpp"
#include "daemon/app/link.hpp"
#include "daemon/app/meetings.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/study.hpp"
#include "daemon/store/store.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/integration/hall_fixture.hpp"
#include "tests/simulators/hs_people.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/hubspot_simulator.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/salesforce_simulator.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/simulator.hpp"
#include "tests/simulators/traces.hpp"

namespace coachd::pipeline {

using contract::Kind;
using contract::World;
using sim::trace;
using namespace std::chrono_literals;

// A Friday, two months after the company's own past ends: nobody has worked since.
inline const sim::instant today = *sim::parse_instant("2026-04-10T08:00:00Z");
inline const sim::instant past_ends = *sim::parse_instant("2026-02-09T08:00:00Z");

template <class Options>
Options sized(Options options) {
  options.clock = sim::parse_clock("2026-02-09T08:00:00Zx0");
  options.people = 12;
  options.records = 250;
  return options;
}

inline std::unique_ptr<sim::simulated_crm> company_of(Kind kind) {
  if (kind == Kind::salesforce) return std::make_unique<sim::salesforce_simulator>(sized(sim::simulator_options{}));
  sim::hubspot_options options;
  options.index_lag = 0s;
  options.limits = false;
  return std::make_unique<sim::hubspot_simulator>(sized(std::move(options)));
}

/// A rep with their open deals, in both names.
struct Rep {
  std::string user;  // the company's own id
  std::string id;    // the CRM's
  std::vector<std::string> deals;
};

class StudiedCompany : public testing::TestWithParam<Kind>, public Outside {
 protected:
  StudiedCompany() : world(GetParam(), company_of(GetParam())), clock(model::Instant(today), 1.0) {
    setup.name = "acme";
    const bool salesforce = world.kind == Kind::salesforce;
    const auto names = salesforce ? salesforce::default_names() : hubspot::default_names();
    setup.names.objects = names.objects;
    setup.names.fields = names.fields;
    if (!salesforce) setup.names.fields["opportunity"]["next_step"] = "hs_next_step";
    setup.activity_sources =
        salesforce ? std::vector<std::string>{"task", "event"} : std::vector<std::string>{"task", "meeting", "note"};
    setup.around = salesforce ? salesforce::make_surroundings() : hubspot::make_surroundings();
    setup.meetings = {"forecast-call"};
    setup.schedule = {{"forecast-call", std::chrono::Monday, 9h + 30min, "li@example.com", ""}};
    setup.hall.trails_wait = 30min;
    store = open_store(folder.path());
    // The daemon has known of the meetings for two months.
    store::UnitOfWork unit;
    unit.epoch = store->epoch();
    unit.kept.push_back(app::kept_meetings("acme", setup.schedule, model::Instant(past_ends)));
    EXPECT_EQ(store::apply_and_wait(*store, std::move(unit)), store::Applied::done);
  }
  ~StudiedCompany() override {
    if (link) {
      link->stop();
      for (int i = 0; i < 500 && !link->resting(); ++i) world.io.run_for(10ms);
      link.reset();
    }
    hall.reset();
    store->stop();
  }

  // Outside
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string&) override {}
  void study(const std::shared_ptr<const Context>& context, const std::string& key, model::Instant now) override {
    asked.emplace(context, key, now);
    ++studies;
  }

  [[nodiscard]] std::vector<Rep> reps() const {
    std::vector<Rep> out;
    const bool salesforce = world.kind == Kind::salesforce;
    world.company().with_org([&](sim::org& org) {
      const auto& users = org.get("User");
      const auto& deals = org.opportunities();
      for (const auto& p : world.company().people().people) {
        if (p.job != "rep" || !p.active) continue;
        Rep rep{p.id, p.id, {}};
        for (sim::row_number n = 0; !salesforce && n < users.size(); ++n)
          if (std::to_string(sim::hs_people::owner_id(n)) == p.id) rep.user = users.cell(n, 0).text();
        for (sim::row_number n = 0; n < deals.size(); ++n)
          if (!deals.cell(n, org.columns().is_closed).boolean() &&
              deals.cell(n, org.columns().owner).text() == rep.user)
            rep.deals.push_back(salesforce ? deals.cell(n, 0).text()
                                           : std::to_string(sim::hs_records::id_of(sim::hs_object::deals, n)));
        out.push_back(std::move(rep));
      }
    });
    std::erase_if(out, [](const Rep& rep) { return rep.deals.size() < 5; });
    return out;
  }
  void leave(trace::type what, const Rep& rep, sim::instant at, const char* how = "") const {
    world.company().with_org(
        [&](sim::org& org) { org.leave({.what = what, .person = rep.user, .at = at, .name = how}); });
  }
  void signs_in(const Rep& rep, int days, const char* how = "") const {
    for (int d = 1; d <= days; ++d) leave(trace::type::login, rep, today - std::chrono::days(d), how);
  }
  void exports(const Rep& rep, std::initializer_list<int> days_ago) const {
    for (const int d : days_ago) leave(trace::type::export_taken, rep, today - std::chrono::days(d) - 2h);
  }
  void grant(std::initializer_list<const char*> rights) const {
    world.company().with_org([&](sim::org& org) {
      for (const auto* right : rights) org.grant(right);
    });
  }
  void works_on_everything(const Rep& rep) const {
    for (const auto& deal : rep.deals)
      EXPECT_TRUE(world.act(rep.id, deal, {{world.words.next_step, "Meeting with purchasing on the offer"}}));
  }

  // The daemon on a day of `today`, until its study is stored.
  void run(const std::string& text, const std::function<bool()>& done) {
    const std::vector<rules_source> sources{{"health.yaml", text}};
    if (!hall) hall.emplace(*store, *this);
    if (!link) {
      world.connect();
      app::LinkOptions options;
      options.name = "acme";
      auto names = app::objects_of(sources, setup);
      options.objects = std::move(names.judged);
      options.beside = std::move(names.beside);
      link = std::make_unique<app::Link>(
          world.io.get_executor(), std::move(world.connector), std::move(options),
          app::LinkServices{
              *store, inbox, clock,
              [this](const model::Description& d) {
                return app::build_context({{"health.yaml", text_}}, setup, d, *store, true, clock.now()).context;
              },
              [this](const std::string&, const std::string& state, bool) { states.push_back(state); },
              [](model::Instant) {}});
      boost::asio::co_spawn(world.io, link->run(), [](const std::exception_ptr& e) { EXPECT_FALSE(e); });
    }
    text_ = text;
    const auto end = std::chrono::steady_clock::now() + 120s;
    while (!done()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << (states.empty() ? "nothing was read" : states.back());
      world.io.restart();
      world.io.run_for(5ms);
      for (auto& item : inbox.drain()) item(*hall, clock.now());
      while (hall->step(clock.now())) {
      }
      if (asked) conclude();
    }
  }
  void conclude() {
    const auto reader = store->open_reader();
    while (asked->step(*reader->snapshot(), 200)) {
    }
    while (asked->conclude_one()) {
    }
    hall->handle(asked->finish(), clock.now());
    asked.reset();
  }
  void reload() {
    auto names = app::objects_of({{"health.yaml", text_}}, setup);
    link->reload(std::move(names.judged), std::move(names.beside));
  }
  [[nodiscard]] bool studied() const { return counter("studies") > 0; }
  [[nodiscard]] std::int64_t counter(const std::string& name) const {
    for (const auto& [counted, n] : store->open_reader()->snapshot()->counters())
      if (counted == name) return n;
    return 0;
  }
  [[nodiscard]] std::set<std::string> found(const std::string& rule) const {
    std::set<std::string> out;
    for (const auto& f : store->open_reader()->snapshot()->findings_of_units("acme"))
      if (f.rule == "health/" + rule && !f.ended) out.insert(f.record);
    return out;
  }
  [[nodiscard]] std::string why(const std::string& rule) const {
    std::string out;
    for (const auto& c : store->open_reader()->snapshot()->cannot_tell())
      if (c.rule == "health/" + rule && c.delta > 0) out += c.reason + ";";
    return out;
  }

  using rules_source = rules::Source;
  mutable World world;
  TemporaryFolder folder;
  app::ConnectionSetup setup;
  std::unique_ptr<store::sqlite::SqliteStore> store;
  app::Clock clock;
  app::Inbox inbox;
  std::optional<Hall> hall;
  std::unique_ptr<app::Link> link;
  std::optional<Study> asked;
  int studies = 0;
  std::vector<std::string> states;

 private:
  std::string text_;
};

}  // namespace coachd::pipeline
