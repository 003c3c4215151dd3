#include "rules/conditions/words.hpp"

#include <span>
#include <string_view>

namespace coachd::rules {
namespace {

constexpr std::string_view conditions = R"({"type":"array","items":{"$ref":"#/$defs/condition"},"minItems":1})";
constexpr std::string_view condition = R"({"$ref":"#/$defs/condition"})";
constexpr std::string_view yes_no = R"({"type":"boolean"})";
constexpr std::string_view name = R"({"$ref":"#/$defs/name"})";
constexpr std::string_view word = R"({"$ref":"#/$defs/words"})";
constexpr std::string_view words = R"({"$ref":"#/$defs/words"})";
constexpr std::string_view fragments = R"({"$ref":"#/$defs/fragments"})";
constexpr std::string_view number = R"({"$ref":"#/$defs/number_limit"})";
constexpr std::string_view length = R"({"$ref":"#/$defs/length_limit"})";
constexpr std::string_view window = R"({"$ref":"#/$defs/window_limit"})";
constexpr std::string_view date = R"({"$ref":"#/$defs/date"})";
constexpr std::string_view activity = R"({"type":"object","oneOf":[{"required":["none_for"]},
{"required":["any_within"]},{"required":["none_since"]}],"additionalProperties":false,"properties":{
"none_for":{"$ref":"#/$defs/window_limit"},"any_within":{"$ref":"#/$defs/window_limit"},
"none_since":{"type":"object","properties":{"field":{"$ref":"#/$defs/name"}},"required":["field"],
"additionalProperties":false},"by":{"$ref":"#/$defs/who"},"on":{"$ref":"#/$defs/around"}}})";
constexpr std::string_view next_activity = R"({"type":"object",
"oneOf":[{"required":["none_within"]},{"required":["any_within"]}],"additionalProperties":false,
"properties":{"none_within":{"$ref":"#/$defs/length_limit"},"any_within":{"$ref":"#/$defs/length_limit"},
"by":{"$ref":"#/$defs/who"},"on":{"$ref":"#/$defs/around"}}})";
constexpr std::string_view counted = R"({"type":"object","required":["at_least"],"additionalProperties":false,
"properties":{"at_least":{"$ref":"#/$defs/times_limit"},"within":{"$ref":"#/$defs/window_limit"}}})";
constexpr std::string_view changed = R"({"type":"object","additionalProperties":false,"properties":{
"within":{"$ref":"#/$defs/window_limit"},"at_least":{"$ref":"#/$defs/times_limit"},"from":{"$ref":"#/$defs/words"},
"to":{"$ref":"#/$defs/words"},"by":{"$ref":"#/$defs/who"},"back":{"type":"boolean"}}})";
constexpr std::string_view stage = R"({"type":"object","minProperties":1,"additionalProperties":false,"properties":{
"is":{"$ref":"#/$defs/stage_or_field"},"in":{"$ref":"#/$defs/words"},"before":{"$ref":"#/$defs/stage_or_field"},
"at_least":{"$ref":"#/$defs/stage_or_field"},"after":{"$ref":"#/$defs/stage_or_field"},
"at_most":{"$ref":"#/$defs/stage_or_field"},"moved_back":{"type":"boolean"}}})";
constexpr std::string_view stage_age = R"({"type":"object","required":["above"],"additionalProperties":false,
"properties":{"above":{"$ref":"#/$defs/age_limit"}}})";
constexpr std::string_view owner = R"({"type":"object","minProperties":1,"additionalProperties":false,"properties":{
"active":{"type":"boolean"},"job":{"$ref":"#/$defs/words"},"team":{"$ref":"#/$defs/words"}}})";
constexpr std::string_view age = R"({"type":"object","required":["above"],"additionalProperties":false,
"properties":{"above":{"$ref":"#/$defs/length_limit"}}})";
constexpr std::string_view reviewed = R"({"type":"object","required":["within"],"additionalProperties":false,
"properties":{"within":{"$ref":"#/$defs/window_limit"},"by":{"$ref":"#/$defs/who"}}})";
constexpr std::string_view count = R"({"type":"object","minProperties":1,"additionalProperties":false,"properties":{
"at_least":{"$ref":"#/$defs/count_limit"},"at_most":{"$ref":"#/$defs/count_limit"},
"above":{"$ref":"#/$defs/count_limit"},"below":{"$ref":"#/$defs/count_limit"},"is":{"$ref":"#/$defs/count_limit"}}})";
constexpr std::string_view set_before = R"({"type":"object","required":["stage"],"additionalProperties":false,
"properties":{"stage":{"$ref":"#/$defs/name"}}})";
constexpr std::string_view mean = R"({"type":"object","required":["above","at_least"],
"additionalProperties":false,"properties":{"above":{"$ref":"#/$defs/factor_limit"},"at_least":{"$ref":"#/$defs/times_limit"}}})";
constexpr std::string_view periods = R"({"$ref":"#/$defs/periods"})";
constexpr std::string_view set_by = R"({"$ref":"#/$defs/set_by"})";

