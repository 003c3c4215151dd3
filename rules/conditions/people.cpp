#include "rules/conditions/people.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

bool is_integration(const View& v, std::string_view author) {
  const auto& users = v.world().integration_users;
  if (std::find(users.begin(), users.end(), author) != users.end()) return true;
  const auto* person = v.world().person(author);
  return person != nullptr && !person->human;
}

// Who stood in a field at a moment; a field whose past is not known that far back is not known at all.
struct Named {
  bool known = false;
  std::string_view person;  // empty: nobody
};
Named named_at(const View& v, Slot slot, model::Instant at) {
  const auto unknown = unknown_before(v, slot);
  if (unknown && at < *unknown) return {};
  const auto value = value_at(v, slot, at);
  if (value.is_unread()) return {};
  return {true, value.kind() == model::Value::Kind::text ? value.as_text() : std::string_view{}};
}

Truth made_by(Origin wanted, const View& v, const Authors::Doing& d) {
  if (d.origin != Origin::unknown)
    return truth(d.origin == wanted && (wanted != Origin::person || !is_integration(v, d.author)));
  if (wanted == Origin::automation || wanted == Origin::import || d.author.empty()) return Truth::unknown;
  return truth(is_integration(v, d.author) == (wanted == Origin::integration));
}

Truth is_one(const Authors::One& one, const View& v, const Authors::Doing& d) {
  using Kind = Authors::Kind;
  switch (one.kind) {
    case Kind::human: return made_by(Origin::person, v, d);
    case Kind::automation: return made_by(Origin::automation, v, d);
    case Kind::import: return made_by(Origin::import, v, d);
    case Kind::integration: return made_by(Origin::integration, v, d);
    default: break;
  }
  if (d.author.empty()) return Truth::unknown;
  switch (one.kind) {
    case Kind::owner:
    case Kind::not_owner: {
      const auto owner = named_at(v, v.frame().owner, d.at);
      if (!owner.known || owner.person.empty()) return Truth::unknown;
      return truth((owner.person == d.author) == (one.kind == Kind::owner));
    }
    case Kind::owner_manager: {
      const auto owner = named_at(v, v.frame().owner, d.at);
      const auto* person = owner.known ? v.world().person(owner.person) : nullptr;
      return person == nullptr || person->manager.empty() ? Truth::unknown : truth(person->manager.get() == d.author);
    }
    case Kind::not_setter: return d.setter.empty() ? Truth::unknown : truth(d.setter != d.author);
    case Kind::person: {
      const auto* person = v.world().person(d.author);
      return person == nullptr ? Truth::unknown : truth(text::same(person->email, one.name));
    }
    case Kind::job: {
      const auto* person = v.world().person(d.author);
      return person == nullptr || person->job.empty() ? Truth::unknown : truth(text::same(person->job, one.name));
    }
    case Kind::field: {  // by id, or where a text field names the person by e-mail or name
      const auto named = named_at(v, one.field, d.at);
      if (!named.known) return Truth::unknown;
      if (named.person.empty() || named.person == d.author) return truth(!named.person.empty());
      const auto* person = v.world().person(d.author);
      return truth(person != nullptr &&
                   (text::same(person->email, named.person) || text::same(person->name, named.person)));
    }
    default: return Truth::unknown;
  }
}

}  // namespace

Truth Authors::is(const View& v, const Doing& doing) const {
  Truth out = Truth::no;
  for (const auto& one : ones) out = std::max(out, is_one(one, v, doing));
  return out;
}

bool Authors::asks_origin() const noexcept {
  return std::any_of(ones.begin(), ones.end(),
                     [](const One& one) { return one.kind == Kind::automation || one.kind == Kind::import; });
}

std::string Authors::words() const {
  std::string out;
  for (const auto& one : ones) {
    if (!out.empty()) out += " or ";
    switch (one.kind) {
      case Kind::human: out += "a person"; break;
      case Kind::automation: out += "an automation"; break;
      case Kind::import: out += "an import"; break;
      case Kind::integration: out += "an integration"; break;
      case Kind::owner: out += "the owner"; break;
      case Kind::not_owner: out += "somebody else than the owner"; break;
      case Kind::not_setter: out += "somebody else than who had set it"; break;
      case Kind::owner_manager: out += "the owner's manager"; break;
      case Kind::person: out += one.name; break;
      case Kind::job: out += "somebody whose job is " + one.name; break;
      case Kind::field: out += "the person in " + one.name; break;
    }
  }
  return out;
}

