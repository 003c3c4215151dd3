#include "rules/loader/schema.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "rules/conditions/words.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/loader/kept.hpp"
#include "rules/model/jobs.hpp"

namespace coachd::rules {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string ref(std::string_view name) {
  return R"({"$ref":"#/$defs/)" + std::string(name) + "\"}";
}

// The form with its description, for hover.
std::string described(std::string_view form, std::string_view says) {
  std::string out(form);
  if (!says.empty()) out.insert(1, "\"description\":" + quoted(says) + (out == "{}" ? "" : ","));
  return out;
}

// The properties of a map, in the order in which they are added; others are refused.
class Map {
 public:
  explicit Map(std::string_view says) : says_(says) {}
  Map& key(std::string_view name, std::string_view form, std::string_view says = {}) {
    if (!keys_.empty()) keys_ += ',';
    keys_ += quoted(name) + ':' + described(form, says);
    return *this;
  }
  Map& required(std::initializer_list<std::string_view> names) {
    for (const auto name : names) required_ += (required_.empty() ? "" : ",") + quoted(name);
    return *this;
  }
  Map& kept(std::span<const KeptKey> keys) {
    for (const auto& k : keys) key(k.key, form_of(k), k.says);
    return *this;
  }
  Map& more(std::string_view text) {
    more_ += text;
    return *this;
  }
  [[nodiscard]] std::string text() const {
    std::string out = "{\"type\":\"object\",";
    if (!says_.empty()) out += "\"description\":" + quoted(says_) + ',';
    out += "\"properties\":{" + keys_ + "},";
    if (!required_.empty()) out += "\"required\":[" + required_ + "],";
    return out + more_ + "\"additionalProperties\":false}";
  }

