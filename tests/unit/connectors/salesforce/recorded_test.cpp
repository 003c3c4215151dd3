// Descriptions recorded from real organisations, where they are at hand beside the source folder (COACHD_SHARED or
// ../shared): read through the connector as the organisation's own answers. Nothing of them is kept here.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "connectors/net/http.hpp"
#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/salesforce/session.hpp"
#include "rules/model/description.hpp"

namespace coachd::salesforce {
namespace {

namespace asio = boost::asio;
using model::FieldType;

std::filesystem::path recordings() {
  const char* const shared = std::getenv("COACHD_SHARED");
  const std::filesystem::path root =
      shared != nullptr ? std::filesystem::path(shared) : std::filesystem::path(COACHD_SOURCE_DIR) / ".." / "shared";
  return root / "data" / "sf_recorded" / "describe_json";
}

/// Signs everybody in and answers every describe with one file.
class FileClient final : public net::Client {
 public:
  explicit FileClient(std::filesystem::path file) : file_(std::move(file)) {}
  asio::awaitable<net::Result<net::Response>> send(net::Request request) override {
    net::Response answer;
    answer.status = 200;
    if (request.method == "POST") {
      answer.body =
          R"({"access_token":"t","instance_url":"https://a.my.salesforce.com","id":"https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU"})";
    } else {
      std::ifstream in(file_, std::ios::binary);
      answer.body.assign(std::istreambuf_iterator<char>(in), {});
    }
    co_return answer;
  }

 private:
  std::filesystem::path file_;
};

ObjectPtr read(const std::string& object) {
  FileClient client(recordings() / (object + "_describe.json"));
  asio::io_context io;
  Options options;
  options.login = "https://a.my.salesforce.com";
  Session session(io.get_executor(), client, options);
  Catalog catalog(session);
  std::optional<Result<ObjectPtr>> result;
  asio::co_spawn(io, catalog.object(object),
                 [&](const std::exception_ptr&, Result<ObjectPtr> r) { result = std::move(r); });
  io.run();
  EXPECT_TRUE(*result) << result->error().what;
  return *result ? **result : nullptr;
}

TEST(RecordedDescriptions, AreUnderstood) {
  if (!std::filesystem::exists(recordings())) GTEST_SKIP() << "no recordings at " << recordings().filename();
  const auto opportunity = read("Opportunity");
  ASSERT_NE(opportunity, nullptr);
  EXPECT_EQ(opportunity->description.fields.size(), 40u);
  EXPECT_EQ(opportunity->stamp, "SystemModstamp");
  EXPECT_EQ(opportunity->parents.at("Owner"), "User");
  EXPECT_EQ(opportunity->type("Amount"), FieldType::currency);
  EXPECT_EQ(opportunity->type("Description"), FieldType::long_text);
  EXPECT_EQ(opportunity->type("LastStageChangeDate"), FieldType::datetime);
  std::string required;
  for (const auto& field : opportunity->description.fields)
    if (field.required) required += field.name + " ";
  EXPECT_EQ(required, "Name StageName CloseDate ");
  for (const char* object : {"Account", "Case", "Contact", "Event", "Lead", "OpportunityContactRole"})
    if (std::filesystem::exists(recordings() / (std::string(object) + "_describe.json"))) {
      const auto info = read(object);
      ASSERT_NE(info, nullptr) << object;
      EXPECT_FALSE(info->description.fields.empty()) << object;
      for (const auto& field : info->description.fields)
        if (field.type == FieldType::unknown) ADD_FAILURE() << object << '.' << field.name << " has no known type";
    }
}

}  // namespace
}  // namespace coachd::salesforce
