// Field cards of a rule file (`fields:`).
#include "rules/cards/card.hpp"
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/combine.hpp"
#include "rules/conditions/dates.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/stages.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/unchanged.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/window.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/kept.hpp"
#include "rules/loader/loader.hpp"
#include "rules/loader/object.hpp"
#include "rules/loader/parts.hpp"
#include "rules/loader/workflow.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"
#include "rules/prompts/template.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

// `{creation: true}`: always.
class Always final : public Test {
 public:
  [[nodiscard]] Truth judge(const View& v) const override {
    (void)v;
    return Truth::yes;
  }
  [[nodiscard]] std::string words() const override { return "from its creation on"; }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto created = v.created();
    return created ? "created " + model::to_string(*created) : "creation unknown";
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth t) const override {
    return t == Truth::yes ? v.created() : std::nullopt;
  }
};

// `retire: {unless_used_within: 180d, max_real_fill: 5%, grace: 30d}`; each has its default.
std::optional<Retire> read_retire(yaml::Node node, Builder& b) {
  yaml::MapReader map(b.document(), node, "`retire`");
  Retire out;
  if (const auto within = map.optional("unless_used_within"))
    if (const auto span = parse_span_at(within, "unless_used_within", b)) out.unless_used_within = *span;
  if (const auto fill = map.optional("max_real_fill"))
    if (const auto share = parse_percent_at(fill, "max_real_fill", b)) out.max_real_fill = *share;
  if (const auto grace = map.optional("grace"))
    if (const auto span = parse_span_at(grace, "grace", b)) out.grace = *span;
  map.finish();
  if (!node.is_map()) return std::nullopt;
  return out;
}

// `keep: {because: TEXT, review_on: DATE}` ends a retirement.
bool read_keep(yaml::Node node, Builder& b) {
  yaml::MapReader map(b.document(), node, "`keep`");
  const auto because = map.required("because");
  const auto review = map.required("review_on");
  map.finish();
  if (!because || !review) return false;
  if (!because.is_scalar() || because.text().empty())
    b.error("wrong-type", "`because` says why the field stays", because.place());
  if (!review.is_scalar() || !model::parse_day(review.text()))
    b.error("wrong-type", "`review_on` takes a date such as 2026-12-31", review.place());
  return true;
}

}  // namespace

// Lists first: tests and texts anywhere in the file judge the field by its card's list.
void Workflow::read_card_lists(yaml::Node fields) {
  for (const auto& [name, node] : fields.entries()) {
    if (!node.is_map()) continue;
    if (node.find("answered_by") || !(node.find("placeholders") || node.find("not_known_yet"))) continue;
    const auto* field = b_.field(name, fields.key_place(name));
    (void)b_.take_off();
    if (field == nullptr) continue;
    yaml::MapReader map(document_, node, "a field card");
    FileBuilder::Lists lists;
    if (auto spec = read_placeholders(map, b_)) {
      lists.placeholders = std::move(*spec);
      lists.own = true;
    }
    if (const auto honest = map.optional("not_known_yet"))
      if (const auto words = parse_words_at(honest, "not_known_yet", b_)) lists.not_known_yet = *words;
    if (field->options != nullptr)  // stored values of what is written as shown
      for (std::size_t i = 0, n = lists.not_known_yet.size(); i < n; ++i)
        for (const auto& option : *field->options)
          if (text::same(option.label, lists.not_known_yet[i])) lists.not_known_yet.push_back(option.value);
    b_.lists[field->slot] = std::move(lists);
  }
}

TestPtr Workflow::read_window(yaml::Node node, std::string_view key) {
  yaml::MapReader map(document_, node, '`' + std::string(key) + '`');
  const auto stage = map.optional("stage");
  const auto when = map.optional("when");
  const auto before = map.optional("before");
  const auto creation = map.optional("creation");
  map.finish();
  if (!node.is_map()) return nullptr;
  if (static_cast<int>(static_cast<bool>(stage)) + static_cast<int>(static_cast<bool>(when)) +
          static_cast<int>(static_cast<bool>(before)) + static_cast<int>(static_cast<bool>(creation)) !=
      1) {
    b_.error(
        "wrong-type",
        '`' + std::string(key) +
            "` takes one of `{stage: S}`, `{when: CONDITION}`, `{before: {field: D, by: 45d}}` or `{creation: true}`",
        node.place());
    return nullptr;
  }
  if (stage) {
    if (stage.is_scalar()) return reached_test(stage.text(), stage.place(), b_);
    b_.error("wrong-type", "`stage` takes one stage or milestone", stage.place());
    return nullptr;
  }
  if (when) return parse_condition(when, b_);
  if (creation) {
    const auto yes = parse_bool_at(creation, "creation", b_);
    if (yes && !*yes) b_.error("wrong-type", "`creation` takes true", creation.place());
    return yes && *yes ? std::make_unique<Always>() : nullptr;
  }
  yaml::MapReader limit(document_, before, "`before`");
  const auto date = limit.required("field");
  const auto by = limit.required("by");
  limit.finish();
  if (!date || !by) return nullptr;
  const auto* field = b_.field(date.text(), date.place());
  const auto span = parse_span_at(by, "by", b_);
  if (field == nullptr || !span) return nullptr;
  if (span->by_clock()) {
    b_.error("wrong-type", "`by` takes days, weeks, months or business days", by.place());
    return nullptr;
  }
  return days_before_test(*field, *span, date.place(), b_);
}