 private:
  static std::string form_of(const KeptKey& k) {
    switch (k.shape) {
      case Shape::text: return ref("text");
      case Shape::words: return ref("words");
      case Shape::uses: return ref("uses");
      case Shape::percent: return ref("percent");
      case Shape::span: return ref("length");
      case Shape::yes_no: return R"({"type":"boolean"})";
      case Shape::address: return R"({"type":"string","minLength":1})";
      case Shape::people_by_job: return ref("people_by_job");
      case Shape::map:
        if (k.inside.empty()) return R"({"type":"object"})";
        return Map("").kept(k.inside).more("\"minProperties\":1,").text();
    }
    return "{}";
  }
  std::string_view says_;
  std::string keys_, required_, more_;
};

std::string list_of(const std::string& form, std::string_view says = {}) {
  return described(R"({"type":"array","items":)" + form + '}', says);
}

// What the definitions share; nothing in here is a key of a rule file that another table has.
constexpr std::string_view plain_definitions = R"(
"word":{"description":"A word as written: null, no and 1e3 are the text that stands there","type":["string","number","boolean","null"]},
"words":{"anyOf":[{"$ref":"#/$defs/word"},{"type":"array","items":{"$ref":"#/$defs/word"},"minItems":1}]},
"fragment":{"description":"A piece of text","type":["string","number","boolean","null"],"minLength":1},
"fragments":{"anyOf":[{"$ref":"#/$defs/fragment"},{"type":"array","items":{"$ref":"#/$defs/fragment"},"minItems":1}]},
"use":{"description":"A meeting, or free text behind report: automation: handoff: other:","type":["string","number","boolean","null"],"pattern":"^([^:]*|(report|automation|handoff|other):[\\s\\S]*)$"},
"uses":{"anyOf":[{"$ref":"#/$defs/use"},{"type":"array","items":{"$ref":"#/$defs/use"},"minItems":1}]},
"name":{"type":["string","number","boolean"],"minLength":1},
"email":{"type":"string","pattern":"^[^@\\s]+@[^@\\s]+$"},
"text":{"description":"A text, or one for each language: {en: ..., de: ...}","anyOf":[{"type":["string","number","boolean"]},{"type":"object","propertyNames":{"pattern":"^[a-z]{2}(-[A-Za-z]{2,4})?$"},"additionalProperties":{"type":["string","number","boolean"]},"minProperties":1}]},
"id":{"type":["string","number"],"pattern":"^[A-Za-z0-9][A-Za-z0-9._-]*$"},
"length":{"type":"string","pattern":"^[0-9]+(s|m|h|d|w|mo|y|bd)$","description":"90s 30m 6h run by the clock; 14d 2w 3mo 1y and 10bd (business days) by the calendar"},
"day":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
"date":{"description":"2026-01-31, today, today+30d, today-2w, or {field: OTHER}","anyOf":[{"type":"string","pattern":"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today([+-][0-9]+(d|w|mo|y|bd))?)$"},{"type":"object","properties":{"field":{"$ref":"#/$defs/name"}},"required":["field"],"additionalProperties":false}]},
"percent":{"type":"string","pattern":"^([0-9]|[1-9][0-9])(\\.[0-9]+)?%$|^100%$"},
"step":{"enum":["flag","queue","packet","prompt"]},
"steps":{"description":"Each step once, lightest first","anyOf":[{"$ref":"#/$defs/step"},{"type":"array","items":{"$ref":"#/$defs/step"},"uniqueItems":true,"minItems":1}]},
"who":{"description":"Who they were at that moment: owner, not_owner, not_setter, owner_manager, human, automation, import, integration, job:NAME, field:NAME, person:EMAIL","anyOf":[{"$ref":"#/$defs/one_who"},{"type":"array","items":{"$ref":"#/$defs/one_who"},"minItems":1}]},
"one_who":{"anyOf":[{"enum":["owner","not_owner","not_setter","owner_manager","human","automation","import","integration"]},{"type":"string","pattern":"^(job|field|person):.+"}]},
"set_by":{"anyOf":[{"$ref":"#/$defs/one_setter"},{"type":"array","items":{"$ref":"#/$defs/one_setter"},"minItems":1}]},
"one_setter":{"enum":["human","automation","import","integration"]},
"around":{"anyOf":[{"enum":["record","contacts","account"]},{"type":"array","items":{"enum":["record","contacts","account"]},"minItems":1}]},
"period":{"enum":["last_week","this_week","next_week","last_month","this_month","next_month","last_quarter","this_quarter","next_quarter","last_year","this_year","next_year","last_fiscal_quarter","this_fiscal_quarter","next_fiscal_quarter","last_fiscal_year","this_fiscal_year","next_fiscal_year"]},
"periods":{"anyOf":[{"$ref":"#/$defs/period"},{"type":"array","items":{"$ref":"#/$defs/period"},"minItems":1}]},
"length_by_stage":{"type":"object","properties":{"by_stage":{"type":"object","additionalProperties":{"$ref":"#/$defs/length"},"minProperties":1,"description":"One limit per stage or milestone; `default` for the others"}},"required":["by_stage"],"additionalProperties":false},
"length_limit":{"anyOf":[{"$ref":"#/$defs/length"},{"$ref":"#/$defs/length_by_stage"}]},
"window_limit":{"anyOf":[{"$ref":"#/$defs/length"},{"$ref":"#/$defs/length_by_stage"},{"type":"object","properties":{"since_meeting":{"$ref":"#/$defs/name","description":"The last one of this meeting of coachd.yaml"}},"required":["since_meeting"],"additionalProperties":false}]},
"percentile":{"type":"string","pattern":"^p[0-9]{1,2}$","description":"Of this pipeline's won records of the last 18 months"},
"age_limit":{"anyOf":[{"$ref":"#/$defs/length"},{"$ref":"#/$defs/percentile"},{"type":"object","properties":{"percentile":{"$ref":"#/$defs/percentile"},"by_stage":{"type":"object","additionalProperties":{"anyOf":[{"$ref":"#/$defs/length"},{"$ref":"#/$defs/percentile"}]},"minProperties":1}},"required":["by_stage"],"additionalProperties":false}]},
"count_limit":{"anyOf":[{"type":"integer","minimum":0},{"type":"object","properties":{"by_stage":{"type":"object","additionalProperties":{"type":"integer","minimum":0},"minProperties":1}},"required":["by_stage"],"additionalProperties":false}]},
"times_limit":{"anyOf":[{"type":"integer","minimum":1},{"type":"object","properties":{"by_stage":{"type":"object","additionalProperties":{"type":"integer","minimum":1},"minProperties":1}},"required":["by_stage"],"additionalProperties":false}]},
"number_limit":{"anyOf":[{"type":"number"},{"type":"object","properties":{"by_stage":{"type":"object","additionalProperties":{"type":"number"},"minProperties":1}},"required":["by_stage"],"additionalProperties":false},{"type":"object","description":"An amount of a currency: {EUR: 250000}","propertyNames":{"pattern":"^[A-Z]{3}$"},"additionalProperties":{"type":"number"},"minProperties":1,"maxProperties":1}]},
"factor":{"type":"number","exclusiveMinimum":0},
"factor_limit":{"anyOf":[{"$ref":"#/$defs/factor"},{"type":"object","properties":{"by_stage":{"type":"object","additionalProperties":{"$ref":"#/$defs/factor"},"minProperties":1}},"required":["by_stage"],"additionalProperties":false}]},
"stage_or_field":{"anyOf":[{"$ref":"#/$defs/name"},{"type":"object","properties":{"field":{"$ref":"#/$defs/name"}},"required":["field"],"additionalProperties":false}]},
"to":{"type":"string","pattern":"^(owner|owner_manager|definition_owner|field:.+|job:.+|person:.+@.+)$","description":"owner, owner_manager, definition_owner, field:NAME, job:NAME, person:EMAIL"},
"window":{"description":"From when on: a stage (or a later one on the way to won), a condition, some time before a date, or the record's creation","type":"object","minProperties":1,"maxProperties":1,"additionalProperties":false,"properties":{"stage":{"$ref":"#/$defs/name"},"when":{"$ref":"#/$defs/condition"},"before":{"type":"object","properties":{"field":{"$ref":"#/$defs/name"},"by":{"$ref":"#/$defs/length"}},"required":["field","by"],"additionalProperties":false},"creation":{"const":true}}},
"placeholders":{"description":"Words that count as no answer. A list adds to the dictionary; `only` is the whole list","anyOf":[{"type":"array","items":{"$ref":"#/$defs/word"}},{"$ref":"#/$defs/word"},{"type":"object","properties":{"add":{"$ref":"#/$defs/word_list"},"not":{"$ref":"#/$defs/word_list"},"only":{"$ref":"#/$defs/word_list"},"zero":{"type":"boolean","description":"0 and 1 in money count as no answer"}},"additionalProperties":false}]},
"word_list":{"anyOf":[{"$ref":"#/$defs/word"},{"type":"array","items":{"$ref":"#/$defs/word"}}]},
"old_records":{"description":"`all`, or the day since when a record must have been worked on","anyOf":[{"const":"all"},{"type":"object","properties":{"changed_since":{"$ref":"#/$defs/day"}},"required":["changed_since"],"additionalProperties":false}]},
"pause_while":{"type":"object","description":"A known good reason to wait: no finding while the field is real and the date today or later","properties":{"field":{"$ref":"#/$defs/name"},"until":{"type":"object","properties":{"field":{"$ref":"#/$defs/name"}},"required":["field"],"additionalProperties":false},"at_most":{"$ref":"#/$defs/length"}},"required":["field","until"],"additionalProperties":false},
"milestones":{"type":"object","description":"Milestones to stages, or one such map per pipeline","additionalProperties":{"anyOf":[{"$ref":"#/$defs/words"},{"type":"object","additionalProperties":{"$ref":"#/$defs/words"}}]}},
"stages":{"type":"array","minItems":1,"description":"In their order; only for exports without a map","items":{"anyOf":[{"$ref":"#/$defs/name"},{"type":"object","properties":{"name":{"$ref":"#/$defs/name"},"label":{"$ref":"#/$defs/name"},"won":{"type":"boolean"},"lost":{"type":"boolean"}},"required":["name"],"additionalProperties":false}]}}
)";

