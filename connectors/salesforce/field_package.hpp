// The change that hides or archives a retired custom field on Salesforce, as files in the form of its Metadata API,
// with the change that undoes it. coachd deploys nothing there: an admin reads them and does. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "rules/model/description.hpp"

namespace coachd::salesforce {

struct DeployFile {
  std::string path;  ///< below the folder that the admin named
  std::string text;
};

struct FieldPackage {
  std::vector<DeployFile> files;
  std::string problem;  ///< why there is none: one sentence that says what to do
};

struct FieldPackageWish {
  std::string object;                 ///< Opportunity
  model::FieldDescription field;      ///< as the org describes it
  std::string version = "66.0";       ///< of the API
  std::vector<std::string> profiles;  ///< hide: those that lose sight of it; describe tells of none
};

/// `hide/`: nobody of these profiles may read or edit the field, so that it leaves their pages, lists and reports too.
/// `undo/`: they may again.
[[nodiscard]] FieldPackage hide_package(const FieldPackageWish& wish);
/// `archive/`: the field goes to the org's deleted fields, where it waits 15 days. `undo/`: its definition as far as a
/// description tells it, without values: these come back from the export. Left out where too little is known.
[[nodiscard]] FieldPackage archive_package(const FieldPackageWish& wish);

}  // namespace coachd::salesforce
