// What the commands that look into a state folder share: their options, the configuration, and how a time is shown.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "daemon/app/state_view.hpp"  // IWYU pragma: export
#include "daemon/cli/cli.hpp"

namespace coachd::cli {

inline constexpr const char* default_config = "/etc/coachd/coachd.yaml";

struct StateOptions {
  std::string config = default_config;
  std::string format = "text";
  std::string connection;
  [[nodiscard]] bool json() const noexcept { return format == "json"; }
};
/// --config, --connection and --format, as every such command has them.
void add_state_options(CLI::App& app, StateOptions& options);

/// Loads coachd.yaml; errors (and warnings, where asked for) go to `io.err`. Throws std::runtime_error where it cannot
/// be used.
[[nodiscard]] settings::Settings load_settings(const std::string& path, Io& io, bool show_warnings);

/// The state that the options name. Throws std::runtime_error with a sentence for the admin.
[[nodiscard]] app::StateView open_state(const StateOptions& options, Io& io);

/// In the zone of whoever reads: `Mon 04 May 2026 09:00`.
[[nodiscard]] std::string local_time(model::Instant at);

/// Says that no card is on, or none about `field`; the exit code.
[[nodiscard]] int no_card(const std::string& field, Io& io);

}  // namespace coachd::cli
