// blank-hides: a window or `for` hangs on a field that nobody asks for. While it is blank nothing is found, and the
// emptiest records look best.
// Bad: `needed_by: {before: {field: renewal_date, by: 60d}}` and no card for `renewal_date`. Better: a card that asks
// for it, or a rule on `{field: renewal_date, filled: false}`.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "rules/lint/conditions.hpp"
#include "rules/lint/context.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

// What a CRM itself never leaves blank: no record is saved without it.
bool always_there(std::string_view field) {
  constexpr std::array<std::string_view, 22> names = {"name",
                                                      "stage",
                                                      "owner",
                                                      "created",
                                                      "pipeline",
                                                      "record_type",
                                                      "stage_changed",
                                                      "close_date",
                                                      "currency",
                                                      "forecast_category",
                                                      "Name",
                                                      "StageName",
                                                      "OwnerId",
                                                      "CreatedDate",
                                                      "CloseDate",
                                                      "ForecastCategory",
                                                      "ForecastCategoryName",
                                                      "dealname",
                                                      "dealstage",
                                                      "createdate",
                                                      "Id",
                                                      "RecordTypeId"};
  return std::find(names.begin(), names.end(), field) != names.end();
}

class Look {
 public:
  Look(Context& c, const std::set<std::string>& asked) : c_(c), asked_(asked) {}

  void condition(const yaml::Node& node, const std::string& what, const std::string& own = {}) {
    if (const auto leaf = hidden_by(c_.root(), node)) say(leaf->field, leaf->place, what, own);
  }
  void window(const yaml::Node& node, const std::string& what, const std::string& own) {
    condition(node.find("when"), what, own);
    if (const auto date = node.find("before").find("field")) say(std::string(date.text()), date.place(), what, own);
  }

 private:
  void say(const std::string& field, const model::Place& at, const std::string& what, const std::string& own) {
    if (always_there(field) || (field != own && asked_.contains(field))) return;
    c_.warn("blank-hides",
            what + " hangs on `" + field + "`, which nobody asks for: where it is blank, nothing is ever found" +
                (field == own ? " (a card whose own window needs its answer cannot ask for it)" : ""),
            at);
  }
  Context& c_;
  const std::set<std::string>& asked_;
};

}  // namespace

std::set<std::string> fields_asked_for(const Context& c) {
  std::set<std::string> out;
  for (const auto& card : c.cards()) out.insert(card.name);
  const auto add = [&](const yaml::Node& condition, bool when_it_fails) {
    each_leaf(c.root(), condition, [&](Leaf leaf) {
      if (when_it_fails) leaf.positive = !leaf.positive;
      if (asks_for(leaf)) out.insert(leaf.field);
    });
  };
  for (const auto& rule : c.rules()) {
    const auto hides = hidden_by(c.root(), rule.node.find("for"));
    std::set<std::string> before = out;
    add(rule.node.find("when"), false);
    if (hides && !before.contains(hides->field)) out.erase(hides->field);  // it asks where it is filled only
  }
  for (const auto& criterion : c.root().find("done_means").items()) add(criterion.find("check"), true);
  return out;
}

void blank_hides(Context& c) {
  auto asked = fields_asked_for(c);
  asked.insert(c.asked_elsewhere().begin(), c.asked_elsewhere().end());
  Look look(c, asked);
  look.condition(c.root().find("for"), "the workflow's `for`");
  for (const auto& card : c.cards())
    for (const std::string key : {"knowable_from", "ask_from", "needed_by"})
      look.window(card.node.find(key), '`' + key + "` of `" + card.name + '`', card.name);
  for (const auto& rule : c.rules()) look.condition(rule.node.find("for"), "`for` of `" + rule.name + '`');
  for (const auto& criterion : c.root().find("done_means").items())
    look.condition(criterion.find("for"), "`for` of `" + std::string(criterion.find("id").text()) + '`');
}

}  // namespace coachd::lint
