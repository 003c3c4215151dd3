#include "rules/loader/detect.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/loader/file_builder.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using K = Parameter::Kind;

std::vector<std::string> split(std::string_view list, char by) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const auto at = list.find(by);
    out.emplace_back(list.substr(0, at));
    if (at == std::string_view::npos) break;
    list.remove_prefix(at + 1);
  }
  return out;
}

std::optional<double> number(std::string_view t) {
  double d = 0;
  const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), d);
  if (ec != std::errc{} || end != t.data() + t.size() || !std::isfinite(d)) return std::nullopt;
  return d;
}

// One scalar of a parameter; false where it is not written as its kind is.
bool read_scalar(const Parameter& p, std::string_view t, Settings::Value& into) {
  switch (p.kind) {
    case K::span: {
      const auto span = model::parse_span(t);
      if (!span || span->count <= 0 || !is_sensible(*span)) return false;
      into.span = *span;
      return true;
    }
    case K::number: {
      const auto d = number(t);
      if (!d || *d < 0) return false;
      into.number = *d;
      return true;
    }
    case K::count: {
      const auto d = number(t);
      if (!d || *d < 0 || *d > std::numeric_limits<std::int32_t>::max() ||
          *d != static_cast<double>(static_cast<std::int64_t>(*d)))
        return false;
      into.count = static_cast<std::int64_t>(*d);
      return true;
    }
    case K::share: {
      if (t.size() < 2 || t.back() != '%') return false;
      const auto d = number(t.substr(0, t.size() - 1));
      if (!d || *d < 0 || *d > 100) return false;
      into.number = *d / 100;
      return true;
    }
    case K::yes_no:
      if (t != "true" && t != "false") return false;
      into.yes = t == "true";
      return true;
    case K::word:
    case K::words:
    case K::field:
    case K::fields: break;
  }
  return !t.empty();
}

ChosenField chosen(const Field& f, const Parameter& p, FileBuilder& b) {
  ChosenField out;
  out.slot = f.slot;
  out.name = f.name;
  out.crm_name = f.crm_name;
  out.label = f.label;
  out.type = f.type;
  out.state = b.state(f);
  if (f.options != nullptr) out.options = *f.options;
  if (p.history) b.needs_history(f.slot);
  return out;
}

// A default: a field that this connection lacks is left out, and the detector does without it.
void take_usual(const Parameter& p, FileBuilder& b, Settings& into) {
  Settings::Value value;
  if (p.kind == K::field) {
    for (const std::string& name : split(p.usual, '|'))
      if (const auto found = b.object().field(name); found.field != nullptr) {
        value.fields.push_back(chosen(*found.field, p, b));
        break;
      }
  } else if (p.kind == K::fields) {
    for (const std::string& name : split(p.usual, '|'))
      if (const auto found = b.object().field(name); found.field != nullptr)
        value.fields.push_back(chosen(*found.field, p, b));
  } else if (p.kind == K::word || p.kind == K::words) {
    value.words = split(p.usual, '|');
  } else if (!p.usual.empty()) {
    (void)read_scalar(p, p.usual, value);
  }
  into.values.emplace(p.name, std::move(value));
}

class Reader {
 public:
  Reader(const DetectorKind& kind, FileBuilder& b) : kind_(kind), b_(b) {}

  bool read(const Parameter& p, yaml::Node node, const model::Place& key, Settings& into) {
    Settings::Value value;
    const bool many = p.kind == K::words || p.kind == K::fields;
    if (many && node.is_list() && !node.items().empty()) {
      for (const auto& item : node.items())
        if (!one(p, item, value)) return false;
    } else if (!node.is_scalar()) {
      return wrong(p, node ? node.place() : key);
    } else if (!one(p, node, value)) {
      return false;
    }
    into.values.emplace(p.name, std::move(value));
    return true;
  }

