// What every test of the Salesforce connector needs: a simulated company whose clock stands still until the test moves
// it, a real HTTP client, and the connector between them.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/net/http.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "tests/simulators/salesforce_simulator.hpp"

namespace coachd::contract {

using namespace std::chrono_literals;

[[nodiscard]] inline sim::simulator_options small_company() {
  sim::simulator_options options;
  options.records = 120;
  options.clock = sim::parse_clock("2026-03-02T08:00:00Zx0");
  return options;
}

class SalesforceContract : public testing::Test {
 protected:
  explicit SalesforceContract(sim::simulator_options options = small_company()) : crm(std::move(options)) {
    crm.start();
  }

  /// Nothing but tasks is ever written.
  void TearDown() override {
    for (const sim::ledger_row& row : crm.ledger_rows()) EXPECT_EQ(row.object, "Task") << sim::to_json(row);
  }

  [[nodiscard]] salesforce::Options settings() const {
    salesforce::Options options;
    options.login = crm.base_url();
    options.client_id = "coachd-sim";
    options.client_secret = "coachd-sim-secret";
    options.retry = {.attempts = 3, .first_wait = 2ms, .longest_wait = 10ms, .total = 4s};
    options.budget.share = 1.0;
    return options;
  }
  void connect(salesforce::Options options, net::ClientOptions network = {}) {
    client = net::make_client(io.get_executor(), std::move(network));
    connector = salesforce::make_salesforce(io.get_executor(), *client, std::move(options));
  }
  void connect() { connect(settings()); }

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
    crm.clock().advance(by);
    if (connector) {
      EXPECT_TRUE(run(connector->fetch("Opportunity", {model::RecordId("006000000000000AAA")}, {"Name"})));
    }
  }

  /// Reads to the end; the rows of all pages. `cursor` moves on.
  std::vector<model::RecordRow> read_all(std::string& cursor, const std::vector<std::string>& columns,
                                         int* pages = nullptr) {
    std::vector<model::RecordRow> rows;
    for (int n = 1;; ++n) {
      const auto page = run(connector->read({"Opportunity", columns, cursor}));
      EXPECT_TRUE(page) << page.error().what;
      if (!page) return rows;
      rows.insert(rows.end(), page->rows.begin(), page->rows.end());
      cursor = page->next;
      if (pages != nullptr) *pages = n;
      if (!page->more) return rows;
    }
  }
  std::vector<connectors::FoundPrompt> own_all(std::string& cursor) {
    std::vector<connectors::FoundPrompt> rows;
    for (;;) {
      const auto page = run(connector->own_prompts(cursor, {}));
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
    crm.with_org([&](sim::org& org) {
      const sim::table& table = org.opportunities();
      const int column = table.column("Id");
      for (sim::row_number n = 0; n < table.size(); ++n) ids.push_back(std::string(table.cell(n, column).text()));
    });
    return ids;
  }
  [[nodiscard]] std::string a_rep() const {
    for (const sim::person& person : crm.people().people)
      if (person.job == "rep" && person.active) return person.id;
    return "";
  }
  [[nodiscard]] connectors::PromptWrite create(const std::string& record, const std::string& key) const {
    connectors::PromptWrite write;
    write.item.key = key + std::string(54, '0');
    write.item.carrier = "task";
    write.item.object = "Opportunity";
    write.item.record = model::RecordId(record);
    write.item.person = model::PersonId(a_rep());
    write.item.subject = "Where is purchasing on this deal?";
    write.item.body = "Two lines\nof \"text\".";
    write.item.due = std::chrono::sys_days{std::chrono::year{2026} / 3 / 3};
    return write;
  }
  [[nodiscard]] std::size_t written(const std::string& method) const {
    std::size_t count = 0;
    for (const sim::ledger_row& row : crm.ledger_rows()) count += row.method == method && row.outcome == "ok" ? 1u : 0u;
    return count;
  }

  sim::salesforce_simulator crm;
  boost::asio::io_context io;
  std::unique_ptr<net::Client> client;
  std::unique_ptr<connectors::Connector> connector;
};

}  // namespace coachd::contract
