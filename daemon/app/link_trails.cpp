// A link's part in the daily study: once a day, what the CRM wrote down beside its records. Reading records goes first:
// a round gives it some seconds, and where the CRM does not answer it is asked again some minutes later.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "connectors/trails.hpp"
#include "daemon/app/link.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/trails.hpp"

namespace coachd::app {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds of_a_round{20};
constexpr std::chrono::minutes again{10};

}  // namespace

// Each page is durable before the next is asked for; a reading that breaks off begins again from where the last whole
// one ended: rows that come twice are the same. True: read to its end.
asio::awaitable<bool> Link::trail(std::shared_ptr<const pipeline::Context> context, connectors::Trail trail,
                                  steady::time_point until) {
  const auto name = pipeline::trail_cursor(options_.name, trail);
  auto from = cursor(name);
  if (const auto begun = trails_under_way_.find(name); begun != trails_under_way_.end()) from = begun->second;
  auto objects = options_.objects;
  objects.insert(objects.end(), options_.beside.begin(), options_.beside.end());  // their fields are compared, too
  connectors::TrailRequest request{trail, pipeline::trail_from(*context, trail, services_.clock.now()),
                                   std::move(objects), std::move(from)};
  while (!stopping_) {
    auto page = co_await connector_->trail(request);
    if (page.has_error()) {
      trails_under_way_.erase(name);
      trails_again_ = steady::now() + again;
      co_return false;
    }
    auto unit = pipeline::take_trail(*context, *reader_->snapshot(), trail, *page, services_.clock.now());
    if (!co_await commit(std::move(unit))) co_return false;
    if (!page->more) {
      trails_under_way_.erase(name);
      cursors_[name] = page->next;
      if (page->why_not.empty())
        trails_refused_.erase(trail);
      else
        trails_refused_.insert(trail);
      co_return true;
    }
    trails_under_way_[name] = request.cursor = page->next;
    if (steady::now() >= until) break;
  }
  co_return false;
}

asio::awaitable<void> Link::trails() {
  const auto context = context_;
  const auto until = steady::now() + of_a_round;
  const bool may_ask = steady::now() >= trails_again_;
  bool any = false;
  for (const auto trail : connectors::every_trail) {
    if (stopping_) co_return;
    if (!pipeline::wants_trail(*context, trail)) {
      const auto name = pipeline::trail_cursor(options_.name, trail);
      if (pipeline::trail_kept(*reader_->snapshot(), options_.name, trail) &&
          co_await commit(pipeline::forget_trail(options_.name, trail)))
        cursors_.erase(name);
      trails_under_way_.erase(name);
      continue;
    }
    const auto state = pipeline::trail_state(*reader_->snapshot(), options_.name, trail);
    // After a start or a reload a right may be there that was not.
    if (state && state->is_of_today(*context, services_.clock.now()) &&
        (state->why_not.empty() || trails_refused_.contains(trail)))
      continue;
    if (may_ask && co_await this->trail(context, trail, until)) any = true;
  }
  if (any) services_.inbox.post(pipeline::TrailsRead{options_.name});
}

}  // namespace coachd::app