 private:
  bool wrong(const Parameter& p, const model::Place& at) {
    b_.error(
        "wrong-type",
        '`' + std::string(p.name) + "` of " + std::string(kind_.name) + " takes " + std::string(written_as(p.kind)),
        at);
    return false;
  }
  bool one(const Parameter& p, yaml::Node node, Settings::Value& into) {
    if (!node.is_scalar()) return wrong(p, node.place());
    const std::string_view t = node.text();
    if (p.kind == K::field || p.kind == K::fields) {
      const Field* f = b_.field(t, node.place());
      if (f == nullptr) return false;
      into.fields.push_back(chosen(*f, p, b_));
      return true;
    }
    if (p.kind == K::word || p.kind == K::words) {
      const auto known = split(p.choices, '|');
      bool good = !t.empty();
      if (!known.empty()) {
        good = false;
        for (const auto& k : known) good = good || k == t;
      }
      if (!good) {
        const auto near = yaml::nearest(t, known);
        std::string list;
        for (const auto& k : known) list += (list.empty() ? "" : ", ") + k;
        b_.error("unknown-word",
                 '`' + std::string(p.name) + "` of " + std::string(kind_.name) + " does not know `" + std::string(t) +
                     '`' + (near ? ": did you mean `" + *near + "`?" : ": it is one of " + list),
                 node.place());
        return false;
      }
      into.words.emplace_back(t);
      return true;
    }
    return read_scalar(p, t, into) || wrong(p, node.place());
  }

  const DetectorKind& kind_;
  FileBuilder& b_;
};

const DetectorKind* known_kind(yaml::Node detect, FileBuilder& b) {
  if (const auto* kind = detect.is_scalar() ? find_detector(detect.text()) : nullptr) return kind;
  std::vector<std::string> names;
  for (const auto* k : detectors()) names.emplace_back(k->name);
  std::string list;
  for (const auto& n : names) list += (list.empty() ? "" : ", ") + n;
  const auto near = yaml::nearest(detect.text(), names);
  b.error("unknown-detector",
          "unknown detector `" + std::string(detect.text()) + '`' +
              (near ? ": did you mean `" + *near + "`?" : ": there are " + list),
          detect.place());
  return nullptr;
}

}  // namespace

std::optional<DetectRule> read_detect(yaml::Node detect, yaml::Node with, FileBuilder& b) {
  const DetectorKind* kind = known_kind(detect, b);
  if (kind == nullptr) return std::nullopt;
  DetectRule out;
  out.kind = kind;
  bool good = true;
  if (with && !with.is_map()) {
    b.error("wrong-type", "`with` is a map of parameters: `coachd help " + std::string(kind->name) + "` lists them",
            with.place());
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const Parameter& p : kind->parameters) names.emplace_back(p.name);
  if (with)
    for (const auto& [key, node] : with.entries()) {
      const Parameter* found = nullptr;
      for (const Parameter& p : kind->parameters)
        if (p.name == key) found = &p;
      if (found == nullptr) {
        const auto near = yaml::nearest(key, names);
        b.error("unknown-parameter",
                std::string(kind->name) + " has no parameter `" + key + '`' +
                    (near ? ": did you mean `" + *near + "`?"
                          : ": `coachd help " + std::string(kind->name) + "` lists them"),
                with.key_place(key));
        good = false;
        continue;
      }
      good = Reader(*kind, b).read(*found, node, with.key_place(key), out.settings) && good;
    }
  for (const Parameter& p : kind->parameters) {
    if (out.settings.values.contains(p.name) || (with && with.find(p.name))) continue;
    if (p.required) {
      b.error("missing-key", std::string(kind->name) + " needs `" + std::string(p.name) + "` under `with`",
              detect.place());
      good = false;
    } else {
      take_usual(p, b, out.settings);
    }
  }
  if (kind->uses.owner) (void)b.has_owner();
  if (kind->uses.owner_history && b.frame().owner != no_slot) b.needs_history(b.frame().owner);
  if (kind->uses.stages) {
    (void)b.has_stages();
    b.use_outcome();
  }
  if (kind->uses.activities) b.object().plan.needs_activities = true;
  if (kind->uses.reviews) b.object().plan.needs_reviews = true;
  if (kind->uses.notes) b.object().plan.detects_notes = true;
  if (kind->uses.tasks) b.object().plan.detects_tasks = true;
  if (kind->uses.logins) b.object().plan.detects_logins = true;
  if (kind->uses.exports) b.object().plan.detects_exports = true;
  if (kind->uses.setup) b.object().plan.detects_setup = true;
  if (!good) return std::nullopt;
  if (kind->uses.files != nullptr && kind->uses.files(out.settings)) b.object().plan.detects_files = true;
  return out;
}

}  // namespace coachd::rules
