#include "daemon/app/audit/evidence.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "connectors/file/blocks.hpp"
#include "connectors/file/layout.hpp"
#include "connectors/file/rows.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/block_evidence.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "tests/unit/connectors/file/export_text.hpp"

namespace coachd::app {
namespace {

using testing::ElementsAre;
using testing::Pair;

struct ToEvidence : file::Rows {
  explicit ToEvidence(BlockEvidence& to) : evidence(to) {}
  void row(std::uint64_t, std::span<const file::Cell> cells) override { evidence.row(cells); }
  void bad(std::uint64_t, std::string why) override { FAIL() << why; }
  BlockEvidence& evidence;
};

// What the columns of an export hold, read in small blocks: by one thread, or each block by one that knows nothing yet.
std::map<std::string, FieldEvidence> evidence_of(const std::string& jsonl, const std::string& created = {},
                                                 bool afresh = false) {
  const file::TempFile f(jsonl, ".jsonl");
  const file::Layout layout = file::look_at(f.path());
  const file::Reading reading(file::Origin::unknown, {}, {}, file::Dates());
  const ListsOf lists;
  file::RowReader reader(layout);
  std::optional<BlockEvidence> block_evidence;
  Evidence evidence;
  file::Blocks blocks(layout, 10'000);
  file::Block block;
  while (blocks.next(block)) {
    if (afresh || !block_evidence) block_evidence.emplace(reading, lists, reader, created);
    ToEvidence rows(*block_evidence);
    reader.read(block, rows);
    evidence.merge(block_evidence->piece());
    block_evidence->clear();
  }
  std::map<std::string, FieldEvidence> out;
  for (FieldEvidence& field : evidence.fields()) out[field.field] = std::move(field);
  return out;
}

std::string line(const std::string& values) {
  return "{" + values + "}\n";
}

std::string text(const std::string& name, const std::string& value) {
  return '"' + name + "\":\"" + value + '"';
}

TEST(BlockEvidence, SaysTheSameWhateverItsThreadSawBefore) {
  std::string all;
  std::map<std::string, std::uint64_t> codes;
  std::uint64_t placeholders = 0;
  for (std::uint64_t i = 0; i < 6'000; ++i) {
    const std::string code = "code " + std::to_string(i * i % 3'001);  // few enough to come again, too many for a block
    ++codes[code];
    if (i % 7 == 0) ++placeholders;
    all += line(text("id", "id " + std::to_string(i)) + ',' + text("code", code) + ',' +
                text("choice", i % 7 == 0   ? "TBD"
                               : i % 3 == 0 ? "yes"
                                            : "no") +
                ",\"number\":" + std::to_string(i % 90) + (i < 5'000 ? "" : ",\"late\":true"));
  }
  for (const bool afresh : {false, true}) {
    auto fields = evidence_of(all, {}, afresh);
    EXPECT_EQ(fields["id"].distinct, 6'000U);
    EXPECT_EQ(fields["code"].distinct, codes.size());
    for (const auto& [value, count] : fields["code"].top) EXPECT_EQ(count, codes[value]) << value;
    EXPECT_EQ(fields["choice"].placeholder, placeholders);
    EXPECT_THAT(fields["choice"].placeholders, ElementsAre(Pair("TBD", placeholders)));
    EXPECT_EQ(fields["choice"].real, 6'000U - placeholders);
    EXPECT_EQ(fields["number"].judged_as, model::FieldType::number);
    EXPECT_EQ(fields["number"].distinct, 90U);
    EXPECT_EQ(fields["late"].judged_as, model::FieldType::boolean);
    EXPECT_EQ(fields["late"].blank, 5'000U);
  }
}

TEST(BlockEvidence, ANumberAndItsTextAreOneValueOfTwoKinds) {
  auto fields = evidence_of(line("\"a\":111") + line("\"a\":\"111\"") + line("\"a\":\"111\"") + line("\"a\":\"real\""));
  EXPECT_EQ(fields["a"].distinct, 2U);
  EXPECT_THAT(fields["a"].top, ElementsAre(Pair("111", 3U), Pair("real", 1U)));
}

TEST(BlockEvidence, FirstAndLastDayAreThoseOfRealValues) {
  std::string all;
  const auto add = [&](const std::string& day, const std::string& value) {
    all += line(text("created", day) + ',' + text("a", value));
  };
  add("2026-01-01", "n/a");
  add("2026-02-01", "real");
  for (int i = 0; i < 500; ++i) add("2026-03-01", "also");
  add("2026-04-01", "real");
  add("2026-05-01", "tbd");
  add("", "real");
  for (const bool afresh : {false, true}) {
    auto fields = evidence_of(all, "created", afresh);
    EXPECT_EQ(fields["a"].first_real, model::parse_day("2026-02-01"));
    EXPECT_EQ(fields["a"].last_real, model::parse_day("2026-04-01"));
    EXPECT_EQ(fields["created"].last_real, model::parse_day("2026-05-01"));
  }
}

}  // namespace
}  // namespace coachd::app
