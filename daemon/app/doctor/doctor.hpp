// `coachd doctor`: looks at everything that a working installation rests on and says what is wrong and what to do.
// Writes nothing, to no CRM either; never shows a secret. Blocks: files, name look-ups, a few calls to each CRM.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/settings/settings.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {

/// One thing that was looked at.
struct Finding {
  enum class Level : std::uint8_t { ok, warning, failure };
  Level level = Level::ok;
  std::string about;  ///< configuration, secrets, state, zones, doors, or the connection's name
  std::string what;   ///< one line
  std::string mend;   ///< what to do; empty where nothing is to be done
};

class Findings {
 public:
  void ok(std::string about, std::string what) { add({Finding::Level::ok, std::move(about), std::move(what), {}}); }
  void warning(std::string about, std::string what, std::string mend) {
    add({Finding::Level::warning, std::move(about), std::move(what), std::move(mend)});
  }
  void failure(std::string about, std::string what, std::string mend) {
    add({Finding::Level::failure, std::move(about), std::move(what), std::move(mend)});
  }
  [[nodiscard]] const std::vector<Finding>& all() const noexcept { return all_; }
  [[nodiscard]] std::size_t count(Finding::Level level) const noexcept;

 private:
  void add(Finding f) { all_.push_back(std::move(f)); }
  std::vector<Finding> all_;
};

/// The whole examination of the configuration file `config`.
[[nodiscard]] Findings examine(const std::string& config, model::Instant now);

// Its parts.
void examine_secrets(const settings::Settings& settings, Findings& out);
/// True: a daemon holds the state folder.
[[nodiscard]] bool examine_state(const settings::Settings& settings, Findings& out);
void examine_doors(const settings::Settings& settings, bool daemon_runs, Findings& out);
void examine_connections(const settings::Settings& settings, model::Instant now, Findings& out);

}  // namespace coachd::app
