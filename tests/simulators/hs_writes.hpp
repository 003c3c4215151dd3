// Writes into the simulated portal, by the API or by people: checks in HubSpot's words, translation into the company's
// tables, and what the platform does by itself after (index lag, roll-ups from activities). Not thread safe.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"

namespace coachd::sim {

using hs_values = std::vector<std::pair<std::string, std::string>>;  // property and text; empty clears

// One record that was written, told after the write.
struct hs_written {
  hs_record record;
  const row* before = nullptr;  // null for a new one
  bool archived = false;
  const std::string* by{};  // null: the platform itself
  instant at;
  std::optional<row_number> merged{};  // into the record
};

class hs_writes {
 public:
  using link = hs_records::link;
  // `lag`: how long search takes to see a write of now. Watches the company from here on.
  hs_writes(hs_records& records, hs_index& index, std::function<std::chrono::seconds()> lag);

  // `enforce`: rules that bind only newer versions of the API. `dry` checks and changes nothing (and gives no row).
  boost::system::result<row_number, hs_problem> create(hs_object object, const hs_values& values,
                                                       const std::vector<link>& links, const std::string* by,
                                                       instant at, bool enforce, bool dry = false);
  boost::system::result<void, hs_problem> update(hs_object object, row_number n, const hs_values& values,
                                                 const std::string* by, instant at, bool enforce, bool dry = false);
  void archive(hs_object object, row_number n, const std::string* by, instant at);
  // The other record is archived and its id lives on with the primary one.
  boost::system::result<void, hs_problem> merge(hs_object object, row_number primary, row_number other,
                                                const std::string* by, instant at);
  // The default association of an activity with a record, or none of one. Repeating it changes nothing.
  void associate(link activity, link record, instant at);
  // The records that an activity is linked with.
  [[nodiscard]] std::vector<link> linked(link activity) const;

  void watch(std::function<void(const hs_written&)> watcher) { watcher_ = std::move(watcher); }

 private:
  struct translated {
    field_values fields;
    std::vector<std::pair<const hs_property*, std::string>> extras;
  };
  boost::system::result<translated, hs_problem> translate(const hs_object_def& object, const hs_values& values,
                                                          const hs_record* present, bool creating) const;
  [[nodiscard]] std::vector<hs_problem::detail> missing(const hs_object_def& object, const hs_values& values,
                                                        const hs_record* present, bool enforce) const;
  row_number insert_note(const translated& t, const std::string* by, instant at);
  void note_written(hs_object object, row_number n, const row* before, bool archived, const std::string* by,
                    instant at);
  void roll_up(row_number deal, instant at);

  hs_records& records_;
  hs_index& index_;
  std::function<std::chrono::seconds()> lag_;
  std::function<void(const hs_written&)> watcher_;
};

}  // namespace coachd::sim
