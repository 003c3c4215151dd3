// What every contract test starts from: an engine on an empty temporary folder, and short words for rows.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "daemon/store/store.hpp"
#include "tests/contract/store/engines.hpp"

namespace coachd::store::contract {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Minutes after 2026-01-05T09:00:00Z.
[[nodiscard]] Instant minute(std::int64_t m);

[[nodiscard]] JournalEntry change(const std::string& record, std::uint64_t key, Instant received = minute(0),
                                  const std::string& body = "body");
[[nodiscard]] SnapshotRow snapshot(const std::string& record, const std::string& values = "v",
                                   Instant version = minute(0));
[[nodiscard]] StoredHistory moved(const std::string& record, model::HistorySource source, Instant at,
                                  const std::string& from, const std::string& to, const std::string& vendor_id = "");
[[nodiscard]] FindingRow finding(const std::string& record, const std::string& rule);
[[nodiscard]] PromptRow prompt(const std::string& key, const std::string& record, const std::string& person);

class StoreContract : public testing::TestWithParam<EngineUnderTest> {
 protected:
  void SetUp() override { open(); }
  void TearDown() override;

  void open();
  /// Stops the store and opens it again on the same folder.
  void reopen();
  [[nodiscard]] UnitOfWork unit(UnitOfWork::Urgency urgency = UnitOfWork::Urgency::hall) const;
  [[nodiscard]] Applied apply(UnitOfWork u) { return apply_and_wait(*store_, std::move(u)); }
  /// A view of now. The one before must be gone.
  [[nodiscard]] std::unique_ptr<Snapshot> now() { return reader_->snapshot(); }

  TempFolder folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
};

#define COACHD_STORE_CONTRACT(suite)                                                                \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, testing::ValuesIn(::coachd::store::contract::engines()), \
                           [](const auto& info) { return info.param.name; })

}  // namespace coachd::store::contract
