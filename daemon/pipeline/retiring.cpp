#include "daemon/pipeline/retiring.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/coaching/retirement.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/prompting.hpp"
#include "daemon/store/store.hpp"
#include "rules/cards/card.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/text/text.hpp"

namespace coachd::pipeline {
namespace {

using coaching::RetireDecision;
using coaching::RetireEvent;
using coaching::Retirement;
using coaching::RetireWho;
using model::PromptState;
using store::OutboxRow;
using store::PromptRow;

constexpr const char* document = "retirement";  // KeptRow::kind

// The person of the CRM with that e-mail who can be asked; "" where there is none.
std::string person_of(const Context& context, const std::string& email) {
  for (const auto& [id, person] : context.world->people)
    if (person.active && person.human && id != context.options.integration_user && text::same(person.email, email))
      return id;
  return {};
}

// Each step of one field: what is known of it, the machine, and what its decision means for prompts.
class FieldSteps {
 public:
  FieldSteps(const Context& context, const store::Snapshot& snapshot, model::Instant now, store::UnitOfWork& unit)
      : context_(context), snapshot_(snapshot), now_(now), unit_(unit) {
    fields_ = read_retirements(snapshot, context.connection);
  }

  // Finds the field by its canonical name; where nothing was begun yet, its card says what it is.
  bool open(const std::string& object, const std::string& name) {
    const auto known = fields_.find(object + "." + name);
    if (known != fields_.end()) field_ = known->second;
    const auto* plan = context_.rules->plan(object);
    const auto cards = plan ? rules::cards_about(*context_.rules, *plan, name) : std::vector<rules::CardOf>{};
    if (!cards.empty()) {
      const auto& card = *cards.front().card;
      const auto& slot = plan->slots[card.slot];
      if (card.retire) grace_ = {card.retire->grace, card.retire->grace};
      owner_ = context_.rules->rules[cards.front().rule].owner;
      if (known == fields_.end()) {
        field_.object = object;
        field_.field = card.field;
      }
      field_.crm_object = plan->crm_object;
      field_.crm_field = slot.crm_name;
      field_.label = card.label;
    }
    return known != fields_.end() || !cards.empty();
  }
  bool open_question(const std::string& prompt) {
    for (const auto& [name, field] : fields_)
      if (field.prompt == prompt) return open(field.object, field.field);
    return false;
  }

  [[nodiscard]] const Retirement& field() const { return field_; }
  [[nodiscard]] const std::string& owner() const { return owner_; }

  RetireDecision decide(const RetireEvent& event) {
    return coaching::decide(field_, event, grace_, context_.world->calendar, now_);
  }

  // The question is on its way, or may be: nobody can take it back before that is known.
  [[nodiscard]] bool question_in_flight() const {
    const auto p = question();
    return p && (p->state == PromptState::sending || p->state == PromptState::doubtful);
  }

  void take(RetireDecision decision, const std::string& evidence) {
    if (decision.withdraw_question) withdraw(decision.field);
    if (decision.ask) ask(decision.field, evidence);
    field_ = std::move(decision.field);
    fields_[field_.object + "." + field_.field] = field_;
    changed_ = true;
  }
  void finish() {
    if (!changed_) return;
    auto text = to_json(fields_);
    auto hash = std::to_string(stable_hash(text));
    unit_.kept.push_back({context_.connection, document, std::move(hash), now_, std::move(text)});
  }

 private:
  [[nodiscard]] std::optional<PromptRow> question() const {
    return field_.prompt.empty() ? std::nullopt : snapshot_.prompt(context_.connection, field_.prompt);
  }

  void ask(Retirement& field, const std::string& evidence) {
    PromptRow p;
    p.connection = context_.connection;
    p.object = field_question;
    p.record = field.object + "." + field.field;
    p.person = field.person;
    p.carrier = context_.options.carrier;
    p.episode = field.asked;
    p.key = prompt_key(p.connection, p.object, p.record, p.person, p.carrier, p.episode);
    p.state = PromptState::held;
    p.reason = "until the next delivery window";
    p.opened = p.changed = now_;
    p.next_at = now_;  // a window and the person's budget decide
    p.subject = "May the field \"" + field.label + "\" be retired?";
    const auto span = model::to_string(grace_.announced);
    p.body = evidence +
             "\nCompleting this task means: yes, it can go. Deleting this task means: no, it stays. While it is open, "
             "nothing happens."
             "\nAfter a yes nothing happens at once: it is announced, at the earliest " +
             span + " later it is hidden, at the earliest " + model::to_string(grace_.hidden) +
             " after that it is archived. All its values are exported before, and each step can be undone.";
    field.prompt = p.key;
    unit_.prompts.push_back(std::move(p));
    unit_.counters.push_back({"prompts_opened", 1});
  }

  void withdraw(Retirement& field) {
    auto p = question();
    field.prompt.clear();
    if (!p || model::ended(p->state) || p->state == PromptState::withdrawing) return;
    if (p->crm_id.empty()) {
      p->state = PromptState::dropped;
      unit_.outbox_done.emplace_back(context_.connection, p->key);
      unit_.counters.push_back({"prompts_dropped", 1});
    } else {
      p->state = PromptState::withdrawing;
      unit_.outbox.push_back(
          {context_.connection, p->key, OutboxRow::Op::remove, OutboxRow::State::ready, 0, now_, now_});
    }
    p->reason = "the question is settled";
    p->changed = now_;
    p->next_at.reset();
    unit_.prompts.push_back(std::move(*p));
  }

