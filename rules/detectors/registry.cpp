#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "rules/detectors/detector.hpp"
#include "rules/detectors/kinds.hpp"

namespace coachd::rules {
namespace {

constexpr std::array all{
    &duplicates_detector,
    &placeholder_share_detector,
};

}  // namespace

std::span<const DetectorKind* const> detectors() {
  return all;
}

const DetectorKind* find_detector(std::string_view name) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const DetectorKind* k) { return k->name == name; });
  return it == all.end() ? nullptr : *it;
}

}  // namespace coachd::rules
