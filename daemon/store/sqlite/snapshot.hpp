// Reading: a connection per reader, a read transaction per snapshot. One thread at a time.
#pragma once

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

class SqliteReader final : public Reader {
 public:
  explicit SqliteReader(const std::filesystem::path& file);
  /// Throws std::logic_error while an earlier snapshot of this reader lives: the two would be of one moment.
  [[nodiscard]] std::unique_ptr<Snapshot> snapshot() override;

 private:
  Connection connection_;
  bool taken_ = false;
};

/// The view of one moment. Its methods stand in read_*.cpp, by table family. They throw SQLite::Exception where the
/// engine is broken.
class SqliteSnapshot final : public Snapshot {
 public:
  SqliteSnapshot(Connection& c, bool& taken);
  ~SqliteSnapshot() override;
  SqliteSnapshot(const SqliteSnapshot&) = delete;
  SqliteSnapshot& operator=(const SqliteSnapshot&) = delete;

  // journal
  [[nodiscard]] std::vector<JournalEntry> journal_after(std::string_view connection, std::size_t limit) const override;
  [[nodiscard]] std::int64_t journal_waiting(std::string_view connection) const override;
  [[nodiscard]] std::optional<std::string> cursor(std::string_view name) const override;
  [[nodiscard]] std::vector<ReadListRow> read_list(std::string_view connection, std::size_t limit) const override;
  [[nodiscard]] std::int64_t read_list_waiting(std::string_view connection) const override;

  // records
  [[nodiscard]] std::optional<SnapshotRow> record(std::string_view connection, std::string_view object,
                                                  std::string_view id) const override;
  [[nodiscard]] std::vector<SnapshotRow> records_after(std::string_view connection, std::string_view object,
                                                       std::string_view after_id, std::size_t limit) const override;
  [[nodiscard]] std::int64_t record_count(std::string_view connection, std::string_view object) const override;
  [[nodiscard]] std::vector<StoredHistory> history(std::string_view connection, std::string_view object,
                                                   std::string_view id) const override;
  [[nodiscard]] std::vector<FieldKnown> known_since(std::string_view connection, std::string_view object,
                                                    std::string_view id) const override;

  // scheduling
  [[nodiscard]] std::vector<DueRow> due(std::string_view connection, Instant until, std::size_t limit) const override;
  [[nodiscard]] std::optional<Instant> next_due(std::string_view connection) const override;
  [[nodiscard]] std::optional<Instant> next_due() const override;
  [[nodiscard]] DueRow due_of(std::string_view connection, std::string_view object, std::string_view id) const override;
  [[nodiscard]] std::vector<UnitOfWork::CannotTellDelta> cannot_tell() const override;

  // facts
  [[nodiscard]] Mean fact_mean(std::string_view connection, std::string_view fact, std::string_view owner,
                               std::span<const double> added) const override;
  [[nodiscard]] std::int64_t fact_count(std::string_view connection, std::string_view fact, std::string_view owner,
                                        std::uint64_t text_hash) const override;
  [[nodiscard]] std::optional<FactRow> fact_of(std::string_view connection, std::string_view fact,
                                               std::string_view record) const override;

  /// Records of an owner whose value lies in (low, high]: a range query on an index.
  [[nodiscard]] std::vector<std::string> fact_between(std::string_view connection, std::string_view fact,
                                                      std::string_view owner, double low, double high) const override;
  [[nodiscard]] std::vector<std::string> fact_with_text(std::string_view connection, std::string_view fact,
                                                        std::string_view owner, std::uint64_t text_hash,
                                                        std::size_t limit) const override;

  // findings, prompts, outbox
  [[nodiscard]] std::vector<FindingRow> findings_of(std::string_view connection, std::string_view object,
                                                    std::string_view id) const override;
  [[nodiscard]] std::vector<FindingRow> open_findings(std::string_view connection, std::size_t limit) const override;
  [[nodiscard]] std::vector<PromptRow> prompts_of(std::string_view connection, std::string_view object,
                                                  std::string_view id) const override;
  [[nodiscard]] std::optional<PromptRow> prompt(std::string_view connection, std::string_view key) const override;
  [[nodiscard]] std::optional<PromptRow> prompt_by_short_key(std::string_view connection,
                                                             std::string_view short_key) const override;
  [[nodiscard]] std::vector<PromptRow> prompts(std::string_view connection, std::optional<model::PromptState> state,
                                               std::size_t limit) const override;
  [[nodiscard]] std::vector<PromptRow> prompts_waiting(Instant until, std::size_t limit) const override;
  [[nodiscard]] std::optional<Instant> next_prompt_at() const override;
  [[nodiscard]] std::vector<OutboxRow> outbox(std::string_view connection, Instant until,
                                              std::size_t limit) const override;
  [[nodiscard]] std::optional<OutboxRow> outbox_of(std::string_view connection, std::string_view prompt) const override;
  [[nodiscard]] std::vector<PromptCount> prompt_counts(std::string_view connection) const override;
  [[nodiscard]] std::int64_t open_finding_count(std::string_view connection) const override;
  [[nodiscard]] std::vector<FindingRow> detected_after(std::string_view connection, const DetectedKey& after,
                                                       std::size_t limit) const override;
  [[nodiscard]] std::vector<FindingRow> findings_of_units(std::string_view connection) const override;
  [[nodiscard]] std::vector<DetectedCount> detected_counts(std::string_view connection) const override;
  [[nodiscard]] std::optional<Instant> next_outbox_at() const override;
  [[nodiscard]] std::int64_t sent_between(std::string_view connection, std::string_view person, Instant from,
                                          Instant to) const override;
  [[nodiscard]] std::vector<ReasonRow> reasons_of(std::string_view connection, std::string_view object,
                                                  std::string_view id) const override;

  // the rest
  [[nodiscard]] std::optional<KeptRow> newest(std::string_view connection, std::string_view kind) const override;
  [[nodiscard]] std::optional<KeptRow> kept_at(std::string_view connection, std::string_view kind,
                                               Instant at) const override;
  [[nodiscard]] std::optional<std::string> metadata(std::string_view name) const override;
  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> counters() const override;

 private:
  Connection& c_;
  bool& taken_;
  // What is known of fields in general, the same for every record: read once for the object that was asked for last.
  struct General {
    std::string connection, object;
    std::vector<FieldKnown> known;
  };
  mutable std::optional<General> general_;
};

}  // namespace coachd::store::sqlite