std::string exceptions() {
  return list_of(Map("A record that is known and fine as it is")
                     .key("record", ref("name"), "its id")
                     .key("until", ref("day"), "the last day")
                     .key("because", ref("name"), "why")
                     .key("by", ref("email"), "who decided it")
                     .required({"record"})
                     .text());
}

std::string condition() {
  Map map("Several tests in one map must all hold; all:, any: and not: nest");
  for (const auto& w : condition_words()) map.key(w.word, w.form, w.says);
  return map.more("\"minProperties\":1,").text();
}

// What a card and the prompt of a rule share.
Map& add_texts(Map& map) {
  return map.key("to", ref("to"), "who is asked")
      .key("say", ref("text"), "what is so; {name}, {why}, {FIELD}, {stage} stand for the record's own")
      .key("ask", ref("text"), "the question")
      .key("gives_back", ref("text"), "what the person gets for the answer");
}

Map& add_silence(Map& map) {
  return map.key("old_records", ref("old_records")).key("exceptions", ref("exceptions"));
}

std::string card() {
  Map map("A field card: when a field can be known, when it is needed, and why");
  map.key("knowable_from", ref("window"), "never asked before")
      .key("ask_from", ref("window"), "asked from here on; else from knowable_from")
      .key("needed_by", ref("window"), "missing from here on")
      .key("valid_for", ref("length_limit"), "an older answer is due again")
      .key("answered_by", ref("condition"), "where the answer is no field")
      .key("placeholders", ref("placeholders"))
      .key("not_known_yet", ref("words"), "an honest blank: never fake, not asked again before needed_by")
      .key("control", ref("steps"), "the steps, lightest first")
      .key("pause_while", ref("pause_while"))
      .key("retire",
           Map("")
               .key("unless_used_within", ref("length"), "where nobody used the field for so long")
               .key("max_real_fill", ref("percent"), "and no larger share of the records has a real value")
               .key("grace", ref("length"), "from its announcement to hiding it, and from hiding to archiving it")
               .text(),
           "when the field is no longer worth asking for; both must hold")
      .key("keep",
           Map("").key("because", ref("name")).key("review_on", ref("day")).required({"because", "review_on"}).text(),
           "why the field is not retired");
  add_silence(add_texts(map)).kept(kept_of_card());
  return map.text();
}

