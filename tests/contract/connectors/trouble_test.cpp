// What the network and the organisation do to a connector, and the sentences that it has for it.
#include <chrono>
#include <string>
#include <utility>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/simulators/salesforce_simulator.hpp"
#include "tests/simulators/self_signed.hpp"
#include "tests/simulators/simulator.hpp"

namespace coachd::contract {
namespace {

using model::Failure;

connectors::ReadRequest names() {
  return {"Opportunity", {"Name"}, ""};
}

TEST_F(SalesforceContract, AnEndedSessionIsRenewedOnce) {
  connect();
  ASSERT_TRUE(run(connector->read(names())));
  crm.end_sessions();
  const auto before = connector->calls();
  const auto page = run(connector->read(names()));
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(connector->calls() - before, 3u) << "refused, signed in, read";
}

TEST_F(SalesforceContract, ATokenThatNeverWorksIsGivenUp) {
  connect();
  crm.set_fault("401", {});
  const auto page = run(connector->read(names()));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::auth);
  EXPECT_EQ(connector->calls(), 4u) << "two tokens, each tried once";
}

TEST_F(SalesforceContract, AnAppWithoutApiAccessIsNotSignedInAgain) {
  connect();
  crm.set_fault("401-fatal", {});
  const auto page = run(connector->read(names()));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::auth);
  EXPECT_EQ(connector->calls(), 2u);
  EXPECT_NE(page.error().what.find("lacks API access"), std::string::npos);
}

TEST_F(SalesforceContract, AWrongSecretIsOneClearSentence) {
  auto options = settings();
  options.client_secret = "wrong-secret-text";
  connect(options);
  for (int i = 0; i < 3; ++i) {
    const auto page = run(connector->read(names()));
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().failure, Failure::auth);
    EXPECT_EQ(page.error().what, "Salesforce refused the sign-in: client id or client secret is wrong");
    EXPECT_EQ(page.error().detail.find("wrong-secret-text"), std::string::npos);
  }
  EXPECT_EQ(connector->calls(), 1u) << "it is not tried in a loop";
}

TEST_F(SalesforceContract, AnotherOrganisationIsRefused) {
  auto options = settings();
  options.organisation = "00D000000000001";
  connect(options);
  auto page = run(connector->read(names()));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::auth);
  EXPECT_NE(page.error().what.find("but the configuration names 00D000000000001EAA"), std::string::npos)
      << page.error().what;
  options.organisation = crm.people().organisation.substr(0, 15);
  connect(options);
  page = run(connector->read(names()));
  EXPECT_TRUE(page) << page.error().what;
}

TEST_F(SalesforceContract, AShortPauseThatIsAskedForIsKept) {
  connect();
  crm.set_fault("429-retry-after", {.share = 1, .count = 1, .value = 1.0});
  const auto started = std::chrono::steady_clock::now();
  const auto page = run(connector->read(names()));
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_GE(std::chrono::steady_clock::now() - started, 1s);
}

TEST_F(SalesforceContract, AUsedUpDayIsNotKnockedAt) {
  connect();
  crm.set_fault("daily-limit", {});
  const auto page = run(connector->read(names()));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::throttled);
  EXPECT_EQ(page.error().what, "the organisation has used up its API calls of 24 hours (REQUEST_LIMIT_EXCEEDED)");
  EXPECT_EQ(connector->calls(), 2u);
}

TEST_F(SalesforceContract, AHostThatIsNotThereIsOneClearSentence) {
  auto options = settings();
  {
    sim::salesforce_simulator gone(small_company());
    gone.start();
    options.login = gone.base_url();
  }
  connect(options);
  const auto page = run(connector->read(names()));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::transient);
  EXPECT_EQ(page.error().what.find("cannot sign in: http://127.0.0.1:"), 0u) << page.error().what;
  EXPECT_NE(page.error().what.find("cannot be reached: Connection refused"), std::string::npos);
}

sim::simulator_options over_tls(const sim::self_signed& certificate) {
  auto options = small_company();
  options.tls = {certificate.certificate(), certificate.key()};
  return options;
}

class TlsContract : public testing::Test {
 protected:
  /// Signs in with this trust; the error's sentence, or "".
  static std::string sign_in(const sim::self_signed& certificate, const std::string& trusted) {
    struct Inside : SalesforceContract {
      explicit Inside(sim::simulator_options options) : SalesforceContract(std::move(options)) {}
      void TestBody() override {}
      std::string try_it(const std::string& ca) {
        net::ClientOptions network;
        network.ca_file = ca;
        connect(settings(), network);
        const auto page = run(connector->read(names()));
        if (page) return "";
        EXPECT_EQ(page.error().failure, Failure::auth) << page.error().what;
        EXPECT_EQ(connector->calls(), 1u);
        return page.error().what;
      }
    } inside(over_tls(certificate));
    return inside.try_it(trusted);
  }
};

TEST_F(TlsContract, ACertificateThatIsTrustedAndForTheHostVerifies) {
  const sim::self_signed good("127.0.0.1");
  EXPECT_EQ(sign_in(good, good.certificate()), "");
}

TEST_F(TlsContract, ACertificateOfAnUnknownIssuerIsRefused) {
  const sim::self_signed good("127.0.0.1");
  const auto said = sign_in(good, "");
  EXPECT_NE(said.find("the certificate of https://127.0.0.1:"), std::string::npos) << said;
  EXPECT_NE(said.find("does not verify: self-signed certificate"), std::string::npos) << said;
}

TEST_F(TlsContract, ACertificateForAnotherHostIsRefused) {
  const sim::self_signed other("127.0.0.9");
  const auto said = sign_in(other, other.certificate());
  EXPECT_NE(said.find("IP address mismatch"), std::string::npos) << said;
}

TEST_F(TlsContract, AnExpiredCertificateIsRefused) {
  const sim::self_signed old("127.0.0.1", -3600);
  const auto said = sign_in(old, old.certificate());
  EXPECT_NE(said.find("certificate has expired"), std::string::npos) << said;
}

}  // namespace
}  // namespace coachd::contract
