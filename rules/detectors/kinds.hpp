// The detectors that there are, each in the file of its name. Seen by registry.cpp and these files only.
#pragma once

#include "rules/detectors/detector.hpp"

namespace coachd::rules {

extern const DetectorKind duplicates_detector;
extern const DetectorKind placeholder_share_detector;

}  // namespace coachd::rules
