#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/store.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

using model::HistorySource;

class HistoryContract : public StoreContract {
 protected:
  void insert(std::vector<StoredHistory> rows) {
    auto u = unit();
    u.history = std::move(rows);
    ASSERT_EQ(apply(u), Applied::done);
  }
  /// `vendor a>b` for each row, in order.
  std::vector<std::string> rows(const std::string& record) {
    std::vector<std::string> out;
    for (const auto& h : now()->history("sf", "opportunity", record)) {
      const char* source = h.source == HistorySource::vendor ? "vendor "
                           : h.source == HistorySource::diff ? "diff "
                                                             : "created ";
      out.push_back(source + model::to_string(h.from.view()) + ">" + model::to_string(h.to.view()));
    }
    return out;
  }
  using Rows = std::vector<std::string>;
};
COACHD_STORE_CONTRACT(HistoryContract);

TEST_P(HistoryContract, KeepsEveryFieldAndEveryKindOfValue) {
  using model::StoredValue;
  using model::Value;
  const std::vector<StoredValue> values = {StoredValue(),
                                           StoredValue(Value::blank()),
                                           StoredValue(Value::boolean(true)),
                                           StoredValue(Value::boolean(false)),
                                           StoredValue(Value::number(-12.5)),
                                           StoredValue::text("näher\n"),
                                           StoredValue::text(""),
                                           StoredValue(Value::day(model::Day(std::chrono::days(-3)))),
                                           StoredValue(Value::instant(minute(1)))};
  std::vector<StoredHistory> in;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto h = moved("r1", HistorySource::created, minute(static_cast<std::int64_t>(i)), "", "");
    h.from = values[i];
    h.to = values[values.size() - 1 - i];
    in.push_back(h);
  }
  insert(in);
  const auto got = now()->history("sf", "opportunity", "r1");
  ASSERT_EQ(got.size(), in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    EXPECT_EQ(got[i].from, in[i].from) << i;
    EXPECT_EQ(got[i].to, in[i].to) << i;
    EXPECT_EQ(got[i].at, in[i].at);
    EXPECT_EQ(got[i].seen_at, in[i].seen_at);
    EXPECT_EQ(got[i].author, "u2");
    EXPECT_EQ(got[i].field, 7U);
    EXPECT_EQ(got[i].source, HistorySource::created);
  }
}

TEST_P(HistoryContract, IsAscendingByTimeAndKeepsTheOrderOfArrivalWithinAnInstant) {
  insert({moved("r1", HistorySource::vendor, minute(5), "b", "c", "v2"),
          moved("r1", HistorySource::vendor, minute(5), "c", "d", "v3"),
          moved("r1", HistorySource::vendor, minute(1), "a", "b", "v1")});
  EXPECT_EQ(rows("r1"), (Rows{"vendor a>b", "vendor b>c", "vendor c>d"}));
}

TEST_P(HistoryContract, DropsARepeatedVendorId) {
  insert({moved("r1", HistorySource::vendor, minute(5), "a", "b", "v1")});
  insert({moved("r1", HistorySource::vendor, minute(5), "a", "b", "v1"),
          moved("r1", HistorySource::vendor, minute(6), "b", "a", "v2")});
  EXPECT_EQ(rows("r1"), (Rows{"vendor a>b", "vendor b>a"}));
}

TEST_P(HistoryContract, DropsARepeatedDiffRow) {
  insert({moved("r1", HistorySource::diff, minute(5), "a", "b")});
  insert({moved("r1", HistorySource::diff, minute(5), "a", "b")});
  EXPECT_EQ(rows("r1"), (Rows{"diff a>b"}));
}

TEST_P(HistoryContract, VendorRowReplacesTheDiffRowOfItsWindow) {
  insert(
      {moved("r1", HistorySource::diff, minute(60), "a", "b"), moved("r2", HistorySource::diff, minute(60), "a", "b")});
  insert({moved("r1", HistorySource::vendor, minute(20), "a", "b", "v1")});
  EXPECT_EQ(rows("r1"), (Rows{"vendor a>b"}));
  EXPECT_EQ(rows("r2"), (Rows{"diff a>b"}));
}

TEST_P(HistoryContract, VendorRowLeavesOtherValuesOtherFieldsAndOtherDaysAlone) {
  auto other_field = moved("r1", HistorySource::diff, minute(21), "a", "b");
  other_field.field = 8;
  insert({moved("r1", HistorySource::diff, minute(21), "b", "a"), other_field,
          moved("r1", HistorySource::diff, minute(20 + 24 * 60 + 1), "a", "b"),  // more than a day after it
          moved("r1", HistorySource::diff, minute(4), "a", "b")});  // more than a quarter of an hour before it
  insert({moved("r1", HistorySource::vendor, minute(20), "a", "b", "v1")});
  EXPECT_EQ(rows("r1"), (Rows{"diff a>b", "vendor a>b", "diff b>a", "diff a>b", "diff a>b"}));
}

TEST_P(HistoryContract, OneVendorRowReplacesOneDiffRowTheNearest) {
  insert({moved("r1", HistorySource::diff, minute(30), "a", "b"),
          moved("r1", HistorySource::diff, minute(60), "b", "a"),
          moved("r1", HistorySource::diff, minute(90), "a", "b")});
  insert({moved("r1", HistorySource::vendor, minute(85), "a", "b", "v3")});
  EXPECT_EQ(rows("r1"), (Rows{"diff a>b", "diff b>a", "vendor a>b"}));
  insert({moved("r1", HistorySource::vendor, minute(25), "a", "b", "v1"),
          moved("r1", HistorySource::vendor, minute(55), "b", "a", "v2")});
  EXPECT_EQ(rows("r1"), (Rows{"vendor a>b", "vendor b>a", "vendor a>b"}));
}

TEST_P(HistoryContract, ADiffRowThatComesAfterItsVendorRowIsNotWritten) {
  insert({moved("r1", HistorySource::vendor, minute(20), "a", "b", "v1")});
  insert({moved("r1", HistorySource::diff, minute(25), "a", "b")});
  EXPECT_EQ(rows("r1"), (Rows{"vendor a>b"}));
  insert({moved("r1", HistorySource::diff, minute(20 + 2 * 24 * 60), "a", "b")});
  EXPECT_EQ(rows("r1"), (Rows{"vendor a>b", "diff a>b"}));
}

TEST_P(HistoryContract, RowsOfOneUnitKnowEachOtherWhateverTheirOrder) {
  insert({moved("r1", HistorySource::diff, minute(5), "a", "b"),
          moved("r2", HistorySource::vendor, minute(5), "a", "b", "v1"),
          moved("r1", HistorySource::vendor, minute(4), "a", "b", "v1"),  // in the place of the diff row
          moved("r2", HistorySource::vendor, minute(5), "a", "b", "v1"),  // a repeat
          moved("r2", HistorySource::diff, minute(6), "a", "b"),          // told by the vendor
          moved("r1", HistorySource::vendor, minute(4), "b", "c", "v2")});
  EXPECT_EQ(rows("r1"), (Rows{"vendor a>b", "vendor b>c"}));
  EXPECT_EQ(rows("r2"), (Rows{"vendor a>b"}));
}

}  // namespace
}  // namespace coachd::store::contract
