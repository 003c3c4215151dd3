// What the commands that look into a state folder share: the configuration, a reader beside the running daemon, and the
// rules as the daemon sees them (with the last description of each CRM). They write nothing.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/contexts.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"

namespace coachd::cli {

struct StateOptions {
  std::string config = "/etc/coachd/coachd.yaml";
  std::string format = "text";
  std::string connection;
  [[nodiscard]] bool json() const noexcept { return format == "json"; }
};
/// --config, --connection and --format, as every such command has them.
void add_state_options(CLI::App& app, StateOptions& options);

/// Loads coachd.yaml; every diagnostic goes to `io.err`. Throws std::runtime_error where it cannot be used.
[[nodiscard]] settings::Settings load_settings(const std::string& path, Io& io, bool show_warnings);

class State {
 public:
  /// Throws std::runtime_error with a sentence for the admin: no configuration, no state there.
  State(const StateOptions& options, Io& io);

  [[nodiscard]] const settings::Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] store::Store& store() noexcept { return *store_; }
  [[nodiscard]] std::unique_ptr<store::Snapshot> look() { return reader_->snapshot(); }
  /// Calendar time as the daemon last stored it where it runs on a test clock, else now.
  [[nodiscard]] model::Instant now();
  /// Rules and world of a connection; null where its CRM has not been described yet or the rules have errors.
  [[nodiscard]] const pipeline::Context* context(const std::string& connection);
  /// The rule behind a key, and its kind in words; "unknown" where the rules no longer have it.
  [[nodiscard]] std::string kind_of(const std::string& connection, const std::string& rule);
  [[nodiscard]] std::string person_name(const std::string& connection, const std::string& person);
  [[nodiscard]] std::string record_name(const std::string& connection, const std::string& object,
                                        const std::string& record);

 private:
  settings::Settings settings_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reader> reader_;
  std::map<std::string, std::shared_ptr<const pipeline::Context>> contexts_;
};

/// In the zone of whoever reads: `Mon 4 May 09:00`.
[[nodiscard]] std::string local_time(model::Instant at);

}  // namespace coachd::cli