  const Context& context_;
  const store::Snapshot& snapshot_;
  model::Instant now_;
  store::UnitOfWork& unit_;
  Retirements fields_;
  Retirement field_;
  coaching::GracePeriods grace_;
  std::string owner_;
  bool changed_ = false;
};

std::optional<RetireEvent> event_of(const RetireRequest& r, const std::string& owner, const Context& context) {
  const RetireWho who{r.by, r.because};
  if (r.what == "propose") return coaching::Propose{who, r.candidate, r.why_not, owner, person_of(context, owner)};
  if (r.what == "agree") return coaching::Agree{who, r.owner};
  if (r.what == "announce") return coaching::Announce{who};
  if (r.what == "export") return coaching::Exported{who, {r.file, r.values, r.digest, {}}};
  if (r.what == "hide") return coaching::Hide{who, r.digest, r.by_package};
  if (r.what == "archive") return coaching::Archive{who, r.digest, r.by_package};
  if (r.what == "undo") return coaching::Undo{who};
  if (r.what != "keep") return std::nullopt;
  const auto day = model::parse_day(r.review_on);
  return day ? std::optional<RetireEvent>(coaching::Keep{who, *day}) : std::nullopt;
}

RetireOutcome refused(std::string why) {
  RetireOutcome out;
  out.refused = std::move(why);
  return out;
}

std::string note_of(const RetireDecision& d, const Context& context, bool proposing) {
  if (!proposing) return {};
  const auto& f = d.field;
  if (d.ask && !context.options.live)
    return "connection " + context.connection +
           " is in observe: the question waits and nothing is sent. Their word can be recorded with `coachd retire "
           "agree`";
  if (d.ask) return "the question goes to " + f.owner + " in the CRM, with their next delivery window";
  if (f.declined)
    return f.owner +
           " dismissed the question before and is not asked again in the CRM: talk with them, and record a "
           "yes with `coachd retire agree`";
  return "the CRM has no active person with the e-mail " + f.owner +
         ": ask them yourself, and record their word with `coachd retire agree`";
}

}  // namespace

Retirements read_retirements(const store::Snapshot& snapshot, const std::string& connection) {
  const auto kept = snapshot.newest(connection, document);
  return kept ? retirements_from_json(kept->body) : Retirements{};
}

RetireOutcome retire_step(const Context& context, const store::Snapshot& snapshot, const RetireRequest& request,
                          const std::string& may_not_call, model::Instant now, store::UnitOfWork& unit) {
  FieldSteps steps(context, snapshot, now, unit);
  if (!steps.open(request.object, request.field))
    return refused("no card that is on at " + context.connection + " is about " + request.object + "." + request.field);
  const auto event = event_of(request, steps.owner(), context);
  if (!event) return refused("`" + request.what + "` is no step, or its day is none");
  auto decision = steps.decide(*event);
  if (!decision.refused.empty()) return refused(std::move(decision.refused));
  if (decision.withdraw_question && steps.question_in_flight())
    return refused("the question to " + steps.field().owner +
                   " is on its way to the CRM: try again in some minutes, when it is known to be there");
  if (decision.call && !may_not_call.empty()) return refused(may_not_call);
  RetireOutcome out;
  out.note = note_of(decision, context, request.what == "propose");
  if (request.what == "undo" && steps.field().now.by_package)
    out.note = "where the change was deployed, deploy the `undo/` that was written with it";
  if (decision.call) out.change = {*decision.call, decision.field.crm_object, decision.field.crm_field};
  steps.take(std::move(decision), request.evidence);
  steps.finish();
  out.field = steps.field();
  return out;
}

RetireOutcome retire_called(const Context& context, const store::Snapshot& snapshot, const RetireRequest& request,
                            const coaching::Called& called, model::Instant now, store::UnitOfWork& unit) {
  FieldSteps steps(context, snapshot, now, unit);
  (void)steps.open(request.object, request.field);
  auto decision = steps.decide(called);
  if (!decision.refused.empty()) return refused(std::move(decision.refused));
  steps.take(std::move(decision), {});
  steps.finish();
  RetireOutcome out;
  out.field = steps.field();
  if (!called.done) out.refused = called.problem;
  return out;
}

void answer_questions(const Context& context, const store::Snapshot& snapshot, const std::vector<QuestionEnded>& ended,
                      model::Instant now, store::UnitOfWork& unit) {
  if (ended.empty()) return;
  FieldSteps steps(context, snapshot, now, unit);
  for (const auto& e : ended) {
    if (!steps.open_question(e.prompt)) continue;
    using How = coaching::OwnerAnswered::How;
    coaching::OwnerAnswered answer{How::not_counted, e.by, {}};
    if (e.state == PromptState::dismissed)
      answer.how = How::declined;
    else if (e.state == PromptState::ignored)
      answer.because = "it was completed in a heap with others";
    else if (e.by != steps.field().person)
      answer.because = "it was completed by somebody else than the definition owner";
    else
      answer = {How::agreed, steps.field().owner, {}};
    steps.take(steps.decide(answer), {});
  }
  steps.finish();
}

}  // namespace coachd::pipeline
