#include <algorithm>
#include <string>
#include <string_view>

#include "rules/detectors/detector.hpp"
#include "rules/detectors/settings.hpp"

namespace coachd::rules {
namespace {

// `a|b` as `a, b`.
std::string listed(std::string_view words) {
  std::string out;
  for (const char c : words) {
    if (c == '|')
      out += ", ";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string_view to_string(Unit u) {
  switch (u) {
    case Unit::person: return "person";
    case Unit::field: return "field";
    case Unit::automation: return "automation";
    case Unit::meeting: return "meeting";
    case Unit::pair: return "pair";
    case Unit::record: return "record";
  }
  return "";
}

std::string help_text(const DetectorKind& kind) {
  const auto told_to = [&]() -> std::string_view {
    switch (kind.unit) {
      case Unit::person: return "a person, and told to that person only";
      case Unit::field: return "a field, and told to the owner of its definition";
      case Unit::automation: return "an automation, and told to its owner";
      case Unit::meeting: return "a meeting, and told to its owner";
      case Unit::pair: return "a pair of records";
      case Unit::record: return "a record";
    }
    return "";
  };
  std::string out = std::string(kind.name) + "\n  " + std::string(kind.finds) + '\n';
  if (!kind.may_mean.empty()) out += "  What it may mean: " + std::string(kind.may_mean) + '\n';
  out += "\nunit\n  A finding is about " + std::string(told_to()) + ".\n";
  out += "\nneeds\n  " + std::string(kind.needs) + '\n';
  out += "\ncannot tell\n  " + std::string(kind.cannot_tell) + '\n';
  out += "\nparameters (under `with:`)\n";
  std::size_t width = 0;
  for (const Parameter& p : kind.parameters) width = std::max(width, p.name.size());
  for (const Parameter& p : kind.parameters) {
    out += "  " + std::string(p.name) + std::string(width - p.name.size() + 2, ' ');
    out += std::string(p.means) + " (";
    if (p.choices.empty()) {
      out += written_as(p.kind);
    } else {
      out += (p.kind == Parameter::Kind::words ? "any of " : "one of ") + listed(p.choices);
    }
    if (p.required)
      out += "; required";
    else if (p.usual.empty())
      out += "; none by default";
    else  // of a field: the first of these that there is
      out += "; " +
             (p.kind == Parameter::Kind::field ? std::string(p.usual.substr(0, p.usual.find('|'))) : listed(p.usual)) +
             " by default";
    out += ")\n";
  }
  out += "\nexample\n  - id: " + std::string(kind.name) +
         "-here\n    kind: " + std::string(kind.unit == Unit::pair ? "duplicate" : "workaround") +
         "\n    detect: " + std::string(kind.name) + "\n    control: [flag]\n";
  for (const Parameter& p : kind.parameters)
    if (p.required) {
      out += "    with: {" + std::string(p.name) + ": ...}\n";
      break;
    }
  return out;
}

}  // namespace coachd::rules
