// What every test of a connector needs: a simulated company whose clock stands still until the test moves it, a real
// HTTP client, and the connector between them. The same company lies behind every CRM; what differs between them is
// told by `Words`.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/hubspot/hubspot.hpp"
#include "connectors/net/http.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hubspot_simulator.hpp"
#include "tests/simulators/salesforce_simulator.hpp"

namespace coachd::contract {

using namespace std::chrono_literals;

enum class Kind : std::uint8_t { salesforce, hubspot, hubspot_keyed };

/// One CRM's own words for what the tests speak of.
struct Words {
  std::string object, name, next_step, close_date, amount, owner, stage;
  std::string nobody, somebody_gone;  ///< ids of no record and of no object
  std::string task, subject, task_owner, task_record;
};
[[nodiscard]] inline Words words_of(Kind kind) {
  if (kind == Kind::salesforce)
    return {
        "Opportunity",        "Name", "NextStep", "CloseDate", "Amount", "OwnerId", "StageName", "006000000000000AAA",
        "00T000000000001AAA", "Task", "Subject",  "OwnerId",   "WhatId"};
  return {"deals",     "dealname",    "hs_next_step", "closedate", "amount",          "hubspot_owner_id",
          "dealstage", "19999999999", "29999999999",  "tasks",     "hs_task_subject", "hubspot_owner_id",
          "associated"};
}

/// What a test wants otherwise than usual.
struct Wish {
  std::optional<std::size_t> page;
  std::optional<std::chrono::seconds> overlap;
  std::string address;
  std::string secret;
  net::ClientOptions network;
};

template <class Options>
[[nodiscard]] Options small(Options options) {
  options.records = 120;
  options.clock = sim::parse_clock("2026-03-02T08:00:00Zx0");
  return options;
}
[[nodiscard]] inline sim::simulator_options small_company() {
  return small(sim::simulator_options{});
}
[[nodiscard]] inline sim::hubspot_options small_portal() {
  sim::hubspot_options options;
  options.index_lag = 0s;
  options.limits = false;  // searches wait a second each otherwise
  return small(std::move(options));
}

class World {
 public:
  explicit World(Kind which) : kind(which), words(words_of(which)) {
    if (which == Kind::salesforce) {
      owned_ = std::make_unique<sim::salesforce_simulator>(small_company());
    } else {
      auto options = small_portal();
      options.task_key = which == Kind::hubspot_keyed;
      owned_ = std::make_unique<sim::hubspot_simulator>(std::move(options));
    }
    owned_->start();
  }
  World(Kind which, std::unique_ptr<sim::simulated_crm> company)
      : kind(which), words(words_of(which)), owned_(std::move(company)) {
    owned_->start();
  }

  [[nodiscard]] sim::simulated_crm& company() const { return *owned_; }

  [[nodiscard]] salesforce::Options settings() const {
    salesforce::Options options;
    options.login = company().base_url();
    options.client_id = "coachd-sim";
    options.client_secret = "coachd-sim-secret";
    options.retry = {.attempts = 3, .first_wait = 2ms, .longest_wait = 10ms, .total = 4s};
    options.budget.share = 1.0;
    return options;
  }
  [[nodiscard]] hubspot::Options portal_settings() const {
    hubspot::Options options;
    options.host = company().base_url();
    options.token = "pat-na1-coachd-sim";
    options.retry = settings().retry;
    options.budget = settings().budget;
    options.search_every = 0ms;
    options.known_every = 0s;
    return options;
  }
  void connect(salesforce::Options options, net::ClientOptions network = {}) {
    client = net::make_client(io.get_executor(), std::move(network));
    connector = salesforce::make_salesforce(io.get_executor(), *client, std::move(options));
  }
  void connect(hubspot::Options options, net::ClientOptions network = {}) {
    client = net::make_client(io.get_executor(), std::move(network));
    connector = hubspot::make_hubspot(io.get_executor(), *client, std::move(options));
  }
  void connect(const Wish& wish = {}) {
    if (kind == Kind::salesforce) {
      auto options = settings();
      if (wish.page) options.page = *wish.page;
      if (wish.overlap) options.overlap = *wish.overlap;
      if (!wish.address.empty()) options.login = wish.address;
      if (!wish.secret.empty()) options.client_secret = wish.secret;
      connect(std::move(options), wish.network);
    } else {
      auto options = portal_settings();
      if (wish.page) options.list = options.page = *wish.page;
      if (wish.overlap) options.overlap = *wish.overlap;
      if (!wish.address.empty()) options.host = wish.address;
      if (!wish.secret.empty()) options.token = wish.secret;
      connect(std::move(options), wish.network);
    }
  }

  template <class T>
  connectors::Result<T> run(connectors::Task<T> task) {
    std::optional<connectors::Result<T>> result;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr e, connectors::Result<T> r) {
      thrown = std::move(e);
      result = std::move(r);
    });
    io.restart();
    while (!result && io.run_one() > 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    return *result;
  }

  /// Time passes at the CRM, and a call lets the connector see it: its own estimate between calls follows real time.
  void pass(std::chrono::seconds by) {
    company().clock().advance(by);
    if (connector) {
      EXPECT_TRUE(run(connector->fetch(words.object, {model::RecordId(words.nobody)}, {words.name})));
    }
  }