void Workflow::read_card(const std::string& name, yaml::Node node, const model::Place& place) {
  keep(Written::Kind::card, name, node);
  if (!node.is_map()) {
    const bool nothing = node.is_scalar() && node.text().empty();
    b_.error("wrong-type", "a field card is a map", nothing ? place : node.place());
    return;
  }
  yaml::MapReader map(document_, node, "a field card");
  Made m;
  m.info = base_info(model::RuleId("timing:" + name), model::RuleKind::timing, place);
  for (const char* read_before : {"placeholders", "not_known_yet"}) (void)map.optional(read_before);

  bool good = true;
  const Field* field = nullptr;
  b_.inspected_in = first_of(node.find("inspected_in"), inspected_in_);
  Card card;
  card.field = name;
  const auto answered_by = map.optional("answered_by");
  if (answered_by) {
    card.answered = parse_condition(answered_by, b_);
    good = card.answered != nullptr;
    for (const char* of_field : {"placeholders", "not_known_yet", "valid_for"})
      if (node.find(of_field)) {
        b_.error(
            "unknown-key",
            '`' + std::string(of_field) + "` judges what stands in a field, and this card is answered by other records",
            node.key_place(of_field));
        good = false;
      }
  } else {
    field = b_.field(name, place);
    good = field != nullptr;
  }
  const auto window = [&](const char* key, TestPtr& into) {
    const auto n = map.optional(key);
    if (!n) return;
    into = read_window(n, key);
    good = good && into;
  };
  window("knowable_from", card.knowable);
  card.from_creation = static_cast<bool>(node.find("knowable_from").find("creation"));
  window("needed_by", card.needed);
  window("ask_from", card.ask);
  if (!node.find("ask_from") && node.find("knowable_from") && card.knowable) {
    const auto errors = document_.diagnostics().size();
    card.ask = read_window(node.find("knowable_from"), "knowable_from");  // asked as soon as it is knowable
    good = good && document_.diagnostics().size() == errors;
  }
  const auto valid = map.optional("valid_for");
  const auto valid_for = valid ? parse_window(valid, "valid_for", b_) : std::nullopt;
  good = good && valid_for.has_value() == static_cast<bool>(valid);

  m.info.control = read_control(map, b_, false);
  if (m.info.control.empty()) m.info.control = {Step::prompt};
  m.info.to = read_recipient(map, b_);
  if (const auto owner = node.find("definition_owner"); owner && owner.is_scalar())
    m.info.owner = std::string(owner.text());
  for (const auto& [key, into] :
       {std::pair{"say", &m.compiled.say}, {"ask", &m.compiled.ask}, {"gives_back", &m.compiled.gives_back}})
    if (const auto n = map.optional(key)) {
      if (auto text = Text::parse(n, key, b_)) *into = std::move(*text);
    }
  m.compiled.exceptions = exceptions_;
  for (auto& e : read_exceptions(map, b_)) m.compiled.exceptions.push_back(std::move(e));
  read_old_records(map, b_, m.info);
  card.pause = read_pause(map, b_);
  if (node.find("pause_while") && !card.pause) good = false;
  if (const auto retire = map.optional("retire")) card.retire = read_retire(retire, b_);
  if (const auto keep = map.optional("keep")) card.kept = read_keep(keep, b_);
  read_proof(map, b_);
  read_kept(map, kept_of_card(), b_);
  map.finish();

  if (field != nullptr && field->type == model::FieldType::boolean) {
    b_.error(
        "checkbox-never-blank",
        '`' + name + "` is a checkbox, which is never blank: a card cannot ask for it; write a rule with `is: true`",
        place);
    good = false;
  }
  good = add_for(card.scope) && good;
  b_.inspected_in = inspected_in_;
  if (switched_off("timing:" + name) || !good) return;
  card.label = field != nullptr ? field->label : readable(name);
  if (field != nullptr) {
    card.slot = field->slot;
    card.state = b_.state(*field);
    object_.plan.slots[field->slot].governed = true;
  }
  if (field != nullptr && valid_for) {
    b_.needs_history(field->slot);
    card.outdated = unchanged_test(*field, *parse_window(valid, "valid_for", b_), true);
  }
  if (field != nullptr && card.knowable) b_.needs_history(field->slot);  // what `coachd timing` counts
  if (b_.has_stages()) {
    if (card.knowable) b_.needs_history(object_.frame.stage);
    bool closed = false;
    for (const auto* t : {&card.knowable, &card.ask, &card.needed}) closed = closed || (*t && (*t)->names_outcome());
    std::vector<TestPtr> where;
    where.push_back(open_test(b_));
    if (closed) {  // for 30 days after closing, too
      b_.needs_history(object_.frame.stage);
      where.push_back(
          not_of(stage_age_test(object_.frame, Window(SpanLimit(model::Span{model::Span::Unit::days, 30})))));
    }
    card.scope.push_back(any_of(std::move(where)));
  }
  m.compiled.body = std::move(card);
  m.info.hash = hash_of(node, m.compiled);
  made.push_back(std::move(m));
}

}  // namespace coachd::rules
