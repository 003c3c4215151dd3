#include "rules/prompts/template.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/stages.hpp"
#include "rules/conditions/window.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

// How long the field's present value has stood; "some time" where history does not tell.
std::string age_of(const View& v, Slot s) {
  if (const auto* last = last_change(v, s)) return days_since(v, last->at);
  if (!unknown_before(v, s))
    if (const auto created = v.created()) return days_since(v, *created);
  return "some time";
}

std::string value_of(const View& v, Slot s) {
  const auto value = v.value(s);
  if (value.is_unread() || value.is_blank()) return "(blank)";
  // To the day, in the company's zone: HubSpot keeps days such as the close date as instants.
  if (value.kind() == model::Value::Kind::instant) return model::to_string(*as_day(value, v.world().calendar.zone()));
  return std::string(text::trim(model::to_string(value)));
}

std::string owner_of(const View& v) {
  const auto value = v.value(v.frame().owner);
  if (value.kind() != model::Value::Kind::text) return "nobody";
  const auto* person = v.world().person(value.as_text());
  return person != nullptr && !person->name.empty() ? person->name : std::string(value.as_text());
}

}  // namespace

std::optional<Template> Template::parse(std::string_view text, const model::Place& at, Builder& b) {
  Template out;
  bool good = true;
  while (!text.empty()) {
    const auto open = text.find('{');
    if (open > 0) {
      const auto plain = text.substr(0, open);
      if (plain.find('}') != std::string_view::npos) {
        b.error("bad-template", "a `}` without its `{`", at);
        return std::nullopt;
      }
      out.pieces_.push_back({Kind::text, std::string(plain), no_slot});
      if (open == std::string_view::npos) break;
      text.remove_prefix(open);
    }
    const auto close = text.find('}');
    if (close == std::string_view::npos || text.find('{', 1) < close) {
      b.error("bad-template", "a `{` without its `}`", at);
      return std::nullopt;
    }
    const auto name = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (name.empty() || text::trim(name).size() != name.size()) {
      b.error("bad-template", "a name stands alone between `{` and `}`, without spaces: `{name}`", at);
      good = false;
    } else if (name == "name") {
      out.pieces_.push_back({Kind::name, {}, no_slot});
    } else if (name == "why") {
      out.pieces_.push_back({Kind::why, {}, no_slot});
    } else if (name == "owner" || name == "stage" || name == "stage.age") {
      const bool there = name == "owner" ? b.has_owner() : b.has_stages();
      if (!there) b.error("unknown-name", "`{" + std::string(name) + "}`: this object has none", at);
      good = good && there;
      if (name == "stage.age" && there) b.needs_history(b.frame().stage);
      out.pieces_.push_back({name == "owner"   ? Kind::owner
                             : name == "stage" ? Kind::stage
                                               : Kind::stage_age,
                             {},
                             no_slot});
    } else if (name == "meeting") {
      const auto meeting = b.meeting();
      if (meeting.empty()) {
        b.error("unknown-name", "`{meeting}`: no meeting looks at this: name one in `inspected_in`", at);
        good = false;
      }
      out.pieces_.push_back({Kind::text, meeting_in_words(meeting), no_slot});
    } else {
      const bool age = name.size() > 4 && name.substr(name.size() - 4) == ".age";
      const auto* field = b.field(age ? name.substr(0, name.size() - 4) : name, at);
      good = good && field != nullptr;
      if (field == nullptr) continue;
      if (age) b.needs_history(field->slot);
      out.pieces_.push_back({age ? Kind::field_age : Kind::field, {}, field->slot});
    }
  }
  if (!good) return std::nullopt;
  return out;
}

std::string Template::render(const View& v, std::string_view why) const {
  std::string out;
  for (const auto& p : pieces_) switch (p.kind) {
      case Kind::text: out += p.text; break;
      case Kind::why: out += why; break;
      case Kind::name: {
        const auto name = v.value(v.frame().name);
        out += name.is_unread() || name.is_blank() ? std::string(v.record().id) : model::to_string(name);
        break;
      }
      case Kind::owner: out += owner_of(v); break;
      case Kind::stage: out += stage_label(v); break;
      case Kind::stage_age: out += age_of(v, v.frame().stage); break;
      case Kind::field: out += value_of(v, p.slot); break;
      case Kind::field_age: out += age_of(v, p.slot); break;
    }
  return out;
}

std::optional<Text> Text::parse(yaml::Node node, std::string_view key, Builder& b) {
  Text out;
  bool good = true;
  const auto add = [&](const std::string& language, yaml::Node n) {
    if (!n.is_scalar() || n.text().empty()) {
      b.error("wrong-type", '`' + std::string(key) + "` takes a text, or one per language: `{en: ..., de: ...}`",
              n.place());
      good = false;
      return;
    }
    auto t = Template::parse(n.text(), n.place(), b);
    good = good && t.has_value();
    if (t) out.by_language_.emplace(language, std::move(*t));
  };
  if (!node.is_map()) {
    add("en", node);
  } else {
    for (const auto& [language, n] : node.entries()) {
      const bool code = language.size() >= 2 && language.size() <= 5 && language[0] >= 'a' && language[0] <= 'z' &&
                        language[1] >= 'a' && language[1] <= 'z' && (language.size() == 2 || language[2] == '-');
      if (!code)
        b.error("wrong-type", '`' + language + "` is no language code such as `en` or `de`", node.key_place(language));
      good = good && code;
      add(language, n);
    }
  }
  if (!good) return std::nullopt;
  return out;
}

std::string Text::render(std::string_view language, const View& v, std::string_view why) const {
  if (by_language_.empty()) return {};
  auto it = by_language_.find(language);
  if (it == by_language_.end() && language.size() > 2) it = by_language_.find(language.substr(0, 2));
  if (it == by_language_.end()) it = by_language_.find("en");
  if (it == by_language_.end()) it = by_language_.begin();
  return it->second.render(v, why);
}

}  // namespace coachd::rules
