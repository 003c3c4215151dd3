// A link's part in the daily study: once a day, what the CRM wrote down beside its records. It holds up nothing else:
// where the CRM does not answer it is asked again some minutes later.
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

namespace {

constexpr std::chrono::minutes again{10};

}  // namespace

// Each page is durable before the next is asked for; a reading that breaks off begins again from where the last whole
// one ended: rows that come twice are the same.
asio::awaitable<bool> Link::trail(std::shared_ptr<const pipeline::Context> context, connectors::Trail trail) {
  connectors::TrailRequest request{trail, pipeline::trail_from(*context, trail, services_.clock.now()),
                                   options_.objects,
                                   cursor(pipeline::trail_cursor(options_.name, trail))};
  for (bool more = true; more && !stopping_;) {
    auto page = co_await connector_->trail(request);
    if (page.has_error()) co_return false;
    auto unit = pipeline::take_trail(*context, *reader_->snapshot(), trail, *page, services_.clock.now());
    if (!co_await commit(std::move(unit))) co_return false;
    request.cursor = page->next;
    more = page->more;
  }
  if (!stopping_) cursors_[pipeline::trail_cursor(options_.name, trail)] = request.cursor;
  co_return !stopping_;
}

asio::awaitable<void> Link::trails() {
  const auto context = context_;
  const bool may_ask = std::chrono::steady_clock::now() >= trails_again_;
  bool any = false;
  for (const auto trail : connectors::every_trail) {
    if (stopping_) co_return;
    const auto state = pipeline::trail_state(*reader_->snapshot(), options_.name, trail);
    if (!pipeline::wants_trail(*context, trail)) {
      if (state && co_await commit(pipeline::forget_trail(options_.name, trail)))
        cursors_.erase(pipeline::trail_cursor(options_.name, trail));
      continue;
    }
    if (pipeline::trail_read(*context, *reader_->snapshot(), trail, services_.clock.now())) continue;
    if (!may_ask) continue;
    if (!co_await this->trail(context, trail)) {
      trails_again_ = std::chrono::steady_clock::now() + again;
      continue;
    }
    any = true;
  }
  if (any) services_.inbox.post(pipeline::TrailsRead{options_.name});
}

}  // namespace coachd::app