  /// Reads to the end; the rows of all pages. `cursor` moves on.
  std::vector<model::RecordRow> read_all(std::string& cursor, const std::vector<std::string>& columns,
                                         int* pages = nullptr) {
    std::vector<model::RecordRow> rows;
    for (int n = 1;; ++n) {
      const auto page = run(connector->read({words.object, columns, cursor}));
      EXPECT_TRUE(page) << page.error().what;
      if (!page) return rows;
      rows.insert(rows.end(), page->rows.begin(), page->rows.end());
      cursor = page->next;
      if (pages != nullptr) *pages = n;
      if (!page->more) return rows;
    }
  }
  std::vector<connectors::FoundPrompt> own_all(std::string& cursor, std::vector<std::string> known = {}) {
    std::vector<connectors::FoundPrompt> rows;
    for (;;) {
      const auto page = run(connector->own_prompts(cursor, [&] { return std::exchange(known, {}); }));
      EXPECT_TRUE(page) << page.error().what;
      if (!page) return rows;
      rows.insert(rows.end(), page->rows.begin(), page->rows.end());
      cursor = page->next;
      if (!page->more) return rows;
    }
  }

  /// Ids of opportunities in the order of ids.
  [[nodiscard]] std::vector<std::string> opportunity_ids() const {
    std::vector<std::string> ids;
    const auto collect = [&](sim::org& org) {
      const sim::table& table = org.opportunities();
      const int column = table.column("Id");
      for (sim::row_number n = 0; n < table.size(); ++n)
        ids.push_back(kind == Kind::salesforce ? std::string(table.cell(n, column).text())
                                               : std::to_string(sim::hs_records::id_of(sim::hs_object::deals, n)));
    };
    if (kind == Kind::salesforce)
      dynamic_cast<sim::salesforce_simulator&>(company()).with_org(collect);
    else
      dynamic_cast<sim::hubspot_simulator&>(company()).with_org(collect);
    return ids;
  }
  /// One field as the CRM's API shows it.
  [[nodiscard]] std::string field(const std::string& record, const std::string& property) const {
    return kind == Kind::salesforce ? dynamic_cast<sim::salesforce_simulator&>(company()).field(record, property)
                                    : dynamic_cast<sim::hubspot_simulator&>(company()).field(record, property);
  }
  /// What a person does to a record. False: the CRM refused it.
  [[nodiscard]] bool act(const std::string& person, const std::string& record, const sim::field_values& set,
                         std::chrono::seconds visible_after = 0s) const {
    return !company().act_update(person, record, set, visible_after);
  }
  [[nodiscard]] std::string a_rep() const {
    for (const sim::person& person : company().people().people)
      if (person.job == "rep" && person.active) return person.id;
    return "";
  }
  [[nodiscard]] std::string another_rep(const std::string& than) const {
    for (const sim::person& person : company().people().people)
      if (person.job == "rep" && person.active && person.id != than) return person.id;
    return "";
  }
  [[nodiscard]] connectors::PromptWrite create(const std::string& record, const std::string& key) const {
    connectors::PromptWrite write;
    write.item.key = key + std::string(54, '0');
    write.item.carrier = "task";
    write.item.object = words.object;
    write.item.record = model::RecordId(record);
    write.item.person = model::PersonId(a_rep());
    write.item.subject = "Where is purchasing on this deal?";
    write.item.body = "Two lines\nof \"text\".";
    write.item.due = std::chrono::sys_days{std::chrono::year{2026} / 3 / 3};
    return write;
  }
  [[nodiscard]] std::size_t written(const std::string& method) const {
    std::size_t count = 0;
    for (const sim::ledger_row& row : company().ledger_rows())
      count += row.method == method && row.outcome == "ok" ? 1u : 0u;
    return count;
  }
  /// Nothing but tasks is ever written.
  void expect_only_tasks() const {
    for (const sim::ledger_row& row : company().ledger_rows()) EXPECT_EQ(row.object, words.task) << sim::to_json(row);
  }

  const Kind kind;
  const Words words;

 private:
  std::unique_ptr<sim::simulated_crm> owned_;

 public:
  boost::asio::io_context io;
  std::unique_ptr<net::Client> client;
  std::unique_ptr<connectors::Connector> connector;
};

class SalesforceContract : public testing::Test, public World {
 protected:
  explicit SalesforceContract(sim::simulator_options options = small_company())
      : World(Kind::salesforce, std::make_unique<sim::salesforce_simulator>(std::move(options))),
        crm(dynamic_cast<sim::salesforce_simulator&>(company())) {}
  void TearDown() override { expect_only_tasks(); }

  sim::salesforce_simulator& crm;
};

class HubSpotContract : public testing::Test, public World {
 protected:
  explicit HubSpotContract(sim::hubspot_options options = small_portal())
      : World(Kind::hubspot, std::make_unique<sim::hubspot_simulator>(std::move(options))),
        crm(dynamic_cast<sim::hubspot_simulator&>(company())) {}
  void TearDown() override { expect_only_tasks(); }

  sim::hubspot_simulator& crm;
};

/// The same expectations of every CRM.
class EveryCrm : public testing::TestWithParam<Kind>, public World {
 protected:
  EveryCrm() : World(GetParam()), crm(company()) {}
  void TearDown() override { expect_only_tasks(); }

  sim::simulated_crm& crm;
};

}  // namespace coachd::contract
