// Whether all records that a CRM had at the beginning were read: before that a record that is not there may still come.
#pragma once

#include <string>

#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// Under which name the store knows it.
[[nodiscard]] inline std::string loaded_flag(const std::string& connection) {
  return "first load done: " + connection;
}
[[nodiscard]] inline bool first_load_done(const store::Snapshot& snapshot, const std::string& connection) {
  return snapshot.metadata(loaded_flag(connection)).has_value();
}

}  // namespace coachd::pipeline
