// The engines that the contract runs on. A second engine adds one entry to engines() and gets every test.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "daemon/store/store.hpp"

namespace coachd::store::contract {

struct EngineUnderTest {
  std::string name;
  /// Opens the state kept in the folder, or a new one; several times one after the other.
  std::function<std::unique_ptr<Store>(const std::filesystem::path& folder)> open;
};
inline std::ostream& operator<<(std::ostream& out, const EngineUnderTest& e) {
  return out << e.name;
}

[[nodiscard]] std::vector<EngineUnderTest> engines();

}  // namespace coachd::store::contract
