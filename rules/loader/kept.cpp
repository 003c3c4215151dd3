#include "rules/loader/kept.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/model/address.hpp"
#include "rules/model/error.hpp"
#include "rules/model/jobs.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

constexpr KeptKey climb[] = {{"after", Shape::span, "how long a rule stands on a step before it may climb"},
                             {"mended_below", Shape::percent, "it climbs where less than this share was mended"}};
constexpr KeptKey mute[] = {{"lift_below", Shape::percent,
                             "points by which prompts must raise the share that is mended; below, the rule mutes"}};
constexpr KeptKey of_workflow[] = {
    {"title", Shape::text, "what people call the workflow"},
    {"reviewed_by", Shape::people_by_job, "who saw the preview on their own records and said yes, by job"},
    {"inspected_in", Shape::words, "a meeting of coachd.yaml that uses the answers"},
    {"voluntary", Shape::yes_no, "true: managers see content, never what is missing"},
    {"enough", Shape::percent, "share of review-ready records at which the workflow counts as done"},
    {"means", Shape::text, "what the workflow is"},
    {"description", Shape::text, "what the workflow is for"}};

constexpr KeptKey of_card[] = {
    {"means", Shape::text, "the definition of the field"},
    {"good", Shape::words, "examples of good answers"},
    {"weak", Shape::words, "examples of weak answers"},
    {"decision", Shape::text, "which decision hangs on the answer"},
    {"used_by", Shape::words, "who uses it: a job, or free text"},
    {"used_in", Shape::uses, "a meeting; or `report: ...`, `automation: ...`, `handoff: ...`, `other: ...`"},
    {"if_blank", Shape::text, "what happens where it is blank"},
    {"if_fake", Shape::text, "what happens where it is fake"},
    {"inspected_in", Shape::words, "a meeting of coachd.yaml that looks at it"},
    {"definition_owner", Shape::address, "who answers for the definition: an e-mail address"},
    {"proof", Shape::map, "a test that tells whether the promise of `gives_back` was kept"},
    {"climb", Shape::map, "how the control climbs", climb},
    {"mute_if_no_effect", Shape::map, "when prompts without effect go quiet", mute},
    {"title", Shape::text, "what people call the field"}};

constexpr KeptKey of_criterion[] = {{"title", Shape::text, "what people call it"},
                                    {"means", Shape::text, "the definition"},
                                    {"decision", Shape::text, "which decision hangs on it"},
                                    {"used_by", Shape::words, "who uses it: a job, or free text"},
                                    {"used_in", Shape::uses, "a meeting, or free text behind `report:` and the like"},
                                    {"inspected_in", Shape::words, "a meeting of coachd.yaml that looks at it"},
                                    {"definition_owner", Shape::address, "who answers for the definition"},
                                    {"good", Shape::words, "examples of good answers"}};

constexpr KeptKey of_rule[] = {{"title", Shape::text, "what people call it"},
                               {"means", Shape::text, "the definition"},
                               {"decision", Shape::text, "which decision hangs on it"},
                               {"used_by", Shape::words, "who uses it: a job, or free text"},
                               {"used_in", Shape::uses, "a meeting, or free text behind `report:` and the like"},
                               {"inspected_in", Shape::words, "a meeting of coachd.yaml that looks at it"},
                               {"definition_owner", Shape::address, "who answers for the definition"},
                               {"good", Shape::words, "examples of good answers"},
                               {"climb", Shape::map, "how the control climbs", climb},
                               {"mute_if_no_effect", Shape::map, "when prompts without effect go quiet", mute}};

// 0 to 1; nothing for what is no share.
std::optional<double> percent(std::string_view t) {
  if (t.size() < 2 || t.back() != '%') return std::nullopt;
  double d = 0;
  const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size() - 1, d);
  const bool good = ec == std::errc{} && end == t.data() + t.size() - 1 && d >= 0 && d <= 100;
  return good ? std::optional(d / 100) : std::nullopt;
}

bool is_text(const yaml::Node& n) {
  return n.is_scalar() && (n.quoted() || !n.text().empty());
}

void read_people(yaml::Node node, const std::string& name, Builder& b) {
  if (!node.is_map()) {
    b.error("wrong-type", name + " is a map from jobs to people: `{rep: [ana@example.com]}`", node.place());
    return;
  }
  for (const auto& [job, people] : node.entries()) {
    (void)check_job(job, node.key_place(job), b);
    if (people.is_list() && people.items().empty())
      b.error("wrong-type", name + " names at least one person of each job", people.place());
    for (const auto& one : people.is_list() ? people.items() : std::vector<yaml::Node>{people})
      if (!is_text(one) || !model::is_address(one.text()))
        b.error("wrong-type", name + " names people by their e-mail addresses",
                one.is_scalar() && one.text().empty() ? node.key_place(job) : one.place());
  }
}

