// The detectors that there are, each in the file of its name. Seen by registry.cpp and these files only.
#pragma once

#include "rules/detectors/detector.hpp"

namespace coachd::rules {

extern const DetectorKind called_less_detector;
extern const DetectorKind constant_dates_detector;
extern const DetectorKind crm_changes_detector;
extern const DetectorKind duplicates_detector;
extern const DetectorKind exports_before_meetings_detector;
extern const DetectorKind friction_detector;
extern const DetectorKind handoff_unused_detector;
extern const DetectorKind ignored_automation_detector;
extern const DetectorKind late_batches_detector;
extern const DetectorKind logins_without_work_detector;
extern const DetectorKind meeting_without_inspection_detector;
extern const DetectorKind pasted_text_detector;
extern const DetectorKind placeholder_share_detector;
extern const DetectorKind promised_followups_detector;
extern const DetectorKind shadow_records_detector;
extern const DetectorKind source_disputed_detector;
extern const DetectorKind win_detector;
extern const DetectorKind workaround_detector;

}  // namespace coachd::rules