namespace {

struct Word {
  const char* text;
  Authors::Kind kind;
  bool of_change, of_value, of_people;
};
constexpr Word plain_words[] = {{"human", Authors::Kind::human, true, true, true},
                                {"automation", Authors::Kind::automation, true, true, false},
                                {"import", Authors::Kind::import, true, true, false},
                                {"integration", Authors::Kind::integration, true, true, false},
                                {"owner", Authors::Kind::owner, true, false, true},
                                {"not_owner", Authors::Kind::not_owner, true, false, true},
                                {"not_setter", Authors::Kind::not_setter, true, false, false},
                                {"owner_manager", Authors::Kind::owner_manager, true, false, true}};
constexpr std::pair<const char*, Authors::Kind> named_words[] = {
    {"person:", Authors::Kind::person}, {"job:", Authors::Kind::job}, {"field:", Authors::Kind::field}};

bool stands(const Word& w, Asked asked) {
  return asked == Asked::change ? w.of_change : asked == Asked::value ? w.of_value : w.of_people;
}

void unknown_author(const std::string& w, Asked asked, const model::Place& at, Builder& b) {
  for (const auto& word : plain_words)
    if (w == word.text) {
      b.error("unknown-author",
              '`' + w + "` cannot stand here: " +
                  (asked == Asked::value ? "`set_by` says what set the value (human, automation, import, integration)"
                                         : "what is looked at here was done by a person"),
              at);
      return;
    }
  std::vector<std::string> known;
  for (const auto& word : plain_words)
    if (stands(word, asked)) known.emplace_back(word.text);
  const auto near = yaml::nearest(w, known);
  std::string hint;
  for (const auto& k : known) hint += (hint.empty() ? "" : ", ") + k;
  if (asked != Asked::value) hint += ", job:NAME, field:NAME, person:EMAIL";
  b.error("unknown-author",
          "unknown author `" + w + '`' + (near ? ": did you mean `" + *near + "`?" : ": it is one of " + hint), at);
}

bool add_plain(const std::string& w, Asked asked, const model::Place& at, Authors& out, Builder& b) {
  for (const auto& word : plain_words) {
    if (w != word.text || !stands(word, asked)) continue;
    if (word.kind == Authors::Kind::owner || word.kind == Authors::Kind::not_owner ||
        word.kind == Authors::Kind::owner_manager) {
      if (!b.has_owner()) {
        b.error("no-owner-field", '`' + w + "` needs an object with an owner field", at);
        return false;
      }
      b.needs_history(b.frame().owner);
    }
    out.ones.push_back({word.kind, {}, no_slot});
    return true;
  }
  unknown_author(w, asked, at, b);
  return false;
}

bool add_named(Authors::Kind kind, std::string name, const model::Place& at, Authors& out, Builder& b) {
  if (name.empty()) {
    b.error("unknown-author", "a name is missing: write `job:rep`, `field:OTHER` or `person:ana@example.com`", at);
    return false;
  }
  Slot slot = no_slot;
  if (kind == Authors::Kind::field) {
    const auto* field = b.field(name, at);
    if (field == nullptr) return false;
    slot = field->slot;
    name = field->label;
    b.needs_history(slot);
  }
  out.ones.push_back({kind, std::move(name), slot});
  return true;
}

}  // namespace

std::optional<Authors> parse_authors(yaml::Node node, std::string_view key, Asked asked, Builder& b) {
  const auto words = parse_words_at(node, key, b);
  if (!words) return std::nullopt;
  const auto items = node.is_list() ? node.items() : std::vector<yaml::Node>{node};
  Authors out;
  bool good = true;
  for (std::size_t i = 0; i < words->size(); ++i) {
    const auto& w = (*words)[i];
    const auto* named = std::find_if(std::begin(named_words), std::end(named_words),
                                     [&](const auto& n) { return w.starts_with(n.first); });
    const auto at = items[i].place();
    if (asked != Asked::value && named != std::end(named_words))
      good = add_named(named->second, w.substr(std::string_view(named->first).size()), at, out, b) && good;
    else
      good = add_plain(w, asked, at, out, b) && good;
  }
  if (!good) return std::nullopt;
  return out;
}

}  // namespace coachd::rules
