#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "rules/detectors/detector.hpp"
#include "rules/detectors/kinds.hpp"

namespace coachd::rules {
namespace {

constexpr std::array all{
    &called_less_detector,
    &constant_dates_detector,
    &crm_changes_detector,
    &duplicates_detector,
    &exports_before_meetings_detector,
    &friction_detector,
    &handoff_unused_detector,
    &ignored_automation_detector,
    &late_batches_detector,
    &logins_without_work_detector,
    &meeting_without_inspection_detector,
    &pasted_text_detector,
    &placeholder_share_detector,
    &promised_followups_detector,
    &shadow_records_detector,
    &source_disputed_detector,
    &win_detector,
    &workaround_detector,
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
