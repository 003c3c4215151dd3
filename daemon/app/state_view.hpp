// A look into a state folder for commands, beside the running daemon: its rows, and the rules as the daemon sees them
// (with the last description of each CRM). Writes nothing. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"  // IWYU pragma: export (its rows are what a view shows)
#include "rules/engine/evaluate.hpp"

namespace coachd::app {

/// One record with every test of its rules and the fate of its prompts.
struct ExplainedRecord {
  struct Rule {
    std::string key;
    rules::Explained tests;
    std::vector<store::ReasonRow> reasons;
  };
  std::string connection, object, record, name;
  bool deleted = false;
  std::vector<Rule> rules;
  std::vector<store::FindingRow> detected;  ///< what detectors found about it, and is so still
  std::vector<store::PromptRow> prompts;
  std::optional<model::Instant> next;  ///< from when on the answer is another though nothing changes
};

/// Of long work.
struct Progress {
  std::int64_t done = 0, total = 0;
};

class StateView {
 public:
  /// Throws std::runtime_error with a sentence for the admin where there is no state to read.
  explicit StateView(settings::Settings settings);

  [[nodiscard]] const settings::Settings& settings() const noexcept { return settings_; }
  /// One at a time; the other members may be called while it is held.
  [[nodiscard]] std::unique_ptr<store::Snapshot> look() { return reader_->snapshot(); }
  /// The daemon's own time where it runs on a test clock, else now.
  [[nodiscard]] model::Instant now();
  /// Rules and world of a connection; null where its CRM has not been described yet or the rules have errors.
  [[nodiscard]] const pipeline::Context* context(const std::string& connection);
  /// Whether all records that there were at the beginning have been read.
  [[nodiscard]] static bool first_load_done(const store::Snapshot& snapshot, const std::string& connection);
  /// Of the sweep after new rules or a new description; nothing where none is under way.
  [[nodiscard]] std::optional<Progress> sweep(const std::string& connection);
  /// The kind of a rule in words; "unknown" where the rules no longer have it.
  [[nodiscard]] std::string kind_of(const std::string& connection, const std::string& rule);
  [[nodiscard]] std::string person_name(const std::string& connection, const std::string& person);
  [[nodiscard]] std::string record_name(const std::string& connection, const std::string& object,
                                        const std::string& record);
  /// Of a finding: its record's name, or the person, field, automation, meeting or pair that it is about.
  [[nodiscard]] std::string about(const store::FindingRow& finding);
  /// What a detector found; nothing for a finding of a test.
  [[nodiscard]] static std::optional<pipeline::Detail> detail(const store::FindingRow& finding);
  /// `person` where a finding is about no record; "" else.
  [[nodiscard]] static std::string unit(const store::FindingRow& finding);
  /// Findings that are open, or ended ones too (record by record: slow on a large state).
  [[nodiscard]] std::vector<store::FindingRow> findings(bool ended_too);
  /// `connection` and `rule` may be empty: any. Nothing where no such record has been read.
  [[nodiscard]] std::optional<ExplainedRecord> explain(const std::string& record, const std::string& connection,
                                                       const std::string& rule);

 private:
  settings::Settings settings_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reader> reader_;  ///< of look()
  std::unique_ptr<store::Reader> own_;     ///< of the rest, which never holds a snapshot while it calls another member
  std::map<std::string, std::shared_ptr<const pipeline::Context>> contexts_;
};

}  // namespace coachd::app
