#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/changes.hpp"
#include "connectors/salesforce/history.hpp"
#include "connectors/salesforce/insistence.hpp"
#include "connectors/salesforce/metadata.hpp"
#include "connectors/salesforce/prompts.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/trails.hpp"
#include "connectors/trails.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"

namespace coachd::salesforce {

using namespace connectors;  // the seam's own words

namespace {

class Salesforce final : public Connector {
 public:
  Salesforce(const boost::asio::any_io_executor& executor, net::Client& client, Options options)
      : session_(executor, client, std::move(options)), catalog_(session_), insistences_(session_) {
    capabilities_.field_history = true;
  }

  [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }

  connectors::Task<model::Description> describe(std::vector<std::string> objects,
                                                std::vector<std::string> beside) override {
    const auto signed_in = co_await session_.ready();  // its clear sentence comes before any other
    if (!signed_in) co_return signed_in.error();
    catalog_.forget();
    model::Description description;
    if (const auto read = co_await read_organisation(session_, description); !read) co_return read.error();
    if (description.organisation.empty()) description.organisation = session_.organisation();
    if (const auto read = co_await read_people(session_, description); !read) co_return read.error();
    for (const std::string& name : objects) {
      const auto info = co_await catalog_.object(name);
      if (!info) co_return info.error();
      model::ObjectDescription object = (*info)->description;
      if (const auto read = co_await read_pipelines(session_, *info, object); !read) co_return read.error();
      if (const auto read = co_await read_tracking(session_, object); !read) co_return read.error();
      if (const auto read = co_await insistences_.read(*info, object); !read) co_return read.error();
      description.objects[name] = std::move(object);
    }
    for (const std::string& name : beside) {
      const auto info = co_await catalog_.object(name);
      if (info) description.objects.emplace(name, (*info)->description);
      if (!info && info.error().failure != model::Failure::permanent) co_return info.error();
    }
    co_return description;
  }

  connectors::Task<Page> read(ReadRequest request) override {
    return read_changes(session_, catalog_, std::move(request));
  }
  connectors::Task<Page> fetch(std::string object, std::vector<model::RecordId> ids,
                               std::vector<std::string> columns) override {
    return fetch_records(session_, catalog_, std::move(object), std::move(ids), std::move(columns));
  }
  connectors::Task<HistoryPage> history(HistoryRequest request) override {
    return read_history(session_, catalog_, std::move(request));
  }
  connectors::Task<std::vector<WriteOutcome>> write(std::vector<PromptWrite> batch) override {
    return write_prompts(session_, std::move(batch));
  }
  connectors::Task<FoundPage> own_prompts(std::string cursor, KnownPrompts /*known*/) override {
    return read_own_prompts(session_, std::move(cursor));
  }
  connectors::Task<std::vector<FoundPrompt>> find(std::vector<PromptItem> items) override {
    return find_prompts(session_, std::move(items));
  }
  connectors::Task<TrailPage> trail(TrailRequest request) override {
    return read_trail(session_, catalog_, std::move(request));
  }
  [[nodiscard]] std::uint64_t calls() const override { return session_.calls(); }
  [[nodiscard]] connectors::Vitals vitals() const override { return session_.vitals(); }

 private:
  Session session_;
  Catalog catalog_;
  Insistences insistences_;
  Capabilities capabilities_;
};

}  // namespace

std::unique_ptr<Connector> make_salesforce(const boost::asio::any_io_executor& executor, net::Client& client,
                                           Options options) {
  return std::make_unique<Salesforce>(executor, client, std::move(options));
}

}  // namespace coachd::salesforce
