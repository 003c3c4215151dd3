// The parts of a rule file that are read alike in several places: conditions with what is switched off, recipients and
// steps, placeholders, exceptions, old records, pauses. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/engine/compiled.hpp"
#include "rules/loader/file_builder.hpp"

namespace coachd::rules {

/// A condition under a key; null where it is absent, wrong (reported) or switched off.
[[nodiscard]] TestPtr read_condition(yaml::MapReader& map, std::string_view key, FileBuilder& b);
[[nodiscard]] std::vector<Step> read_control(yaml::MapReader& map, Builder& b, bool required);
[[nodiscard]] Recipient read_recipient(yaml::MapReader& map, Builder& b);
[[nodiscard]] std::optional<text::Placeholders::Spec> read_placeholders(yaml::MapReader& map, Builder& b);
[[nodiscard]] std::vector<Exception> read_exceptions(yaml::MapReader& map, Builder& b);
/// `old_records:` into the rule, where it stands.
void read_old_records(yaml::MapReader& map, Builder& b, RuleInfo& rule);
/// `pause_while:` as a test that holds while the rule is paused; null where absent or wrong.
[[nodiscard]] TestPtr read_pause(yaml::MapReader& map, FileBuilder& b);
/// `proof:`: a condition and `within:`, by when it should hold; errors are reported. It is kept and not judged: what
/// this connection lacks of it switches nothing off.
void read_proof(yaml::MapReader& map, FileBuilder& b);
/// `stages:` and `milestones:` of a file; errors are reported.
[[nodiscard]] std::vector<model::Pipeline> read_stages(yaml::Node stages, yaml::Document& d);
[[nodiscard]] Milestones read_milestones(yaml::Node milestones, yaml::Document& d);

/// The first word of a word or list; `otherwise` where there is none.
[[nodiscard]] std::string first_of(yaml::Node words, const std::string& otherwise);
/// Every scalar below a node, under its dotted path.
void flatten(yaml::Node node, const std::string& path, std::vector<Written::Entry>& out);
/// FNV-1a over a text.
[[nodiscard]] std::uint64_t mix(std::uint64_t hash, std::string_view text);
inline constexpr std::uint64_t hash_start = 1469598103934665603ull;

}  // namespace coachd::rules
