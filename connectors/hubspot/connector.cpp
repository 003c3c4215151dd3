#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/changes.hpp"
#include "connectors/hubspot/field_change.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/hubspot/prompts.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/hubspot/trails.hpp"
#include "connectors/net/http.hpp"
#include "connectors/trails.hpp"
#include "rules/model/description.hpp"
#include "rules/model/ids.hpp"

namespace coachd::hubspot {

using namespace connectors;  // the seam's own words

namespace {

class HubSpot final : public Connector {
 public:
  HubSpot(const boost::asio::any_io_executor& executor, net::Client& client, Options options)
      : session_(executor, client, std::move(options)), catalog_(session_) {
    capabilities_.field_history = false;  // none of its own: it comes with each record
    capabilities_.changes_fields = true;
  }

  [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }

  connectors::Task<model::Description> describe(std::vector<std::string> objects,
                                                std::vector<std::string> beside) override {
    catalog_.forget();
    const auto account = co_await catalog_.account();
    if (!account) co_return account.error();
    model::Description description;
    description.organisation = (*account)->portal;
    description.organisation_name = (*account)->portal;  // the account's own name is told nowhere
    description.sandbox = (*account)->sandbox;
    description.zone = (*account)->zone;
    description.currency = (*account)->currency;
    description.signed_in = model::PersonId(app_person);
    const auto people = co_await catalog_.people();
    if (!people) co_return people.error();
    description.people = (*people)->people;
    for (const std::string& name : objects) {
      const auto info = co_await catalog_.object(name);
      if (!info) co_return info.error();
      model::ObjectDescription object = (*info)->description;
      auto pipelines = co_await read_pipelines(session_, name);
      if (!pipelines) co_return pipelines.error();
      object.pipelines = std::move(*pipelines);
      auto told = co_await read_insistence(session_, std::move(object));
      if (!told) co_return told.error();
      description.objects[name] = std::move(*told);
    }
    for (const std::string& name : beside) {
      const auto info = co_await catalog_.object(name);
      if (info) description.objects.emplace(name, (*info)->description);
      if (!info && !is_hidden(info.error())) co_return info.error();
    }
    co_return description;
  }

  connectors::Task<Page> read(ReadRequest request) override {
    return read_changes(session_, catalog_, seen_, std::move(request));
  }
  connectors::Task<Page> fetch(std::string object, std::vector<model::RecordId> ids,
                               std::vector<std::string> columns) override {
    return fetch_records(session_, catalog_, std::move(object), std::move(ids), std::move(columns));
  }
  connectors::Task<HistoryPage> history(HistoryRequest request) override {
    HistoryPage none;
    none.next = std::move(request.cursor);
    co_return none;
  }
  connectors::Task<std::vector<WriteOutcome>> write(std::vector<PromptWrite> batch) override {
    return write_prompts(session_, catalog_, std::move(batch));
  }
  connectors::Task<FoundPage> own_prompts(std::string cursor, KnownPrompts known) override {
    return read_own_prompts(session_, catalog_, own_, std::move(cursor), std::move(known));
  }
  connectors::Task<std::vector<FoundPrompt>> find(std::vector<PromptItem> items) override {
    return find_prompts(session_, catalog_, std::move(items));
  }
  connectors::Task<bool> change_field(FieldChange change) override {
    return hubspot::change_field(session_, catalog_, std::move(change));
  }
  connectors::Task<TrailPage> trail(TrailRequest request) override {
    return read_trail(session_, catalog_, std::move(request));
  }
  [[nodiscard]] std::uint64_t calls() const override { return session_.calls(); }
  [[nodiscard]] connectors::Vitals vitals() const override { return session_.vitals(); }

 private:
  Session session_;
  Catalog catalog_;
  Seen seen_;
  OwnTasks own_;
  Capabilities capabilities_;
};

}  // namespace

std::unique_ptr<Connector> make_hubspot(const boost::asio::any_io_executor& executor, net::Client& client,
                                        Options options) {
  return std::make_unique<HubSpot>(executor, client, std::move(options));
}

}  // namespace coachd::hubspot