constexpr ConditionWord table[] = {
    {"field", "the field that the tests beside it look at; one step up is a dot: account.health_score", name},
    {"all", "all of these must hold", conditions},
    {"any", "one of these must hold", conditions},
    {"not", "this must not hold; what cannot be told stays so", condition},
    {"filled", "not blank (null, empty or white space only); a placeholder is filled", yes_no},
    {"placeholder", "a word that stands for no answer: unknown, tbd, n/a", yes_no},
    {"real", "filled, and no placeholder", yes_no},
    {"contains", "one of these texts stands in it, without case", fragments},
    {"matches", "a regular expression (RE2) is found in it", R"({"type":"string"})"},
    {"is", "this value, without case and outer white space", word},
    {"is_not", "another value, or blank", word},
    {"in", "one of these values", words},
    {"not_in", "none of these values, or blank", words},
    {"above", "more than this number or amount", number},
    {"at_least", "this number or more", number},
    {"below", "less than this number or amount", number},
    {"at_most", "this number or less", number},
    {"before", "a date before this one", date},
    {"after", "a date after this one", date},
    {"on_or_before", "this date or an earlier one", date},
    {"on_or_after", "this date or a later one", date},
    {"older_than", "a date that is more than this long ago", length},
    {"newer_than", "a date that is no longer ago than this", length},
    {"in_period", "a date in one of these periods", periods},
    {"unchanged_for", "not changed for longer than this", window},
    {"changed_within", "changed within this time", window},
    {"changed", "changed, as closely as it says", changed},
    {"changes", "changed so often", counted},
    {"moved_later", "a date that was pushed so often", counted},
    {"set_before", "its value was set before this stage was reached", set_before},
    {"set_by", "what set its value", set_by},
    {"set_with_stage_change", "its value was set in the same save as a change of the stage", yes_no},
    {"same_on_other_open_record_of_owner", "another open record of the owner holds the same text", yes_no},
    {"times_owner_mean", "more than so many times the mean over the owner's open records", mean},
    {"stage", "where the record stands, by stages or milestones, in the CRM's order", stage},
    {"stage_age", "how long it has been in its stage", stage_age},
    {"open", "neither won nor lost", yes_no},
    {"won", "closed and won", yes_no},
    {"lost", "closed and not won", yes_no},
    {"age", "since it was created", age},
    {"pipeline", "one of these pipelines", words},
    {"record_type", "one of these record types", words},
    {"owner", "what the owner is", owner},
    {"segment", "one of `segments:` of this file", name},
    {"activity", "done by a person: call, meeting, e-mail, note, completed task", activity},
    {"next_activity", "planned by a person", next_activity},
    {"reviewed", "talked about: ticked in a packet, or that person's note on the record", reviewed},
    {"related", "child or associated records of this object", name},
    {"count", "how many of the related records there are", count},
    {"where", "which of the related records count", condition},
};

}  // namespace

std::span<const ConditionWord> condition_words() {
  return table;
}

}  // namespace coachd::rules