std::string criterion() {
  return Map("What must hold where a record is review-ready")
      .key("id", ref("id"))
      .key("say", ref("text"), "reads after \"not review-ready because ...\"")
      .key("for", ref("condition"), "from when on it is asked")
      .key("check", ref("condition"), "what must hold")
      .key("pause_while", ref("pause_while"))
      .kept(kept_of_criterion())
      .required({"id", "check"})
      .text();
}

std::string rule() {
  Map prompt("The question to a person");
  add_texts(prompt).key("proof", R"({"type":"object"})", "a test that tells whether the promise was kept");
  std::string names;
  for (const auto* kind : detectors()) names += (names.empty() ? "" : ",") + quoted(kind->name);
  Map map("What is found, and what is done about it");
  map.key("id", ref("id"), "one of a kind over all files")
      .key("kind", R"({"enum":["stale","fake-adoption","acceptance","duplicate","friction","workaround","win"]})")
      .key("for", ref("condition"), "the records that are looked at")
      .key("when", ref("condition"), "what is found")
      .key("detect", "{\"enum\":[" + names + "]}", "what is no test on one record; `coachd help NAME` tells")
      .key("with", R"({"type":"object"})", "parameters of the detector")
      .key("control", ref("steps"), "the steps, lightest first; a rule begins at the first and climbs")
      .key("prompt", prompt.text())
      .key("pause_while", ref("pause_while"))
      .key("silences", ref("words"), "rules and cards (timing:FIELD) that say nothing on the same record");
  add_silence(map).kept(kept_of_rule()).required({"id", "kind", "control"});
  return map.more(R"("anyOf":[{"required":["when"]},{"required":["detect"]}],)").text();
}

}  // namespace

std::string rules_schema() {
  Map file("For editors: completes and checks keys. `coachd check` knows more: names, types of fields, stages.");
  file.key("version", R"({"const":1})")
      .key("workflow", ref("id"), "its id")
      .key("object", ref("name"), "canonical (opportunity) or the CRM's own name")
      .key("owner", R"({"type":"string","minLength":1})", "who owns the definitions: an e-mail address")
      .key("stages", ref("stages"))
      .key("milestones", ref("milestones"))
      .key("for", ref("condition"), "the records that this workflow is about")
      .key("segments", R"({"type":"object","additionalProperties":{"$ref":"#/$defs/condition"}})",
           "conditions with names, for `segment:`")
      .key("placeholders", ref("placeholders"))
      .key("quote_notes", ref("length"),
           "where the asked person's own note of so many days names the answer, the prompt quotes it and asks whether "
           "it "
           "is that")
      .key("now", R"({"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}"})",
           "fixes the time of a benchmark; the daemon refuses it")
      .key("fields", R"({"type":"object","additionalProperties":{"$ref":"#/$defs/card"}})",
           "field cards: the field, and when it can be known and is needed")
      .key("done_means", R"({"type":"array","minItems":1,"items":{"$ref":"#/$defs/criterion"}})", "acceptance criteria")
      .key("rules", list_of(ref("rule")), "what is looked for");
  add_silence(file).kept(kept_of_workflow()).required({"version", "workflow", "object", "owner"});

  std::string people;
  for (const auto job : model::jobs)
    people += (people.empty() ? "" : ",") + quoted(job) +
              R"(:{"anyOf":[{"$ref":"#/$defs/email"},{"type":"array","items":{"$ref":"#/$defs/email"},"minItems":1}]})";
  auto out = file.text();
  out.insert(1, R"("$schema":"https://json-schema.org/draft/2020-12/schema","title":"A rule file of coachd",)");
  out.pop_back();
  out += ",\"$defs\":{" + std::string(plain_definitions);
  for (const auto& [name, form] : {std::pair{"condition", condition()},
                                   {"exceptions", exceptions()},
                                   {"card", card()},
                                   {"criterion", criterion()},
                                   {"rule", rule()}})
    out += ',' + quoted(name) + ':' + form;
  out += ",\"people_by_job\":{\"type\":\"object\",\"properties\":{" + people + "},\"additionalProperties\":false}";
  return out + "}}\n";
}

}  // namespace coachd::rules
