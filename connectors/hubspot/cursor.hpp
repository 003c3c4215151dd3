// Where a reading of one object stands: the opaque cursor of the seam. First a listing by id, then sweeps by time of
// change, and between them from time to time a listing of the recycle bin. Pure: the time is handed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/sweep.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

class Cursor {
 public:
  /// The beginning of a first load. `now` is the CRM's clock: what changes from here on is found by the sweeps.
  [[nodiscard]] static Cursor start(model::Instant now);
  /// Nothing where the text is no cursor of this object and version.
  [[nodiscard]] static std::optional<Cursor> parse(std::string_view text, std::string_view object);
  [[nodiscard]] std::string text(std::string_view object) const;

  /// Makes the text differ from every other handed out: who comes back with it has stored what came with it.
  void turn(std::uint64_t number) noexcept { turn_ = number; }

  // ---- first load, by id
  [[nodiscard]] bool loading() const noexcept { return loading_; }
  [[nodiscard]] const std::string& after() const noexcept { return after_; }  ///< of the list under way; "" = its start
  /// A page was read; `after` "" = it was the last.
  void loaded(std::string after);

  // ---- changes, by time. REQUIRES !loading()
  [[nodiscard]] net::Sweep& sweep() noexcept { return sweep_; }
  /// Begins a sweep where none is under way. It looks back by `overlap`, and once in `far_every` by `far_overlap`:
  /// then what the index showed later than the overlap is found, too.
  void begin_sweep(model::Instant now, std::chrono::seconds overlap, std::chrono::seconds far_overlap,
                   std::chrono::seconds far_every, std::chrono::seconds lag);

  // ---- the recycle bin, by id. REQUIRES !loading()
  [[nodiscard]] bool in_bin() const noexcept { return bin_began_.has_value(); }
  /// Whether it is time to look: `every` after the last end, and later where a look costs many calls.
  [[nodiscard]] bool bin_due(model::Instant now, std::chrono::seconds every) const;
  void begin_bin(model::Instant now);
  /// Deleted from here on and not told yet, as far as the clock can be trusted.
  [[nodiscard]] model::Instant deleted_since(std::chrono::seconds overlap) const { return bin_mark_ - overlap; }
  /// A page was read; `after` "" = it was the last.
  void binned(std::string after, model::Instant now);

 private:
  std::uint64_t turn_ = 0;
  bool loading_ = false;
  std::string after_;          // of the list under way
  model::Instant began_{};     // of the load
  net::Sweep sweep_;           // of what changed
  model::Instant far_{};       // when it looked far back last, or the load began; epoch: not known
  model::Instant bin_mark_{};  // deletions up to here have been told
  std::optional<model::Instant> bin_began_;
  model::Instant bin_ended_{};  // the last look; epoch: none yet
  std::int64_t bin_calls_ = 0;  // what the last look cost, or the one under way so far
};

}  // namespace coachd::hubspot
