// How one entry looks: as a JSON line, as a line for a terminal, as fields of the journal. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/log/log.hpp"

namespace coachd::log {

struct Entry {
  Level level = Level::info;
  std::string_view message;
  std::initializer_list<Field> fields;
  model::Instant at{};
};

/// `{"time":"2026-05-04T09:00:00Z","level":"info","message":"poll done","changes":12}`
[[nodiscard]] std::string json_line(const Entry& e);
/// `2026-05-04T09:00:00Z info    poll done changes=12`
[[nodiscard]] std::string text_line(const Entry& e);
/// `MESSAGE=poll done changes=12`, `PRIORITY=6`, `COACHD_CHANGES=12`
[[nodiscard]] std::vector<std::string> journal_fields(const Entry& e);

}  // namespace coachd::log
