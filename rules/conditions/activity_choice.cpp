#include "rules/conditions/activity_choice.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/people.hpp"
#include "rules/conditions/view.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

constexpr std::array<const char*, 3> on_words_known{"record", "contacts", "account"};

}  // namespace

bool ActivityChoice::seen(const View& v) const {
  const auto& a = v.record().activities;
  return a.known_since && v.world().silence_tells() && (!on[1] || a.contacts) && (!on[2] || a.account);
}

std::string ActivityChoice::missing(const View& v) const {
  const auto& a = v.record().activities;
  if (!a.known_since) return "activities: none of their sources can be read here";
  if (!v.world().silence_tells()) return v.world().why_silence_is_untold();
  const bool contacts = on[1] && !a.contacts, account = on[2] && !a.account;
  const std::string which = contacts && account ? "its contacts and its account"
                            : contacts          ? "its contacts"
                                                : "its account";
  return "activities on " + which + ": not all of them are read here";
}

std::string ActivityChoice::on_words() const {
  std::string out = on[0] ? "it" : "";
  if (on[1]) out += out.empty() ? "its contacts" : on[2] ? ", its contacts" : " or its contacts";
  if (on[2]) out += out.empty() ? "its account" : " or its account";
  return out;
}

bool read_choice(yaml::MapReader& map, ActivityChoice& choice, Builder& b) {
  bool good = true;
  if (const auto by = map.optional("by")) {
    choice.by = parse_authors(by, "by", Asked::people, b);
    good = choice.by.has_value();
  }
  const auto on = map.optional("on");
  if (!on) {
    b.use_activities(false, false);
    return good;
  }
  const auto words = parse_words_at(on, "on", b);
  if (!words) return false;
  const auto items = on.is_list() ? on.items() : std::vector<yaml::Node>{on};
  choice.on = {};
  for (std::size_t i = 0; i < words->size(); ++i) {
    const auto word = std::find(on_words_known.begin(), on_words_known.end(), (*words)[i]);
    if (word != on_words_known.end()) {
      choice.on[static_cast<std::size_t>(word - on_words_known.begin())] = true;
      continue;
    }
    const auto near =
        yaml::nearest((*words)[i], std::vector<std::string>(on_words_known.begin(), on_words_known.end()));
    b.error("wrong-type",
            "activities are looked at on the record, its contacts or its account, not on `" + (*words)[i] + '`' +
                (near ? ": did you mean `" + *near + "`?" : ""),
            items[i].place());
    good = false;
  }
  b.use_activities(choice.on[1], choice.on[2]);
  return good;
}

const char* kind_in_words(Activity::Kind k) noexcept {
  switch (k) {
    case Activity::Kind::call: return "a call";
    case Activity::Kind::meeting: return "a meeting";
    case Activity::Kind::email: return "an e-mail";
    case Activity::Kind::note: return "a note";
    case Activity::Kind::task: return "a completed task";
  }
  return "an activity";
}

void report_one_of(const char* what, const char* tests, yaml::Node n, Builder& b) {
  b.error("wrong-type", '`' + std::string(what) + "` takes one of " + tests, n.place());
}

}  // namespace coachd::rules
