// Workload W: twenty rules of which every right answer is known, over 20,000 generated records.
#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "tests/integration/audit/audit_run.hpp"

namespace coachd::test {
namespace {

std::string sha256_start(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int n = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &n, EVP_sha256(), nullptr);
  std::string hex;
  for (std::size_t i = 0; i < 8; ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

std::vector<std::string> pairs_of(const AuditRun& r) {
  std::vector<std::string> pairs;
  for (const auto& l : r.lines)
    if (l.at("type") == "finding")
      pairs.push_back(std::string(l.at("record").as_string()) + "," + std::string(l.at("rule").as_string()) + "\n");
  return pairs;
}

class Workload : public testing::Test {
 protected:
  void SetUp() override {
    COACHD_NEEDS(shared_folder() / "bench/gen.js");
    if (std::system("command -v node >/dev/null 2>&1") != 0)
      GTEST_SKIP() << "node, which generates the records, is not installed";
    fs::copy_file(shared_folder() / "bench/gen.js", folder_.path() / "gen.js");
    fs::create_directory(folder_.path() / "data");
    ASSERT_EQ(std::system(("node " + (folder_.path() / "gen.js").string() + " 20000 >/dev/null").c_str()), 0);
  }
  [[nodiscard]] AuditRun run(const std::string& file, std::vector<std::string> more = {}) const {
    std::vector<std::string> args{"--file",  (folder_.path() / "data" / file).string(),
                                  "--rules", (fs::path(COACHD_SOURCE_DIR) / "tests/bench/workload_w.yaml").string(),
                                  "--now",   "2026-01-15",
                                  "--only",  "findings"};
    args.insert(args.end(), more.begin(), more.end());
    return run_audit(args);
  }
  TempFolder folder_;
};

TEST_F(Workload, GivesExactlyTheRightAnswers) {
  const AuditRun jsonl = run("opps_20000.jsonl");
  EXPECT_EQ(jsonl.code, 1) << jsonl.err;
  auto pairs = pairs_of(jsonl);
  EXPECT_EQ(pairs.size(), 34553U);
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const auto& p : pairs) text += p;
  EXPECT_EQ(sha256_start(text), "5a37c877c73195ee");
  // The order of the output is that of the file, however many threads work.
  EXPECT_EQ(run("opps_20000.jsonl", {"--threads", "1"}).out, jsonl.out);
  EXPECT_EQ(run("opps_20000.jsonl", {"--threads", "5"}).out, jsonl.out);
  EXPECT_EQ(pairs_of(run("opps_20000.csv")), pairs_of(jsonl));
}

}  // namespace
}  // namespace coachd::test