// A bare name is a meeting, and no meeting has a colon: what stands before one says what the rest is.
void check_uses(yaml::Node node, Builder& b) {
  static const std::vector<std::string> kinds{"report", "automation", "handoff", "other"};
  for (const auto& one : node.is_list() ? node.items() : std::vector<yaml::Node>{node}) {
    const auto colon = one.text().find(':');
    if (colon == std::string_view::npos) continue;
    const auto kind = one.text().substr(0, colon);
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) continue;
    const auto near = yaml::nearest(kind, kinds);
    b.error("wrong-type",
            '`' + std::string(kind) + ":` in `used_in`: " +
                (near ? "did you mean `" + *near + ":`?"
                      : "it is a meeting, or free text behind report: automation: handoff: other:"),
            one.place());
  }
}

void read_one(yaml::Node node, const KeptKey& kept, const model::Place& key, Builder& b) {
  const std::string name = '`' + std::string(kept.key) + '`';
  const auto wrong = [&](std::string_view what) {
    const bool nothing = node.is_scalar() && !node.quoted() && node.text().empty();
    b.error("wrong-type", name + " takes " + std::string(what), nothing ? key : node.place());
  };
  switch (kept.shape) {
    case Shape::text: {
      if (!node.is_map()) {
        if (!is_text(node)) wrong("a text");
        break;
      }
      const auto entries = node.entries();  // {en: ..., de: ...}
      if (entries.empty()) wrong("a text");
      for (const auto& [language, t] : entries)
        if (!is_text(t))
          b.error("wrong-type", name + " takes a text for each language",
                  t.is_scalar() ? node.key_place(language) : t.place());
      break;
    }
    case Shape::words: (void)parse_words_at(node, kept.key, b); break;
    case Shape::uses:
      if (parse_words_at(node, kept.key, b)) check_uses(node, b);
      break;
    case Shape::percent: (void)parse_percent_at(node, kept.key, b); break;
    case Shape::span: (void)parse_span_at(node, kept.key, b); break;
    case Shape::yes_no: (void)parse_bool_at(node, kept.key, b); break;
    case Shape::address:
      if (!is_text(node)) wrong("an e-mail address");
      break;
    case Shape::people_by_job: read_people(node, name, b); break;
    case Shape::map: {
      if (!node.is_map()) {
        wrong("a map");
        break;
      }
      if (kept.inside.empty()) break;
      yaml::MapReader map(b.document(), node, name);
      read_kept(map, kept.inside, b);
      map.finish();
      if (node.entries().empty())
        wrong("at least one of its keys, such as `" + std::string(kept.inside.front().key) + '`');
      break;
    }
  }
}

}  // namespace

std::span<const KeptKey> kept_of_workflow() {
  return of_workflow;
}
std::span<const KeptKey> kept_of_card() {
  return of_card;
}
std::span<const KeptKey> kept_of_rule() {
  return of_rule;
}
std::span<const KeptKey> kept_of_criterion() {
  return of_criterion;
}

void read_kept(yaml::MapReader& map, std::span<const KeptKey> keys, Builder& b) {
  for (const auto& kept : keys)
    if (const auto node = map.optional(kept.key)) read_one(node, kept, map.node().key_place(kept.key), b);
}

std::optional<double> parse_percent_at(yaml::Node node, std::string_view key, Builder& b) {
  auto share = node.is_scalar() ? percent(node.text()) : std::nullopt;
  if (!share) b.error("wrong-type", '`' + std::string(key) + "` takes a share such as 90%", node.place());
  return share;
}

bool check_job(std::string_view job, const model::Place& at, Builder& b) {
  if (std::find(model::jobs.begin(), model::jobs.end(), job) != model::jobs.end()) return true;
  const std::vector<std::string> names(model::jobs.begin(), model::jobs.end());
  std::string message = '`' + std::string(job) + "` is no job";
  if (const auto near = yaml::nearest(job, names)) {
    message += ": did you mean `" + *near + "`?";
  } else {
    message += ": it is one of";
    for (const auto& n : names) message += ' ' + n;
  }
  b.error("unknown-job", std::move(message), at);
  return false;
}

}  // namespace coachd::rules
