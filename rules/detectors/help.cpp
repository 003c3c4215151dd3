#include <algorithm>
#include <cstddef>
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

// Lines of at most 100 columns, two in, the second and later ones `further`.
void add_paragraph(std::string& out, std::string_view text, std::size_t further = 0) {
  constexpr std::size_t width = 100;
  constexpr std::size_t indent = 2;
  std::size_t column = 0;
  std::size_t from = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column > 0 && column + 1 + end > width) {
      out += '\n';
      column = 0;
      from = indent + further;
    }
    if (column == 0) {
      out.append(from, ' ');
      column = from;
    } else {
      out += ' ';
      ++column;
    }
    out += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += '\n';
}

// As what a rule with this detector would mostly be written.
std::string_view rule_kind(const DetectorKind& kind) {
  for (const std::string_view name : {"friction", "crm-changes", "ignored-automation"})
    if (kind.name == name) return "friction";
  for (const std::string_view name : {"exports-before-meetings", "shadow-records", "workaround"})
    if (kind.name == name) return "workaround";
  if (kind.name == "win") return "win";
  if (kind.name == "duplicates") return "duplicate";
  if (kind.name == "promised-followups") return "stale";
  return "fake-adoption";
}

std::string example(const DetectorKind& kind) {
  std::string out = "  - id: our-" + std::string(kind.name) + "\n    kind: " + std::string(rule_kind(kind)) +
                    "\n    detect: " + std::string(kind.name) + '\n';
  for (const Parameter& p : kind.parameters)
    if (p.required)
      out += "    with: {" + std::string(p.name) + ": " +
             (p.kind == Parameter::Kind::fields  ? "[next_step]"
              : p.kind == Parameter::Kind::field ? "next_step"
                                                 : "forecast-call") +
             "}\n";
  return out + "    control: [flag]\n";
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
  std::string out = std::string(kind.name) + '\n';
  add_paragraph(out, std::string(kind.finds));
  if (!kind.may_mean.empty()) add_paragraph(out, "What it may mean: " + std::string(kind.may_mean));
  out += "\nunit\n";
  add_paragraph(out, "A finding is about " + std::string(told_to()) + '.');
  out += "\nneeds\n";
  add_paragraph(out, std::string(kind.needs));
  out += "\ncannot tell\n";
  add_paragraph(out, std::string(kind.cannot_tell));
  out += "\nparameters (under `with:`)\n";
  for (const Parameter& p : kind.parameters) {
    std::string line = std::string(p.name) + ": " + std::string(p.means) + " (";
    line += p.choices.empty() ? std::string(written_as(p.kind))
                              : (p.kind == Parameter::Kind::words ? "any of " : "one of ") + listed(p.choices);
    if (p.required)
      line += "; required";
    else if (p.usual.empty())
      line += "; none by default";
    else  // of a field: the first of these that there is
      line += "; " +
              (p.kind == Parameter::Kind::field ? std::string(p.usual.substr(0, p.usual.find('|'))) : listed(p.usual)) +
              " by default";
    add_paragraph(out, line + ')', 2);
  }
  return out + "\nexample\n" + example(kind);
}

}  // namespace coachd::rules
